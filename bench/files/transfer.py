"""Sending files and fetching them, as fast as a Python client can: the same way to the app and to the plain process."""

import json
import os
import socket
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

READ_BYTES = 262_144
PATIENCE_SECONDS = 120
END_OF_HEAD = b"\r\n\r\n"


@dataclass(frozen=True)
class Plain:
    """The way to the plain process."""

    port: int

    def put(self, path: Path) -> None:
        """Send this file; return when it is written."""
        size = path.stat().st_size
        with _connected(self.port) as connection:
            connection.sendall(f"put {size}\n".encode())
            _send_file(connection, path)
            connection.shutdown(socket.SHUT_WR)
            assert len(_rest(connection)) == 64

    def get(self, name: str, size: int) -> None:
        """Fetch this file."""
        with _connected(self.port) as connection:
            connection.sendall(f"get {name}\n".encode())
            _drain(connection, size)


@dataclass(frozen=True)
class Door:
    """The way of one signed-in person to a room of the app."""

    port: int
    room_id: int
    cookie: str
    csrf_token: str

    def put(self, path: Path) -> int:
        """Send this file in one request; the id of the upload."""
        query = urlencode({"client_id": uuid4(), "name": path.name})
        with _connected(self.port) as connection:
            head = {"Content-Length": path.stat().st_size, "Content-Type": "application/octet-stream"}
            connection.sendall(self._head("PUT", f"/rooms/{self.room_id}/uploads?{query}", head))
            _send_file(connection, path)
            answer = _rest(connection)
        assert answer.startswith(b"HTTP/1.1 201 "), answer
        upload: dict[str, Any] = json.loads(answer.partition(END_OF_HEAD)[2])["upload"]
        return int(upload["id"])

    def get(self, upload_id: int, size: int) -> None:
        """Fetch this upload."""
        with _connected(self.port) as connection:
            connection.sendall(self._head("GET", f"/uploads/{upload_id}/file", {}))
            head, _, begun = _until(connection, END_OF_HEAD)
            assert head.startswith(b"HTTP/1.1 200 "), head
            _drain(connection, size - len(begun))

    def delete(self, upload_id: int) -> None:
        """Take it back: the next one must find as much space as this one did."""
        with _connected(self.port) as connection:
            connection.sendall(self._head("DELETE", f"/uploads/{upload_id}", {}))
            answer = _rest(connection)
        assert answer.startswith(b"HTTP/1.1 200 "), answer

    def put_at_once(self, path: Path, count: int) -> list[int]:
        """Send it so many times side by side; the ids."""
        with ThreadPoolExecutor(count) as pool:
            return list(pool.map(self.put, [path] * count))

    def _head(self, method: str, target: str, fields: dict[str, object]) -> bytes:
        own = {"Host": f"127.0.0.1:{self.port}", "Cookie": self.cookie, "X-CSRFToken": self.csrf_token}
        lines = [f"{name}: {value}" for name, value in {**own, "Accept": "application/json", **fields}.items()]
        return "\r\n".join([f"{method} {target} HTTP/1.1", *lines, "Connection: close", "", ""]).encode()


@contextmanager
def another_process() -> Iterator[ProcessPoolExecutor]:
    """Somewhere to send from, so that whoever measures is not held up by it."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        pool.submit(os.getpid).result()
        yield pool


def _connected(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS)


def _send_file(connection: socket.socket, path: Path) -> None:
    with path.open("rb") as file:
        connection.sendfile(file)


def _until(connection: socket.socket, mark: bytes) -> tuple[bytes, bytes, bytes]:
    found = b""
    while mark not in found:
        chunk = connection.recv(READ_BYTES)
        assert chunk, found
        found += chunk
    return found.partition(mark)


def _rest(connection: socket.socket) -> bytes:
    return b"".join(iter(lambda: connection.recv(READ_BYTES), b""))


def _drain(connection: socket.socket, left: int) -> None:
    place = bytearray(READ_BYTES)
    while left:
        count = connection.recv_into(place, min(left, READ_BYTES))
        assert count, f"{left} bytes are missing"
        left -= count
