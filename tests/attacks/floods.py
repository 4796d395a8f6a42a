"""Events without end: T26 of the threats, F23 of the faults."""

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack

from websocket import ABNF

from tests.attacks.raw import CUT, OPEN, UNHEARD, Raw, frame
from tests.attacks.target import Target

AT_ONCE = 500  # events in one piece
SOCKETS = 16
EACH = 50  # posts of each of them at once
POSTS_BURST, POSTS_PER_SECOND = 20, 10  # of a person; the burst in each worker


def one_socket(target: Target, times: int) -> Iterator[str]:
    """One socket that says as much as fits into the wire, and comes back when it is sent away."""
    left, number = times, 0
    event = ["room:read", {"room_id": target.den, "number": 1, "generation": 0}]
    while left > 0:
        with target.insider(number) as raw:
            said = 0
            while said < left and raw.say(_events(event, said, AT_ONCE)):
                said += AT_ONCE
                if raw.has_ended() or _is_told_to_go(raw):
                    break
            acks = list(_acks(raw, said))
            yield from acks
            yield from [UNHEARD] * (said - sum(not ack.startswith("close") for ack in acks))
        left -= said
        number += 1


def one_person(target: Target, times: int) -> Iterator[str]:
    """One person who posts by many sockets at once: no more than that person may is taken."""
    began, taken = time.monotonic(), 0
    with ExitStack() as stack:
        here = [stack.enter_context(target.insider(1)) for _ in range(SOCKETS)]
        for done in range(0, times, SOCKETS * EACH):
            for nth, raw in enumerate(here):
                message = {"room_id": target.den, "body": "flood", "client_id": _client_id(done, nth)}
                raw.say(_events(["message:post", message], 0, EACH))
            ended = []
            for raw in here:
                for ack in _acks(raw, EACH):
                    taken += ack == "ok"
                    ended += [raw] if ack.startswith("close") else []
                    yield ack
            here = [raw for raw in here if raw not in ended]
            if taken > 2 * POSTS_BURST + POSTS_PER_SECOND * (time.monotonic() - began) + 1:
                yield "more was taken than one person may post"


def _client_id(done: int, nth: int) -> str:
    return f"f100d000-0000-4000-8000-{time.monotonic_ns() % 10**8:08d}{done // EACH % 100:02d}{nth:02d}"


def _events(event: list[object], first: int, count: int) -> bytes:
    numbers = range(first, first + count)
    return b"".join(frame(f"42{number}{_another(event, number)}".encode()) for number in numbers)


def _another(event: list[object], number: int) -> str:
    # Each post is one of its own: the same client id again would be the same message.
    return json.dumps(event).replace("f100d000", f"{number:08x}")


def _is_told_to_go(raw: Raw) -> bool:
    return b"too many events" in raw.heard


def _acks(raw: Raw, count: int) -> Iterator[str]:
    """What so many events came to, and the good-bye where there is one."""
    found = 0
    try:
        for opcode, payload in raw.packets():
            if opcode == ABNF.OPCODE_CLOSE:
                yield f"close {int.from_bytes(payload[:2])}"
                return
            if payload.startswith(b"43"):
                ack = json.loads(payload[payload.index(b"[") :])[0]
                yield "ok" if ack["ok"] else str(ack["error"])
                found += 1
                if found == count:
                    return
    except TimeoutError:
        yield OPEN
    else:
        yield CUT
