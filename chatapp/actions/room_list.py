"""The list of rooms as one person sees it."""

from dataclasses import dataclass

from chatapp.events import JsonObject
from chatapp.models import Person, Room
from chatapp.models.membership import (
    ROOMS_PAGE,
    ListedRoom,
    direct_companions,
    own_closed_room,
    rooms_listed_for,
)
from chatapp.models.room import open_room_named
from chatapp.names import name_key


@dataclass(frozen=True, kw_only=True)
class RoomEntry:
    """A room in somebody's list. A direct conversation is called after the others in it."""

    id: int
    name: str
    kind: str
    version: int
    last_number: int
    last_read_number: int
    generation: int
    unread: int
    mentions: int
    is_member: bool
    is_archived: bool
    # Who else is in a direct conversation; nobody in other rooms.
    companions: tuple[int, ...] = ()

    def as_json(self) -> JsonObject:
        """The entry as the wire has it."""
        return dict(vars(self))


def list_rooms(actor: Person, *, limit: int = ROOMS_PAGE) -> list[RoomEntry]:
    """The rooms that `actor` may see, their own first, by name."""
    listed = rooms_listed_for(actor.id, limit=limit)
    companions = direct_companions(actor.id, [each.room.id for each in listed if each.room.is_direct])
    entries = [_entry(each, companions.get(each.room.id, [])) for each in listed]
    return sorted(entries, key=lambda entry: (not entry.is_member, name_key(entry.name), entry.id))


def find_room(actor: Person, name: str) -> Room | None:
    """The room that somebody who types this name means: an open one, else a closed one they are in."""
    key = name_key(name)
    return open_room_named(key) or own_closed_room(key, actor.id)


@dataclass(frozen=True, kw_only=True)
class RoomTitle:
    """A room as its page shows it to one reader, as it stood when it was read."""

    id: int
    name: str
    kind: str
    is_archived: bool
    version: int
    first_number: int
    last_number: int
    companions: tuple[int, ...] = ()


def titled(actor: Person, room: Room) -> RoomTitle:
    """The room under the name that `actor` calls it."""
    companions = direct_companions(actor.id, [room.id])[room.id] if room.is_direct else []
    return RoomTitle(
        id=room.id,
        name=room.name or _names(companions),
        kind=room.kind,
        is_archived=room.is_archived,
        version=room.version,
        first_number=room.first_number,
        last_number=room.last_number,
        companions=tuple(each.id for each in companions),
    )


def _names(companions: list[Person]) -> str:
    return ", ".join(each.name for each in companions)


def _entry(listed: ListedRoom, companions: list[Person]) -> RoomEntry:
    room, membership = listed.room, listed.membership
    return RoomEntry(
        id=room.id,
        name=room.name or _names(companions),
        kind=room.kind,
        version=room.version,
        last_number=room.last_number,
        last_read_number=membership.last_read_number if membership else 0,
        generation=membership.generation if membership else 0,
        unread=listed.unread,
        mentions=0,
        is_member=membership is not None,
        is_archived=room.is_archived,
        companions=tuple(each.id for each in companions),
    )
