"""What changed of people reaches every worker, each once and in order, also when the bus loses the word of it."""

from dataclasses import dataclass, field

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from chatapp.actions import people
from chatapp.realtime.announcements import PersonMoved
from chatapp.realtime.people_stream import PeopleStream
from tests.realtime.losing import Lost, compare, told
from tests.sockets.wire import RawSocket, connect
from tests.support import Browser, Cast
from tests.together import eventually

CHANGED = "person:changed"


def change(version: int, person: int) -> PersonMoved:
    return PersonMoved(version=version, payload={"version": version, "prev": version - 1, "id": person})


@dataclass
class World:
    """A database of changes, and what was told."""

    people: list[int] = field(default_factory=list)  # who changed with version N, from 1
    told: list[PersonMoved] = field(default_factory=list)
    asked: int = 0  # how often a comparison was asked for
    page: int = 2
    is_deaf: bool = False

    def stream(self, *, head: int | None = 0) -> PeopleStream:
        stream = PeopleStream(tell=self.tell, read=self.read, soon=self.soon)
        if head is not None:
            stream.start(head)
        return stream

    def tell(self, moved: PersonMoved) -> None:
        if self.is_deaf:
            raise ConnectionError
        self.told.append(moved)

    def read(self, since: int) -> list[PersonMoved]:
        """Each person once, by their last change."""
        last = {person: version for version, person in enumerate(self.people, start=1)}
        versions = sorted(version for version in last.values() if version > since)
        return [change(version, self.people[version - 1]) for version in versions[: self.page]]

    def soon(self) -> None:
        self.asked += 1

    def steps(self) -> list[tuple[int, int]]:
        return [(moved.payload["prev"], moved.version) for moved in self.told]


@pytest.fixture
def world() -> World:
    return World()


def test_what_comes_in_turn_is_told_and_what_comes_twice_is_not(world: World) -> None:
    stream = world.stream()
    for version in (1, 2, 2, 1, 3):
        stream.receive(change(version, 7))
    assert (world.steps(), world.asked) == ([(0, 1), (1, 2), (2, 3)], 0)


def test_what_comes_out_of_turn_is_left_to_a_comparison_that_is_asked_for_at_once(world: World) -> None:
    world.people = [7, 8, 7]
    stream = world.stream()
    stream.receive(change(3, 7))
    assert (world.steps(), world.asked) == ([], 1)
    stream.compare(3)
    stream.receive(change(1, 7))
    assert world.steps() == [(0, 2), (2, 3)]


def test_more_than_a_page_is_read_page_by_page(world: World) -> None:
    world.people = [1, 2, 3, 4, 5]
    world.stream().compare(5)
    assert world.steps() == [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5)]


def test_where_nobody_has_been_yet_nothing_is_told_and_it_begins_at_the_head(world: World) -> None:
    world.people = [7, 8]
    stream = world.stream(head=None)
    stream.receive(change(1, 7))
    stream.compare(2)
    assert (world.told, stream.version) == ([], 2)
    stream.start(1)
    assert stream.version == 2


def test_one_that_cannot_be_told_keeps_no_other_from_it(world: World, caplog: pytest.LogCaptureFixture) -> None:
    stream = world.stream()
    world.is_deaf = True
    stream.receive(change(1, 7))
    world.is_deaf = False
    stream.receive(change(2, 8))
    assert world.steps() == [(1, 2)]
    assert "delivery failed" in caplog.text


@given(lost=st.sets(st.integers(1, 8)), order=st.permutations(range(1, 9)), looks=st.sets(st.integers(0, 7)))
def test_whatever_the_bus_does_the_last_of_each_is_told_in_order_after_a_comparison(
    lost: set[int], order: list[int], looks: set[int]
) -> None:
    world = World(people=[1, 2, 3, 1, 2, 3, 1, 4])
    stream = world.stream()
    for place, version in enumerate(order):
        if version not in lost:
            stream.receive(change(version, world.people[version - 1]))
        if place in looks:
            stream.compare(8)
    stream.compare(8)
    prev = 0
    for before, version in world.steps():
        assert before == prev < version
        prev = version
    assert {moved.payload["id"]: moved.version for moved in world.told} == {2: 5, 3: 6, 1: 7, 4: 8}


def names(socket: RawSocket) -> list[str]:
    return [fact["name"] for fact in socket.received(CHANGED)]


