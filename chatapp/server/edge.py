"""The last look at a handshake before Engine.IO, which keeps state for every one it sees, also those that fail."""

from collections.abc import Iterable
from http import HTTPStatus
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask

SOCKET_PATH = "/socket.io/"
WEBSOCKET_VERSION = "13"  # RFC 6455; the drafts before it take memory without bound
DRAINING = "chatapp_draining"  # in app.extensions; /ready answers 503 while it is true


def init_app(app: Flask) -> None:
    """Put the edge in front of the sockets of `app`; call it when they are there, before the security headers."""
    app.wsgi_app = Edge(app.wsgi_app, app)  # type: ignore[method-assign]


def is_draining(app: Flask) -> bool:
    """True from the moment the worker begins to end."""
    return bool(app.extensions.get(DRAINING))


class Edge:
    """Lets only a whole WebSocket handshake, of today's version and uncompressed, through to Engine.IO."""

    def __init__(self, inner: WSGIApplication, app: Flask) -> None:
        self._inner = inner
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The answer from inside, or a refusal."""
        if not environ["PATH_INFO"].startswith(SOCKET_PATH):
            return self._inner(environ, start_response)
        status = self._refusal(environ)
        if status is not None:
            return _refuse(start_response, status)
        # permessage-deflate costs 100 KB for each client and doubles what sending costs.
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        return self._inner(environ, start_response)

    def _refusal(self, environ: WSGIEnvironment) -> HTTPStatus | None:
        if not _asks_for_a_websocket(environ):
            return HTTPStatus.BAD_REQUEST
        if environ.get("HTTP_SEC_WEBSOCKET_VERSION") != WEBSOCKET_VERSION:
            return HTTPStatus.UPGRADE_REQUIRED
        if "HTTP_SEC_WEBSOCKET_KEY" not in environ:
            return HTTPStatus.BAD_REQUEST
        return HTTPStatus.SERVICE_UNAVAILABLE if is_draining(self._app) else None


def _asks_for_a_websocket(environ: WSGIEnvironment) -> bool:
    connection = environ.get("HTTP_CONNECTION", "").lower().split(",")
    return (
        environ["REQUEST_METHOD"] == "GET"
        and environ.get("HTTP_UPGRADE", "").lower() == "websocket"
        and "upgrade" in (word.strip() for word in connection)
    )


def _refuse(start_response: StartResponse, status: HTTPStatus) -> Iterable[bytes]:
    headers = [("Content-Type", "text/plain"), ("Cache-Control", "no-store")]
    if status is HTTPStatus.UPGRADE_REQUIRED:
        headers += [("Upgrade", "websocket"), ("Sec-WebSocket-Version", WEBSOCKET_VERSION)]
    start_response(f"{status.value} {status.phrase}", headers)
    return [status.phrase.encode()]
