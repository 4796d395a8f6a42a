"""An Engine.IO socket that reads and writes its connection itself: no greenlet, no timer and no thread of its own.

The hub tells it when there is something to read. What it has to send goes straight into the connection; only when that
takes no more does it wait in the queue, and a greenlet for as long as something waits there.
"""

import logging
from collections import deque
from contextlib import suppress
from functools import partial
from socket import SHUT_RDWR, SHUT_WR
from typing import TYPE_CHECKING, Any

from engineio.base_server import BaseServer
from engineio.exceptions import SocketIsClosedError, UnknownPacketError
from engineio.packet import CLOSE, PING, Packet
from engineio.socket import Socket
from eventlet import sleep
from eventlet.hubs import get_hub, trampoline

from chatapp.realtime.frames import BadFrame, FrameReader, Opcode, Status, close_frame, pong_frame, text_frame
from chatapp.server.engine_packet import packet_in

if TYPE_CHECKING:
    from chatapp.server.websocket import WebSockets

READ_BYTES = 65_536  # at once
TOO_SLOW = "Reads too slowly."
INBOX_MAX = 64  # messages of one browser that wait for their turn; until then no more is read
GOODBYE_SECONDS = 5.0  # for a browser to take the good-bye and to close its side
EVENT = b"42"  # how those packets begin that are counted where they are handled
PONG = b"3"
ENGINES_REASONS = frozenset(vars(BaseServer.reason).values())  # any other is ours, and for whoever is sent away
PING_FRAME = text_frame(Packet(PING).encode().encode())

logger = logging.getLogger(__name__)


