"""What happened, as everybody saw it: one list of events on one clock, kept as JSON lines when a run fails."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

GIVEN_UP = "shut out"  # not the server's word: who has been shut out does not say what was still to be said


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to a client, at this second of the monotonic clock."""

    at: float
    client: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived(Event):
    """The client is this person from now on."""

    user: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed(Event):
    """The person pressed Enter: from now on it must not be lost."""

    room: int
    client_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent(Event):
    """One try to send it. `action` is post, edit, delete or react; the client id is that of the message in question."""

    room: int
    client_id: str
    action: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Acked(Event):
    """The server says it is done. An edit and a delete have no number."""

    room: int
    client_id: str
    action: str
    version: int
    number: int = 0
    duplicate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused(Event):
    """The server says it will never be done, or the client gives it up."""

    room: int
    client_id: str
    action: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened(Event):
    """A connection to this worker has the room open from now on."""

    room: int
    connection: int
    worker: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed(Event):
    """The client has noticed the end of its connection."""

    connection: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied(Event):
    """A change that the client took into its copy of the room. `connection` is 0 when it was fetched."""

    room: int
    version: int
    prev: int
    number: int
    user: int
    client_id: str
    connection: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Caught(Event):
    """The client was told that up to this version nothing is missing after `since`."""

    room: int
    since: int
    up_to: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgot(Event):
    """The client dropped its copy of the room, because the server said to."""

    room: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered(Event):
    """Anything that came by a socket, whatever the client made of it; room and version are 0 where it has none."""

    room: int
    version: int
    event: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told(Event):
    """A frame of the room's stream that came by this connection, whatever the client made of it."""

    room: int
    version: int
    prev: int
    connection: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted(Event):
    """The list of rooms that was asked for on this connection holds for this version of the room."""

    room: int
    version: int
    connection: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reads(Event):
    """One try to say that all up to this message is read; or, as `marks`, that from it on all is unread."""

    room: int
    number: int
    generation: int
    marks: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stands(Event):
    """How far the person has read, as the client was told; after `Reads` it `answers` the number that was said."""

    room: int
    number: int
    generation: int
    answers: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ShutOut(Event):
    """Committed: the client was removed from the room, or signed out (room 0)."""

    room: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Left(Event):
    """The person is about to leave the room. Until `Joined` it is right to refuse what they say there."""

    room: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined(Event):
    """The person is back in the room."""

    room: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Named(Event):
    """The room was to be called so; or, once it `is_done`, the server said that it is. The client is 0."""

    room: int
    name: str
    is_done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Struck(Event):
    """A fault began or ended; the client is 0."""

    fault: str
    what: str


KINDS: dict[str, type[Event]] = {
    kind.__name__: kind
    for kind in (
        Arrived, Typed, Sent, Acked, Refused, Opened, Closed, Applied, Caught, Forgot, Delivered, Told, Counted, Reads,
        Stands, ShutOut, Left, Joined, Named, Struck,
    )
}  # fmt: skip


def write(path: Path, events: Iterable[Event]) -> None:
    """Keep the events in a file, one JSON line each."""
    with path.open("w") as file:
        for event in events:
            file.write(json.dumps({"kind": type(event).__name__, **asdict(event)}) + "\n")


def read(path: Path) -> list[Event]:
    """The events that `write` kept."""
    with path.open() as file:
        return [_event(json.loads(line)) for line in file]


def _event(fields: dict[str, object]) -> Event:
    return KINDS[str(fields.pop("kind"))](**fields)  # type: ignore[arg-type]
