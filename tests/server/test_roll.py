"""SIGHUP: what lies on the disk now runs soon, and nobody notices."""

import os
import re
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import websocket

from tests.server import stub
from tests.server.conftest import DEADLINE_SECONDS, Launched, eventually, is_running

Launch = Callable[..., Launched]


@pytest.fixture
def code(tmp_path: Path) -> Path:
    """What stands for our code."""
    path = tmp_path / "code"
    path.write_text("old")
    return path


def reading(code: Path) -> dict[str, str]:
    """The environment of a server of this code, without pings in what a test waits for, and not for long."""
    return {stub.CODE: str(code), stub.PING_SECONDS: "600", stub.SETTLE_SECONDS: "0.2"}


def start_roll(launched: Launched, code: Path, says: str = "new") -> None:
    assert launched.url
    code.write_text(says)
    launched.master.send_signal(signal.SIGHUP)


def living(launched: Launched) -> list[int]:
    return [pid for pid in launched.worker_pids if is_running(pid)]


@contextmanager
def asked_all_the_time(launched: Launched, path: str) -> Iterator[set[str]]:
    """Each answer to those who come by a connection of their own meanwhile; empty is none."""
    answers: set[str] = set()
    is_over = threading.Event()

    def ask() -> None:
        while not is_over.is_set():
            answers.add(launched.answers(path))

    # Three, so that some have always just come.
    asking = [threading.Thread(target=ask) for _ in range(3)]
    for each in asking:
        each.start()
    try:
        yield answers
    finally:
        is_over.set()
        for each in asking:
            each.join()


def test_every_worker_is_replaced_and_there_is_always_a_ready_one(launch: Launch, code: Path) -> None:
    launched = launch(workers=2, **reading(code))
    connections = [launched.websocket() for _ in range(4)]
    first = launched.worker_pids
    with asked_all_the_time(launched, "/ready") as answers:
        start_roll(launched, code)
        eventually(lambda: "roll done workers=2" in launched.log)
    assert answers == {"ready"}
    assert not any(is_running(pid) for pid in first)
    assert len(living(launched)) == 2
    assert {launched.get("/code") for _ in range(20)} == {"new"}
    for connection in connections:
        assert connection.recv() == "1"  # Engine.IO: close; the browser comes back by itself
        assert connection.recv_frame().opcode == websocket.ABNF.OPCODE_CLOSE
    assert "worker ended" not in launched.log


def test_a_number_is_never_that_of_two_workers_at_once(launch: Launch, code: Path) -> None:
    launched = launch(workers=2, **reading(code))
    start_roll(launched, code)
    eventually(lambda: "roll done" in launched.log)
    here: set[str] = set()
    for fact, number in re.findall(r"worker (started|replaced) worker=(\d+)", launched.log):
        assert (number in here) == (fact == "replaced")
        here ^= {number}
    assert len(here) == 2


def test_a_worker_that_is_alone_is_replaced_without_a_moment_with_two_and_nobody_is_refused(
    launch: Launch, code: Path
) -> None:
    launched = launch(**reading(code))
    with asked_all_the_time(launched, "/code") as answers:
        start_roll(launched, code)
        eventually(lambda: "roll done workers=1" in launched.log)
    assert answers == {"old", "new"}
    old, new = launched.worker_pids
    told = [fact for fact in re.findall(r"(\w+ pid=\d+)", launched.log) if fact.startswith(("serving", "stopped"))]
    assert told == [f"serving pid={old}", f"stopped pid={old}", f"serving pid={new}"]


@pytest.mark.parametrize("workers", [1, 2])
def test_who_has_connected_and_said_nothing_yet_is_answered_by_the_next(
    launch: Launch, code: Path, workers: int
) -> None:
    launched = launch(workers=workers, **reading(code))
    address = urlsplit(launched.url)
    silent = [socket.create_connection((address.hostname, address.port), DEADLINE_SECONDS) for _ in range(8)]
    start_roll(launched, code)
    eventually(lambda: launched.log.count("worker replaced") == workers)
    for connection in silent:
        with connection:
            connection.sendall(b"GET /code HTTP/1.0\r\n\r\n")
            answer = b"".join(iter(partial(connection.recv, 4096), b""))
            assert answer.endswith(b"new"), answer


@pytest.mark.parametrize("workers", [1, 2])
def test_code_that_cannot_start_stops_the_roll_and_the_old_go_on(launch: Launch, code: Path, workers: int) -> None:
    launched = launch(workers=workers, **reading(code))
    connection = launched.websocket()
    first = launched.worker_pids
    start_roll(launched, code, says="broken")
    eventually(lambda: "roll stopped: a new worker does not get ready" in launched.log)
    assert "this worker cannot start" in launched.log
    assert living(launched) == first
    assert launched.get("/code") == "old"
    connection.send("40")
    assert connection.recv().startswith("40")
    # Mended, the next one comes through.
    start_roll(launched, code)
    eventually(lambda: f"roll done workers={workers}" in launched.log)
    assert launched.get("/code") == "new"


def test_code_that_ends_soon_stops_the_roll_before_the_last_old_one(launch: Launch, code: Path) -> None:
    launched = launch(workers=2, **reading(code) | {stub.SETTLE_SECONDS: "4"})
    assert launched.url
    first = launched.worker_pids
    start_roll(launched, code, says="worker 3 fails soon")
    eventually(lambda: "roll stopped: a new worker ended soon, 1 go on" in launched.log)
    assert is_running(first[1])


def test_however_often_it_is_told_meanwhile_one_more_roll_follows(launch: Launch, code: Path) -> None:
    launched = launch(**reading(code))
    start_roll(launched, code)
    eventually(lambda: "roll begins" in launched.log)
    for _ in range(20):
        launched.master.send_signal(signal.SIGHUP)
    code.write_text("newest")
    eventually(lambda: launched.log.count("roll done") == 2)
    assert launched.get("/code") == "newest"
    assert launched.log.count("roll begins") == 2


@pytest.mark.parametrize("workers", [1, 2])
def test_the_end_of_the_server_ends_a_roll(launch: Launch, code: Path, workers: int) -> None:
    launched = launch(workers=workers, **reading(code))
    connections = [launched.websocket() for _ in range(40)]  # as many pauses: two seconds to be in the midst of it
    start_roll(launched, code)
    eventually(lambda: "drain begins" in launched.log)
    launched.master.send_signal(signal.SIGTERM)
    assert launched.master.wait(DEADLINE_SECONDS) == 0
    assert living(launched) == []
    assert "roll done" not in launched.log
    assert "takes too long" not in launched.log
    assert all(connection.recv() == "1" for connection in connections)


def test_a_roll_asked_for_while_it_starts_comes_when_it_serves(launch: Launch, code: Path) -> None:
    launched = launch(**reading(code))
    eventually(lambda: launched.worker_pids)
    launched.master.send_signal(signal.SIGHUP)
    eventually(lambda: "roll done workers=1" in launched.log)
    assert launched.log.index("chatapp serves on") < launched.log.index("roll begins")


def test_a_closed_terminal_ends_the_server(launch: Launch) -> None:
    ours, theirs = os.openpty()
    with os.fdopen(ours, "rb", 0) as terminal, os.fdopen(theirs, "rb", 0) as stdin:
        launched = launch(stdin=stdin)
        assert launched.url
        terminal.close()
        launched.master.send_signal(signal.SIGHUP)
        assert launched.master.wait(DEADLINE_SECONDS) == 0
    assert "roll begins" not in launched.log
