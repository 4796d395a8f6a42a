"""`python -m bench.load`: takes orders by its input, one line of JSON each, answers each by one; ends with its input.

It is started by `bench/load/generator.py`.
"""

import json
import os
import sys
from contextlib import suppress
from typing import Any

from bench.load.crowd import Crowd
from bench.load.dialects import DIALECTS
from bench.load.readers import Orders
from bench.load.talk import talk

IDLE_SECONDS = 1.0


def main() -> None:
    """Obey until there is nobody to obey; pings are answered meanwhile."""
    orders = Orders(sys.stdin.fileno())
    while not orders.lines:
        orders.read()
    first = json.loads(orders.lines.popleft())
    crowd = Crowd(first["ports"], DIALECTS[first["dialect"]])
    crowd.register(sys.stdin.fileno(), orders)
    _answer({})
    with suppress(EOFError):
        while True:
            while orders.lines:
                _answer(_obey(crowd, json.loads(orders.lines.popleft()), is_acked=first["dialect"] == "ours"))
            crowd.turn(IDLE_SECONDS)


def _obey(crowd: Crowd, order: dict[str, Any], *, is_acked: bool) -> dict[str, object]:
    if order["order"] == "connect":
        before = crowd.put_off_count
        seconds = crowd.connect((room, cookie) for room, cookie in order["places"])
        return {"seconds": seconds, "put_off": crowd.put_off_count - before}
    else:
        return talk(crowd, order["seconds"], order["senders"], is_acked=is_acked).as_json()


def _answer(answer: dict[str, object]) -> None:
    os.write(sys.stdout.fileno(), json.dumps(answer).encode() + b"\n")


if __name__ == "__main__":
    main()
