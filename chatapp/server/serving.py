"""HTTP on an inherited socket: eventlet's WSGI server, set so that it survives strangers."""

import errno
import logging
import re
import resource
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from http import HTTPStatus
from typing import Any, ClassVar
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import eventlet
from eventlet import wsgi
from eventlet.greenio import GreenSocket
from eventlet.support.greenlets import GreenletExit

from chatapp.config import Settings
from chatapp.network import network_of
from chatapp.server.callers import Callers
from chatapp.server.connection import Connection
from chatapp.server.file_sender import FileSender
from chatapp.server.request_head import BadLine, Lines, fault_of
from chatapp.web.security import bare_headers

KEEP_ALIVE_SECONDS = 95  # proxies drop their side after 60-90; when we drop first, they answer 502
HEAD_SECONDS = 10  # for the whole head of a first request, and for all headers of a later one, however they trickle
BODY_SECONDS = 10  # for a body's first bytes
BODY_BYTES_PER_SECOND = 500  # after that, on the whole: a phone at the edge of its network sends ten times as many
# A read takes the memory for all it asks for before anything has come: so who is slow is asked for little.
READ_BYTES_LEAST, READ_BYTES_MOST = 4_096, 65_536
SOCKET_TIMEOUT_SECONDS = 30  # for a request's next bytes; Engine.IO sets its own on a WebSocket
DESCRIPTORS_FOR_CONNECTIONS = 0.75  # the others are for files, the database and Redis
ACCEPT_PAUSE_SECONDS = 0.1  # out of descriptors: one of them will be closed soon
# Of a body that was refused: a browser hears the answer for sure when it was not cut off while it was speaking.
DISCARD_BYTES = 32 * 2**20
# A form's answer is a page. What of it a connection does not hold while nobody reads goes with a cut, and a browser
# reads when it has sent all. So all of a form is taken that any of ours may be, if it comes in so many seconds.
DISCARD_FORM_BYTES = 2**30
DISCARD_SECONDS = 10
FORM = "multipart/form-data"
GONE = re.compile(r"^(BrokenPipeError|ConnectionResetError): .*\s*\Z", re.MULTILINE)  # at a traceback's end
CLOSED = frozenset({errno.EBADF, errno.EINVAL, errno.ENOTSOCK})

logger = logging.getLogger(__name__)


def serve(listener: "PatientListener", app: WSGIApplication, settings: Settings) -> None:
    """Serve `app` on `listener`.

    Killing the greenlet that runs this stops accepting; it returns when the last connection has ended.
    """
    headers = bare_headers(settings)
    most = connection_limit(settings.max_connections)
    per_network = None if settings.trusted_proxies else settings.idle_per_address
    callers = Callers(most=most, per_network=per_network)
    with suppress(GreenletExit):
        wsgi.server(
            listener,
            Unfailing(FileSender(app), headers),
            max_size=most,
            protocol=type("Protocol", (QuietProtocol,), {"bare_headers": headers, "callers": callers}),
            environ={"wsgi.input_terminated": True},  # else Flask reads no chunked body
            keepalive=KEEP_ALIVE_SECONDS,
            socket_timeout=SOCKET_TIMEOUT_SECONDS,
            debug=False,  # else one crafted header returns a traceback
            log=ErrorLog(),
            log_format="",
        )


def connection_limit(wanted: int) -> int:
    """How many connections of each kind, HTTP and WebSocket, this process may hold.

    Raises the soft limit on descriptors to get there.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    enough = int(2 * wanted / DESCRIPTORS_FOR_CONNECTIONS) + 1
    if soft == resource.RLIM_INFINITY or soft >= enough:
        return wanted
    soft = enough if hard == resource.RLIM_INFINITY else min(enough, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return int(soft * DESCRIPTORS_FOR_CONNECTIONS / 2)


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
                connection[0].__class__ = Connection  # eventlet makes it of the listener's own
                return connection


class Unfailing:
    """The application; where it fails outside of all its own care, the answer has the headers of every other."""

    def __init__(self, inner: WSGIApplication, headers: list[tuple[str, str]]) -> None:
        self._inner = inner
        self._headers = headers

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Its answer, or that there is none."""
        try:
            return self._inner(environ, start_response)
        except (ConnectionError, TimeoutError):
            raise  # they have left: eventlet knows what to do
        except Exception:
            logger.exception("request failed")
            start_response("500 Internal Server Error", [("Content-Length", "0"), *self._headers])
            return []


class BoundedInput(wsgi.Input):  # type: ignore[misc]
    """A request's body, which comes within a time of its own, and of which only so much is read for nothing."""

    is_form = False
    is_heard_out = False
    next_bytes = READ_BYTES_LEAST
    waited_seconds = 0.0  # for them; what the application does between two reads is no fault of theirs

    def _do_read(self, reader: Callable[[int], bytes], length: int | None = None) -> bytes:
        read = self._read_in_time if reader == self.rfile.read else reader
        data: bytes = super()._do_read(read, length)
        return data

    def _read_in_time(self, length: int) -> bytes:
        # What comes, and not all at once: within one long read a byte each time would be time enough for ever.
        pieces: list[bytes] = []
        left = length
        while left and (piece := self._next_piece(left, self.position + length - left)):
            pieces.append(piece)
            left -= len(piece)
        return b"".join(pieces)

    def _next_piece(self, most: int, had: int) -> bytes:
        began = time.monotonic()
        seconds = BODY_SECONDS + had / BODY_BYTES_PER_SECOND - self.waited_seconds
        self._sock.settimeout(max(0.001, min(seconds, SOCKET_TIMEOUT_SECONDS)))
        try:
            with self._sock.unheard():
                piece: bytes = self.rfile.read1(min(most, self.next_bytes))
        finally:
            self._sock.settimeout(SOCKET_TIMEOUT_SECONDS)
            self.waited_seconds += time.monotonic() - began
        self.next_bytes = min(max(2 * len(piece), READ_BYTES_LEAST), READ_BYTES_MOST)
        return piece

    def discard(self, buffer_size: int = 65_536) -> None:
        """Read what nobody wanted, so that the next request can follow. Raises OSError when that is too much: eventlet
        then closes the connection, instead of taking a refused film to its end.
        """
        self.is_heard_out = True
        taken, ends_at = 0, time.monotonic() + DISCARD_SECONDS
        while chunk := self.read(buffer_size):
            taken += len(chunk)
            is_soon = self.is_form and taken <= DISCARD_FORM_BYTES and time.monotonic() < ends_at
            if taken > DISCARD_BYTES and not is_soon:
                raise OSError("too much that nobody wanted")
            eventlet.sleep(0)  # who sends quickly would keep this worker for the whole of it


