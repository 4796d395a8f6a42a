"""A connection on which answers are not read: it ends, wholly."""

import os
import socket
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

from chatapp.storage import new_key
from chatapp.storage.disk import DiskStore
from tests.files import in_steps
from tests.server import stub
from tests.server.conftest import Launched, eventually

DATA = os.urandom(6 * 2**20 + 1)


def is_held(client: socket.socket) -> bool:
    """Whether some process still has the other end of it: what the system alone still sends belongs to nobody."""
    ends = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    ours = f":{client.getsockname()[1]:04X}"
    return any(end[2].endswith(ours) and end[9] != "0" for end in ends)


def test_one_who_takes_nothing_for_long_leaves_no_traceback_and_gives_up_the_place_at_once(
    launch: Callable[..., Launched], tmp_path: Path
) -> None:
    key = new_key()
    DiskStore(tmp_path).put(key, in_steps(DATA))
    launched = launch(**{stub.FOLDER: str(tmp_path), stub.SOCKET_TIMEOUT_SECONDS: "4"})
    address = urlsplit(launched.url)
    # A file, a long answer, and many that are short enough to wait in the server's own buffer.
    asked = [f"GET /files/{key}/0-{len(DATA)}"], ["GET /endless"], 2_000 * ["POST /page/15000"]
    with ExitStack() as stack:
        clients = [stack.enter_context(socket.socket()) for _ in asked]
        for client, lines in zip(clients, asked, strict=True):
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.connect((address.hostname, address.port))
            client.sendall("".join(f"{line} HTTP/1.1\r\nHost: x\r\n\r\n" for line in lines).encode())
            assert client.recv(12) == b"HTTP/1.1 200"
        began = time.monotonic()
        assert all(map(is_held, clients))
        eventually(lambda: not any(map(is_held, clients)))
        assert time.monotonic() - began < 7  # once four seconds, not for each time that something would be sent
    assert launched.get("/ended") == "1"
    assert "Traceback" not in launched.log
