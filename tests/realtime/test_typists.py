"""Who is typing: told at once, bounded, and over by itself."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.models import Person
from chatapp.realtime.announcements import Announcement, TypingHeard
from chatapp.realtime.live_facts import TypingFact
from chatapp.realtime.typists import SHOWN_MAX, TYPING_SECONDS, Typists
from tests.realtime.clock import Clock

ALICE, BOB = Person(1, "Alice"), Person(2, "Bob")
ROOM, OTHER = 7, 8


@dataclass
class Worker:
    """One worker's part: what it publishes, and what it tells its sockets."""

    clock: Clock
    published: list[TypingHeard] = field(default_factory=list)
    told: list[TypingFact] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.typists = Typists(self.clock, publish=self._publish, tell=self.told.append)

    def _publish(self, announcement: Announcement) -> None:
        assert isinstance(announcement, TypingHeard)
        self.published.append(announcement)

    def shown(self, room_id: int = ROOM) -> list[str]:
        """The names that a page shows which was there from the beginning."""
        told = [fact for fact in self.told if fact.room_id == room_id]
        return [person.name for person in told[-1].people] if told else []


@pytest.fixture
def here(clock: Clock) -> Worker:
    return Worker(clock)


@pytest.fixture
def there(clock: Clock) -> Worker:
    return Worker(clock)


def carry(source: Worker, target: Worker) -> None:
    """What the bus does; then both tell."""
    source.typists.pulse()
    for heard in source.published:
        target.typists.hear(heard)
    source.published.clear()
    target.typists.pulse()


def test_who_types_is_shown_on_both_workers_until_they_stop(here: Worker, there: Worker) -> None:
    here.typists.begin(ROOM, ALICE)
    carry(here, there)
    assert here.shown() == there.shown() == ["Alice"]
    here.clock.go_on(1)
    here.typists.end(ROOM, ALICE)
    carry(here, there)
    assert here.shown() == there.shown() == []


def test_the_others_of_a_worker_that_died_end_by_themselves(here: Worker, there: Worker) -> None:
    here.typists.begin(ROOM, ALICE)
    carry(here, there)
    there.clock.go_on(TYPING_SECONDS)
    there.typists.pulse()
    assert there.shown() == []


def test_who_types_on_stays(here: Worker, there: Worker) -> None:
    for _ in range(4):
        here.typists.begin(ROOM, ALICE)
        carry(here, there)
        here.clock.go_on(3)
        there.typists.pulse()
        assert there.shown() == ["Alice"]


def test_what_is_said_again_is_told_again_so_that_browsers_go_on_showing_it(here: Worker) -> None:
    for _ in range(2):
        here.typists.begin(ROOM, ALICE)
        here.typists.pulse()
        here.typists.pulse()
        here.clock.go_on(3)
    assert len(here.told) == 2


def test_only_the_room_that_it_concerns_is_told(here: Worker) -> None:
    here.typists.begin(ROOM, ALICE)
    here.typists.begin(OTHER, BOB)
    here.typists.pulse()
    assert (here.shown(ROOM), here.shown(OTHER)) == (["Alice"], ["Bob"])


def test_a_flood_goes_out_once_a_second_and_ends_as_it_last_was(here: Worker, there: Worker) -> None:
    for _ in range(40):
        here.typists.begin(ROOM, ALICE)
        here.typists.end(ROOM, ALICE)
        here.typists.pulse()
        here.clock.go_on(0.1)
    assert len(here.published) <= 4
    here.clock.go_on(1)
    carry(here, there)
    assert there.shown() == []


def test_what_was_said_within_a_second_is_still_said_after_it(here: Worker, there: Worker) -> None:
    here.typists.begin(ROOM, ALICE)
    carry(here, there)
    here.typists.end(ROOM, ALICE)
    carry(here, there)
    assert (here.shown(), there.shown()) == ([], ["Alice"])
    here.clock.go_on(1)
    carry(here, there)
    assert there.shown() == []


def test_to_stop_without_having_begun_is_told_to_nobody(here: Worker) -> None:
    here.typists.end(ROOM, ALICE)
    here.typists.pulse()
    assert (here.published, here.told) == ([], [])


def test_a_lease_from_elsewhere_is_never_longer_than_ours(here: Worker) -> None:
    here.typists.hear(TypingHeard(room_id=ROOM, user_id=1, name="Alice", seconds=10**9))
    here.clock.go_on(TYPING_SECONDS)
    here.typists.pulse()
    assert here.shown() == []


def test_of_a_crowd_only_some_are_told(here: Worker) -> None:
    for number in range(100):
        here.typists.begin(ROOM, Person(number, f"Person {number}"))
    here.typists.pulse()
    assert here.shown() == [f"Person {number}" for number in range(SHOWN_MAX)]


Step = st.sampled_from(["begin", "end", "pulse", "carry", "lose", "wait"])


@given(st.lists(st.tuples(Step, st.sampled_from([ALICE, BOB]), st.sampled_from([ROOM, OTHER]), st.floats(0, 3))))
def test_whatever_gets_lost_nobody_types_for_ever_and_what_is_carried_agrees(
    steps: list[tuple[str, Person, int, float]],
) -> None:
    clock = Clock()
    here, there = Worker(clock), Worker(clock)
    for step, person, room_id, seconds in steps:
        match step:
            case "begin" | "end":
                getattr(here.typists, step)(room_id, person)
            case "pulse":
                here.typists.pulse()
            case "carry":
                carry(here, there)
            case "lose":
                here.published.clear()
            case "wait":
                clock.go_on(seconds)
    clock.go_on(1)
    carry(here, there)
    clock.go_on(TYPING_SECONDS)
    carry(here, there)
    assert [worker.shown(room_id) for worker in (here, there) for room_id in (ROOM, OTHER)] == [[]] * 4
