"""A room as one client has it, kept by the browser's rule: take what follows, drop what is old, hold what is ahead."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.faults.clients.room_parts import Payload as Payload
from tests.faults.clients.room_parts import RoomParts
from tests.faults.evidence import DELETED, Copy, Reactions
from tests.faults.history import Applied, Caught, Event, Forgot


@dataclass(slots=True)
class Step:
    """From one version to a later one, with a changed message or without."""

    prev: int
    version: int
    message: Payload | None = None
    connection: int = 0
    fact: Payload | None = None  # of the room itself: its name, or who is in it


@dataclass
class RoomCopy:
    """A copy that can be brought up to the head from any version. `note(Kind, **fields)` writes the history."""

    copy: Copy
    note: Callable[..., Event]
    epoch: str = ""
    is_opening: bool = False  # what comes before the ack of room:open is held
    ahead: list[Step] = field(default_factory=list)
    repeats: int = 0  # events that were dropped because they were old

    def __post_init__(self) -> None:
        self.parts = RoomParts(self.copy)

    @property
    def cursor(self) -> int:
        """The version up to which nothing is missing."""
        return self.copy.cursor

    @property
    def is_behind(self) -> bool:
        """True while something is held that does not fit yet."""
        return bool(self.ahead)

    def take_event(self, payload: Payload, connection: int) -> None:
        """An event of the stream; one without a message only moves the cursor."""
        message = payload if "number" in payload and "client_id" in payload else None
        step = Step(payload["prev"], payload["version"], message, connection, fact=None if message else payload)
        if self.is_opening:
            self.ahead.append(step)
        else:
            self.repeats += step.version <= self.cursor
            self._take(step)

    def take_page(self, since: int, page: Payload) -> None:
        """Items of `/changes` or of room:open, asked for with this `since`."""
        steps = [Step(item["prev"], item["version"], item) for item in page["items"]]
        last = steps[-1].version if steps else since
        for step in [*steps, Step(last, page["up_to"])]:
            self._take(step)

    def settle(self) -> None:
        """Take what was held and fits now."""
        held, self.ahead = sorted(self.ahead, key=lambda step: step.version), []
        for step in held:
            self._take(step, settles=False)

    def forget(self) -> None:
        """Begin anew: the server has another database than the one that this is a copy of."""
        self.note(Forgot, room=self.copy.room)
        self.copy.cursor, self.copy.messages, self.copy.reactions, self.ahead = 0, {}, {}, []
        self.parts = RoomParts(self.copy)

    def _take(self, step: Step, *, settles: bool = True) -> None:
        if step.prev > self.cursor:
            self.ahead.append(step)
        elif step.version > self.cursor:
            self._apply(step)
            if settles and self.ahead:
                self.settle()

    def _apply(self, step: Step) -> None:
        self.copy.cursor = step.version
        message = step.message
        if message is None:
            self.note(Caught, room=self.copy.room, since=step.prev, up_to=step.version)
            self.parts.heard(step.fact or {})
            return
        state = DELETED if message["deleted_at"] else message["body"]
        self.copy.messages[message["number"]] = (message["version"], state)
        self.copy.reactions[message["number"]] = _reactions(message)
        self.note(
            Applied,
            room=self.copy.room,
            version=step.version,
            prev=step.prev,
            number=message["number"],
            user=message["author"]["id"],
            client_id=message["client_id"],
            connection=step.connection,
        )


def _reactions(message: Payload) -> Reactions:
    return frozenset((user, each["emoji"]) for each in message["reactions"] for user in each["user_ids"])
