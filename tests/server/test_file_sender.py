"""Files leave whole, by the shortest way."""

import os
import socket
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from chatapp.storage import new_key
from chatapp.storage.contract import READ_BYTES
from chatapp.storage.disk import DiskStore
from tests.files import in_steps
from tests.server import stub
from tests.server.conftest import Launched, eventually

DATA = os.urandom(6 * 2**20 + 1)


@pytest.fixture
def key(tmp_path: Path) -> str:
    """Where DATA stands in the store."""
    key = new_key()
    DiskStore(tmp_path).put(key, in_steps(DATA))
    return key


@pytest.fixture
def served(launch: Callable[..., Launched], tmp_path: Path) -> Launched:
    """A worker that has the store."""
    return launch(**{stub.FOLDER: str(tmp_path)})


@pytest.mark.parametrize(
    ("start", "stop"),
    [(0, 0), (0, 1), (5, READ_BYTES + 5), (READ_BYTES, 2 * READ_BYTES + 1), (0, len(DATA)), (1_000_000, len(DATA))],
)
def test_every_stretch_arrives_as_it_is_and_the_connection_goes_on(
    served: Launched, key: str, start: int, stop: int
) -> None:
    address = urlsplit(served.url)
    connection = HTTPConnection(address.hostname or "", address.port, timeout=30)
    for _ in range(2):
        connection.request("GET", f"/files/{key}/{start}-{stop}")
        assert connection.getresponse().read() == DATA[start:stop]
    connection.close()
    # The head, and a piece, go by the usual way. Bytes are here before the other side has counted them.
    expected = 2 * max(0, stop - start - READ_BYTES)
    assert eventually(lambda: int(served.get("/left-by-the-system")) == expected)


def test_who_reads_slowly_gets_it_all_and_holds_nobody_up(served: Launched, key: str) -> None:
    with served.asked(f"/files/{key}/0-{len(DATA)}") as answer:
        begun = answer.read(100_000)
        assert int(served.get("/left-by-the-system")) < len(DATA) - READ_BYTES
        assert begun + answer.read() == DATA


def test_one_who_leaves_in_the_middle_leaves_no_traceback_and_no_open_file(
    served: Launched, key: str, tmp_path: Path
) -> None:
    address = urlsplit(served.url)
    with socket.create_connection((address.hostname, address.port), timeout=30) as connection:
        connection.sendall(f"GET /files/{key}/0-{len(DATA)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert connection.recv(1000)
    pid = served.worker_pids[-1]

    def open_files() -> list[str]:
        paths = [str(each.resolve()) for each in Path(f"/proc/{pid}/fd").iterdir()]
        return [path for path in paths if path.endswith(key)]

    eventually(lambda: not open_files())
    served.get("/pid")
    assert "Traceback" not in served.log
