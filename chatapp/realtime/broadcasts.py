"""What is told. Only actions call these, inside their transaction; it is told after the commit, or never."""

from chatapp.events import Down, RoomReadFact
from chatapp.models import Person, Room, User
from chatapp.models.message import Said
from chatapp.realtime.announcements import PersonTold, SignInsEnded
from chatapp.realtime.moves import member_moved, message_moved, person_moved, room_moved
from chatapp.realtime.outbox import announce


def message_changed(said: Said) -> None:
    """Tell the room what was said, or what became of it, and its other members that it moved on."""
    announce(message_moved(said))


def room_changed(room: Room, *, version: int) -> None:
    """Tell everyone in the room its new name or state."""
    announce(room_moved(room, version=version))


def member_joined(room: Room, person: Person, *, version: int) -> None:
    """Let the person's sockets follow the room, and tell everyone in it."""
    announce(member_moved(room, person, version=version, is_member=True))


def member_left(room: Room, person: Person, *, version: int) -> None:
    """Take the person's sockets out of the room first, then tell everyone who is still in it."""
    announce(member_moved(room, person, version=version, is_member=False))


def room_read(user_id: int, fact: RoomReadFact) -> None:
    """Tell a person's other tabs and devices how far they have read."""
    announce(PersonTold(user_id=user_id, event=Down.ROOM_READ, payload=fact.as_json()))


def person_changed(user: User) -> None:
    """Tell everybody the person's name, and whether they are gone: it stands in rooms that they have left, too."""
    announce(person_moved(user))


def sign_ins_ended(sign_in_ids: list[int]) -> None:
    """Close the sockets of these sign-ins, on every worker."""
    announce(SignInsEnded(sign_in_ids=tuple(sign_in_ids)))
