"""The launcher around a tiny application, in processes of its own."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse
from pathlib import Path
from typing import IO, TypeVar
from urllib.parse import urlsplit

import pytest
import websocket

from tests.server import stub

ROOT = Path(__file__).resolve().parents[2]
DEADLINE_SECONDS = 30  # a second or two on an idle machine

T = TypeVar("T")


def eventually(question: Callable[[], T]) -> T:
    """The first true answer to `question`."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not (answer := question()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"never became true: {question}")
        time.sleep(0.02)
    return answer


def is_running(pid: int) -> bool:
    """Whether the process lives; one that nobody has waited for yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


class Launched:
    """A master with its workers."""

    def __init__(self, log: Path, stdin: IO[bytes] | int = subprocess.DEVNULL, **environment: str) -> None:
        self._log = log
        self._connections: list[websocket.WebSocket] = []
        with log.open("wb") as output:
            self.master = subprocess.Popen(
                [sys.executable, stub.__file__],
                env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
                stdin=stdin,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    @property
    def log(self) -> str:
        """All it said, master and workers."""
        return self._log.read_text()

    @property
    def url(self) -> str:
        """Where it serves, once it does."""
        found = eventually(lambda: re.search(r"chatapp serves on (\S+) with", self.log) or self._gone())
        return found[1]

    @property
    def worker_pids(self) -> list[int]:
        """Every worker it ever started, in that order."""
        return [int(pid) for pid in re.findall(r"worker started worker=\d+ pid=(\d+)", self.log)]

    @contextmanager
    def asked(self, path: str, headers: Mapping[str, str] | None = None) -> Iterator[HTTPResponse]:
        """The answer to a GET, its body unread."""
        address = urlsplit(self.url)
        with closing(HTTPConnection(address.hostname, address.port, timeout=DEADLINE_SECONDS)) as connection:
            connection.request("GET", path, headers=headers or {})
            yield connection.getresponse()

    def get(self, path: str) -> str:
        """The body at `path`."""
        with self.asked(path) as answer:
            return answer.read().decode()

    def answers(self, path: str) -> str:
        """The same, but empty when there is no answer."""
        with suppress(OSError, HTTPException):
            return self.get(path)
        return ""

    def raw(self, request: bytes) -> bytes:
        """What it says to these very bytes, until it closes."""
        address = urlsplit(self.url)
        with socket.create_connection((address.hostname, address.port), timeout=DEADLINE_SECONDS) as client:
            client.sendall(request)
            return b"".join(iter(lambda: client.recv(4096), b""))

    def websocket(self, **options: object) -> websocket.WebSocket:
        """An Engine.IO connection; the first packet, which opens it, is read."""
        address = self.url.replace("http", "ws", 1) + "/socket.io/?EIO=4&transport=websocket"
        connection = websocket.create_connection(address, timeout=DEADLINE_SECONDS, **options)
        self._connections.append(connection)
        assert connection.recv().startswith("0{")
        return connection

    def descriptors(self) -> int:
        """How many the newest worker has open."""
        return len(list(Path(f"/proc/{self.worker_pids[-1]}/fd").iterdir()))

    def end(self) -> None:
        """Kill the master; the workers then end by themselves."""
        for connection in self._connections:
            connection.shutdown()
        self.master.kill()
        self.master.wait()
        for pid in self.worker_pids:
            # Those that a test made deaf.
            with suppress(ProcessLookupError):
                if is_running(pid):
                    os.kill(pid, signal.SIGKILL)

    def _gone(self) -> None:
        if self.master.poll() is not None:
            raise RuntimeError(f"the master has ended\n{self.log}")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Launched]:
    """A launcher that runs, with one worker, for all tests of a file that leave it as it is."""
    launched = Launched(tmp_path_factory.mktemp("served") / "log")
    yield launched
    launched.end()


@pytest.fixture
def launch(tmp_path: Path) -> Iterator[Callable[..., Launched]]:
    """Starts a launcher; it is gone after the test."""
    with ExitStack() as stack:

        def start(workers: int = 1, stdin: IO[bytes] | int = subprocess.DEVNULL, **environment: str) -> Launched:
            launched = Launched(tmp_path / "log", stdin, **{stub.WORKERS: str(workers)}, **environment)
            stack.callback(launched.end)
            return launched

        yield start
