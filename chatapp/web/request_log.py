"""One line for each request, and an id by which its lines, its answer and its error page are found together."""

import logging
import re
import secrets
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from flask import Flask, g, has_request_context, request

from chatapp.config import Settings
from chatapp.counters import counters
from chatapp.request_id import begin_request, end_request

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

HEADER = "X-Request-Id"
GIVEN = re.compile(r"[A-Za-z0-9_-]{8,64}")  # what a proxy in front may have called it
ID_BYTES = 8
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"})

logger = logging.getLogger(__name__)


class RequestLog:
    """Writes the line when the answer begins: how long a browser takes to read a film is no matter of ours.

    The route's rule stands in it, and not the path, which may hold a token. A WebSocket has lines of its own.
    """

    def __init__(self, inner: "WSGIApplication", settings: Settings) -> None:
        self._inner = inner
        self._believes = settings.trusted_proxies > 0

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """The answer from inside, with its id."""
        began, own = time.perf_counter(), self._id_of(environ)
        method = environ["REQUEST_METHOD"]

        def start(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> Callable[[bytes], object]:
            _write(method, int(status[:3]), began)
            return start_response(status, [*headers, (HEADER, own)], exc_info)  # type: ignore[arg-type]

        begin_request(own)
        try:
            return self._inner(environ, start)
        finally:
            end_request()

    def _id_of(self, environ: "WSGIEnvironment") -> str:
        given = environ.get("HTTP_X_REQUEST_ID", "") if self._believes else ""
        return given if GIVEN.fullmatch(given) else secrets.token_hex(ID_BYTES)


def init_app(app: Flask, settings: Settings) -> None:
    """Put the log in front of everything that `app` serves; call it last."""
    app.wsgi_app = RequestLog(app.wsgi_app, settings)  # type: ignore[method-assign]


def _write(method: str, status: int, began: float) -> None:
    counters.requests[status // 100] += 1
    logger.info(
        "request method=%s rule=%s status=%s ms=%.1f person=%s",
        method if method in METHODS else "other",
        _rule(),
        status,
        (time.perf_counter() - began) * 1000,
        _person_id(),
    )


def _rule() -> str | None:
    # Without one it is a file of `static/`, an address that leads nowhere, or was refused before Flask saw it.
    return request.url_rule.rule if has_request_context() and request.url_rule else None


def _person_id() -> int | None:
    # As Flask-Login keeps them, where somebody has asked: the line must ask the database nothing.
    guest = g.get("_login_user") if has_request_context() else None
    return guest.person.id if guest is not None and guest.is_authenticated else None
