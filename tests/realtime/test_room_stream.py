"""One room's changes in their one order, each once, whatever the bus does to them."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.realtime.announcements import RoomMoved
from chatapp.realtime.room_stream import RoomStream

ROOM = 7


def change(version: int, thing: int) -> RoomMoved:
    payload = {"version": version, "prev": version - 1, "thing": thing}
    return RoomMoved(room_id=ROOM, version=version, event="message:posted", payload=payload, advanced=dict(payload))


@dataclass
class World:
    """A database of changes, a clock that the test turns, and what was told."""

    things: list[int] = field(default_factory=list)  # the thing that version N changed, from 1
    told: list[RoomMoved] = field(default_factory=list)
    reads: list[int] = field(default_factory=list)
    waiting: list[Callable[[], None]] = field(default_factory=list)
    is_away: bool = False
    is_deaf: bool = False  # who may hear a change cannot be asked
    page: int = 3

    def stream(self, *, head: int | None = 0) -> RoomStream:
        stream = RoomStream(ROOM, admit=self.admit, tell=self.told.append, read=self.read, later=self.later)
        if head is not None:
            stream.start(head)
        return stream

    def admit(self, _moved: RoomMoved) -> None:
        if self.is_deaf:
            raise ConnectionError

    def read(self, _room_id: int, since: int) -> list[RoomMoved]:
        """Each thing once, by its last change: what was changed twice shows once."""
        self.reads.append(since)
        if self.is_away:
            raise ConnectionError
        last = {thing: version for version, thing in enumerate(self.things, start=1)}
        versions = sorted(version for version in last.values() if version > since)
        return [change(version, self.things[version - 1]) for version in versions[: self.page]]

    def later(self, _seconds: float, job: Callable[[], None]) -> None:
        self.waiting.append(job)

    def pass_time(self) -> None:
        waiting, self.waiting = self.waiting, []
        for job in waiting:
            job()

    def versions(self) -> list[int]:
        return [moved.version for moved in self.told]


def check_chain(world: World, start: int) -> None:
    """Each told change goes on from the one before it."""
    prev = start
    for moved in world.told:
        assert moved.payload["prev"] == prev
        assert moved.advanced is not None
        assert moved.advanced["prev"] == prev
        assert moved.version > prev
        prev = moved.version


def test_changes_in_order_are_told_as_they_come() -> None:
    world = World([1, 2, 3])
    stream = world.stream()
    for version in (1, 2, 3):
        stream.receive(change(version, version))
    assert world.versions() == [1, 2, 3]
    assert world.reads == []
    check_chain(world, 0)


def test_a_change_that_comes_twice_is_told_once() -> None:
    world = World([1])
    stream = world.stream()
    stream.receive(change(1, 1))
    stream.receive(change(1, 1))
    assert world.versions() == [1]


def test_two_changes_that_cross_are_put_in_order_without_the_database() -> None:
    world = World([1, 2])
    stream = world.stream()
    stream.receive(change(2, 2))
    assert world.told == []
    stream.receive(change(1, 1))
    world.pass_time()
    assert world.versions() == [1, 2]
    assert world.reads == []


def test_what_does_not_come_in_time_is_read() -> None:
    world = World([1, 2, 3])
    stream = world.stream()
    stream.receive(change(3, 3))
    world.pass_time()
    assert world.versions() == [1, 2, 3]
    check_chain(world, 0)


def test_where_something_is_always_missing_for_a_moment_only_what_stays_missing_is_read() -> None:
    world = World([1, 2, 3, 4])
    stream = world.stream()
    for version in (2, 1, 4):
        stream.receive(change(version, version))
    world.pass_time()  # since 1 was missing, which has come
    assert (world.versions(), world.reads) == ([1, 2], [])
    world.pass_time()
    assert world.versions() == [1, 2, 3, 4]
    check_chain(world, 0)


def test_a_thing_that_changed_twice_in_the_gap_is_told_once_with_its_last_version() -> None:
    world = World([1, 2, 1])
    stream = world.stream()
    stream.expect(3)
    assert world.versions() == [2, 3]
    check_chain(world, 0)


def test_a_head_that_is_no_news_costs_no_read() -> None:
    world = World([1])
    stream = world.stream(head=1)
    stream.expect(1)
    assert world.reads == []


def test_a_stream_that_starts_holds_what_comes_until_it_knows_where_it_stands() -> None:
    world = World([1, 2, 3])
    stream = world.stream(head=None)
    for version in (1, 2, 3):
        stream.receive(change(version, version))
    assert world.told == []
    stream.start(2)
    assert world.versions() == [3]
    stream.start(0)
    assert world.versions() == [3]


def test_a_database_that_is_away_leaves_the_gap_to_the_next_look() -> None:
    world = World([1, 2], is_away=True)
    stream = world.stream()
    with pytest.raises(ConnectionError):
        stream.expect(2)
    assert world.told == []
    world.is_away = False
    stream.expect(2)
    assert world.versions() == [1, 2]


def test_a_change_that_cannot_be_told_does_not_stop_the_room() -> None:
    world = World([1, 2])
    stream = world.stream()

    def tell(moved: RoomMoved) -> None:
        if moved.version == 1:
            raise RuntimeError("a bug")
        world.told.append(moved)

    stream._tell = tell  # noqa: SLF001
    stream.receive(change(1, 1))
    stream.receive(change(2, 2))
    assert world.versions() == [2]


def test_while_it_is_not_known_who_may_hear_it_nothing_is_told_and_nothing_lost() -> None:
    world = World([1, 2], is_deaf=True)
    stream = world.stream()
    with pytest.raises(ConnectionError):
        stream.receive(change(1, 1))
    stream.receive(change(2, 2))
    with pytest.raises(ConnectionError):
        world.pass_time()
    assert (world.told, stream.version) == ([], 0)
    world.is_deaf = False
    stream.expect(2)
    assert world.versions() == [1, 2]
    check_chain(world, 0)


@st.composite
def schedules(draw: st.DrawFn) -> tuple[list[int], list[tuple[str, int]]]:
    """What each version changed, and in what order things happen: commits, frames (some lost, some twice), waits."""
    things = draw(st.lists(st.integers(1, 4), min_size=1, max_size=12))
    frames = draw(st.lists(st.integers(1, len(things)), max_size=20))
    steps = [("frame", version) for version in frames] + [("wait", 0)] * draw(st.integers(0, 4))
    return things, draw(st.permutations(steps))


@given(schedules())
def test_any_order_loss_or_repeat_of_frames_ends_in_what_the_database_has(
    schedule: tuple[list[int], list[tuple[str, int]]],
) -> None:
    things, steps = schedule
    world = World()
    stream = world.stream()
    for kind, version in steps:
        if kind == "frame":
            # A frame exists only after its commit, and whatever was committed before it is in the database too.
            world.things = things[: max(len(world.things), version)]
            stream.receive(change(version, things[version - 1]))
        else:
            world.pass_time()
    world.things = things
    world.pass_time()
    stream.expect(len(things))
    check_chain(world, 0)
    last_told = {moved.payload["thing"]: moved.version for moved in world.told}
    assert last_told == {thing: version for version, thing in enumerate(things, start=1)}


def test_a_stream_that_has_ended_tells_nothing_more() -> None:
    world = World()
    stream = world.stream()
    world.things = [1, 2]
    stream.receive(change(2, 2))
    stream.end()
    world.waiting.pop()()
    stream.receive(change(1, 1))
    stream.expect(2)
    assert (world.told, world.reads, world.waiting) == ([], [], [])


def test_what_is_read_while_a_stream_ends_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    read = world.read
    stream = world.stream()
    world.things = [1, 2]

    def end_meanwhile(room_id: int, since: int) -> list[RoomMoved]:
        stream.end()
        return read(room_id, since)

    monkeypatch.setattr(stream, "_read", end_meanwhile)
    stream.expect(2)
    assert (world.told, world.reads) == ([], [0])
