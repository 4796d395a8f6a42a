"""Any JSON to every event there is: T51 of the threats. The events are those of the access matrix."""

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import fields
from typing import Any
from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from websocket import ABNF

from chatapp.payloads import Command
from tests.attacks.raw import CUT, LEAKED, OPEN, UNHEARD, Raw
from tests.attacks.target import Target
from tests.matrix.table import COMMANDS

EVENTS = sorted({row.name for row in COMMANDS})
SOCKETS = 10  # each of another insider: an event of one may be told to wait
LAST = b'42999["nothing"]'  # answered in any case, so that silence is seen too
SLOW_DOWN, NO_ACK = "slow_down", "no ack"
SLOW_SECONDS = 0.1  # a socket has two events in that, a person half a post

LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
ANYTHING = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)
EDGES = st.sampled_from([0, -1, 2**31, 2**63 - 1, 2**63, 10**400, "", "\0", "\ud800", "x" * 20_000, True, 1.5, []])
WIRE = st.binary(max_size=200).map(lambda data: data.decode("latin-1"))


def every_event(target: Target, times: int) -> Iterator[str]:
    """So many payloads of each event; what each of them was answered."""
    with ExitStack() as stack:
        asking = Asking(target, stack)
        for event in EVENTS:
            yield from _fuzz(event, asking, times)


class Asking:
    """Sockets that ask in turn."""

    def __init__(self, target: Target, stack: ExitStack) -> None:
        self.den = target.den
        self._target = target
        self._stack = stack
        self._sockets = [stack.enter_context(target.insider(number)) for number in range(SOCKETS)]
        self._number = 0

    def ask(self, packet: str, *, is_event: bool) -> str:
        """What came of it. Who is told to wait does, as a browser."""
        while (answer := self._once(packet)) == SLOW_DOWN:
            time.sleep(SLOW_SECONDS)
        # What is no event may have no number, and then nothing can be acked.
        return answer if is_event or answer != NO_ACK else UNHEARD

    def _once(self, packet: str) -> str:
        self._number += 1
        place = self._number % SOCKETS
        raw = self._sockets[place]
        raw.frame(packet.encode("utf-8", "surrogatepass"))
        raw.frame(LAST)
        answer = _answer(raw)
        if answer.startswith("close") or answer == CUT:
            raw.close()
            self._sockets[place] = self._stack.enter_context(self._target.insider(place))
        return answer


def _fuzz(event: str, asking: Asking, times: int) -> list[str]:
    right = _right(event, asking.den)
    found = [asking.ask(f"420{json.dumps([event, right])}", is_event=True)]
    almost = st.dictionaries(st.sampled_from(sorted(right)), ANYTHING | EDGES, min_size=1, max_size=3)
    payloads = almost.map(lambda wrong: json.dumps([event, {**right, **wrong}]))
    others = st.lists(ANYTHING, max_size=3)
    nonsense = others.map(lambda each: json.dumps([event, *each])) | others.map(json.dumps) | WIRE
    for count, arguments in ((times - times // 4, payloads), (times // 4, nonsense)):

        @settings(max_examples=count, database=None, deadline=None, suppress_health_check=list(HealthCheck))
        @given(arguments)
        def ask(said: str) -> None:
            found.append(asking.ask(f"420{said}", is_event=said.startswith(f'["{event}"')))

        ask()
    return found


def _right(event: str, room_id: int) -> dict[str, Any]:
    """A payload that the event understands, with all its fields."""
    message = {"body": "fuzz", "client_id": str(uuid4()), "message_id": 1, "emoji": "👍"}
    given = {"room_id": room_id, "number": 1, **message}
    return {each.name: given.get(each.name) for each in fields(_command(event))}  # type: ignore[arg-type]


def _command(event: str) -> type[Command]:
    return next(each for each in Command.__subclasses__() if _event_of(each) == event)


def _event_of(command: Any) -> str:
    return str(command.event)


def _answer(raw: Raw) -> str:
    answer = NO_ACK
    try:
        for opcode, payload in raw.packets():
            if b"Traceback" in payload:
                return LEAKED
            if opcode == ABNF.OPCODE_CLOSE:
                return f"close {int.from_bytes(payload[:2])}"
            if payload.startswith(b"43999["):
                return answer
            if payload.startswith(b"430["):
                answer = _word(json.loads(payload[3:]))
    except TimeoutError:
        return OPEN
    return CUT


def _word(ack: list[dict[str, Any]]) -> str:
    return "ok" if ack[0]["ok"] else str(ack[0]["error"])
