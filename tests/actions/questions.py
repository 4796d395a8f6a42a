"""What tests of actions ask of the database, and changes told by the number of their message."""

from chatapp import db
from chatapp.actions.history import Page
from chatapp.actions.messages import delete_message, edit_message, post_message
from chatapp.models import Membership, Message, Person, Room, User
from chatapp.models.message import said_at


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


def edit(room_id: int, number: int, body: str) -> int:
    """The version of the message with this text, as its author edits it."""
    message = _message(room_id, number)
    return edit_message(_author(message), message.id, body)


def delete(room_id: int, number: int) -> int:
    """The version of the message without its text, as its author deletes it."""
    message = _message(room_id, number)
    return delete_message(_author(message), message.id)


def _message(room_id: int, number: int) -> Message:
    said = said_at(room_id, number)
    assert said is not None
    return said.message


def _author(message: Message) -> Person:
    return db.session().get_one(User, message.author_id).person