class QuietProtocol(wsgi.HttpProtocol):  # type: ignore[misc]
    """HTTP that says neither in its answers what we run nor in the log what was asked: paths hold tokens.

    What could be read in two ways is refused, and so is what does not come to its end.
    """

    server_version = "chatapp"
    sys_version = ""
    requestline = ""  # until one has come
    rfile: Any
    bare_headers: ClassVar[list[tuple[str, str]]] = []  # of answers to what never becomes a request
    callers: ClassVar[Callers]
    has_answered = False

    def handle(self) -> None:
        """All requests of this connection, until it ends or is a WebSocket's."""
        # Of a first head all of it, its line included; of a later one the line may wait for as long as one may be idle.
        self._head_ends_at = time.monotonic() + HEAD_SECONDS
        self.connection.callers = self.callers
        self.connection.network = network_of(wsgi.addr_to_host_port(self.client_address)[0])
        with self.callers.present(self.connection):
            super().handle()

    def parse_request(self) -> bool:
        """Read the head; False when it was refused, or took too long: each byte of it may."""
        self.rfile = Lines(self.rfile)  # eventlet puts its own back
        try:
            with self.connection.unheard(), eventlet.Timeout(self._head_seconds(), False):  # noqa: FBT003 - as it has it
                return bool(super().parse_request()) and self._is_sound()
        except (wsgi.HeaderLineTooLong, wsgi.HeadersTooLarge):
            self.send_error(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        except BadLine:
            self.send_error(HTTPStatus.BAD_REQUEST)
        self.close_connection = True
        return False

    def send_error(self, code: int, *_: object, **__: object) -> None:
        """Refuse what cannot be a request, in few words, and close."""
        self.close_connection = True
        self.request_version = self.protocol_version  # it may not have come to be read; then there would be no headers
        body = f"{HTTPStatus(code).phrase}\n".encode()
        self.send_response(code)
        headers = [("Connection", "close"), ("Content-Type", "text/plain"), ("Content-Length", str(len(body)))]
        for name, value in headers + self.bare_headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _read_request_line(self) -> bytes:
        line: bytes = b""
        if self.has_answered:
            eventlet.sleep(0)  # of many requests that have come at once all would be answered before anybody else's
        seconds = KEEP_ALIVE_SECONDS if self.has_answered else self._head_seconds()
        with self.connection.silence(), eventlet.Timeout(seconds, False):  # noqa: FBT003
            line = super()._read_request_line()
        if len(line) < self.server.url_length_limit:
            return line
        self.send_error(HTTPStatus.REQUEST_URI_TOO_LONG)
        return b""

    def _head_seconds(self) -> float:
        return HEAD_SECONDS if self.has_answered else max(0.001, self._head_ends_at - time.monotonic())

    def _is_sound(self) -> bool:
        fault = fault_of(self.headers)
        if fault is not None:
            self.send_error(fault)
        return fault is None

    def get_environ(self) -> dict[str, Any]:
        """The request, with a bound on what of it is thrown away."""
        environ: dict[str, Any] = super().get_environ()
        # eventlet names the class where it makes one.
        environ["eventlet.input"].__class__ = BoundedInput
        environ["eventlet.input"].is_form = environ.get("CONTENT_TYPE", "").startswith(FORM)
        return environ

    def handle_one_response(self) -> None:
        """Answer. Who asked to close after it is heard out as well: eventlet would cut them off while they speak."""
        super().handle_one_response()
        self.has_answered = True
        body = self.environ["eventlet.input"]
        has_more = body.chunked_input or body.position < (body.content_length or 0)
        if has_more and not (body.is_heard_out or body.should_send_hundred_continue or wsgi.WSGI_LOCAL.already_handled):
            with suppress(OSError, ValueError):
                body.discard()

    def finish(self) -> None:
        """Let go of the connection, also of one that did not take its last answer."""
        try:
            super().finish()
        finally:
            # Where something could not be sent this is left open, and with it the descriptor, till the collector looks.
            self.rfile.close()

    def log_message(self, *_: object) -> None:
        """Nothing: this is where malformed request lines would be repeated."""


class ErrorLog:
    """Of all that eventlet's server says, the tracebacks only: its other lines hold paths and queries."""

    def info(self, message: str, *_: object) -> None:
        """Keep a traceback, drop a request line; that somebody left before the answer came is no fault of ours."""
        if message.startswith("Traceback") and not GONE.search(message):
            logger.error("request failed", exc_info=sys.exc_info())

    def debug(self, *_: object) -> None:
        """Nothing."""

    def error(self, *_: object) -> None:
        """Nothing: a body that could not be read to its end, with the request line."""
