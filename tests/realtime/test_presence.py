"""Who is here: counted over all workers, by leases that end."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatapp.models import Person
from chatapp.realtime.announcements import Announcement, PeopleHeard
from chatapp.realtime.live_facts import PresenceFact
from chatapp.realtime.presence import CROWD, Presence
from tests.realtime.clock import Clock

ALICE, BOB, CHARLIE = Person(1, "Alice"), Person(2, "Bob"), Person(3, "Charlie")
LEASE, GRACE = 45.0, 30.0


@dataclass
class Worker:
    """One worker: its presence, what it publishes, and a page on it that hears everything."""

    clock: Clock
    published: list[PeopleHeard] = field(default_factory=list)
    whole: list[tuple[str, PresenceFact]] = field(default_factory=list)
    shown: set[int] = field(default_factory=set)
    told: int = 0

    def __post_init__(self) -> None:
        self.presence = Presence(
            self.clock, lease_seconds=LEASE, grace_seconds=GRACE, publish=self._publish, tell=self._tell
        )

    def _publish(self, announcement: Announcement) -> None:
        assert isinstance(announcement, PeopleHeard)
        self.published.append(announcement)

    def _tell(self, fact: PresenceFact, sids: Sequence[str] | None) -> None:
        self.told += 1
        if sids is not None:
            self.whole += [(sid, fact) for sid in sids]
        else:
            self.shown = self.shown - set(fact.away) | {person.id for person in fact.people}


@pytest.fixture
def here(clock: Clock) -> Worker:
    return Worker(clock)


@pytest.fixture
def there(clock: Clock) -> Worker:
    return Worker(clock)


def pulse(*workers: Worker) -> None:
    """A moment: each worker says what is new, hears the others, and tells its sockets."""
    for worker in workers:
        worker.presence.pulse()
    for worker in workers:
        said, worker.published = worker.published, []
        for heard in said:
            for other in workers:
                if other is not worker:
                    other.presence.hear(heard)
    for worker in workers:
        worker.presence.pulse()


def go_on(seconds: int, *workers: Worker) -> None:
    """Let these workers live for so many seconds."""
    for _ in range(seconds):
        workers[0].clock.go_on(1)
        pulse(*workers)


def test_who_comes_is_here_for_every_worker(here: Worker, there: Worker) -> None:
    here.presence.came("a", ALICE)
    pulse(here, there)
    assert here.presence.people() == there.presence.people() == {1: "Alice"}
    assert here.shown == there.shown == {1}


def test_who_stays_is_here_without_an_end_and_without_a_word_to_browsers(here: Worker, there: Worker) -> None:
    here.presence.came("a", ALICE)
    pulse(here, there)
    told = (here.told, there.told)
    go_on(200, here, there)
    assert here.shown == there.shown == {1}
    assert (here.told, there.told) == told


# behaviour 51
def test_who_leaves_is_away_after_the_grace_and_not_before(here: Worker, there: Worker) -> None:
    here.presence.came("a", ALICE)
    pulse(here, there)
    here.presence.went(ALICE.id)
    pulse(here, there)
    go_on(int(GRACE) - 1, here, there)
    assert here.shown == there.shown == {1}
    go_on(1, here, there)
    assert here.shown == there.shown == set()


def test_who_had_fallen_silent_is_away_at_once(here: Worker, there: Worker) -> None:
    here.presence.came("a", ALICE)
    pulse(here, there)
    here.presence.fell_silent(ALICE.id)
    pulse(here, there)
    assert here.shown == there.shown == set()


def test_who_falls_silent_on_one_worker_is_here_by_another(here: Worker, there: Worker) -> None:
    here.presence.came("a", ALICE)
    there.presence.came("b", ALICE)
    pulse(here, there)
    here.presence.fell_silent(ALICE.id)
    go_on(100, here, there)
    assert here.shown == there.shown == {1}


def test_who_comes_back_within_the_grace_was_never_away(here: Worker, there: Worker) -> None:
    here.presence.came("a", ALICE)
    pulse(here, there)
    here.presence.went(ALICE.id)
    go_on(20, here, there)
    there.presence.came("b", ALICE)
    told = here.told
    go_on(100, here, there)
    assert here.shown == there.shown == {1}
    assert here.told == told


def test_a_reload_between_two_pulses_is_no_leaving(here: Worker, there: Worker) -> None:
    here.presence.came("a", ALICE)
    pulse(here, there)
    here.presence.went(ALICE.id)
    here.presence.came("b", ALICE)
    go_on(100, here, there)
    assert there.shown == {1}


def test_who_came_and_went_between_two_pulses_was_here_and_has_the_grace(here: Worker, there: Worker) -> None:
    here.presence.came("a", ALICE)
    here.presence.went(ALICE.id)
    pulse(here, there)
    go_on(int(GRACE) - 1, here, there)
    assert there.shown == {1}
    go_on(1, here, there)
    assert there.shown == set()


def test_the_people_of_a_worker_that_died_are_away_after_45_seconds(here: Worker, there: Worker) -> None:
    here.presence.came("a", ALICE)
    there.presence.came("b", BOB)
    go_on(100, here, there)
    go_on(int(LEASE) - 16, there)
    assert there.shown == {1, 2}
    go_on(16, there)
    assert there.shown == {2}


def test_a_worker_that_begins_asks_and_knows_at_once_who_is_here(here: Worker, clock: Clock) -> None:
    here.presence.came("a", ALICE)
    pulse(here)
    fresh = Worker(clock)
    fresh.presence.ask()
    pulse(here, fresh)
    pulse(here, fresh)
    assert fresh.shown == {1}


def test_one_who_comes_is_told_of_everybody_and_the_others_of_the_change_alone(here: Worker) -> None:
    here.presence.came("a", ALICE)
    pulse(here)
    here.presence.came("b", BOB)
    pulse(here)
    sid, fact = here.whole[-1]
    assert (sid, [person.name for person in fact.people], fact.is_everybody) == ("b", ["Alice", "Bob"], True)
    assert [sid for sid, _ in here.whole] == ["a", "b"]


def test_a_crowd_that_comes_is_told_of_each_other_together(here: Worker, clock: Clock) -> None:
    crowd = [Person(number, f"Person {number}") for number in range(1, 2 * CROWD + 1)]
    for person in crowd:
        here.presence.came(str(person.id), person)
        here.presence.pulse()
        clock.go_on(0.01)
    clock.go_on(1)
    here.presence.pulse()
    assert here.shown == {person.id for person in crowd}
    assert {sid for sid, _ in here.whole} == {str(person.id) for person in crowd}
    # Of the first, each pulse told the newcomer and the others; of the rest, who came in 2.5 s, one in 0.25 s or more.
    assert here.told <= 2 * (CROWD + 11)


def test_a_lease_from_elsewhere_is_never_longer_than_ours(here: Worker) -> None:
    here.presence.hear(PeopleHeard(worker="x", people=((1, "Alice"),), seconds=10**9))
    go_on(int(LEASE), here)
    assert here.shown == set()


def test_without_others_a_worker_knows_its_own(here: Worker, there: Worker) -> None:
    here.presence.came("a", ALICE)
    there.presence.came("b", BOB)
    go_on(60, here)
    go_on(60, there)
    assert (here.shown, there.shown) == ({1}, {2})


Step = st.sampled_from(["came", "went", "pulse", "lose", "ask", "wait"])


@dataclass
class Company:
    """Three workers, and who is connected to which."""

    clock: Clock = field(default_factory=Clock)
    connected: set[tuple[int, int]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.workers = [Worker(self.clock) for _ in range(3)]

    def do(self, step: str, number: int, person: Person, seconds: int) -> None:
        """One step of a schedule."""
        getattr(self, step)(number, person, seconds)

    def came(self, number: int, person: Person, _seconds: int) -> None:
        self.workers[number].presence.came("sid", person)
        self.connected.add((number, person.id))

    def went(self, number: int, person: Person, _seconds: int) -> None:
        if (number, person.id) in self.connected:
            self.workers[number].presence.went(person.id)
            self.connected.discard((number, person.id))

    def pulse(self, *_: object) -> None:
        pulse(*self.workers)

    def lose(self, number: int, *_: object) -> None:
        self.workers[number].presence.pulse()
        self.workers[number].published.clear()

    def ask(self, number: int, *_: object) -> None:
        self.workers[number].presence.ask()

    def wait(self, _number: int, _person: Person, seconds: int) -> None:
        self.clock.go_on(seconds)


@given(st.lists(st.tuples(Step, st.integers(0, 2), st.sampled_from([ALICE, BOB, CHARLIE]), st.integers(0, 20))))
def test_whatever_comes_goes_and_gets_lost_in_the_end_everybody_sees_who_is_connected(
    steps: list[tuple[str, int, Person, int]],
) -> None:
    company = Company()
    for step in steps:
        company.do(*step)
    go_on(int(LEASE) + 1, *company.workers)
    expected = {user_id for _, user_id in company.connected}
    for worker in company.workers:
        assert worker.shown == set(worker.presence.people()) == expected