class DirectSocket(Socket):  # type: ignore[misc]  # Engine.IO ships no types
    """One browser. `around` is what all sockets of this worker share."""

    def __init__(self, server: Any, sid: str, *, around: "WebSockets") -> None:
        super().__init__(server, sid)
        self.closed = self.closing = False
        self._around = around
        self._connection: Any = None
        self._reader = FrameReader(around.max_bytes)
        self._listener: Any = None  # the hub's, while we read
        self._inbox: deque[str | None] | None = None  # what came and was not handled yet; None is the end
        self._is_handled = False
        self._is_lined_up = True  # what is to be sent has to wait, or has nowhere to go
        self._is_writing = False
        self._is_over = False  # nothing more will be sent
        self._has_heard_the_end = False
        self._why = server.reason.TRANSPORT_CLOSE  # it ends, when nobody says otherwise
        self._limit: Any = None  # the timer that ends a good-bye that nobody answers
        self.queue.drop = self._drop

    # The way out.

    def write(self, frame: bytes) -> None:
        """Send this frame, or several in one piece, after all that was to be sent before."""
        if self._is_lined_up:
            self._line_up(frame)
            return
        try:
            sent = self._connection.send(frame)
        except BlockingIOError:
            sent = 0
        except OSError:
            return  # the hub tells us that it is gone
        if sent != len(frame):
            self._line_up(frame[sent:])

    def send(self, pkt: Packet) -> None:
        """Send a packet of Engine.IO's. Raises SocketIsClosedError."""
        if self.closed:
            raise SocketIsClosedError
        self.write(text_frame(pkt.encode().encode()))

    def send_ping(self) -> None:
        """Ask whether it is still there."""
        self.write(PING_FRAME)

    def schedule_ping(self) -> None:
        """Ask again after a while; nothing when the last answer is still to come and this is none."""
        if self.last_ping:
            self._around.heartbeat.ask_later(self)

    def fell_silent(self) -> None:
        """It has not answered a ping: nobody is there any more."""
        self._around.greenlets.soon(partial(self._end, self.server.reason.PING_TIMEOUT))

    def _line_up(self, frame: bytes) -> None:
        if self._is_over:
            return
        self.queue.put(frame)
        self._is_lined_up = True
        if self._connection is not None and not self._is_writing:
            self._is_writing = True
            self._around.greenlets.soon(self._write_rest)

    def _write_rest(self) -> None:
        try:
            while self.queue:
                trampoline(self._connection, write=True)
                with suppress(BlockingIOError):
                    self.queue.sent(self._connection.send(self.queue.head()))
            self._is_lined_up = self._is_over
        except OSError:
            self._is_over = True
        self._is_writing = False
        if self.closed:
            self._end_writing()

    def _drop(self) -> None:
        # Without a word: who reads nothing would not hear a good-bye. The hub then sees the end.
        self._why = TOO_SLOW
        self._is_over = True
        self._shut(SHUT_RDWR)

    # The way in.

    def _websocket_handler(self, connection: Any) -> None:
        """Read and write this connection from now on, until it ends; None when there is no room for one more."""
        if connection is None:
            self._end(self.server.reason.TRANSPORT_ERROR)
            return
        self.connected = self.upgraded = True
        self._connection = connection
        self._is_lined_up = False
        first = self.queue.head()
        self.queue.sent(len(first))
        self.write(first)
        self._listen()

    def _listen(self) -> None:
        hub = get_hub()
        self._listener = hub.add(hub.READ, self._connection.fileno(), self._readable, _nobody, _nothing)

    def _listen_no_more(self) -> None:
        listener, self._listener = self._listener, None
        if listener is not None:
            get_hub().remove(listener)

    def _readable(self, _descriptor: int) -> None:
        """For the hub: nothing in here may wait, and nothing may fail."""
        try:
            data = self._connection.recv(READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if self.closed:
            if not data:  # else it is what they said before they heard our good-bye
                self._hang_up()
        elif data:
            self._read(data)
        else:
            self._listen_no_more()
            self._has_heard_the_end = self._is_over = self._is_lined_up = True
            self._take_in(None)
        if self._inbox and not self._is_handled:
            self._is_handled = True
            self._around.greenlets.run(self._handle)

    def _read(self, data: bytes) -> None:
        ping = None
        try:
            for opcode, payload in self._reader.feed(data):
                if payload[:2] == EVENT and opcode == Opcode.TEXT:
                    self._take_in(packet_in(payload))
                else:
                    self._read_aside(opcode, payload)
                    ping = payload if opcode == Opcode.PING else ping
        except BadFrame as bad:
            self._why = bad.reason
            self.write(close_frame(bad.status, bad.reason))
            self._is_over = self._is_lined_up = True  # with the one good-bye
            self._listen_no_more()
            self._take_in(None)
        if ping is not None and not self._is_lined_up:
            # The last alone (RFC 6455, section 5.5.3), and to one who reads: else they would be without number.
            self.write(pong_frame(ping))

    def _read_aside(self, opcode: int, payload: bytes) -> None:
        # Counted here, each by itself: thousands fit into what is read at once, and to handle them is too late.
        if payload == PONG and self.last_ping:
            self.schedule_ping()
        elif self._around.asides.take(self.sid):
            raise BadFrame(Status.NOT_ALLOWED, "Too many frames.")
        elif opcode == Opcode.CLOSE:
            self._take_in(None)
        elif opcode == Opcode.TEXT and payload != PONG:
            self._take_in(packet_in(payload))

    def _take_in(self, text: str | None) -> None:
        if self._inbox is None:
            self._inbox = deque()
        self._inbox.append(text)
        if len(self._inbox) >= INBOX_MAX:
            self._listen_no_more()

    def _handle(self) -> None:
        """One message after the other, in a greenlet, which may wait."""
        while self._inbox:
            text = self._inbox.popleft()
            if text is None:
                self._end(self._why)
            elif not self.closed:
                self._handle_one(text)
            if self._inbox:
                sleep(0)  # who sends without waiting for acks would keep everybody else waiting
        self._inbox = None
        self._is_handled = False
        if self._listener is None and not self.closed:
            if self._is_over:
                self._end(self._why)  # nobody else would see it
            else:
                self._listen()

    def _handle_one(self, text: str) -> None:
        try:
            self.receive(Packet(encoded_packet=text))
        except (SocketIsClosedError, UnknownPacketError):
            pass  # nobody is there to answer, or nothing to be answered
        except Exception:
            logger.exception("message failed outside its handler")
            self._end(self.server.reason.TRANSPORT_CLOSE)

    # The end.

    def close(self, wait: bool = True, abort: bool = False, reason: str | None = None) -> None:  # noqa: FBT001, FBT002
        """Say good-bye, after all that was to be sent; `abort` spares Engine.IO's own word for it."""
        if self.closed or self.closing:
            return
        self.closing = True
        reason = reason or self.server.reason.SERVER_DISCONNECT
        self.server._trigger_event("disconnect", self.sid, reason, run_async=False)  # noqa: SLF001 - as Engine.IO does
        if not abort:
            self.write(text_frame(Packet(CLOSE).encode().encode()))
        self.closed = True
        self.server.sockets.pop(self.sid, None)
        if self._connection is None:
            self.queue.drop = None
            self.queue.clear()
            return
        self.write(close_frame() if reason in ENGINES_REASONS else close_frame(Status.NOT_ALLOWED, reason))
        self._limit = get_hub().schedule_call_global(GOODBYE_SECONDS, self._hang_up)
        if not self._is_writing:
            self._end_writing()

    def _end(self, reason: str) -> None:
        """Nobody is there any more, or nobody wants to be."""
        self.close(wait=False, abort=True, reason=reason)

    def _end_writing(self) -> None:
        self._is_over = self._is_lined_up = True
        if self._has_heard_the_end:
            self._hang_up()
            return
        # Read on until they close: closing first would cut off what is on its way to them.
        self._shut(SHUT_WR)
        if self._listener is None:
            self._listen()

    def _hang_up(self) -> None:
        self._listen_no_more()
        self._is_over = self._is_lined_up = True
        self.queue.drop = None  # it leads back here: nothing else frees a ring
        if self._limit is not None:
            self._limit.cancel()
        if self._is_writing:
            self._shut(SHUT_RDWR)  # which wakes the writer, and that comes here again
        else:
            self._connection.close()
            # Somebody may remember us for a while, the heartbeat among them: not with megabytes.
            self.queue.clear()
            self._reader = FrameReader(0)

    def _shut(self, how: int) -> None:
        with suppress(OSError):  # it has ended by itself
            self._connection.shutdown(how)


def _nobody(_error: object) -> None:
    """Whom the hub would tell that somebody else uses our descriptor: we give it back before we close it."""


def _nothing() -> None:
    """What the hub would have us note then."""
