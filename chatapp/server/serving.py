"""HTTP on an inherited socket: eventlet's WSGI server, set so that it survives strangers."""

import errno
import logging
import re
import resource
from contextlib import suppress
from typing import Any
from wsgiref.types import WSGIApplication

import eventlet
from eventlet import wsgi
from eventlet.greenio import GreenSocket
from eventlet.support.greenlets import GreenletExit

from chatapp.config import Settings
from chatapp.server.file_sender import FileSender

KEEP_ALIVE_SECONDS = 95  # proxies drop their side after 60-90; when we drop first, they answer 502
SOCKET_TIMEOUT_SECONDS = 30  # for a request's next bytes; Engine.IO sets its own on a WebSocket
DESCRIPTORS_FOR_CONNECTIONS = 0.75  # the others are for files, the database and Redis
ACCEPT_PAUSE_SECONDS = 0.1  # out of descriptors: one of them will be closed soon
# Of a body that was refused: a browser hears the answer for sure when it was not cut off while it was speaking.
DISCARD_BYTES = 32 * 2**20
GONE = re.compile(r"^(BrokenPipeError|ConnectionResetError): .*\s*\Z", re.MULTILINE)  # at a traceback's end
CLOSED = frozenset({errno.EBADF, errno.EINVAL, errno.ENOTSOCK})

logger = logging.getLogger(__name__)


def serve(listener: "PatientListener", app: WSGIApplication, settings: Settings) -> None:
    """Serve `app` on `listener`.

    Killing the greenlet that runs this stops accepting; it returns when the last connection has ended.
    """
    with suppress(GreenletExit):
        wsgi.server(
            listener,
            FileSender(app),
            max_size=connection_limit(settings.max_connections),
            protocol=QuietProtocol,
            environ={"wsgi.input_terminated": True},  # else Flask reads no chunked body
            keepalive=KEEP_ALIVE_SECONDS,
            socket_timeout=SOCKET_TIMEOUT_SECONDS,
            debug=False,  # else one crafted header returns a traceback
            log=ErrorLog(),
            log_format="",
        )


def connection_limit(wanted: int) -> int:
    """How many connections this process may hold; raises the soft limit on descriptors to get there."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    enough = int(wanted / DESCRIPTORS_FOR_CONNECTIONS) + 1
    if soft == resource.RLIM_INFINITY or soft >= enough:
        return wanted
    soft = enough if hard == resource.RLIM_INFINITY else min(enough, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return int(soft * DESCRIPTORS_FOR_CONNECTIONS)


class PatientListener(GreenSocket):  # type: ignore[misc]  # eventlet ships no types
    """A listening socket whose `accept` outlives the errors that end eventlet's accept loop for good."""

    def accept(self) -> tuple[GreenSocket, Any]:
        """The next connection and its address. Raises OSError only when the socket is closed."""
        while True:
            try:
                connection: tuple[GreenSocket, Any] = super().accept()
            except OSError as error:
                if error.errno in CLOSED:
                    raise
                logger.warning("accept failed error=%s", error)
                eventlet.sleep(ACCEPT_PAUSE_SECONDS)
            else:
                return connection


class BoundedInput(wsgi.Input):  # type: ignore[misc]
    """A request's body, of which only so much is read for nothing."""

    def discard(self, buffer_size: int = 65_536) -> None:
        """Read what nobody wanted, so that the next request can follow. Raises OSError when that is too much: eventlet
        then closes the connection, instead of taking a refused film to its end.
        """
        left = DISCARD_BYTES
        while chunk := self.read(buffer_size):
            left -= len(chunk)
            if left < 0:
                raise OSError("too much that nobody wanted")


class QuietProtocol(wsgi.HttpProtocol):  # type: ignore[misc]
    """HTTP that says neither in its answers what we run nor in the log what was asked: paths hold tokens."""

    server_version = "chatapp"
    sys_version = ""

    def get_environ(self) -> dict[str, Any]:
        """The request, with a bound on what of it is thrown away."""
        environ: dict[str, Any] = super().get_environ()
        # eventlet names the class where it makes one.
        environ["eventlet.input"].__class__ = BoundedInput
        return environ

    def log_message(self, *_: object) -> None:
        """Nothing: this is where malformed request lines would be repeated."""


class ErrorLog:
    """Of all that eventlet's server says, the tracebacks only: its other lines hold paths and queries."""

    def info(self, message: str, *_: object) -> None:
        """Keep a traceback, drop a request line; that somebody left before the answer came is no fault of ours."""
        if message.startswith("Traceback") and not GONE.search(message):
            logger.error("request failed\n%s", message)

    def debug(self, *_: object) -> None:
        """Nothing."""

    def error(self, *_: object) -> None:
        """Nothing: a body that could not be read to its end, with the request line."""
