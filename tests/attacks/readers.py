"""Who asks for much and reads nothing, or a byte now and then: T28 of the threats, F12 of the faults."""

import time
from collections.abc import Iterator
from contextlib import ExitStack

from tests.attacks.raw import CUT, OPEN, Raw
from tests.attacks.target import Target

RECEIVE_BYTES = 4_096
ROUND_SECONDS = 0.5  # between two questions; an answer is 400 KB, and work
AT_FIRST = 32  # questions of all of them at once: most of it goes into the buffers in between
MOST_SECONDS = 60.0
SIP_BYTES = 10


def slow(target: Target, times: int) -> Iterator[str]:
    """Sockets that ask again and again for all that was said, and read nothing of it."""
    yield from _read_badly(target, times, sip=0)


def trickle(target: Target, times: int) -> Iterator[str]:
    """The same, but each reads ten bytes a few times a second."""
    yield from _read_badly(target, times, sip=SIP_BYTES)


def _read_badly(target: Target, times: int, *, sip: int) -> Iterator[str]:
    with ExitStack() as stack:
        here = [stack.enter_context(target.insider(n, receive_bytes=RECEIVE_BYTES)) for n in range(times)]
        for raw in here * (AT_FIRST // times):
            _asks(raw, target.den, 0)
        until = time.monotonic() + MOST_SECONDS
        while here and time.monotonic() < until:
            gone = [raw for raw in here if not _asks(raw, target.den, sip)]
            here = [raw for raw in here if raw not in gone]
            yield from [CUT] * len(gone)
            time.sleep(ROUND_SECONDS)  # the rhythm in which they ask
        yield from [OPEN] * len(here)


def _asks(raw: Raw, room_id: int, sip: int) -> bool:
    if sip:
        raw.hear(sip)
        raw.heard.clear()
    return raw.frame(f'420["room:open",{{"room_id":{room_id},"since":0}}]'.encode())
