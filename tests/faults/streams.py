"""What each worker sends of a room, to those who have it open and, in small frames, to those who have not: a chain.

Every frame names the one before it by `prev`. A client that lacks that one asks for it, and so hides that it never
came; here is looked at what came, before any client made something of it.
"""

from collections import defaultdict
from collections.abc import Iterator

from tests.faults.history import Counted, Left, ShutOut, Told
from tests.faults.story import Story
from tests.faults.violations import Kind, Violation

Way = tuple[int, int, int]  # client, connection, room


def of_the_streams(story: Story) -> Iterator[Violation]:
    """Frames that do not follow on the one before them on their connection, or came twice."""
    broken = _broken(story)
    counted: dict[Way, int] = {}
    told: defaultdict[Way, list[Told]] = defaultdict(list)
    for event in story.events:
        if isinstance(event, Told) and (story.users.get(event.client, 0), event.room) not in broken:
            told[event.client, event.connection, event.room].append(event)
        elif isinstance(event, Counted):
            # The first one: what was told before it asked, it has counted.
            counted.setdefault((event.client, event.connection, event.room), event.version)
    for way, frames in told.items():
        yield from _of_the_chain(way, frames, counted.get(way))


def _broken(story: Story) -> set[tuple[int, int]]:
    """Persons and rooms they were out of for a while: what happened then nobody had to tell them."""
    events = [event for event in story.events if isinstance(event, Left | ShutOut)]
    return {(story.users.get(event.client, 0), event.room) for event in events}


def _of_the_chain(way: Way, frames: list[Told], counted: int | None) -> Iterator[Violation]:
    # What was told on this connection before the first frame, the list has; it was asked for on it.
    last = frames[0].prev if counted is None else counted
    where = f"client {way[0]} in room {way[2]} was told on connection {way[1]}"
    for nth, frame in enumerate(frames):
        if frame.prev > last:
            yield Violation(Kind.GAP, f"{where} of version {frame.version} after {frame.prev}, and had {last}")
        if nth and frame.version <= frames[nth - 1].version:
            kind = Kind.TWICE if frame.version == frames[nth - 1].version else Kind.OUT_OF_ORDER
            yield Violation(kind, f"{where} of version {frame.version} after {frames[nth - 1].version}")
        last = frame.version
