"""Connections that do not say who they are for."""

import pytest

from chatapp.extensions import socketio
from chatapp.realtime.connections import Connection, connections
from chatapp.sockets.newcomers import Newcomers, Usher
from tests.realtime.clock import Clock
from tests.together import eventually


def test_who_does_not_come_in_is_sent_away_and_nobody_before(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, sent_away = Clock(), list[tuple[str, str]]()
    monkeypatch.setattr("chatapp.realtime.delivery.hang_up_engine", lambda *who: sent_away.append(who))
    waiting = Newcomers(10, clock)
    usher = Usher(waiting)
    waiting.came("first", 1)
    clock.go_on(5)
    waiting.came("second", 1)
    waiting.came("third", 2)
    waiting.went("third")
    clock.go_on(4.9)
    usher.look()
    assert sent_away == []
    clock.go_on(0.1)
    usher.look()
    assert sent_away == [("first", "nobody came in")]
    assert (waiting.count_of(1), waiting.count_of(2)) == (1, 0)
    clock.go_on(5)
    usher.look()
    assert [who for who, _ in sent_away] == ["first", "second"]
    assert waiting.count_of(1) == 0


def test_one_that_cannot_be_sent_away_does_not_let_all_others_stay(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tried: list[str] = []

    def hang_up(sid: str, _reason: str) -> None:
        tried.append(sid)
        raise RuntimeError

    monkeypatch.setattr("chatapp.sockets.newcomers.LOOK_SECONDS", 0.001)
    monkeypatch.setattr("chatapp.realtime.delivery.hang_up_engine", hang_up)
    waiting = Newcomers(0, Clock())
    usher = Usher(waiting)
    usher.start()
    for sid in ("first", "second"):
        waiting.came(sid, 1)
        eventually(lambda sid=sid: sid in tried)  # type: ignore[misc]
    usher.is_over.set()
    usher.join()
    assert "usher failed" in caplog.text


@pytest.mark.usefixtures("app")
def test_who_is_in_no_book_is_sent_away_and_nobody_else(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    sent_away = list[str]()
    monkeypatch.setattr("chatapp.realtime.delivery.hang_up_engine", lambda engine_sid, _: sent_away.append(engine_sid))
    waiting, engine, manager = Newcomers(10, Clock()), socketio.server.eio, socketio.server.manager
    for engine_sid in ("in", "waiting", "nobody"):
        monkeypatch.setitem(engine.sockets, engine_sid, object())
    connections.add(Connection(manager.connect("in", "/"), user_id=1, sign_in_id=1))
    waiting.came("waiting", 1)
    usher = Usher(waiting)
    usher.look()
    assert sent_away == ["nobody"]
    assert "in no book" in caplog.text
    del engine.sockets["nobody"]
    usher.look()
    assert sent_away == ["nobody"]
