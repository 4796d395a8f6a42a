"""Who may open a connection at all: asked of the database at the handshake, before Engine.IO keeps anything of it."""

import math
import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Flask, request

from chatapp import identity
from chatapp.config import Settings
from chatapp.errors import ChatError, SignedOut, TooManyRequests
from chatapp.network import network_of
from chatapp.realtime.connections import connections
from chatapp.sockets.acks import told
from chatapp.sockets.arrivals import ARRIVAL, Arrival, look
from chatapp.sockets.newcomers import Newcomers
from chatapp.throttle import Allowance

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SOCKET_PATH = "/socket.io"
FULL_RETRY_SECONDS = 10
LEAST_PER_SECOND = 1  # of each worker, however many share the setting: a page whose connection flaps comes so often


def init_app(app: Flask, settings: Settings) -> None:
    """Stand in front of the sockets of `app`; call it when they are there."""
    app.wsgi_app = Admission(app.wsgi_app, app, settings)  # type: ignore[method-assign]


class Admission:
    """Lets handshakes with a valid sign-in pass, up to so many sockets of one person, and says no to all others."""

    def __init__(
        self, inner: "WSGIApplication", app: Flask, settings: Settings, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._inner = inner
        self._app = app
        self._most = settings.sockets_per_person
        # Of an address, and of a cookie whose sign-in is over. With a valid one nobody is counted by address: all of
        # an office come from one, and at once after a restart.
        strangers = max(settings.handshakes_per_second / settings.web_concurrency, LEAST_PER_SECOND)
        self._refusals = Allowance(strangers, settings.handshakes_per_second, clock)
        # Of a cookie and of a person: all their tabs at once, and once more. Each worker gives the whole of that: they
        # all come to one when it is the only one that serves.
        people = max(settings.handshakes_per_person / settings.web_concurrency, LEAST_PER_SECOND)
        self._comings = Allowance(people, 2 * settings.sockets_per_person, clock)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """The answer from inside, or a refusal."""
        if not environ["PATH_INFO"].startswith(SOCKET_PATH):
            return self._inner(environ, start_response)
        try:
            with self._app.request_context(environ):
                arrival = self._arrival()
            # Out of the context, which waits for the database once more: from here to Engine.IO nobody comes between.
            self._refuse_one_too_many(arrival.guest.person.id)
        except Exception as error:  # noqa: BLE001 - told() writes it down
            return _refuse(start_response, told(error, "handshake"))
        environ[ARRIVAL] = arrival
        return self._inner(environ, start_response)

    def _arrival(self) -> Arrival:
        token = identity.token_of_cookie()
        if token is None:
            _count(self._refusals, network_of(request.remote_addr))
            raise SignedOut
        cookie = identity.token_hash(token)
        if not self._refusals.left(cookie):
            _count(self._refusals, cookie)  # which asks nothing of the database
        _count(self._comings, cookie)  # nor does this
        try:
            arrival = look()
        except SignedOut:
            _count(self._refusals, cookie)
            raise
        _count(self._comings, arrival.guest.person.id)  # who has many sign-ins has no more
        return arrival

    def _refuse_one_too_many(self, user_id: int) -> None:
        waiting: Newcomers = self._app.extensions["chatapp_newcomers"]
        if len(connections.of_user(user_id)) + waiting.count_of(user_id) >= self._most:
            raise TooManyRequests(retry_after=FULL_RETRY_SECONDS)


def _count(allowance: Allowance, who: str | int) -> None:
    if wait := allowance.take(who):
        raise TooManyRequests(retry_after=math.ceil(wait))


def _refuse(start_response: "StartResponse", error: ChatError) -> Iterable[bytes]:
    status = HTTPStatus(error.status)
    body = f"{error.code}\n".encode()
    headers = [("Content-Type", "text/plain"), ("Cache-Control", "no-store"), ("Content-Length", str(len(body)))]
    if "retry_after" in error.values:
        headers.append(("Retry-After", str(error.values["retry_after"])))
    start_response(f"{status.value} {status.phrase}", headers)
    return [body]
