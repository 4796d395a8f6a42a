"""What whoever measures asks of a server."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import ClassVar, Self

from bench.load.generator import ROOT, Place

STOP_SECONDS = 15.0


class Missing(Exception):
    """This server cannot run here; the words say what it lacks."""


class Contender:
    """One server. Use it in a `with`; then `ports` are where it listens."""

    name: ClassVar[str]
    dialect: ClassVar[str] = "relay"

    def __init__(self) -> None:
        self.ports: list[int] = []
        self.pids: list[int] = []
        self.stack = ExitStack()

    @property
    def helper_pids(self) -> dict[str, int]:
        """The processes that serve it: what they cost stands in columns of their own."""
        return {}

    def start(self) -> None:
        """Serve, with what was entered into `stack`."""
        raise NotImplementedError

    def places(self, rooms: int, members: int) -> list[Place]:
        """Where so many people go, room by room in turn, and with which cookie."""
        return [(1 + number % rooms, "") for number in range(rooms * members)]

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stack.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stack.close()
        self.ports, self.pids = [], []


class Program(Contender):
    """One that says its port on a line, and ends when its input does."""

    def command(self) -> Sequence[str]:
        """What serves."""
        return [sys.executable, "-m", f"bench.contenders.{self.name}_program"]

    def environment(self) -> dict[str, str]:
        """What it knows of the world beside where programs are."""
        return {}

    def start(self) -> None:
        """Serve in one process."""
        self.spawn()

    def spawn(self) -> None:
        """Start one more of its processes, and take its port."""
        log = self.stack.enter_context(tempfile.TemporaryFile(dir=_folder()))  # noqa: SIM115 - the stack closes it
        environment = {"PATH": os.environ.get("PATH", os.defpath), **self.environment()}
        pipe = subprocess.PIPE
        process = subprocess.Popen(
            self.command(), cwd=ROOT, env=environment, stdin=pipe, stdout=pipe, stderr=log, start_new_session=True
        )
        self.stack.callback(_end, process)
        line = process.stdout.readline() if process.stdout else b""
        if not line:
            log.seek(0)
            raise Missing(f"{self.name} does not start: {log.read()[-500:].decode(errors='replace')}")
        self.ports.append(int(line))
        self.pids.append(process.pid)


def _end(process: "subprocess.Popen[bytes]") -> None:
    if process.stdin is not None:
        process.stdin.close()
    if process.stdout is not None:
        process.stdout.close()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise


def _folder() -> Path:
    folder = ROOT / "tests" / "artefacts"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
