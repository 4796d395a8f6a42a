"""What the layers in front of Flask answer, whom they believe, and what nobody is ever told."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask, request
from werkzeug.test import TestResponse

from chatapp import create_app, db
from chatapp.config import Settings
from chatapp.server import edge
from chatapp.web.security import HEADERS
from tests.support import PASSWORD, Browser, Cast
from tests.web.test_errors import UNREACHABLE

PATH = "/socket.io/?EIO=4&transport=websocket"
OWN = "https://chat.example.org"
HANDSHAKE = {
    "Origin": "http://localhost",
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
}
CANARY = "canary-of-at-least-32-characters-in-a-mine"


@contextmanager
def another(settings: Settings, **changes: object) -> Iterator[Flask]:
    """The application with other settings, on the same database."""
    app = create_app(replace(settings, **changes))  # type: ignore[arg-type]
    try:
        yield app
    finally:
        app.extensions["chatapp_engine"].dispose()


def knock(app: Flask, *, path: str = PATH, method: str = "GET", **changes: str | None) -> TestResponse:
    """The answer to a handshake with these changes; None takes a header away."""
    named = {name.replace("_", "-"): value for name, value in changes.items()}
    headers = {name: value for name, value in {**HANDSHAKE, **named}.items() if value is not None}
    return app.test_client().open(path, method=method, headers=headers)


REFUSALS: list[tuple[int, dict[str, Any]]] = [
    (400, {"method": "POST"}),
    (400, {"path": f"{PATH}&j=0"}),
    (400, {"Upgrade": None}),
    (403, {"Origin": "http://evil.example"}),
    (403, {"Origin": None}),
    (426, {"Sec_WebSocket_Version": "8"}),
    (401, {}),
    (401, {"Cookie": "chatapp=guess"}),
]


@pytest.mark.asvs("3.4.4")
@pytest.mark.parametrize(("status", "changes"), REFUSALS)
def test_a_refused_handshake_has_the_security_headers(
    app: Flask, cast: Cast, status: int, changes: dict[str, Any]
) -> None:
    answer = knock(app, **changes)
    assert answer.status_code == status
    assert dict(HEADERS).items() <= dict(answer.headers).items()
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in answer.headers


def test_so_has_one_that_comes_too_often_and_one_that_comes_too_late(app: Flask, cast: Cast) -> None:
    answers = [knock(app) for _ in range(30)]
    app.extensions[edge.DRAINING] = True
    try:
        answers.append(knock(app))
    finally:
        del app.extensions[edge.DRAINING]
    assert {answer.status_code for answer in answers[1:-1]} <= {401, 429}
    assert answers[-1].status_code == 503
    for answer in answers:
        assert dict(HEADERS).items() <= dict(answer.headers).items()


def address_seen(settings: Settings, hops: int, forwarded: str | None) -> str:
    """Whom the application takes for the caller, behind so many proxies, when this is what came."""
    with another(settings, trusted_proxies=hops) as app:
        seen: list[str | None] = []
        app.before_request_funcs.setdefault(None, []).insert(0, lambda: seen.append(request.remote_addr))
        app.test_client().get("/up", headers={} if forwarded is None else {"X-Forwarded-For": forwarded})
        return str(seen[0])


@pytest.mark.asvs("4.1.3")
@pytest.mark.parametrize("spoofed", ["", "198.51.100.1, ", "198.51.100.2, ", "198.51.100.1, 198.51.100.2, ", "junk, "])
def test_only_what_our_own_proxies_say_counts_however_much_is_said_before(settings: Settings, spoofed: str) -> None:
    assert address_seen(settings, 0, f"{spoofed}192.0.2.1, 10.0.0.1") == "127.0.0.1"
    assert address_seen(settings, 1, f"{spoofed}192.0.2.1") == "192.0.2.1"
    assert address_seen(settings, 2, f"{spoofed}192.0.2.1, 10.0.0.1") == "192.0.2.1"


@pytest.mark.parametrize(("hops", "forwarded"), [(1, None), (1, ""), (2, "192.0.2.1"), (2, None)])
def test_where_a_proxy_says_less_than_it_should_nobody_chooses_an_address(
    settings: Settings, hops: int, forwarded: str | None
) -> None:
    assert address_seen(settings, hops, forwarded) == "127.0.0.1"


@pytest.mark.asvs("3.3.1")
@pytest.mark.parametrize(
    ("hops", "proto", "name", "is_secure"),
    [
        (0, None, "chatapp", False),
        (0, "https", "chatapp", False),
        (1, "http", "chatapp", False),
        (1, "https", "__Host-chatapp", True),
        (1, "https, http", "chatapp", False),
        (2, "https, http", "__Host-chatapp", True),
    ],
)
def test_the_cookie_is_bound_to_https_when_our_proxy_says_that_it_is(
    settings: Settings,
    cast: Cast,
    hops: int,
    proto: str | None,
    name: str,
    is_secure: bool,
) -> None:
    headers = {"X-Forwarded-For": "192.0.2.1, 10.0.0.1"} | ({} if proto is None else {"X-Forwarded-Proto": proto})
    with another(settings, trusted_proxies=hops) as app:
        cookie = app.test_client().get("/login", headers=headers).headers["Set-Cookie"]
    assert cookie.partition("=")[0] == name
    flags = {flag.strip() for flag in cookie.split(";")[1:]}
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= flags
    assert ("Secure" in flags) == is_secure
    assert not any(flag.startswith("Domain") for flag in flags)


@pytest.mark.asvs("16.2.5")
def test_no_secret_is_ever_said(
    settings: Settings, cast: Cast, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    unreachable = UNREACHABLE[settings.is_sqlite].replace("nobody@", f"nobody:{CANARY}@")
    with another(
        settings, secret_key=CANARY, storage_secret_key=CANARY, redis_url=f"redis://:{CANARY}@127.0.0.1:1/0"
    ) as app:
        browser = Browser(app, cast.alice)
        cookie = browser.client.get_cookie("chatapp")
        assert cookie is not None
        answers = [browser.get(path) for path in ("/", "/rooms", "/account", "/up", "/ready", "/nowhere")]
        answers.append(browser.post("/login", {"email": "alice@example.org", "password": CANARY}))
        answers.append(browser.post(f"/join/{CANARY}", {"name": "x", "email": "x@example.org", "password": CANARY}))
        answers.append(browser.post(f"/rooms/{cast.open_room}/messages", {"body": "hello", "client_id": CANARY}))
        answers += [knock(app, Cookie=f"chatapp={CANARY}"), knock(app, path=f"{PATH}&token={CANARY}", Upgrade=None)]
        monkeypatch.setattr("chatapp.models.User.named_like", lambda *_, **__: 1 // 0)
        answers.append(browser.get(f"/people?q={CANARY}", json=True))
        monkeypatch.setitem(
            app.extensions, "chatapp_engine", db.make_engine(replace(settings, database_url=unreachable))
        )
        answers += [browser.get("/rooms"), browser.get("/ready"), knock(app, Cookie=f"chatapp={cookie.value}")]
    assert {answer.status_code for answer in answers} >= {200, 401, 404, 500, 503}
    assert "request failed" in caplog.text
    assert PASSWORD not in caplog.text
    for said in [caplog.text, *(answer.get_data(as_text=True) for answer in answers)]:
        assert CANARY not in said
    assert cookie.value not in caplog.text
