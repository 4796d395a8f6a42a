"""Waiting for others who write: bounded, without holding a connection, and without stopping anybody else."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest
from flask import Flask

from chatapp import config, db
from chatapp.errors import RoomNotFound, Unavailable
from chatapp.models import Room
from tests.actions.questions import head_of
from tests.databases import LOCK_TIMEOUT_MS, connections_in_use, room_lock, small_app, sqlite_lock
from tests.support import Cast
from tests.together import at_once, eventually

FOUNDED = 3  # the version of a room of two people when it is made: one for each of them, one for the room

only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
only_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@pytest.fixture
def small(database_url: str, cast: Cast) -> Iterator[Flask]:  # the cast makes the tables
    """The application's database with a pool of one connection."""
    app = small_app(database_url)
    with app.app_context():
        yield app
    app.extensions["chatapp_engine"].dispose()


class CountingLocks(db.RoomLocks):
    """Locks that know how often they were asked for."""

    asked_for = 0

    @contextmanager
    def hold(self, room_id: int, timeout_seconds: float) -> Iterator[None]:
        self.asked_for += 1
        with super().hold(room_id, timeout_seconds):
            yield


def change(room_id: int) -> int:
    """Take the room's next version."""
    with db.room_transaction(room_id):
        head = Room.next_version(room_id)
        if head is None:
            raise RoomNotFound
        return head.version


def locks_held(app: Flask, room_id: int) -> bool:
    """Whether somebody in this worker has the room's turn."""
    lock = app.extensions["chatapp_room_locks"]._locks.get(room_id)  # noqa: SLF001
    return lock is not None and lock.lock.locked()


def test_a_room_that_another_worker_holds_too_long_is_unavailable(small: Flask, cast: Cast, database_url: str) -> None:
    before = head_of(cast.open_room)
    begun = time.monotonic()
    with room_lock(database_url, cast.open_room), pytest.raises(Unavailable) as refused:
        change(cast.open_room)
    assert time.monotonic() - begun >= LOCK_TIMEOUT_MS / 1000
    assert refused.value.values == {"retry_after": 1}
    assert connections_in_use(small) == 0
    assert head_of(cast.open_room) == before


@pytest.mark.usefixtures("small")
def test_the_next_change_works_when_the_lock_is_gone(cast: Cast, database_url: str) -> None:
    before, _ = head_of(cast.open_room)
    with room_lock(database_url, cast.open_room), pytest.raises(Unavailable):
        change(cast.open_room)
    assert change(cast.open_room) == before + 1


def test_a_lock_that_ends_in_time_is_waited_for(cast: Cast, database_url: str) -> None:
    app = small_app(database_url, lock_timeout_ms=20_000)
    with room_lock(database_url, cast.open_room):
        thread = threading.Thread(target=in_context, args=(app, partial(change, cast.open_room)))
        thread.start()
        eventually(lambda: locks_held(app, cast.open_room))
        assert thread.is_alive()
    thread.join(20)
    with app.app_context():
        assert head_of(cast.open_room)[0] == FOUNDED + 1
    app.extensions["chatapp_engine"].dispose()


def in_context(app: Flask, job: partial[int]) -> int:
    with app.app_context():
        return job()


@pytest.mark.usefixtures("small")
def test_a_reader_is_not_stopped_by_a_writer(cast: Cast, database_url: str) -> None:
    with room_lock(database_url, cast.open_room):
        assert head_of(cast.open_room)[0] == FOUNDED


@only_postgresql
@pytest.mark.usefixtures("small")
def test_a_room_that_is_held_stops_no_other_room(cast: Cast, database_url: str) -> None:
    with room_lock(database_url, cast.open_room):
        assert change(cast.closed_room) == FOUNDED + 1


def read_then_change(room_id: int) -> int:
    """As a request does: it has read something before it writes."""
    head_of(room_id)
    return change(room_id)


