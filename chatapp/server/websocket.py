"""The WebSockets of a worker: the handshake, after which a connection leaves the WSGI server, and what all share."""

import hashlib
from base64 import b64encode
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import engineio.socket
import eventlet
from engineio.async_drivers.eventlet import _async
from eventlet.wsgi import WSGI_LOCAL

from chatapp.offload import native
from chatapp.server.direct_socket import DirectSocket
from chatapp.server.greenlet_pool import GreenletPool
from chatapp.server.heartbeat import Heartbeat
from chatapp.server.out_queue import ALL_MAX_BYTES, BURST, Backlog, OutQueue
from chatapp.throttle import Allowance

# Of one socket, all that is no event: pings, answers that nobody asked for, comings, goings. A browser of ours comes
# once; an event costs more, and is counted where it is handled (`throttle.py`).
ASIDES_PER_SECOND = 20
ASIDES_BURST = 100
HANDSHAKE_KEY = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, section 1.3


class WebSockets:
    """What the sockets of this worker share."""

    def __init__(self, *, max_sockets: int, max_bytes: int) -> None:
        self.max_sockets = max_sockets
        self.max_bytes = max_bytes
        self.greenlets = GreenletPool()
        self.asides = Allowance(ASIDES_PER_SECOND, ASIDES_BURST)
        self._heartbeat: Heartbeat | None = None

    def __call__(self, server: Any, sid: str) -> DirectSocket:
        """A new socket, as Engine.IO asks for one."""
        if self._heartbeat is None:
            self._heartbeat = Heartbeat(server.ping_interval, server.ping_timeout, every=_every)
        return DirectSocket(server, sid, around=self)

    @property
    def heartbeat(self) -> Heartbeat:
        """Who asks them whether they are still there."""
        assert self._heartbeat is not None  # noqa: S101 - they ask for it, and none is made without
        return self._heartbeat


class Handshake:
    """Engine.IO's way to a WebSocket on eventlet. The edge has looked at the request already."""

    def __init__(self, handler: Callable[[Any], None], server: Any, *, max_sockets: int) -> None:
        self._handler = handler
        self._is_full = len(server.sockets) > max_sockets

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Switch protocols, and hand the connection over. Nothing is left to do for WSGI then."""
        if self._is_full:
            start_response("503 Service Unavailable", [("Retry-After", "5"), ("Content-Length", "0")])
            self._handler(None)
            return []
        connection = environ["eventlet.input"].get_socket()
        digest = hashlib.sha1(environ["HTTP_SEC_WEBSOCKET_KEY"].encode() + HANDSHAKE_KEY, usedforsecurity=False)
        accept = b"Sec-WebSocket-Accept: " + b64encode(digest.digest())
        head = (b"HTTP/1.1 101 Switching Protocols", b"Upgrade: websocket", b"Connection: Upgrade", accept)
        # From here on the server's own object holds no descriptor, and closes none.
        taken = native("socket").socket(fileno=connection.fd.detach())
        taken.setblocking(False)  # noqa: FBT003 - as the library has it
        WSGI_LOCAL.already_handled = True
        try:
            taken.sendall(b"\r\n".join(head) + b"\r\n\r\n")  # which a connection takes that has sent nothing yet
        except OSError:  # they are gone again; the server would try to tell them so, and keep the descriptor
            taken.close()
            taken = None
        self._handler(taken)
        return []


def install(*, max_sockets: int, max_bytes: int, queue_max_frames: int, queue_max_bytes: int) -> WebSockets:
    """Have Engine.IO use these sockets: so many, no message over `max_bytes`, and a bound on what may wait for one."""
    sockets = WebSockets(max_sockets=max_sockets, max_bytes=max_bytes)
    engineio.socket.Socket = sockets
    _async["websocket"] = partial(Handshake, max_sockets=max_sockets)
    # One who may have more than all together could never be answered.
    backlog = Backlog(max(ALL_MAX_BYTES, int(BURST * queue_max_bytes)))
    _async["queue"] = partial(OutQueue, max_frames=queue_max_frames, max_bytes=queue_max_bytes, backlog=backlog)
    return sockets


def _every(seconds: float, job: Callable[[], None]) -> None:
    def repeat() -> None:
        while True:
            eventlet.sleep(seconds)
            job()

    eventlet.spawn_n(repeat)
