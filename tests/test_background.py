"""The end of what a worker does beside answering: within the time there is, and what is committed is told last."""

import threading
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from chatapp import background
from chatapp.actions import chores, held_queue
from chatapp.actions.chores import Chores, Duty
from chatapp.actions.held_files import AT_ONCE
from chatapp.actions.held_queue import HeldQueue
from chatapp.realtime.announcements import Announcement, SignInsEnded
from chatapp.realtime.outbox import Outbox
from chatapp.sockets.newcomers import Usher
from tests.together import eventually

BUSY_MACHINE_SECONDS = 3.0  # one after the other, all these waits would be 16 s


class Work:
    """Something long: a picture, a chore, a delivery."""

    def __init__(self) -> None:
        self.begun = 0
        self.may_end = threading.Event()

    def __call__(self, *_: object) -> bool:
        self.begun += 1
        self.may_end.wait(60)
        return False


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Iterator[Work]:
    """What chores and the look at pictures do: as long as a test lets them."""
    work = Work()
    monkeypatch.setattr(held_queue, "look_at_next", work)
    monkeypatch.setattr(held_queue, "POLL_SECONDS", 0.01)
    monkeypatch.setattr(chores, "LOOK_SECONDS", 0.01)
    yield work
    work.may_end.set()


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[Announcement]:
    """What the outbox told, as long as it ran: what comes to it later it hands to no other worker."""
    told: list[Announcement] = []

    def tell(announcement: Announcement) -> None:
        if threading.current_thread().name == "outbox":
            told.append(announcement)

    monkeypatch.setattr("chatapp.realtime.outbox.dispatch", tell)
    return told


@pytest.fixture
def running(app: Flask, work: Work, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """An application with a background that runs and is its own; two pictures are looked at, and a chore is done."""
    sweeping, queue = Chores(app, (Duty("sweep", timedelta(minutes=15), work),)), HeldQueue(app)
    outbox = Outbox(app, app.extensions["chatapp_bus"])
    monkeypatch.setitem(app.extensions, "chatapp_chores", sweeping)
    monkeypatch.setitem(app.extensions, "chatapp_held_queue", queue)
    monkeypatch.setitem(app.extensions, "chatapp_outbox", outbox)
    monkeypatch.setitem(app.extensions, "chatapp_usher", Usher(app.extensions["chatapp_newcomers"]))
    for part in (sweeping, queue, outbox):
        part.start()
    eventually(lambda: work.begun == AT_ONCE + 1)
    yield app
    work.may_end.set()
    for thread in [*sweeping.end(), *queue.end()]:
        thread.join(30)


def seconds_to_stop(app: Flask, seconds: float) -> float:
    began = time.monotonic()
    background.stop(app, seconds)
    return time.monotonic() - began


@pytest.mark.usefixtures("work")
def test_what_waits_is_told_though_pictures_and_chores_go_on_and_on(running: Flask, told: list[Announcement]) -> None:
    outbox = running.extensions["chatapp_outbox"]
    many = [SignInsEnded(sign_in_ids=(number,)) for number in range(100)]
    for each in many:
        outbox.put(each)
    took = seconds_to_stop(running, background.TELL_SECONDS + 0.2)
    assert told == many
    assert took < background.TELL_SECONDS + 0.2 + BUSY_MACHINE_SECONDS


def test_what_the_last_picture_tells_is_told(running: Flask, work: Work, told: list[Announcement]) -> None:
    last = SignInsEnded(sign_in_ids=(1,))

    def end_a_moment_later() -> None:
        eventually(lambda: not running.extensions["chatapp_held_queue"]._running)  # noqa: SLF001
        running.extensions["chatapp_outbox"].put(last)
        work.may_end.set()

    ending = threading.Thread(target=end_a_moment_later)
    ending.start()
    background.stop(running, 60)
    ending.join()
    assert told == [last]


def test_with_all_that_hangs_it_ends_within_the_time_there_is(
    running: Flask, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatapp.realtime.outbox.dispatch", work)
    running.extensions["chatapp_outbox"].put(SignInsEnded(sign_in_ids=(1,)))
    assert seconds_to_stop(running, background.TELL_SECONDS) < background.TELL_SECONDS + BUSY_MACHINE_SECONDS
