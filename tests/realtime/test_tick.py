"""Every two seconds this worker is compared with the database: who came, whose sign-in ended, and what was lost."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event

from chatapp import db
from chatapp.actions import rooms
from chatapp.actions.memberships import add_member
from chatapp.actions.people import deactivate
from chatapp.models import SignIn
from chatapp.realtime import tick
from chatapp.realtime.room_streams import RoomStreams
from chatapp.realtime.tick import Tick
from tests.realtime.losing import Lost, compare, post
from tests.sockets.wire import RawSocket, connect, heard, open_room, say
from tests.support import Browser, Cast
from tests.together import eventually

WAIT_LONG_SECONDS = 600.0  # a tick that is not asked for does not come in a test


@pytest.fixture
def own_tick(app: Flask) -> Tick:
    """The tick of the application; nothing runs."""
    found: Tick = app.extensions["chatapp_tick"]
    return found


def test_who_was_added_unheard_follows_after_the_next_comparison(
    app: Flask, cast: Cast, charlie: RawSocket, lost: Lost
) -> None:
    lost(lambda: add_member(cast.alice, cast.closed_room, cast.charlie.id))
    compare(app)
    assert charlie.names() == ["member:joined"]
    say(app, cast, "welcome", cast.closed_room)
    assert [frame["preview"] for frame in charlie.received("room:advanced")] == ["welcome"]


def test_who_has_the_room_open_gets_no_small_frames_beside_by_a_comparison(
    app: Flask, cast: Cast, bob: RawSocket
) -> None:
    open_room(bob, cast.open_room)
    compare(app)
    say(app, cast, "hello")
    assert bob.names() == ["message:posted"]


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    """What the test itself asks of the database: a stream that fills a gap meanwhile is not its concern."""
    asked: list[str] = []
    asking = threading.get_ident()

    def ask(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement != "BEGIN" and threading.get_ident() == asking:
            asked.append(statement)

    engine = app.extensions["chatapp_engine"]
    event.listen(engine, "before_cursor_execute", ask)
    yield asked
    event.remove(engine, "before_cursor_execute", ask)


def test_a_comparison_is_one_query_for_all_rooms_and_one_each_for_sign_ins_memberships_and_people(
    app: Flask, cast: Cast, alice: RawSocket, bob: RawSocket, charlie: RawSocket, statements: list[str]
) -> None:
    with app.app_context():
        for number in range(5):
            rooms.create_room(cast.alice, f"Room {number}", "closed", [cast.bob.id])
    open_room(bob, cast.open_room)
    open_room(charlie, cast.open_room)
    statements.clear()
    compare(app)
    tables = [statement.partition("FROM ")[2].split()[0] for statement in statements]
    # The second of the rooms: may one who is in none of them, as Charlie, read what they have open?
    assert sorted(tables) == ["company", "memberships", "rooms", "rooms", "sign_ins"]


def test_where_nobody_is_connected_the_database_is_left_alone(app: Flask, cast: Cast, statements: list[str]) -> None:
    compare(app)
    assert statements == []


def test_sign_ins_that_ended_without_a_word_are_closed(
    app: Flask, cast: Cast, alice: RawSocket, bob: RawSocket, lost: Lost
) -> None:
    lost(lambda: deactivate(cast.dana, cast.bob.id))
    assert bob.is_connected
    compare(app)
    assert (alice.is_connected, bob.is_connected) == (True, False)


def test_only_the_sign_in_that_ended_is_closed(app: Flask, cast: Cast, bob: RawSocket) -> None:
    other = connect(Browser(app, cast.bob))
    with app.app_context(), db.transaction():
        SignIn.end(cast.bob.id, only=max(each.id for each in SignIn.of(cast.bob.id)))
    compare(app)
    assert (bob.is_connected, other.is_connected) == (True, False)


@pytest.mark.asvs("7.3.1")
@pytest.mark.asvs("7.3.2")
@pytest.mark.parametrize(("began", "used"), [(15, 15), (91, 0)], ids=["unused", "too long"])
def test_a_sign_in_that_expires_closes_its_sockets_alone(
    app: Flask, cast: Cast, alice: RawSocket, bob: RawSocket, began: int, used: int
) -> None:
    with app.app_context(), db.transaction():
        (sign_in,) = SignIn.of(cast.bob.id)
        sign_in.created_at = db.now() - timedelta(days=began)
        sign_in.last_used_at = db.now() - timedelta(days=used)
    compare(app)
    assert (alice.is_connected, bob.is_connected) == (True, False)


def test_the_tick_compares_at_once_when_the_bus_is_back(
    cast: Cast, bob: RawSocket, lost: Lost, own_tick: Tick, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tick, "TICK_SECONDS", WAIT_LONG_SECONDS)
    open_room(bob, cast.open_room)
    lost(post(cast, "lost"))
    own_tick.start()
    try:
        own_tick.soon()
        eventually(lambda: heard(bob) == ["lost"])
    finally:
        stopped(own_tick)


def test_a_comparison_that_fails_does_not_end_the_tick(
    cast: Cast, bob: RawSocket, lost: Lost, own_tick: Tick, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed, compare_heads = threading.Event(), RoomStreams.compare_heads

    def fail_once(streams: RoomStreams) -> None:
        if failed.is_set():
            compare_heads(streams)
        else:
            failed.set()
            raise RuntimeError("database away")

    monkeypatch.setattr(RoomStreams, "compare_heads", fail_once)
    monkeypatch.setattr(tick, "TICK_SECONDS", 0.01)
    open_room(bob, cast.open_room)
    lost(post(cast, "lost"))
    own_tick.start()
    try:
        eventually(lambda: heard(bob) == ["lost"])
        assert failed.is_set()
    finally:
        stopped(own_tick)


@pytest.mark.parametrize("part", ["alive_sign_ins", "compare_memberships"])
def test_a_part_of_a_comparison_that_fails_keeps_no_other_from_being_done(
    app: Flask,
    cast: Cast,
    bob: RawSocket,
    lost: Lost,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    part: str,
) -> None:
    def away(*_: object) -> None:
        raise db.DatabaseAway("SELECT", {}, Exception("away"))

    open_room(bob, cast.open_room)
    lost(post(cast, "lost"))
    monkeypatch.setattr(tick.identity if part == "alive_sign_ins" else tick, part, away)
    compare(app)
    assert heard(bob) == ["lost"]
    assert len([record for record in caplog.records if record.message.startswith("tick failed part=")]) == 1


def stopped(own_tick: Tick) -> None:
    own_tick.stop()
    eventually(lambda: not any(thread.name == "tick" for thread in threading.enumerate()))
