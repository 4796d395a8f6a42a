from collections.abc import Iterable
from typing import Any

import pytest
from flask import Flask

from chatapp.server import edge

HANDSHAKE = {
    "REQUEST_METHOD": "GET",
    "PATH_INFO": "/socket.io/",
    "HTTP_CONNECTION": "keep-alive, Upgrade",
    "HTTP_UPGRADE": "WebSocket",
    "HTTP_SEC_WEBSOCKET_VERSION": "13",
    "HTTP_SEC_WEBSOCKET_KEY": "AAAAAAAAAAAAAAAAAAAAAA==",
}


def sockets(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    start_response("200 OK", [])
    return [environ.get("HTTP_SEC_WEBSOCKET_EXTENSIONS", "none").encode()]


def ask(changes: dict[str, str | None] | None = None, *, draining: bool = False) -> tuple[int, dict[str, str], bytes]:
    """The status, headers and body for a good handshake with `changes`; None takes a header away."""
    app = Flask(__name__)
    app.wsgi_app = sockets  # type: ignore[method-assign]
    edge.init_app(app)
    app.extensions[edge.DRAINING] = draining
    answered: list[Any] = []
    environ = {name: value for name, value in (HANDSHAKE | (changes or {})).items() if value is not None}
    body = app.wsgi_app(environ, lambda status, headers: answered.extend([status, headers]))
    return int(answered[0].split()[0]), dict(answered[1]), b"".join(body)


def test_a_whole_handshake_passes() -> None:
    assert ask()[0] == 200


def test_compression_is_not_even_offered_to_the_engine() -> None:
    offer = {"HTTP_SEC_WEBSOCKET_EXTENSIONS": "permessage-deflate; client_max_window_bits"}
    assert ask(offer)[2] == b"none"


@pytest.mark.parametrize("version", [None, "8", "7", "", "13, 8"])
def test_every_other_version_is_refused(version: str | None) -> None:
    status, headers, _ = ask({"HTTP_SEC_WEBSOCKET_VERSION": version})
    assert status == 426
    assert headers["Sec-WebSocket-Version"] == "13"
    assert headers["Upgrade"] == "websocket"


@pytest.mark.parametrize(
    "changes",
    [
        {"REQUEST_METHOD": "POST"},
        {"REQUEST_METHOD": "OPTIONS"},
        {"HTTP_UPGRADE": None},
        {"HTTP_UPGRADE": "h2c"},
        {"HTTP_CONNECTION": None},
        {"HTTP_CONNECTION": "keep-alive"},
        {"HTTP_SEC_WEBSOCKET_KEY": None},
    ],
)
def test_half_a_handshake_is_refused(changes: dict[str, str | None]) -> None:
    status, headers, body = ask(changes)
    assert (status, body) == (400, b"Bad Request")
    assert headers["Cache-Control"] == "no-store"


def test_a_draining_worker_takes_no_new_socket_but_answers_the_rest() -> None:
    assert ask(draining=True)[0] == 503
    assert ask({"PATH_INFO": "/rooms"}, draining=True)[0] == 200


def test_pages_pass_by() -> None:
    assert ask({"PATH_INFO": "/rooms", "REQUEST_METHOD": "POST", "HTTP_UPGRADE": None})[0] == 200
