"""A connection on which anything can be said, and what becomes of it, in a word or two."""

import re
import socket
import struct
from collections.abc import Iterator
from contextlib import suppress
from typing import Self
from urllib.parse import urlsplit

from websocket import ABNF

PATH = "/socket.io/?EIO=4&transport=websocket"
KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
UPGRADE = ("Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", KEY)
PATIENCE_SECONDS = 20.0  # for an answer, or for the end
READ_BYTES = 65_536
STATUS = re.compile(rb"HTTP/1\.1 (\d{3}) ")
CUT, OPEN, UNHEARD, LEAKED = "cut", "still open", "unheard", "traceback sent"


class Raw:
    """A connection to the server. What it heard is kept in `heard`."""

    def __init__(self, url: str, *, receive_bytes: int = 0, patience: float = PATIENCE_SECONDS) -> None:
        where = urlsplit(url)
        self.host = where.netloc
        self._socket = socket.socket()
        if receive_bytes:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        self._socket.settimeout(patience)
        self._socket.connect((where.hostname, where.port))
        self.heard = bytearray()
        self.answered = b""  # the head of the last answer

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Go away, as a browser does."""
        self._socket.close()

    def abort(self) -> None:
        """Break off (RST)."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._socket.close()

    @property
    def port(self) -> int:
        """Of this end."""
        port: int = self._socket.getsockname()[1]
        return port

    def fileno(self) -> int:
        """For `select`."""
        return self._socket.fileno()

    def say(self, data: bytes) -> bool:
        """Whether it could be said: nobody listens any more when it could not."""
        try:
            self._socket.sendall(data)
        except OSError:
            return False
        return True

    def frame(self, payload: bytes, opcode: int = ABNF.OPCODE_TEXT, *, fin: int = 1) -> bool:
        """The same for a frame, as browsers send it."""
        return self.say(frame(payload, opcode, fin=fin))

    def hear(self, most: int = READ_BYTES) -> bytes:
        """What comes next; nothing at the end. Raises TimeoutError."""
        try:
            data = self._socket.recv(most)
        except ConnectionError:
            return b""
        self.heard += data
        return data

    def head(self) -> bytes:
        """The head of an answer, without the body; all that came when it ends before."""
        while b"\r\n\r\n" not in self.heard and self.hear():
            pass
        self.answered, _, rest = bytes(self.heard).partition(b"\r\n\r\n")
        self.heard = bytearray(rest)
        return self.answered

    def answers(self) -> str:
        """The answers until the end, by their statuses, and whether they held what is nobody's business."""
        try:
            while self.hear():
                pass
        except TimeoutError:
            return OPEN
        return told(bytes(self.heard)) or CUT

    def upgrade(self, *headers: str, path: str = PATH, method: str = "GET") -> str:
        """What a handshake with these headers is answered with: HTTP 101 when it went well."""
        return self.ask(method, path, *UPGRADE, *headers)

    def ask(self, method: str, path: str, *headers: str, host: str = "") -> str:
        """What a request is answered with."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: {host or self.host}", *headers, "", ""]
        self.say("\r\n".join(lines).encode())
        try:
            return told(self.head() + b" ") or CUT
        except TimeoutError:
            return OPEN

    def packets(self) -> Iterator[tuple[int, bytes]]:
        """The frames that come: what they carry. Raises TimeoutError."""
        while True:
            while (found := _frame_in(self.heard)) is not None:
                opcode, payload, size = found
                del self.heard[:size]
                yield opcode, payload
            if not self.hear():
                return

    def ending(self) -> str:
        """How the server ends it."""
        try:
            for opcode, payload in self.packets():
                if b"Traceback" in payload:
                    return LEAKED
                if opcode == ABNF.OPCODE_CLOSE:
                    return f"close {int.from_bytes(payload[:2])}"
        except TimeoutError:
            return OPEN
        return CUT

    def has_ended(self) -> bool:
        """Whether the server has ended it by now. Waits for nothing."""
        self._socket.settimeout(0)
        try:
            with suppress(BlockingIOError):
                return not self.hear()
            return False
        finally:
            self._socket.settimeout(PATIENCE_SECONDS)


def frame(payload: bytes, opcode: int = ABNF.OPCODE_TEXT, *, fin: int = 1) -> bytes:
    """A frame. Its mask is made of zeros: for the server it is one as any other, and for us no work."""
    length, first = len(payload), bytes([fin << 7 | opcode])
    if length < 126:
        return first + bytes([0x80 | length]) + bytes(4) + payload
    if length < 1 << 16:
        return first + struct.pack("!BH", 0x80 | 126, length) + bytes(4) + payload
    return first + struct.pack("!BQ", 0x80 | 127, length) + bytes(4) + payload


def told(data: bytes) -> str:
    """The statuses of these answers."""
    if b"Traceback" in data:
        return LEAKED
    return ", ".join(f"HTTP {status.decode()}" for status in STATUS.findall(data))


def _frame_in(data: bytearray) -> tuple[int, bytes, int] | None:
    if len(data) < 2:
        return None
    length, size = data[1] & 0x7F, 2
    if length > 125:
        size += 2 if length == 126 else 8
        if len(data) < size:
            return None
        length = int.from_bytes(data[2:size])
    if len(data) < size + length:
        return None
    return data[0] & 0x0F, bytes(data[size : size + length]), size + length
