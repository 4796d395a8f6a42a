"""A socket comes and goes with the sign-in behind it."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from chatapp import db
from chatapp.actions import memberships, people, sign_ins
from chatapp.actions.messages import post_message
from chatapp.extensions import socketio
from chatapp.models import SignIn
from chatapp.realtime import delivery
from chatapp.realtime.announcements import SignInsEnded
from chatapp.realtime.connections import connections
from chatapp.realtime.dispatch import dispatch
from chatapp.realtime.room_streams import RoomStreams
from tests.databases import take_away
from tests.sockets.wire import RawSocket, connect, elsewhere, say
from tests.support import PASSWORD, Browser, Cast, nobody_is_connected
from tests.together import eventually

OPEN = "room:open"


def a_moment_later(app: Flask) -> None:
    """Who is behind a socket is asked anew by now."""
    app.extensions["chatapp_known"].forget()


def test_without_a_sign_in_no_socket_is_let_in(app: Flask, cast: Cast) -> None:
    assert not connect(Browser(app)).is_connected
    assert nobody_is_connected()


def test_who_is_refused_is_told_why_by_a_code(app: Flask, cast: Cast) -> None:
    error = connect(Browser(app)).refusal()
    assert error["message"] == "signed_out"
    assert error["data"]["error"] == "signed_out"


@pytest.mark.parametrize("cookie", ["", "guess", "eyJfdXNlcl9pZCI6IjEifQ.aaaaaa.bbbbbb"])
def test_a_cookie_that_is_not_ours_lets_nobody_in(app: Flask, cast: Cast, cookie: str) -> None:
    browser = Browser(app)
    browser.client.set_cookie("chatapp", cookie)
    assert not connect(browser).is_connected


def test_a_page_of_somebody_else_who_was_signed_in_here_before_is_not_let_in(app: Flask, cast: Cast) -> None:
    browser = Browser(app, cast.bob)
    assert not RawSocket(browser, page_of=cast.alice.id).is_connected
    assert RawSocket(browser, page_of=cast.bob.id).is_connected


@pytest.mark.parametrize("known", ["1", 1.5, [], {}])
def test_a_page_that_says_nonsense_of_whom_it_knows_is_not_let_in(app: Flask, cast: Cast, known: object) -> None:
    refused = connect(Browser(app, cast.bob), people_version=known)
    assert not refused.is_connected
    assert nobody_is_connected()


@pytest.mark.parametrize("known", [-1, 0, 2**63, None])
def test_any_version_of_people_is_let_in(app: Flask, cast: Cast, known: object) -> None:
    assert connect(Browser(app, cast.bob), people_version=known).is_connected


def test_a_socket_whose_sign_in_is_gone_is_told_and_closed(app: Flask, cast: Cast) -> None:
    socket = connect(Browser(app, cast.bob))
    with app.app_context(), db.transaction():
        SignIn.end(cast.bob.id)  # without a word to the workers, as when Redis lost it
    a_moment_later(app)
    assert socket.request(OPEN, {"room_id": cast.open_room})["error"] == "signed_out"
    eventually(lambda: not socket.is_connected)


@pytest.mark.parametrize("ending", ["sign-in", "connection"])
def test_what_ends_while_a_socket_is_let_in_lets_nobody_in(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    browser = Browser(app, cast.bob)
    follow = RoomStreams.follow

    def end_and_follow(streams: RoomStreams, room_ids: set[int]) -> None:
        # The last that is asked of the database: everything else was found to be right.
        if ending == "sign-in":
            dispatch(SignInsEnded(sign_in_ids=tuple(connections.sign_in_ids())))
        else:
            socketio.server.environ.clear()  # as Engine.IO's own end leaves it
        follow(streams, room_ids)

    monkeypatch.setattr(RoomStreams, "follow", end_and_follow)
    assert connect(browser).refusal()["message"] == "signed_out"
    assert nobody_is_connected()
    assert app.extensions["chatapp_live"].presence._connected == {}  # noqa: SLF001 - a short grace may be left to them

    monkeypatch.setattr(RoomStreams, "follow", follow)
    assert connect(browser).is_connected


@pytest.mark.parametrize("change", ["removal", "joining"])
def test_a_room_that_changes_hands_while_a_socket_is_let_in_is_followed_as_it_is_then(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    who, room_id = (cast.bob, cast.closed_room) if change == "removal" else (cast.charlie, cast.open_room)

    def begin_late(sid: str, user_id: int, room_ids: Iterable[int]) -> None:
        # What was asked until now is told to nobody any more: the socket is in no room yet.
        if change == "removal":
            elsewhere(lambda: in_app(app, lambda: memberships.leave_room(who, room_id)))
        else:
            elsewhere(lambda: in_app(app, lambda: memberships.join_room(who, room_id)))
        begin(sid, user_id, room_ids)

    begin = delivery.begin
    monkeypatch.setattr(delivery, "begin", begin_late)
    socket = connect(Browser(app, who))
    assert socket.is_connected
    socket.received()
    say(app, cast, "who hears it?", room_id)
    assert bool(socket.received("room:advanced")) == (change == "joining")


def in_app(app: Flask, act: Callable[[], object]) -> None:
    with app.app_context():
        act()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True, scope="session")
def test_to_come_and_open_a_room_takes_two_questions(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    # It is asked by everybody at once who comes back after a restart.
    monkeypatch.setattr(app.extensions["chatapp_known"], "_clock", lambda: 0.0)  # however slow this machine is
    connect(Browser(app, cast.alice))  # the rooms' streams have begun
    browser = Browser(app, cast.bob)
    with asked(app) as questions:
        socket = connect(browser)
        assert socket.request(OPEN, {"room_id": cast.open_room})["ok"]
    assert len(questions) == 2, questions


@contextmanager
def asked(app: Flask) -> Iterator[list[str]]:
    """What the database is asked meanwhile."""
    questions: list[str] = []

    def note(*called: Any) -> None:
        if called[2].startswith("SELECT"):
            questions.append(called[2])

    engine = app.extensions["chatapp_engine"]
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield questions
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_sockets_are_counted_and_forgotten(app: Flask, cast: Cast) -> None:
    browser = Browser(app, cast.alice)
    first, second, other = connect(browser), connect(browser), connect(Browser(app, cast.bob))
    assert len(connections.of_user(cast.alice.id)) == 2
    for socket in (first, second):
        socket.close()
    assert connections.of_user(cast.alice.id) == []
    assert len(connections.of_user(cast.bob.id)) == 1
    other.close()
    assert nobody_is_connected()


@pytest.mark.asvs("7.4.1")
def test_a_sign_out_closes_the_sockets_of_that_browser_alone(app: Flask, cast: Cast) -> None:
    here, there = Browser(app, cast.alice), Browser(app, cast.alice)
    sockets = [connect(here), connect(here), connect(there)]
    here.post("/logout")
    assert [socket.is_connected for socket in sockets] == [False, False, True]


def test_a_new_password_closes_the_sockets_of_other_browsers(app: Flask, cast: Cast) -> None:
    here, there = Browser(app, cast.alice), Browser(app, cast.alice)
    sockets = [connect(here), connect(there)]
    here.post("/account/password", {"current": PASSWORD, "password": "staple battery horse"})
    assert [socket.is_connected for socket in sockets] == [True, False]


@pytest.mark.asvs("7.4.2")
def test_deactivating_somebody_closes_all_their_sockets(app: Flask, cast: Cast) -> None:  # behaviour 70
    sockets = [connect(Browser(app, cast.bob)), connect(Browser(app, cast.bob)), connect(Browser(app, cast.alice))]
    with app.app_context():
        people.deactivate(cast.dana, cast.bob.id)
    assert [socket.is_connected for socket in sockets] == [False, False, True]


@pytest.mark.parametrize("event", [OPEN, "message:post", "room:read", "room:close"])
def test_a_socket_whose_sign_in_has_ended_can_do_nothing(app: Flask, cast: Cast, event: str) -> None:  # behaviour 70
    socket = connect(Browser(app, cast.alice))
    with app.app_context(), db.transaction():
        SignIn.end(cast.alice.id)
    a_moment_later(app)
    assert socket.request(event, {"room_id": cast.open_room})["error"] == "signed_out"


def test_what_a_socket_says_counts_as_use_of_its_sign_in(app: Flask, cast: Cast) -> None:
    socket = connect(Browser(app, cast.bob))
    with app.app_context():
        with db.transaction():
            SignIn.of(cast.bob.id)[0].last_used_at = db.now() - timedelta(days=13)
        a_moment_later(app)
        assert socket.request(OPEN, {"room_id": cast.open_room})["ok"]
        db.session().rollback()
        assert db.now() - SignIn.of(cast.bob.id)[0].last_used_at < timedelta(minutes=1)


def test_the_number_of_a_sign_in_is_never_given_again(app: Flask, cast: Cast) -> None:
    with app.app_context():
        first = sign_ins.begin_sign_in(cast.charlie, user_agent="")
        sign_ins.sign_out(first)
        assert sign_ins.begin_sign_in(cast.alice, user_agent="").sign_in_id > first.sign_in_id


def test_while_the_database_is_away_a_socket_is_told_to_come_back(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Browser(app, cast.alice)
    take_away(app, monkeypatch)
    socket = connect(browser)
    assert not socket.is_connected
    assert socket.refusal()["message"] == "unavailable"
    assert socket.refusal()["data"]["retry_after"] >= 1
    assert nobody_is_connected()


def test_a_fault_while_connecting_lets_nobody_in(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_token_hash: str) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("chatapp.identity.arrival_of", broken)
    socket = connect(Browser(app, cast.alice))
    assert not socket.is_connected
    assert socket.refusal()["message"] == "internal_error"
    assert {record.getMessage() for record in caplog.records} == {"event failed name=connect"}
    assert nobody_is_connected()


@pytest.mark.asvs("8.2.2")
@pytest.mark.parametrize("event", ["disconnect", "connect", "connect_error", "*", "message", "json"])
def test_a_client_cannot_play_the_server(app: Flask, cast: Cast, event: str) -> None:
    socket = connect(Browser(app, cast.bob))
    socket.request(OPEN, {"room_id": cast.closed_room})
    assert socket.request(event, {})["error"] == "unknown_event"
    assert len(connections.of_user(cast.bob.id)) == 1


@pytest.mark.asvs("8.2.2")
def test_who_says_disconnect_and_stays_is_still_removed_from_the_room(app: Flask, cast: Cast) -> None:
    socket = connect(Browser(app, cast.bob))
    socket.request(OPEN, {"room_id": cast.closed_room})
    socket.say('2["disconnect","for fun"]')
    Browser(app, cast.alice).post(f"/rooms/{cast.closed_room}/members/{cast.bob.id}/remove")
    with app.app_context():
        post_message(cast.alice, cast.closed_room, "is he gone?")
    assert socket.received("message:posted") == []


def test_other_namespaces_are_closed(app: Flask, cast: Cast) -> None:
    browser = Browser(app, cast.alice)
    socket = connect(browser)
    socket.say("0/admin,")
    socket.say('2/admin,1["room:open",{"room_id":1}]')
    assert len(connections) == 1
