"""Requests that never end: half a head, a head by the byte, a body by the byte. T27 of the threats."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import islice

from tests.attacks.raw import OPEN, Raw
from tests.attacks.target import Target

BYTE_SECONDS = 0.25
COME_AT_ONCE = 12  # in each quarter of a second: 50 tries a second
MOST_SECONDS = 130.0
HEAD = b"GET /up HTTP/1.1\r\nHost: x\r\nX: "
LENGTH = 100_000
FORM = "application/x-www-form-urlencoded"
UPLOAD = "uploads?client_id=f100d000-0000-4000-8000-000000000000&name=slow.txt"


def half_heads(target: Target, times: int) -> Iterator[str]:
    """Half a head, and nothing more."""
    yield from _slowly(target, [HEAD] * times, lambda _: b"")


def heads(target: Target, times: int) -> Iterator[str]:
    """A head, byte by byte."""
    yield from _slowly(target, [b""] * times, lambda nth: HEAD[nth : nth + 1] or b"y")


def bodies(target: Target, times: int) -> Iterator[str]:
    """Forms of strangers, forms and files of insiders, byte by byte."""
    yield from _slowly(target, [_head_of(target, number) for number in range(times)], lambda _: b"y")


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


def _slowly(target: Target, firsts: list[bytes], byte: Callable[[int], bytes]) -> Iterator[str]:
    with ExitStack() as stack:
        coming, here = iter(firsts), dict[Raw, int]()  # how much each has said since its first words
        until = time.monotonic() + MOST_SECONDS
        while time.monotonic() < until:
            for first in islice(coming, COME_AT_ONCE):
                raw = stack.enter_context(target.raw())
                raw.say(first)
                here[raw] = 0
            gone = [raw for raw, nth in here.items() if raw.has_ended() or not raw.say(byte(nth))]
            yield from [raw.answers() for raw in gone]
            here = {raw: nth + 1 for raw, nth in here.items() if raw not in gone}
            if not here:
                break
            time.sleep(BYTE_SECONDS)  # this is how slow they are
        yield from [OPEN] * len(here)
