"""The frames that are made by hand are those of RFC 6455."""

from collections.abc import Callable

import pytest

from bench.load.dialects import MARK, TEXT_CHARS, text_with, token_of
from bench.load.frames import Closed, client_frame, granted, server_frame, split_frames

PAYLOADS = [b"", b"2", b"x" * 125, b"x" * 126, b"y" * 65_535, b"z" * 65_536]


@pytest.mark.parametrize("frame", [client_frame, server_frame])
def test_what_is_framed_comes_out_again_in_order(frame: Callable[[bytes], bytes]) -> None:
    assert split_frames(b"".join(frame(each) for each in PAYLOADS)) == (PAYLOADS, b"")


@pytest.mark.parametrize("size", [1, 125, 126, 65_536])
def test_half_a_frame_waits_for_its_rest(size: int) -> None:
    frame = server_frame(b"a" * size)
    for end in {0, 1, 2, 3, 5, 9, len(frame) - 1}:
        if end < len(frame):
            assert split_frames(frame[:end]) == ([], frame[:end])


def test_a_frame_that_says_farewell_ends_it() -> None:
    with pytest.raises(Closed):
        split_frames(server_frame(b"2") + b"\x88\x00")


def test_the_handshake_is_answered_as_the_standard_shows_it() -> None:
    # The example of RFC 6455, section 1.3.
    request = b"GET /chat HTTP/1.1\r\nHost: x\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    assert b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n" in granted(request)


def test_a_text_has_a_hundred_bytes_and_says_what_it_is_known_by() -> None:
    text = text_with(token_of(7, 123)).encode()
    assert len(text) == TEXT_CHARS
    assert (b'"' + text).startswith(MARK + b"007 0000123 ")
