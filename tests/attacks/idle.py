"""Connections on which nothing is said: T7 and T27 of the threats, F24 of the faults."""

import time
from collections.abc import Iterator
from contextlib import ExitStack

from tests.attacks.raw import OPEN, Raw
from tests.attacks.target import Target

MOST_SECONDS = 130.0  # a connection that says nothing is given up after 95
LOOK_SECONDS = 0.5


def handshakes(target: Target, times: int) -> Iterator[str]:
    """Half of them are strangers; the others have an account, and say nothing when they are let in."""
    with ExitStack() as stack:
        silent = []
        for number in range(times):
            raw = stack.enter_context(target.raw())
            cookie, origin = target.credentials(number // 2)
            answer = raw.upgrade(origin) if number % 2 else raw.upgrade(cookie, origin)
            if answer == "HTTP 101":
                silent.append(raw)
            else:
                yield answer
        for raw in silent:
            yield raw.ending()


def connections(target: Target, times: int) -> Iterator[str]:
    """So many at once, on which not even a request comes."""
    with ExitStack() as stack:
        yield from ended(target, [stack.enter_context(target.raw()) for _ in range(times)])


def ended(target: Target, here: list[Raw], *, most_seconds: float = MOST_SECONDS) -> Iterator[str]:
    """How each of these is ended, as soon as it is."""
    until = time.monotonic() + most_seconds
    while here and time.monotonic() < until:
        gone = [raw for raw in here if raw.has_ended()]
        here = [raw for raw in here if raw not in gone]
        yield from [raw.answers() for raw in gone]
        time.sleep(LOOK_SECONDS)  # between two looks
    yield from [OPEN] * len(here)
