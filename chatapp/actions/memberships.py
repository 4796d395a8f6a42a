"""Coming into a room, going out of it, and how far one has read."""

from contextlib import suppress
from dataclasses import asdict

from chatapp import access, db
from chatapp.actions.changes import changing, refuse_archived, refuse_direct
from chatapp.errors import BadRequest, PersonNotFound
from chatapp.events import RoomReadFact
from chatapp.models import Membership, Person, Room, User
from chatapp.models.membership import Reading, first_unread_of, reading_of
from chatapp.models.room import RoomHead
from chatapp.realtime import broadcasts


def join_room(actor: Person, room_id: int) -> Room:
    """The room, with `actor` in it. Only an open room is joined; who is in it already stays. Raises RoomNotFound."""
    room = access.readable_room(actor, room_id)
    if Membership.current(room_id, actor.id) is None:
        with suppress(_IsInAlready), changing(room_id) as head:
            room = access.readable_room(actor, room_id)
            _begin(room, actor, head)
    return room


def leave_room(actor: Person, room_id: int) -> None:
    """Take `actor` out of the room. Raises RoomNotFound, NotAMember, DirectRoomFixed."""
    refuse_direct(access.member_room(actor, room_id))
    with changing(room_id) as head:
        _end(access.member_room(actor, room_id), actor, head)


def add_member(actor: Person, room_id: int, user_id: int) -> Room:
    """The room, with this person in it. Raises RoomNotFound, NotAMember, DirectRoomFixed, PersonNotFound."""
    room = access.member_room(actor, room_id)
    refuse_direct(room)
    person = _person(user_id)
    if Membership.current(room_id, user_id) is None:
        with suppress(_IsInAlready), changing(room_id) as head:
            room = access.member_room(actor, room_id)
            refuse_archived(room)
            _begin(room, person, head)
    return room


def remove_member(actor: Person, room_id: int, user_id: int) -> None:
    """Take this person out of the room. Raises as `access.managed_room`, and DirectRoomFixed, PersonNotFound."""
    room = access.member_room(actor, room_id)
    refuse_direct(room)
    if user_id == actor.id:
        leave_room(actor, room_id)
        return
    with changing(room_id) as head:
        room = access.managed_room(actor, room_id)
        if Membership.current(room_id, user_id) is None:
            raise PersonNotFound
        user = db.session().get_one(User, user_id)
        _end(room, user.person, head)


def mark_read(actor: Person, room_id: int, number: int, *, generation: int) -> RoomReadFact:
    """How far `actor` has read, after reading up to `number`. It only grows. Raises RoomNotFound, NotAMember."""
    room = access.member_room(actor, room_id)
    with db.transaction():
        has_moved = Membership.advance_read(room_id, actor.id, min(number, room.last_number), generation=generation)
        fact = read_state(actor, room_id)
        if has_moved:
            broadcasts.room_read(actor.id, fact)
    return fact


def mark_unread(actor: Person, room_id: int, number: int, *, generation: int) -> RoomReadFact:
    """How far `actor` has read, now that message `number` and all after it count as unread.

    The only way down. It raises the generation: whatever was asked under the one before, a `mark_read` that was under
    way or another `mark_unread`, then moves nothing. So a marking that is sent again happens once, and one that comes
    late does not undo a newer one. Raises RoomNotFound, NotAMember, BadRequest (no such message).
    """
    room = access.member_room(actor, room_id)
    if not room.first_number <= number <= room.last_number:
        raise BadRequest(field="number")
    with db.transaction():
        has_moved = Membership.set_read(room_id, actor.id, number - 1, generation=generation)
        fact = read_state(actor, room_id)
        if has_moved:
            broadcasts.room_read(actor.id, fact)
    return fact


def mark_all_read(actor: Person) -> list[RoomReadFact]:
    """How far `actor` has read in each room that was not read to its end, now that all are.

    No generation is asked for: whoever says "all" means what was marked unread, too.
    """
    with db.transaction():
        facts = [read_state(actor, room_id) for room_id in Membership.read_all(actor.id)]
        for fact in facts:
            broadcasts.room_read(actor.id, fact)
    return facts


def read_state(actor: Person, room_id: int) -> RoomReadFact:
    """How far `actor` has read; all zero for one who is not in the room."""
    reading = reading_of(room_id, actor.id) or Reading(0, 0, 0, 0, 0)
    return RoomReadFact(room_id=room_id, **asdict(reading))


def first_unread(actor: Person, room_id: int) -> int | None:
    """The number of the first post that `actor` has not read; None for one who has read all, or is not in the room."""
    return first_unread_of(room_id, actor.id)


class _IsInAlready(Exception):
    """Somebody else was faster: the transaction is rolled back, and takes no version."""


def _begin(room: Room, person: Person, head: RoomHead) -> None:
    if Membership.current(room.id, person.id) is not None:
        raise _IsInAlready
    Membership.begin(room.id, person.id, version=head.version, last_number=head.last_number)
    broadcasts.member_joined(room, person, version=head.version)


def _end(room: Room, person: Person, head: RoomHead) -> None:
    Membership.end(room.id, person.id, version=head.version)
    broadcasts.member_left(room, person, version=head.version)


def _person(user_id: int) -> Person:
    users = User.active({user_id})
    if not users:
        raise PersonNotFound
    return users[0].person
