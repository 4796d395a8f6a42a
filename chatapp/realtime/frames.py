"""WebSocket frames (RFC 6455, section 5): ours to send, and what browsers send, however it is cut into pieces."""

import struct
from collections.abc import Iterator
from enum import IntEnum
from typing import NamedTuple

MAX_FRAMES = 64  # of one message, pings between its fragments included; browsers send one
CONTROL_MAX_BYTES = 125  # RFC 6455, section 5.5


class Opcode(IntEnum):
    """What a frame carries (RFC 6455, section 5.2)."""

    CONTINUATION = 0
    TEXT = 1
    BINARY = 2
    CLOSE = 8
    PING = 9
    PONG = 10


class Status(IntEnum):
    """Why a connection is closed (RFC 6455, section 7.4.1)."""

    NORMAL = 1000
    PROTOCOL_ERROR = 1002
    UNREADABLE = 1007
    NOT_ALLOWED = 1008
    TOO_BIG = 1009


class BadFrame(Exception):
    """The connection must be closed, with this status and reason."""

    def __init__(self, status: Status, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class Arrived(NamedTuple):
    """A whole text, or what a control frame carries."""

    opcode: int
    data: bytes


def text_frame(text: bytes) -> bytes:
    """The frame that carries `text`, which is UTF-8."""
    return _header(Opcode.TEXT, len(text)) + text


def pong_frame(data: bytes) -> bytes:
    """The answer to a ping that carried `data`."""
    return _header(Opcode.PONG, len(data)) + data


def close_frame(status: Status = Status.NORMAL, reason: str = "") -> bytes:
    """The good-bye, at most 123 bytes of `reason`."""
    data = struct.pack("!H", status) + reason.encode()[: CONTROL_MAX_BYTES - 2]
    return _header(Opcode.CLOSE, len(data)) + data


def _header(opcode: Opcode, length: int) -> bytes:
    if length <= CONTROL_MAX_BYTES:
        return bytes((0x80 | opcode, length))
    if length < 1 << 16:
        return struct.pack("!BBH", 0x80 | opcode, 126, length)
    return struct.pack("!BBQ", 0x80 | opcode, 127, length)


class FrameReader:
    """Makes messages of the frames of one browser. No message over `max_bytes`, all its fragments together."""

    __slots__ = ("_frames", "_max_bytes", "_message", "_needed", "_rest")

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._rest = bytearray()  # the beginning of a frame
        self._needed = 2  # bytes of it, before which looking again is of no use
        self._message: bytearray | None = None  # its fragments so far
        self._frames = 0

    def feed(self, data: bytes) -> Iterator[Arrived]:
        """What is whole now, in order. Raises BadFrame, after all that came before it."""
        if self._rest:
            self._rest += data
            if len(self._rest) < self._needed:
                return
            data = bytes(self._rest)
            self._rest.clear()
        start = 0
        while (frame := self._frame_at(data, start)) is not None:
            first, payload, start = frame
            if (arrived := self._arrived(first, payload)) is not None:
                yield arrived
        self._rest += data[start:]

    def _frame_at(self, data: bytes, start: int) -> tuple[int, bytes, int] | None:
        available = len(data) - start
        if available < 2:
            self._needed = 2
            return None
        first, second = data[start], data[start + 1]
        self._check_header(first, second)
        length, size = second & 0x7F, 2  # of the header, without its mask
        if length > CONTROL_MAX_BYTES:
            size += 2 if length == 126 else 8
            if available < size:
                self._needed = size
                return None
            length = int.from_bytes(data[start + 2 : start + size])
        self._check_length(length)
        body = start + size + 4
        if len(data) < body + length:
            self._needed = body + length - start
            return None
        return first, _unmasked(data[body - 4 : body], data[body : body + length]), body + length

    def _check_header(self, first: int, second: int) -> None:
        opcode, is_final = first & 0x0F, first & 0x80
        if first & 0x70 or opcode not in _OPCODES:
            raise BadFrame(Status.PROTOCOL_ERROR, "An unknown kind of frame.")
        if not second & 0x80:
            raise BadFrame(Status.PROTOCOL_ERROR, "A frame without a mask.")
        if opcode & 8:
            if not is_final or second & 0x7F > CONTROL_MAX_BYTES:
                raise BadFrame(Status.PROTOCOL_ERROR, "A control frame that is too long.")
        elif (opcode == Opcode.CONTINUATION) != (self._message is not None):
            raise BadFrame(Status.PROTOCOL_ERROR, "A fragment out of its order.")
        if self._message is not None and self._frames >= MAX_FRAMES:
            raise BadFrame(Status.TOO_BIG, f"A message of more than {MAX_FRAMES} frames.")

    def _check_length(self, length: int) -> None:
        # What the fragments before it have left for this frame.
        if length > self._max_bytes - (len(self._message) if self._message is not None else 0):
            raise BadFrame(Status.TOO_BIG, f"A message of more than {self._max_bytes} bytes.")

    def _arrived(self, first: int, payload: bytes) -> Arrived | None:
        self._frames = self._frames + 1 if self._message is not None else 1
        opcode = first & 0x0F
        if opcode & 8:
            return Arrived(opcode, payload)
        if opcode == Opcode.BINARY:
            raise BadFrame(Status.UNREADABLE, "Not an Engine.IO packet.")
        if not first & 0x80:
            self._message = self._message if self._message is not None else bytearray()
            self._message += payload
            return None
        if self._message is not None:
            payload, self._message = bytes(self._message + payload), None
        return Arrived(Opcode.TEXT, payload)


_OPCODES = frozenset(Opcode)


def _unmasked(mask: bytes, payload: bytes) -> bytes:
    # One xor of two big integers: a loop over bytes stops everybody for 271 ms with each megabyte.
    size = len(payload)
    key = (mask * (size // 4 + 1))[:size]
    return (int.from_bytes(payload) ^ int.from_bytes(key)).to_bytes(size)