def test_one_waits_for_a_rooms_turn_without_a_connection(cast: Cast, database_url: str) -> None:
    app = small_app(database_url, lock_timeout_ms=20_000)
    app.extensions["chatapp_room_locks"] = locks = CountingLocks()
    with app.app_context(), locks.hold(cast.open_room, 1):
        waiting = threading.Thread(target=at_once, args=(app, [partial(read_then_change, cast.open_room)] * 4))
        waiting.start()
        eventually(lambda: locks.asked_for == 5)
        # The pool has one connection; had a waiter taken it, this would be refused.
        assert connections_in_use(app) == 0
        assert change(cast.closed_room) == FOUNDED + 1
    waiting.join()
    with app.app_context():
        assert head_of(cast.open_room)[0] == FOUNDED + 4
    app.extensions["chatapp_engine"].dispose()


def test_a_turn_that_does_not_come_is_unavailable(small: Flask, cast: Cast) -> None:
    locks: db.RoomLocks = small.extensions["chatapp_room_locks"]
    with locks.hold(cast.open_room, 1):
        (outcome,) = at_once(small, [partial(change, cast.open_room)])
    assert isinstance(outcome, Unavailable)
    assert connections_in_use(small) == 0
    assert change(cast.open_room) == FOUNDED + 1


def test_a_turn_is_given_back_after_every_kind_of_failure(small: Flask, cast: Cast) -> None:
    for failure in (ZeroDivisionError(), Unavailable(), KeyboardInterrupt()):
        with pytest.raises(type(failure)), db.room_transaction(cast.open_room):
            raise failure
        assert not locks_held(small, cast.open_room)
        assert connections_in_use(small) == 0
    with pytest.raises(RoomNotFound):
        change(999_999)
    assert change(cast.open_room) == FOUNDED + 1


def test_others_are_told_before_the_next_writers_turn(small: Flask, cast: Cast) -> None:
    held: list[bool] = []
    with db.room_transaction(cast.open_room):
        db.after_commit(lambda: held.append(locks_held(small, cast.open_room)))
    assert held == [True]


def test_a_room_that_nobody_changes_costs_no_memory(small: Flask, cast: Cast) -> None:
    change(cast.open_room)
    assert len(small.extensions["chatapp_room_locks"]._locks) == 0  # noqa: SLF001


@only_sqlite
@pytest.mark.parametrize("begin", ["BEGIN EXCLUSIVE", "BEGIN IMMEDIATE"])
def test_on_sqlite_a_write_takes_its_lock_before_it_reads(small: Flask, database_url: str, begin: str) -> None:
    with sqlite_lock(database_url, begin), pytest.raises(Unavailable), db.transaction():
        pytest.fail("it has begun without the lock")
    assert connections_in_use(small) == 0


WAITER = """
import eventlet
eventlet.monkey_patch()
import sys, time
from flask import Flask
from chatapp import config, db
from chatapp.errors import Unavailable
secret = "a-secret-of-the-tests-and-long-enough"
settings = config.load({"DATABASE_URL": sys.argv[1], "SECRET_KEY": secret, "LOCK_TIMEOUT_MS": "500"})
app = Flask("waiter")
app.extensions["chatapp_settings"] = settings
db.init_app(app, settings)
ticks = []
def tick():
    while True:
        ticks.append(time.monotonic())
        eventlet.sleep(0.01)
eventlet.spawn(tick)
eventlet.sleep(0)
with app.app_context():
    try:
        with db.transaction():
            print("written")
    except Unavailable:
        print("unavailable", max(after - before for before, after in zip(ticks, ticks[1:])))
"""


@only_sqlite
@pytest.mark.usefixtures("cast")
def test_on_sqlite_waiting_for_the_lock_stops_no_other_greenlet(database_url: str) -> None:
    with sqlite_lock(database_url):
        command = [sys.executable, "-c", WAITER, database_url]
        run = subprocess.run(command, cwd=config.ROOT, capture_output=True, text=True, timeout=60, check=True)
    outcome, longest_gap = run.stdout.split()
    assert outcome == "unavailable"
    assert float(longest_gap) < 0.25  # seconds; a wait inside SQLite would be all 0.5 of them
