"""What tests of actions ask of the database, and changes that no action makes yet."""

from chatapp import db
from chatapp.actions.history import Page
from chatapp.actions.messages import post_message
from chatapp.models import Membership, Message, Person, Room
from chatapp.models.message import said_at
from chatapp.models.room import RoomHead


def head_of(room_id: int) -> tuple[int, int]:
    """The room's version and last number, as they are committed."""
    db.session().rollback()
    room = db.session().get_one(Room, room_id)
    return room.version, room.last_number


def membership_of(person: Person, room_id: int) -> Membership:
    """The person's membership, which they must have."""
    db.session().rollback()
    membership = Membership.current(room_id, person.id)
    assert membership is not None
    return membership


def is_member(person: Person, room_id: int) -> bool:
    """Whether the person is in the room."""
    db.session().rollback()
    return Membership.current(room_id, person.id) is not None


def say(person: Person, room_id: int, *bodies: str) -> list[int]:
    """The numbers of these messages, posted one after the other."""
    return [post_message(person, room_id, body).number for body in bodies]


def bodies(page: Page) -> list[str]:
    """What was said on the page."""
    return [said.message.body for said in page.said]


def edit(room_id: int, number: int, body: str) -> None:
    """Change a message's text, as an edit will."""
    with db.room_transaction(room_id):
        message = _changed(room_id, number)
        message.body, message.edited_at = body, db.now()


def delete(room_id: int, number: int) -> None:
    """Make a message a tombstone, as a deletion will."""
    with db.room_transaction(room_id):
        message = _changed(room_id, number)
        message.body, message.html, message.deleted_at = "", "", db.now()


def _changed(room_id: int, number: int) -> Message:
    head, said = Room.next_version(room_id), said_at(room_id, number)
    assert isinstance(head, RoomHead)
    assert said is not None
    said.message.version = head.version
    return said.message
