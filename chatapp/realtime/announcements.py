"""What a worker tells the sockets, its own and those of the other workers: a few kinds, each JSON on the bus."""

import json
from dataclasses import dataclass

from chatapp.events import JsonObject


@dataclass(frozen=True, kw_only=True)
class Announcement:
    """One thing to tell. Its kind on the bus is the name of its class."""

    def encode(self) -> bytes:
        """The announcement as JSON."""
        return json.dumps({"kind": type(self).__name__, **vars(self)}, ensure_ascii=False).encode()


@dataclass(frozen=True, kw_only=True)
class RoomMoved(Announcement):
    """A change in a room, for those who have it open; its other members get the same, or `advanced` in its place.

    Where the change is that somebody came or went, `user_id` says who: their sockets enter or leave the room before
    anybody is told.
    """

    room_id: int
    version: int
    event: str
    payload: JsonObject
    advanced: JsonObject | None = None
    to_members: bool = False
    user_id: int | None = None
    is_member: bool = False
    # An open room stays readable to one who left it.
    may_read: bool = True


@dataclass(frozen=True, kw_only=True)
class PersonTold(Announcement):
    """A fact for one person's sockets alone."""

    user_id: int
    event: str
    payload: JsonObject


@dataclass(frozen=True, kw_only=True)
class PersonMoved(Announcement):
    """A change of somebody, for all sockets of the company."""

    version: int
    payload: JsonObject


@dataclass(frozen=True, kw_only=True)
class SignInsEnded(Announcement):
    """Sign-ins are over: their sockets are closed."""

    sign_in_ids: tuple[int, ...]

    def __post_init__(self) -> None:
        # JSON knows no tuples: from the bus they come as a list.
        object.__setattr__(self, "sign_in_ids", tuple(self.sign_in_ids))


@dataclass(frozen=True, kw_only=True)
class TypingHeard(Announcement):
    """Somebody types in a room, for so many seconds more; for none: they have stopped."""

    room_id: int
    user_id: int
    name: str
    seconds: float


@dataclass(frozen=True, kw_only=True)
class PeopleHeard(Announcement):
    """These people are connected to a worker; that holds for so many seconds, unless it says it again.

    With `asks`, the others say at once who is connected to them.
    """

    worker: str
    people: tuple[tuple[int, str], ...]
    seconds: float
    asks: bool = False

    def __post_init__(self) -> None:
        # As above.
        object.__setattr__(self, "people", tuple((user_id, name) for user_id, name in self.people))


_KINDS: dict[str, type[Announcement]] = {
    kind.__name__: kind for kind in (RoomMoved, PersonTold, PersonMoved, SignInsEnded, TypingHeard, PeopleHeard)
}


def decode(data: bytes) -> Announcement:
    """The announcement that `encode` wrote. Raises ValueError when it is none."""
    try:
        fields = json.loads(data)
        return _KINDS[fields.pop("kind")](**fields)
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("not an announcement") from error
