"""Making rooms, and changing what they are."""

from collections.abc import Iterable

from chatapp import access, config, db
from chatapp.actions.changes import changing, refuse_archived, refuse_direct
from chatapp.errors import (
    BadRequest,
    DirectRoomNeedsPeople,
    DirectRoomTooLarge,
    NameTooLong,
    PersonNotFound,
    RoomNameTaken,
    RoomNotFound,
)
from chatapp.models import Membership, Person, Room, RoomKind, User
from chatapp.names import clean_name, name_key
from chatapp.realtime import broadcasts

KEY_MAX_CHARS = 400  # characters of a name's key, which may be longer than the name: one ligature becomes 18 letters
DIRECT_MAX_PEOPLE = 20  # people; a larger circle wants a closed room, which can change


def create_room(actor: Person, name: str, kind: str, member_ids: Iterable[int] = ()) -> Room:
    """A new open or closed room with `actor` and these people in it.

    Raises NameEmpty, NameTooLong, NameHasControlCharacters, BadRequest (kind), PersonNotFound, and RoomNameTaken
    when an open room has that name.
    """
    room = new_room(actor, name, kind)
    try:
        with db.transaction():
            add_room(room, _people(actor, member_ids))
    except db.Conflict as error:
        raise RoomNameTaken(name=name) from error
    return room


def new_room(actor: Person, name: str, kind: str) -> Room:
    """An open or closed room that is not stored yet. Raises as `create_room` for the name and the kind."""
    if kind not in (RoomKind.OPEN, RoomKind.CLOSED):
        raise BadRequest(field="kind")
    name, key = _checked_name(name)
    return Room(kind=kind, name=name, name_key=key, created_by_id=actor.id)


def add_room(room: Room, people: list[Person]) -> None:
    """Store a new room with these people in it, and tell them; inside a transaction."""
    session = db.session()
    # A version for each: of two changes with the same one, whoever follows the room is told only the first.
    room.version = room.changed_version = len(people) + 1
    session.add(room)
    session.flush()
    for version, person in enumerate(people, 1):
        Membership.begin(room.id, person.id, version=version, last_number=0)
    session.flush()
    for version, person in enumerate(people, 1):
        broadcasts.member_joined(room, person, version=version)
    broadcasts.room_changed(room, version=room.version)


def open_direct_room(actor: Person, member_ids: Iterable[int]) -> tuple[Room, bool]:
    """The conversation of `actor` and these people, and whether it was made just now.

    Raises DirectRoomNeedsPeople, DirectRoomTooLarge, PersonNotFound.
    """
    ids = {actor.id, *member_ids}
    if len(ids) < 2:
        raise DirectRoomNeedsPeople
    if len(ids) > DIRECT_MAX_PEOPLE:
        raise DirectRoomTooLarge(max_people=DIRECT_MAX_PEOPLE)
    key = "-".join(str(each) for each in sorted(ids))
    if (existing := Room.by_direct_key(key)) is not None:
        return existing, False
    room = Room(kind=RoomKind.DIRECT, direct_key=key, created_by_id=actor.id)
    try:
        with db.transaction():
            add_room(room, _people(actor, ids))
    except db.Conflict:
        # Both wrote to each other in the same moment; the first one's conversation is everybody's.
        return _existing(key), False
    return room, True


def rename_room(actor: Person, room_id: int, name: str) -> Room:
    """The room, under a new name. Raises as `create_room` and `access.managed_room`, and DirectRoomFixed."""
    refuse_direct(access.readable_room(actor, room_id))
    name, key = _checked_name(name)
    try:
        with changing(room_id) as head:
            room = access.managed_room(actor, room_id)
            refuse_archived(room)
            room.name, room.name_key, room.changed_version = name, key, head.version
            broadcasts.room_changed(room, version=head.version)
    except db.Conflict as error:
        raise RoomNameTaken(name=name) from error
    return room


def archive_room(actor: Person, room_id: int) -> Room:
    """The room, from now on only to be read. Raises as `access.managed_room`, and DirectRoomFixed."""
    refuse_direct(access.readable_room(actor, room_id))
    with changing(room_id) as head:
        room = access.managed_room(actor, room_id)
        room.archived_at, room.changed_version = room.archived_at or db.now(), head.version
        broadcasts.room_changed(room, version=head.version)
    return room


def restore_room(actor: Person, room_id: int) -> Room:
    """The room, open for posts again. Raises as `access.managed_room`, and DirectRoomFixed."""
    refuse_direct(access.readable_room(actor, room_id))
    with changing(room_id) as head:
        room = access.managed_room(actor, room_id)
        room.archived_at, room.changed_version = None, head.version
        broadcasts.room_changed(room, version=head.version)
    return room


def _checked_name(raw: str) -> tuple[str, str]:
    max_chars = config.current().name_max_chars
    name = clean_name(raw, max_chars=max_chars)
    key = name_key(name)
    if len(key) > KEY_MAX_CHARS:
        raise NameTooLong(max_chars=max_chars)
    return name, key


def _people(actor: Person, ids: Iterable[int]) -> list[Person]:
    wanted = {actor.id, *ids}
    found = User.active(wanted)
    if len(found) != len(wanted):
        raise PersonNotFound
    return [user.person for user in found]


def _existing(direct_key: str) -> Room:
    room = Room.by_direct_key(direct_key)
    if room is None:
        raise RoomNotFound
    return room
