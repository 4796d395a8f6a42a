"""WebSocket frames (RFC 6455) and its handshake, as little of them as a benchmark needs."""

import os
from base64 import b64encode
from hashlib import sha1
from struct import pack

TEXT = 0x81  # a whole text message
CLOSE = 0x88
MASKED = 0x80
LONG, LONGEST = 126, 127  # in place of a length: it follows in two bytes, in eight
END_OF_HEAD = b"\r\n\r\n"
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Closed(Exception):
    """The other end has gone, or says that it will."""


def client_frame(payload: bytes) -> bytes:
    """A text as a client sends it: masked."""
    key = os.urandom(4)
    return _head(len(payload), MASKED) + key + mask(payload, key)


def server_frame(payload: bytes) -> bytes:
    """A text as a server sends it."""
    return _head(len(payload), 0) + payload


def mask(payload: bytes, key: bytes) -> bytes:
    """The payload masked, or unmasked: it is the same."""
    size = len(payload)
    repeated = (key * (size // 4 + 1))[:size]
    return (int.from_bytes(payload) ^ int.from_bytes(repeated)).to_bytes(size)


def _head(size: int, masked: int) -> bytes:
    if size < LONG:
        return bytes((TEXT, masked | size))
    if size < 1 << 16:
        return pack("!BBH", TEXT, masked | LONG, size)
    return pack("!BBQ", TEXT, masked | LONGEST, size)


def split_frames(data: bytes) -> tuple[list[bytes], bytes]:
    """The payloads of the whole frames in `data`, unmasked, and what is left over. Raises Closed."""
    found, at, end = [], 0, len(data)
    while end - at >= 2:
        size, start = data[at + 1] & 127, at + 2
        if size >= LONG:
            start += 2 if size == LONG else 8
            size = int.from_bytes(data[at + 2 : start])
        is_masked = data[at + 1] & MASKED
        stop = start + size + (4 if is_masked else 0)
        if stop > end or start > end:
            break
        if data[at] == CLOSE:
            raise Closed
        found.append(mask(data[start + 4 : stop], data[start : start + 4]) if is_masked else data[start:stop])
        at = stop
    return found, data[at:]


def asked(host: str, cookie: str) -> bytes:
    """The request that makes a connection a WebSocket of Engine.IO."""
    lines = [
        "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1",
        f"Host: {host}",
        f"Origin: http://{host}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {b64encode(os.urandom(16)).decode()}",
        "Sec-WebSocket-Version: 13",
        *([f"Cookie: {cookie}"] if cookie else []),
    ]
    return "\r\n".join([*lines, "", ""]).encode()


def granted(request: bytes) -> bytes:
    """The answer to that request."""
    key = next(line.split(b":")[1].strip() for line in request.split(b"\r\n") if line.startswith(b"Sec-WebSocket-Key"))
    accept = b64encode(sha1(key + GUID).digest())  # noqa: S324 - the protocol's own, no secret
    head = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    return head + b"Sec-WebSocket-Accept: " + accept + END_OF_HEAD
