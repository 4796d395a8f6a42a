"""What stands above a room's log: its name and how many are in it, the same for everybody as in the database."""

from collections.abc import Iterator

from tests.faults.evidence import Copy, RoomRow
from tests.faults.history import Named
from tests.faults.story import Story
from tests.faults.violations import Kind, Violation


def of_the_names(story: Story) -> Iterator[Violation]:
    """Rooms that are not called what they were called last."""
    for room in story.rooms.values():
        named = [event for event in story.events if isinstance(event, Named) and event.room == room.id]
        done = [nth for nth, event in enumerate(named) if event.is_done]
        # Of what was asked later nobody was told whether it happened.
        if done and room.name not in {event.name for event in named[done[-1] :]}:
            yield Violation(Kind.LOST, f"{_was(room)}, and was acked to be {named[done[-1]].name!r}")


def of_the_shown_room(copy: Copy, story: Story) -> Iterator[Violation]:
    """A client that shows a former name, or another number of members."""
    where, room = f"client {copy.client} calls room {copy.room}", story.rooms[copy.room]
    if copy.name != room.name:
        yield Violation(Kind.NOT_CONVERGED, f"{where} {copy.name!r}; {_was(room)}")
    if copy.members != room.members:
        what = f"client {copy.client} counts {copy.members} members in room {copy.room}, which has {room.members}"
        yield Violation(Kind.NOT_CONVERGED, what)


def _was(room: RoomRow) -> str:
    return f"room {room.id} is called {room.name!r}"
