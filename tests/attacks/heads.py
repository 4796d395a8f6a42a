"""Requests that can be read in two ways: T32 of the threats."""

from collections.abc import Iterator

from tests.attacks.target import Target
from tests.server.test_request_head import BAD_LINES, CHUNKED, UNSOUND

NEXT = b"GET /admin HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"  # what is to be smuggled in
BODY = b"0\r\n\r\n"
# One line in place of two, or two in place of one, for whoever ends lines elsewhere.
LINES = (
    *BAD_LINES,
    b"X: y\rContent-Length: 5",
    b"X: y\r\n folded: z",
    b"Transfer-Encoding:\x0bchunked",
    b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity",
    b"Content-Length: 0x5",
    b"Content-Length: 5 5",
    b"Host: x\r\nHost: y",
    b"Content-Length : 5",
)


def smuggling(target: Target, times: int) -> Iterator[str]:
    """Two lengths, folded lines, bare returns and codings: each with a second request behind it."""
    kinds = [b"Host: x\r\n" + line.encode() for line in (*UNSOUND.values(),)]
    kinds += [b"Host: x\r\n" + line for line in LINES]
    kinds += [f"Host: x\r\nTransfer-Encoding: {coding}".encode() for coding in CHUNKED]
    for number in range(times):
        with target.raw() as raw:
            raw.say(b"POST /login HTTP/1.1\r\n" + kinds[number % len(kinds)] + b"\r\n\r\n" + BODY + NEXT)
            yield raw.answers()
