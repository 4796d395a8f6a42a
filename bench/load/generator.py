"""The crowd's process, as whoever measures holds it."""

import json
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from bench.load.ledger import Wrongs
from bench.load.talk import Talk

ROOT = Path(__file__).resolve().parents[2]
Place = tuple[int, str]  # the room to come to, and the cookie to come with


class GeneratorEnded(Exception):
    """It could not do what it was told."""


class Generator:
    """A process that connects people to `ports` and lets them talk. Use it in a `with`."""

    def __init__(self, ports: list[int], dialect: str) -> None:
        self._first = {"ports": ports, "dialect": dialect}

    def __enter__(self) -> Self:
        pipe = subprocess.PIPE  # closed when the block ends: that is how it is told to go
        command = [sys.executable, "-m", "bench.load"]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, start_new_session=True)
        self._told(self._first)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if error is not None:
            self._process.kill()  # it may be in the middle of something
        with suppress(BrokenPipeError):
            self._process.communicate()

    def connect(self, places: list[Place]) -> int:
        """Bring these in; how often one of them was told to ask again later."""
        return int(self._told({"order": "connect", "places": places})["put_off"])

    def talk(self, seconds: float, senders: int) -> Talk:
        """Let this many in each room talk so long."""
        answer = self._told({"order": "talk", "seconds": seconds, "senders": senders})
        return Talk(**{**answer, "wrongs": Wrongs(**answer["wrongs"])})

    def _told(self, order: dict[str, Any]) -> dict[str, Any]:
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise RuntimeError("not started")
        stdin.write(json.dumps(order).encode() + b"\n")
        stdin.flush()
        line = stdout.readline()
        if not line:
            raise GeneratorEnded("the load generator has ended: what it said stands above")
        answer: dict[str, Any] = json.loads(line)
        return answer
