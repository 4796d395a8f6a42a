"""When things are told: after their commit, in the order of the commits, or never."""

import logging
import threading
from collections.abc import Iterator

import pytest
from flask import Flask

from chatapp import db
from chatapp.actions.messages import post_message
from chatapp.actions.rooms import archive_room
from chatapp.errors import ChatError, MessageEmpty, RoomArchived, RoomNotFound
from chatapp.realtime import broadcasts
from chatapp.realtime.announcements import Announcement, RoomMoved, SignInsEnded
from chatapp.realtime.bus import Bus
from chatapp.realtime.outbox import Outbox, announce
from tests.support import Cast
from tests.together import eventually


class Told:
    """Stands where dispatch is, and writes down what it is to tell."""

    def __init__(self) -> None:
        self.heard: list[Announcement] = []
        self.threads: set[int] = set()
        self.failing: list[Announcement] = []
        self.gate = threading.Event()
        self.gate.set()

    def __call__(self, announcement: Announcement) -> None:
        self.gate.wait(20)
        self.threads.add(threading.get_ident())
        if announcement in self.failing:
            raise RuntimeError("cannot deliver")
        self.heard.append(announcement)

    def events(self) -> list[str]:
        return [each.event for each in self.heard if isinstance(each, RoomMoved)]


class LoudBus(Bus):
    """A bus that writes down what it is to carry, and may break."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app, app.extensions["chatapp_settings"])
        self.carried: list[Announcement] = []
        self.is_broken = False

    def publish(self, announcement: Announcement) -> None:
        if self.is_broken:
            raise RuntimeError("cannot carry")
        self.carried.append(announcement)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    """What was delivered."""
    told = Told()
    monkeypatch.setattr("chatapp.realtime.outbox.dispatch", told)
    return told


@pytest.fixture
def bus(app: Flask) -> LoudBus:
    """What was given to the bus."""
    return LoudBus(app)


@pytest.fixture
def outbox(app: Flask, bus: LoudBus, monkeypatch: pytest.MonkeyPatch) -> Iterator[Outbox]:
    """An outbox in the application, not started."""
    outbox = Outbox(app, bus)
    monkeypatch.setitem(app.extensions, "chatapp_outbox", outbox)
    yield outbox
    outbox.stop()


def outbox_threads() -> int:
    """How many threads tell."""
    return sum(thread.name == "outbox" for thread in threading.enumerate())


def ended(number: int) -> SignInsEnded:
    """Something to tell, told apart by its number."""
    return SignInsEnded(sign_in_ids=(number,))


@pytest.mark.usefixtures("outbox", "context")
def test_it_is_told_after_the_commit_and_in_order(told: Told) -> None:  # behaviour 72
    with db.transaction():
        for number in range(3):
            announce(ended(number))
        assert told.heard == []
    assert told.heard == [ended(0), ended(1), ended(2)]


@pytest.mark.usefixtures("outbox", "context")
def test_nothing_is_told_of_what_was_rolled_back(told: Told, bus: LoudBus) -> None:
    def change() -> None:
        with db.transaction():
            announce(ended(1))
            raise RoomArchived

    with pytest.raises(RoomArchived):
        change()
    with db.transaction():
        announce(ended(2))
    assert (told.heard, bus.carried) == ([ended(2)], [ended(2)])


@pytest.mark.usefixtures("outbox", "context")
def test_a_refused_post_tells_nobody(cast: Cast, told: Told) -> None:
    told.heard.clear()
    refused: list[tuple[str, int, type[ChatError]]] = [
        ("", cast.closed_room, MessageEmpty),
        ("hello", cast.closed_room, RoomNotFound),
    ]
    for body, room_id, error in refused:
        with pytest.raises(error):
            post_message(cast.charlie, room_id, body)
    assert told.heard == []


@pytest.mark.usefixtures("outbox", "context")
def test_a_repeated_post_tells_nobody(cast: Cast, told: Told) -> None:
    client_id = "0b5a1f0e-8a37-4a3c-9a39-1d1d6f2b7c11"
    post_message(cast.alice, cast.open_room, "once", client_id=client_id)
    told.heard.clear()
    assert post_message(cast.alice, cast.open_room, "once", client_id=client_id).duplicate
    assert told.heard == []


@pytest.mark.usefixtures("outbox", "context")
def test_a_post_is_told_whole_with_its_version_and_the_one_before(cast: Cast, told: Told) -> None:
    told.heard.clear()
    posted = post_message(cast.alice, cast.open_room, "**hello** world")
    (moved,) = told.heard
    assert isinstance(moved, RoomMoved)
    assert (moved.room_id, moved.event, moved.to_members) == (cast.open_room, "message:posted", False)
    assert (moved.payload["version"], moved.payload["prev"]) == (posted.version, posted.version - 1)
    assert (moved.payload["number"], moved.payload["body"]) == (posted.number, "**hello** world")
    assert moved.advanced is not None
    assert (moved.advanced["version"], moved.advanced["preview"]) == (posted.version, "hello world")


@pytest.mark.usefixtures("outbox", "context")
def test_a_change_of_a_room_is_told_to_all_its_members(cast: Cast, told: Told) -> None:
    told.heard.clear()
    archive_room(cast.alice, cast.open_room)
    (moved,) = told.heard
    assert isinstance(moved, RoomMoved)
    assert moved.to_members
    assert moved.payload["room"]["is_archived"]


@pytest.mark.usefixtures("context")
def test_one_that_cannot_be_delivered_does_not_stop_the_next(
    outbox: Outbox, told: Told, bus: LoudBus, caplog: pytest.LogCaptureFixture
) -> None:
    told.failing = [ended(1)]
    with caplog.at_level(logging.ERROR):
        for number in range(3):
            outbox.put(ended(number))
    assert told.heard == [ended(0), ended(2)]
    assert bus.carried == [ended(0), ended(1), ended(2)]
    assert [record.message for record in caplog.records] == ["delivery failed kind=SignInsEnded"]


@pytest.mark.usefixtures("context")
def test_a_failed_delivery_does_not_fail_the_change(outbox: Outbox, told: Told) -> None:
    assert outbox
    told.failing = [ended(1)]
    with db.transaction():
        broadcasts.sign_ins_ended([1])


def test_a_bus_that_breaks_does_not_stop_the_thread(outbox: Outbox, told: Told, bus: LoudBus) -> None:
    outbox.start()
    bus.is_broken = True
    outbox.put(ended(1))
    eventually(lambda: told.heard == [ended(1)])
    bus.is_broken = False
    outbox.put(ended(2))
    eventually(lambda: bus.carried == [ended(2)])


def test_started_it_tells_from_a_thread_of_its_own(outbox: Outbox, told: Told) -> None:
    outbox.start()
    outbox.put(ended(1))
    eventually(lambda: told.heard == [ended(1)])
    assert threading.get_ident() not in told.threads


def test_started_it_makes_nobody_wait_and_keeps_the_order(outbox: Outbox, told: Told) -> None:
    outbox.start()
    told.gate.clear()
    for number in range(100):
        outbox.put(ended(number))
    assert told.heard == []
    told.gate.set()
    eventually(lambda: len(told.heard) == 100)
    assert told.heard == [ended(number) for number in range(100)]
    assert len(told.threads) == 1


def test_stopping_tells_what_waits_and_ends_the_thread(outbox: Outbox, told: Told) -> None:
    outbox.start()
    assert outbox_threads() == 1
    for number in range(100):
        outbox.put(ended(number))
    outbox.stop()
    assert len(told.heard) == 100
    assert outbox_threads() == 0


def test_stopped_it_tells_at_once_again(outbox: Outbox, told: Told) -> None:
    outbox.start()
    outbox.stop()
    outbox.put(ended(1))
    assert told.threads == {threading.get_ident()}


def test_starting_twice_makes_one_thread(outbox: Outbox) -> None:
    outbox.start()
    outbox.start()
    assert outbox_threads() == 1


def test_a_delivery_that_hangs_fills_no_memory(
    app: Flask, bus: LoudBus, told: Told, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("chatapp.realtime.outbox.WAITING_MAX", 10)
    outbox = Outbox(app, bus)
    told.gate.clear()
    outbox.start()
    for number in range(100):
        outbox.put(ended(number))
    refused = [record.message for record in caplog.records].count("announcement dropped kind=SignInsEnded")
    assert refused >= 100 - 10 - 1  # ten wait, and one is being told
    told.gate.set()
    outbox.stop()
    # Which ones depends on when the thread took out the first; their order does not.
    assert len(told.heard) == 100 - refused
    assert told.heard == [ended(number) for number in range(100) if ended(number) in told.heard]
