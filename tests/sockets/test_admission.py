"""Handshakes: a valid sign-in by the database, so many sockets of one person, and few tries of everybody else."""

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import Client, TestResponse

from chatapp import db
from chatapp.config import Settings
from chatapp.models import SignIn
from chatapp.sockets.admission import Admission
from chatapp.sockets.arrivals import ARRIVAL
from chatapp.sockets.newcomers import Newcomers
from tests.databases import take_away
from tests.realtime.clock import Clock
from tests.sockets.wire import connect
from tests.support import Browser, Cast

PATH = "/socket.io/?EIO=4&transport=websocket"
ADDRESS = "192.0.2.7"


class Door:
    """The admission, with nothing but an open engine behind it."""

    def __init__(self, app: Flask, clock: Callable[[], float] = time.monotonic, **changes: object) -> None:
        settings: Settings = replace(app.extensions["chatapp_settings"], **changes)  # type: ignore[arg-type]
        self._app = app
        self._client = Client(Admission(self._opened, app, settings, clock), use_cookies=False)
        self.guests: list[Any] = []

    def knock(self, browser: Browser | None = None, *, cookie: str = "", address: str = ADDRESS) -> TestResponse:
        """The answer to a handshake."""
        if browser is not None:
            stored = browser.client.get_cookie("chatapp")
            assert stored is not None
            cookie = stored.value
        headers = {"Cookie": f"chatapp={cookie}"} if cookie else {}
        return self._client.get(PATH, headers=headers, environ_overrides={"REMOTE_ADDR": address})

    def _opened(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.guests.append(environ[ARRIVAL].guest)
        start_response("200 OK", [])
        return [b"the engine"]


@pytest.mark.parametrize("cookie", ["", "guess", "eyJfdXNlcl9pZCI6IjEifQ.aaaaaa.bbbbbb"])
def test_without_a_sign_in_nothing_reaches_the_engine(app: Flask, cast: Cast, cookie: str) -> None:
    door = Door(app)
    answer = door.knock(cookie=cookie)
    assert (answer.status_code, answer.text) == (401, "signed_out\n")
    assert answer.headers["Cache-Control"] == "no-store"
    assert door.guests == []


def test_who_is_signed_in_passes_and_is_asked_for_no_second_time(app: Flask, cast: Cast) -> None:
    door = Door(app)
    assert door.knock(Browser(app, cast.bob)).status_code == 200
    assert [guest.person.id for guest in door.guests] == [cast.bob.id]


@pytest.mark.asvs("7.4.1")
def test_a_sign_in_that_has_ended_opens_nothing(app: Flask, cast: Cast) -> None:
    door, browser = Door(app), Browser(app, cast.bob)
    with app.app_context(), db.transaction():
        SignIn.end(cast.bob.id)
    assert door.knock(browser).status_code == 401
    assert door.guests == []


def test_strangers_of_one_address_are_told_to_wait_and_nobody_else_is(app: Flask, cast: Cast) -> None:
    door = Door(app, handshakes_per_second=3)
    assert [door.knock(cookie="guess").status_code for _ in range(4)] == [401, 401, 401, 429]
    assert int(door.knock().headers["Retry-After"]) == 1
    assert door.knock(address="192.0.2.8").status_code == 401
    members = [Browser(app, person) for person in (cast.alice, cast.bob, cast.charlie)]
    assert [door.knock(member).status_code for member in members * 5] == [200] * 15


def test_a_cookie_whose_sign_in_is_over_soon_costs_no_question(app: Flask, cast: Cast) -> None:
    door, browser = Door(app, handshakes_per_second=2), Browser(app, cast.bob)
    with app.app_context(), db.transaction():
        SignIn.end(cast.bob.id)
    statuses = [door.knock(browser, address=f"192.0.2.{number}").status_code for number in range(4)]
    assert statuses == [401, 401, 429, 429]


@pytest.mark.parametrize(("workers", "a_second"), [(1, 8), (4, 2), (64, 1)])
def test_each_worker_gives_its_share_of_a_second_and_all_that_may_come_at_once(
    app: Flask, cast: Cast, workers: int, a_second: int
) -> None:
    clock = Clock()
    rates = {"handshakes_per_second": 8, "handshakes_per_person": 8, "sockets_per_person": 4}
    door = Door(app, clock, web_concurrency=workers, **rates)
    for browser, heard in ((None, 401), (Browser(app, cast.bob), 200)):
        assert [door.knock(browser).status_code for _ in range(9)] == [heard] * 8 + [429]
        clock.go_on(1)
        assert [door.knock(browser).status_code for _ in range(a_second + 1)] == [heard] * a_second + [429]


@pytest.mark.parametrize("change", ["comes and goes with one cookie", "signs in anew for each"])
def test_who_comes_again_and_again_is_told_to_wait_and_nobody_else_is(app: Flask, cast: Cast, change: str) -> None:
    door, browser = Door(app), Browser(app, cast.bob)
    answer, statuses = door.knock(browser), list[int]()
    while answer.status_code == 200 and len(statuses) < 200:
        statuses.append(answer.status_code)
        answer = door.knock(browser if change == "comes and goes with one cookie" else Browser(app, cast.bob))
    # A reload twenty times in a row, or all tabs at once, and that twice. A few more on a machine that takes its time.
    assert 40 <= len(statuses) < 200
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 20
    assert len(door.guests) == len(statuses)
    assert door.knock(Browser(app, cast.alice)).status_code == 200


def test_who_is_refused_by_their_cookie_costs_no_question(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    door, browser = Door(app, handshakes_per_person=1, sockets_per_person=1), Browser(app, cast.bob)
    assert [door.knock(browser).status_code for _ in range(2)] == [200] * 2
    take_away(app, monkeypatch)
    assert door.knock(browser).status_code == 429


def test_one_person_has_so_many_sockets_and_others_have_their_own(app: Flask, cast: Cast) -> None:
    browser = Browser(app, cast.bob)
    sockets = [connect(browser) for _ in range(3)]
    door = Door(app, sockets_per_person=3)
    refused = door.knock(browser)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "10")
    assert door.knock(Browser(app, cast.alice)).status_code == 200
    sockets[0].close()
    assert door.knock(browser).status_code == 200


def test_those_who_have_not_said_who_they_are_count_as_well(app: Flask, cast: Cast) -> None:
    waiting: Newcomers = app.extensions["chatapp_newcomers"]
    door, browser = Door(app, sockets_per_person=2), Browser(app, cast.bob)
    for number in range(2):
        waiting.came(f"engine {number}", cast.bob.id)
    assert door.knock(browser).status_code == 429
    for number in range(2):
        waiting.went(f"engine {number}")
    assert door.knock(browser).status_code == 200


def test_while_the_database_is_away_one_is_told_to_come_back(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Browser(app, cast.alice)
    take_away(app, monkeypatch)
    answer = Door(app).knock(browser)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