def test_a_name_that_another_worker_told_nobody_of_is_told_by_the_next_comparison_once(
    app: Flask, cast: Cast, alice: RawSocket, charlie: RawSocket, lost: Lost
) -> None:  # behaviour 43
    lost(lambda: people.rename_person(cast.bob, "Robert"))
    compare(app)
    compare(app)
    assert (names(alice), names(charlie)) == (["Robert"], ["Robert"])


def test_the_end_of_an_account_closes_its_sockets_and_is_told_to_all_others_by_the_next_comparison(
    app: Flask, cast: Cast, alice: RawSocket, bob: RawSocket, lost: Lost
) -> None:  # behaviour 43
    lost(lambda: people.deactivate(cast.dana, cast.bob.id))
    compare(app)
    assert (bob.is_connected, alice.is_connected) == (False, True)
    assert [fact["is_deactivated"] for fact in alice.received(CHANGED)] == [True]
    assert [told["name"] for told in bob._client.queue] == []  # noqa: SLF001
    lost(lambda: people.reactivate(cast.dana, cast.bob.id))
    compare(app)
    assert [fact["is_deactivated"] for fact in alice.received(CHANGED)] == [False]


def test_two_that_cross_on_the_bus_end_with_the_newer_one(app: Flask, cast: Cast, alice: RawSocket, lost: Lost) -> None:
    (first,) = lost(lambda: people.rename_person(cast.bob, "Robert"))
    (second,) = lost(lambda: people.rename_person(cast.bob, "Rob"))
    told(app, second)
    compare(app)
    told(app, first)
    assert names(alice) == ["Rob"]


def test_a_recorded_end_that_is_sent_again_marks_nobody(app: Flask, cast: Cast, alice: RawSocket, lost: Lost) -> None:
    *_, ended = lost(lambda: people.deactivate(cast.dana, cast.bob.id))
    lost(lambda: people.reactivate(cast.dana, cast.bob.id))
    compare(app)
    alice.received()
    told(app, ended)
    assert alice.received(CHANGED) == []


def test_a_gap_is_looked_into_at_once_and_not_at_the_next_tick(
    app: Flask, cast: Cast, alice: RawSocket, lost: Lost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatapp.realtime.tick.TICK_SECONDS", 600.0)
    lost(lambda: people.rename_person(cast.charlie, "Charles"))
    (second,) = lost(lambda: people.rename_person(cast.bob, "Robert"))
    tick = app.extensions["chatapp_tick"]
    tick.start()
    try:
        told(app, second)
        heard: list[str] = []
        eventually(lambda: heard.extend(names(alice)) or heard == ["Charles", "Robert"])
    finally:
        tick.stop()


def page_version(browser: Browser) -> int:
    """Up to which version a page that comes now knows people."""
    found = browser.get("/people").get_data(as_text=True).partition('data-people="')[2].partition('"')[0]
    return int(found)


def test_what_changed_between_a_page_and_its_socket_is_told_to_that_socket_alone(
    app: Flask, cast: Cast, alice: RawSocket
) -> None:  # behaviour 43
    browser = Browser(app, cast.charlie)
    known = page_version(browser)
    with app.app_context():
        people.rename_person(cast.bob, "Robert")
    alice.received()
    late = connect(browser, people_version=known)
    assert [(fact["prev"], fact["version"], fact["name"]) for fact in late.received(CHANGED)] == [
        (known, known + 1, "Robert")
    ]
    assert connect(browser, people_version=page_version(browser)).received(CHANGED) == []
    assert connect(browser).received(CHANGED) == []
    assert alice.received(CHANGED) == []


def test_of_many_changes_a_newcomer_is_told_the_last_and_asks_for_the_others(app: Flask, cast: Cast) -> None:
    browser = Browser(app, cast.charlie)
    known = page_version(browser)
    with app.app_context():
        for person, name in ((cast.alice, "Ada"), (cast.bob, "Robert"), (cast.alice, "Alina")):
            people.rename_person(person, name)
    (fact,) = connect(browser, people_version=known).received(CHANGED)
    assert (fact["prev"], fact["version"], fact["name"]) == (known + 2, known + 3, "Alina")
    missed = browser.get(f"/people/changes?since={known}", json=True).get_json()
    assert [(each["version"], each["name"]) for each in missed["items"]] == [
        (known + 2, "Robert"),
        (known + 3, "Alina"),
    ]
