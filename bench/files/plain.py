"""What the app is held against: one Python process that takes bytes from a socket, hashes and writes them, and one
loop of `sendfile`. `python -m bench.files.plain <folder>` prints its port, and serves until its input ends.

A connection is a line, `put <size>` or `get <name>`, and its bytes.
"""

import hashlib
import os
import socket
import sys
import threading
from pathlib import Path

STEP_BYTES = 65_536


def main() -> None:
    """Serve until whoever started it goes."""
    folder = Path(sys.argv[1])
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=_serve, args=(listener, folder), daemon=True).start()
    sys.stdout.write(f"{listener.getsockname()[1]}\n")
    sys.stdout.flush()
    sys.stdin.read()


def _serve(listener: socket.socket, folder: Path) -> None:
    while True:
        connection, _ = listener.accept()
        with connection:
            word, _, rest = _line(connection).partition(" ")
            if word == "put":
                connection.sendall(_take(connection, int(rest), folder / "taken").encode())
            else:
                _send(connection, folder / rest)


def _line(connection: socket.socket) -> str:
    line = b""
    while not line.endswith(b"\n"):
        line += connection.recv(1)
    return line.decode().strip()


def _take(connection: socket.socket, left: int, path: Path) -> str:
    sha256 = hashlib.sha256()
    with path.open("wb", buffering=0) as file:
        while left:
            chunk = connection.recv(min(left, STEP_BYTES))
            sha256.update(chunk)
            file.write(chunk)
            left -= len(chunk)
    path.unlink()
    return sha256.hexdigest()


def _send(connection: socket.socket, path: Path) -> None:
    with path.open("rb") as file:
        size, sent = os.fstat(file.fileno()).st_size, 0
        while sent < size:
            sent += os.sendfile(connection.fileno(), file.fileno(), sent, size - sent)


if __name__ == "__main__":
    main()
