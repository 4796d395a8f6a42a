"""WebSocket frames: whatever the pieces in which they come, the same messages; and bounds on all of it."""

import os
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websocket import ABNF

from chatapp.realtime.frames import (
    MAX_FRAMES,
    Arrived,
    BadFrame,
    FrameReader,
    Opcode,
    Status,
    close_frame,
    pong_frame,
    text_frame,
)

MAX_BYTES = 70_000
SIZES = [0, 1, 3, 4, 5, 125, 126, 127, 65_535, 65_536, MAX_BYTES]


def frame(payload: bytes, opcode: int = Opcode.TEXT, *, fin: int = 1) -> bytes:
    """As a browser sends it, by another hand than ours."""
    return ABNF(fin=fin, opcode=opcode, data=payload, mask_value=1).format()


def read(*pieces: bytes, max_bytes: int = MAX_BYTES) -> list[Arrived]:
    reader = FrameReader(max_bytes)
    return [arrived for piece in pieces for arrived in reader.feed(piece)]


@pytest.mark.parametrize("size", SIZES)
def test_a_message_of_any_size_arrives_unmasked(size: int) -> None:
    payload = os.urandom(size)
    assert read(frame(payload)) == [(Opcode.TEXT, payload)]


@given(st.data())
def test_pieces_and_fragments_make_no_difference(data: st.DataObject) -> None:
    messages = data.draw(st.lists(st.binary(max_size=300), min_size=1, max_size=5))
    sent, expected = b"", []
    for message in messages:
        cut = data.draw(st.integers(0, len(message)))
        if data.draw(st.booleans()):
            sent += frame(message)
        else:
            sent += frame(message[:cut], fin=0) + frame(b"there?", Opcode.PING)
            sent += frame(message[cut:], Opcode.CONTINUATION)
            expected.append((Opcode.PING, b"there?"))
        expected.append((Opcode.TEXT, message))
    places = sorted(data.draw(st.lists(st.integers(0, len(sent)), max_size=8)))
    pieces = [sent[start:end] for start, end in zip([0, *places], [*places, len(sent)], strict=True)]
    assert read(*pieces) == expected
    assert read(*(bytes([byte]) for byte in sent)) == expected


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (text_frame(b"no mask"), Status.PROTOCOL_ERROR),
        (frame(b"x", Opcode.CONTINUATION), Status.PROTOCOL_ERROR),
        (frame(b"x", fin=0) + frame(b"y"), Status.PROTOCOL_ERROR),
        (frame(b"x", Opcode.PING, fin=0), Status.PROTOCOL_ERROR),
        (bytes([0x80 | Opcode.PING, 0x80 | 126]), Status.PROTOCOL_ERROR),
        (bytes([0xC0 | Opcode.TEXT, 0x80]), Status.PROTOCOL_ERROR),
        (bytes([0x80 | 3, 0x80]), Status.PROTOCOL_ERROR),
        (frame(b"x", Opcode.BINARY), Status.UNREADABLE),
        (frame(b"x" * (MAX_BYTES + 1))[:10], Status.TOO_BIG),
        (frame(b"x" * MAX_BYTES, fin=0) + frame(b"y", Opcode.CONTINUATION), Status.TOO_BIG),
        (bytes([0x81, 0xFF]) + b"\xff" * 8, Status.TOO_BIG),
        (frame(b"", fin=0) + frame(b"", Opcode.CONTINUATION, fin=0) * MAX_FRAMES, Status.TOO_BIG),
    ],
    # Masks are random, and no names.
    ids=[
        "no mask",
        "continuation of nothing",
        "new text inside of another",
        "ping in fragments",
        "long ping",
        "reserved bit",
        "unknown opcode",
        "binary",
        "too long",
        "too long together",
        "longer than memory",
        "too many fragments",
    ],
)
def test_what_must_not_be_ends_the_connection_with_its_status(sent: bytes, status: Status) -> None:
    with pytest.raises(BadFrame) as caught:
        read(sent)
    assert caught.value.status == status


def test_what_came_before_a_bad_frame_arrives() -> None:
    arriving = FrameReader(MAX_BYTES).feed(frame(b"good") + text_frame(b"bad"))
    assert next(arriving) == (Opcode.TEXT, b"good")
    with pytest.raises(BadFrame):
        next(arriving)


def test_pings_between_messages_are_not_counted_to_the_next() -> None:
    sent = frame(b"?", Opcode.PING) * (2 * MAX_FRAMES) + frame(b"a", fin=0) + frame(b"b", Opcode.CONTINUATION)
    assert read(sent)[-1] == (Opcode.TEXT, b"ab")


@pytest.mark.parametrize("size", SIZES)
def test_ours_say_their_size_as_the_standard_has_it(size: int) -> None:
    sent = text_frame(b"x" * size)
    short, rest = sent[1], sent[2:]
    assert sent[0] == 0x81
    said = {126: ("!H", 2), 127: ("!Q", 8)}.get(short)
    length = struct.unpack(said[0], rest[: said[1]])[0] if said else short
    assert (length, rest[said[1] if said else 0 :]) == (size, b"x" * size)


def test_a_good_bye_is_never_longer_than_a_control_frame_may_be() -> None:
    sent = close_frame(Status.TOO_BIG, "x" * 500)
    assert (sent[0], sent[1], len(sent)) == (0x88, 125, 127)
    assert struct.unpack("!H", sent[2:4])[0] == Status.TOO_BIG
    assert pong_frame(b"there?") == b"\x8a\x06there?"
