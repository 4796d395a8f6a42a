"""One line for each request, and the id by which it is found."""

import logging
import re
from dataclasses import replace

import pytest
from flask import Flask

from chatapp import create_app
from chatapp.config import Settings
from chatapp.request_id import request_id
from tests.support import Browser, Cast
from tests.web.html import page_of

LINE = re.compile(r"request method=(\S+) rule=(\S+) status=(\d+) ms=[\d.]+ person=(\S+)")


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """What is logged from now on."""
    caplog.set_level(logging.INFO, logger="chatapp.web.request_log")
    return caplog


def found(lines: pytest.LogCaptureFixture) -> list[tuple[str, ...]]:
    """The requests that were logged: method, rule, status, person."""
    return [match.groups() for each in lines.messages if (match := LINE.fullmatch(each))]


def test_a_request_is_one_line_with_its_route_and_its_person(
    app: Flask, cast: Cast, lines: pytest.LogCaptureFixture
) -> None:
    browser = Browser(app, cast.alice)
    browser.get(f"/rooms/{cast.open_room}?before=5")
    assert found(lines) == [("GET", "/rooms/<int:room_id>", "200", str(cast.alice.id))]


def test_a_token_in_a_path_is_in_no_line(app: Flask, cast: Cast, lines: pytest.LogCaptureFixture) -> None:
    browser = Browser(app)
    for path in ("/join/canary-word", "/setup?code=canary-word", "/canary-word", "/static/canary-word"):
        browser.get(path)
    assert [line[:2] for line in found(lines)] == [
        ("GET", "/join/<token>"),
        ("GET", "/setup"),
        ("GET", "None"),
        ("GET", "None"),
    ]
    assert "canary" not in lines.text


def test_a_method_of_somebodys_own_is_not_repeated(app: Flask, lines: pytest.LogCaptureFixture) -> None:
    app.test_client().open("/up", method="CANARY")
    assert found(lines)[0][0] == "other"


def test_a_handshake_that_is_refused_at_the_door_is_a_line(app: Flask, lines: pytest.LogCaptureFixture) -> None:
    app.test_client().get("/socket.io/?transport=polling")
    assert found(lines) == [("GET", "None", "400", "None")]


def test_each_answer_has_an_id_of_its_own(app: Flask) -> None:
    client = app.test_client()
    ids = {client.get("/up").headers["X-Request-Id"] for _ in range(3)}
    assert len(ids) == 3
    assert all(re.fullmatch("[0-9a-f]{16}", each) for each in ids)
    assert request_id() == ""


@pytest.mark.parametrize(
    ("given", "proxies", "is_kept"),
    [
        ("0b1c-22ff_AA", 1, True),
        ("0b1c-22ff_AA", 0, False),
        ("short", 1, False),
        ("x" * 65, 1, False),
        ("a b c d e f g", 1, False),
    ],
)
def test_the_id_of_a_proxy_is_kept_where_one_is_trusted(
    settings: Settings, given: str, proxies: int, is_kept: bool
) -> None:
    app = create_app(replace(settings, trusted_proxies=proxies))
    answer = app.test_client().get("/up", headers={"X-Request-Id": given})
    app.extensions["chatapp_engine"].dispose()
    assert (answer.headers["X-Request-Id"] == given) == is_kept
    assert len(answer.headers.getlist("X-Request-Id")) == 1


def test_a_fault_of_ours_shows_the_id_and_a_mistyped_address_does_not(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("canary")

    browser = Browser(app, cast.alice)
    assert "request_id" not in browser.get("/nowhere", json=True).get_json()
    monkeypatch.setattr("chatapp.models.User.named_like", broken)
    told, shown = browser.get("/people", json=True), browser.get("/people")
    assert told.get_json()["request_id"] == told.headers["X-Request-Id"]
    assert shown.headers["X-Request-Id"] in page_of(shown).one("main").text
