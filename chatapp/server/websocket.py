"""WebSocket messages with bounds: eventlet limits frames, and fragments without end would take all memory."""

import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial
from socket import SHUT_RD, SHUT_RDWR
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from engineio.async_drivers.eventlet import WebSocketWSGI, _async
from eventlet.websocket import FailedConnectionError, RFC6455WebSocket

MAX_FRAMES = 64  # of one message, pings between its fragments included; browsers send one
TOO_BIG = 1009  # RFC 6455, section 7.4.1
UNREADABLE = 1007  # the same section
# A type, then text. Engine.IO would read JSON in place of the text, however deep it is nested.
ENGINE_PACKET = re.compile(r"[0-6](?!\s*[\[{])")


def install(max_bytes: int) -> None:
    """Have Engine.IO use these WebSockets: no message over `max_bytes`, all its fragments together."""
    _async["websocket"] = partial(BoundedWebSocketWSGI, max_bytes=max_bytes)


class BoundedMessage(RFC6455WebSocket.Message):  # type: ignore[misc]  # eventlet ships no types
    """A message in one growing buffer, however small the pieces in which it comes."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.data = [bytearray()]

    def push(self, data: bytes, final: bool = False) -> None:  # noqa: FBT001, FBT002 - eventlet's signature
        """Add a piece; a list of single bytes would take fifty times their size."""
        self.finished = final
        self.data[0] += data

    @property
    def size(self) -> int:
        """Bytes so far."""
        return len(self.data[0])


class BoundedWebSocket(RFC6455WebSocket):  # type: ignore[misc]
    """A WebSocket that closes with 1009 when a message is too long or comes in too many frames."""

    Message = BoundedMessage

    def __init__(self, *arguments: Any, max_bytes: int, **options: Any) -> None:
        super().__init__(*arguments, max_frame_length=max_bytes, **options)
        self._max_bytes = max_bytes
        self._frames = 0
        self.fell_silent: Callable[[], None] | None = None

    def close(self, close_data: tuple[int, str] | None = None) -> None:
        """Say good-bye and end the reader too; eventlet's would wait until the other side closes, or for ever."""
        with suppress(OSError):
            self.socket.shutdown(SHUT_RD)
        super().close(close_data)

    def drop(self) -> None:
        """End it without a word, both ways: who reads nothing would not hear a good-bye, and the writer waits."""
        with suppress(OSError):
            self.socket.shutdown(SHUT_RDWR)

    def wait(self) -> str | None:
        """The next message; None at the end, which one that Engine.IO cannot read brings too, and silence."""
        try:
            message = super().wait()
        except TimeoutError:
            # Engine.IO would call this an end like any other, just before it sees that a ping was not answered.
            if self.fell_silent is not None:
                self.fell_silent()
            return None
        if message is None or (isinstance(message, str) and ENGINE_PACKET.match(message)):
            return message
        # Engine.IO would fail on it and keep the connection half open until its ping times out.
        self.close((UNREADABLE, "Not an Engine.IO packet."))
        return None

    def _recv_frame(self, message: BoundedMessage | None = None) -> BoundedMessage:
        self._frames = self._frames + 1 if message else 1
        if self._frames > MAX_FRAMES:
            raise FailedConnectionError(TOO_BIG, f"A message of more than {MAX_FRAMES} frames.")
        # What the fragments before it have left for this frame.
        self.max_frame_length = self._max_bytes - (message.size if message else 0)
        received: BoundedMessage = super()._recv_frame(message)
        return received

    @staticmethod
    def _apply_mask(data: bytes, mask: Sequence[int], length: int | None = None, offset: int = 0) -> bytes:
        # One xor of two big integers: eventlet's loop over bytes stops the hub 271 ms for each megabyte.
        size = len(data) if length is None else length
        first = offset % 4
        key = bytes((*mask[first:], *mask[:first])) * (size // 4 + 1)
        return (int.from_bytes(data[:size], "big") ^ int.from_bytes(key[:size], "big")).to_bytes(size, "big")


class BoundedWebSocketWSGI(WebSocketWSGI):  # type: ignore[misc]
    """Engine.IO's handshake on eventlet, which the edge has looked at, with bounded frames after it."""

    def __init__(self, handler: Callable[[BoundedWebSocket], Any], server: Any, *, max_bytes: int) -> None:
        super().__init__(handler, server)
        self.support_legacy_versions = False
        self._max_bytes = max_bytes

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The WSGI entry: returns when the socket has ended."""
        # An idle connection is cut when accepting stops. A WebSocket is not: the drain says good-bye to it.
        environ.pop("eventlet.set_idle", None)
        answer: Iterable[bytes] = super().__call__(environ, start_response)
        return answer

    def _handle_hybi_request(self, environ: WSGIEnvironment) -> BoundedWebSocket:
        stock = super()._handle_hybi_request(environ)
        websocket = BoundedWebSocket(stock.socket, environ, stock.version, max_bytes=self._max_bytes)
        # The handler is a method of Engine.IO's socket, whose queue knows when its reader takes nothing.
        engine = self.handler.__self__
        engine.queue.drop = websocket.drop
        # It waits for a message as long as a ping and its answer take: who says nothing for so long is not there.
        reason = engine.server.reason.PING_TIMEOUT
        websocket.fell_silent = partial(engine.close, wait=False, abort=True, reason=reason)
        return websocket
