"""Requests that never end: half a head, a head by the byte, a body by the byte. T27 of the threats."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count

from tests.attacks.raw import OPEN, Raw
from tests.attacks.target import Target

BYTE_SECONDS = 0.25
MOST_SECONDS = 130.0
HEAD = b"GET /up HTTP/1.1\r\nHost: x\r\nX: "
LENGTH = 100_000
FORM = "application/x-www-form-urlencoded"
UPLOAD = "uploads?client_id=f100d000-0000-4000-8000-000000000000&name=slow.txt"


def half_heads(target: Target, times: int) -> Iterator[str]:
    """Half a head, and nothing more."""
    yield from _slowly([(target.raw(), HEAD) for _ in range(times)], lambda _: b"")


def heads(target: Target, times: int) -> Iterator[str]:
    """A head, byte by byte."""
    yield from _slowly([(target.raw(), b"") for _ in range(times)], lambda nth: HEAD[nth : nth + 1] or b"y")


def bodies(target: Target, times: int) -> Iterator[str]:
    """Forms of strangers, forms and files of insiders, byte by byte."""
    yield from _slowly([(target.raw(), _head_of(target, number)) for number in range(times)], lambda _: b"y")


def _head_of(target: Target, number: int) -> bytes:
    cookie, origin = target.credentials(number)
    token = target.insiders[number % len(target.insiders)]._csrf_token()  # noqa: SLF001
    own = (cookie, origin, f"X-CSRFToken: {token}")
    line, *headers = (
        ("POST /login", f"Content-Type: {FORM}"),
        (f"POST /rooms/{target.den}/messages", f"Content-Type: {FORM}", *own),
        (f"PUT /rooms/{target.den}/{UPLOAD}", "Content-Type: application/octet-stream", *own),
    )[number % 3]
    return "\r\n".join([f"{line} HTTP/1.1", "Host: x", *headers, f"Content-Length: {LENGTH}", "", ""]).encode()


def _slowly(said: list[tuple[Raw, bytes]], byte: Callable[[int], bytes]) -> Iterator[str]:
    with ExitStack() as stack:
        here = [stack.enter_context(raw) for raw, _ in said]
        for raw, first in said:
            raw.say(first)
        until = time.monotonic() + MOST_SECONDS
        for nth in count():
            gone = [raw for raw in here if raw.has_ended() or not raw.say(byte(nth))]
            here = [raw for raw in here if raw not in gone]
            yield from [raw.answers() for raw in gone]
            if not here or time.monotonic() > until:
                break
            time.sleep(BYTE_SECONDS)  # this is how slow they are
        yield from [OPEN] * len(here)
