"""What is told. Only actions call these, inside their transaction; it is told after the commit, or never."""

from chatapp import text
from chatapp.events import (
    Down,
    Fact,
    MemberChanged,
    MessageFact,
    PersonFact,
    RoomAdvanced,
    RoomChanged,
    RoomReadFact,
)
from chatapp.fragments import message_fact, room_fact
from chatapp.models import Person, Room
from chatapp.models.message import Said
from chatapp.realtime.announcements import MembershipMoved, PersonTold, RoomMoved, SignInsEnded
from chatapp.realtime.outbox import announce

PREVIEW_CHARS = 120  # characters; a line in a list or a notification


def message_posted(said: Said) -> None:
    """Tell the room what was said, and its other members that it moved on."""
    fact = message_fact(said)
    announce(
        RoomMoved(
            room_id=fact.room_id,
            event=Down.MESSAGE_POSTED,
            payload=fact.as_json(),
            advanced=_advanced(fact).as_json(),
        )
    )


def room_changed(room: Room, *, version: int) -> None:
    """Tell everyone in the room its new name or state."""
    changed = RoomChanged(room_id=room.id, version=version, prev=version - 1, room=room_fact(room))
    _tell_all(Down.ROOM_CHANGED, room.id, changed)


def member_joined(room: Room, person: Person, *, version: int) -> None:
    """Let the person's sockets follow the room, and tell everyone in it."""
    announce(MembershipMoved(room_id=room.id, user_id=person.id, is_member=True, may_read=True))
    _tell_all(Down.MEMBER_JOINED, room.id, _member(room, person, version))


def member_left(room: Room, person: Person, *, version: int) -> None:
    """Take the person's sockets out of the room first, then tell everyone who is still in it."""
    announce(MembershipMoved(room_id=room.id, user_id=person.id, is_member=False, may_read=room.is_open))
    _tell_all(Down.MEMBER_LEFT, room.id, _member(room, person, version))


def room_read(user_id: int, fact: RoomReadFact) -> None:
    """Tell a person's other tabs and devices how far they have read."""
    announce(PersonTold(user_id=user_id, event=Down.ROOM_READ, payload=fact.as_json()))


def sign_ins_ended(sign_in_ids: list[int]) -> None:
    """Close the sockets of these sign-ins, on every worker."""
    announce(SignInsEnded(sign_in_ids=tuple(sign_in_ids)))


def _tell_all(event: Down, room_id: int, fact: Fact) -> None:
    announce(RoomMoved(room_id=room_id, event=event, payload=fact.as_json(), to_members=True))


def _member(room: Room, person: Person, version: int) -> MemberChanged:
    named = PersonFact(person.id, person.name)
    return MemberChanged(room_id=room.id, version=version, prev=version - 1, person=named)


def _advanced(fact: MessageFact) -> RoomAdvanced:
    return RoomAdvanced(
        room_id=fact.room_id,
        version=fact.version,
        prev=fact.prev,
        number=fact.number,
        author=fact.author,
        mentions=fact.mentions,
        preview=text.plain_preview(fact.body, PREVIEW_CHARS),
    )
