"""Connections on which nothing is said: T7 and T27 of the threats, F24 of the faults."""

import time
from collections.abc import Iterator
from contextlib import ExitStack

from tests.attacks.target import Target

MOST_SECONDS = 135.0  # a connection that says nothing is the kernel's for 30 s, and then a worker's for 95
LOOK_SECONDS = 0.5


def handshakes(target: Target, times: int) -> Iterator[str]:
    """Half of them are strangers; the others have an account, and say nothing when they are let in."""
    with ExitStack() as stack:
        silent = []
        for number in range(times):
            raw = stack.enter_context(target.raw())
            cookie, origin = target.credentials(number // 2)
            if number % 2:
                answer = raw.upgrade(origin)
            else:
                target.pace()
                answer = raw.upgrade(cookie, origin)
            if answer == "HTTP 101":
                silent.append(raw)
            else:
                yield answer
        for raw in silent:
            yield raw.ending()


def connections(target: Target, times: int) -> Iterator[str]:
    """So many at once, on which not even a request comes."""
    with ExitStack() as stack:
        here = [stack.enter_context(target.raw()) for _ in range(times)]
        until = time.monotonic() + MOST_SECONDS
        while here and time.monotonic() < until:
            gone = [raw for raw in here if raw.has_ended()]
            here = [raw for raw in here if raw not in gone]
            yield from [raw.answers() for raw in gone]
            time.sleep(LOOK_SECONDS)  # between two looks
        for raw in here:
            # The kernel keeps those who say nothing, and may forget one without a word until they speak.
            raw.say(b"nonsense\r\n\r\n")
            yield raw.answers()
