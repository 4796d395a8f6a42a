"""The app to be measured, the plain process beside it, and a file to send."""

import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import ClassVar, Self
from uuid import uuid4

from bench.files.lag import Lag
from bench.files.talker import Talker
from bench.files.transfer import Door, Plain
from tests.journeys.protocol import Client
from tests.journeys.server import ARTEFACTS, ROOT, UNTHROTTLED, Server

EMAIL = "alice@example.org"
MB = 2**20
NAME = "film.bin"


class WatchedServer(Server):
    """chatapp, whose worker tells how long a greenlet waits for its turn."""

    program: ClassVar = ["-m", "bench.files.watched"]


class House:
    """A server with one worker and Alice in a room; the plain process; a file of `size_mb`. Close it."""

    def __init__(self, database_url: str, size_mb: int, **settings: str) -> None:
        self._stack = ExitStack()
        ARTEFACTS.mkdir(parents=True, exist_ok=True)
        # On the disk that the app would use: a folder for temporary files may be memory.
        self.folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-", dir=ARTEFACTS)))
        self.size = size_mb * MB
        self.lag = Lag.made(self.folder / "lag")
        most = {"UPLOAD_MAX_BYTES": str(self.size), "UPLOAD_QUOTA_MB": "100000", "UPLOAD_PERSON_QUOTA_MB": "100000"}
        here = {"DATABASE_URL": database_url, "STORAGE_URL": f"file://{self.folder / 'files'}"}
        settings = {**here, **most, **UNTHROTTLED, "BENCH_LAG": str(self.folder / "lag"), **settings}
        self.server = WatchedServer(f"bench-{uuid4().hex[:8]}", **settings)

    def __enter__(self) -> Self:
        self.server.migrate()
        self.server.create_user("Alice", email=EMAIL, is_admin=True)
        self.server.start()
        try:
            self._stack.callback(self.server.stop)
            self._client = Client(self.server.url, EMAIL)
            self._room_id = self._client.create_room("Films")
            (self.folder / NAME).write_bytes(os.urandom(self.size))
            self.plain_process, self.plain = self._start_plain()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def path(self) -> Path:
        """The file that is sent."""
        return self.folder / NAME

    @property
    def pid(self) -> int:
        """The worker's process."""
        return self.server.worker_pids[1]

    def door(self) -> Door:
        """Alice's way to the room."""
        cookie = "; ".join(f"{name}={value}" for name, value in self._client.cookies())
        token = self._client.get("/csrf-token").json["csrf_token"]
        return Door(self.server.port, self._room_id, cookie, token)

    def talker(self) -> Talker:
        """Somebody in another room than the one that files come to."""
        return Talker(self._client.wire(), self._client.create_room(f"Talk {uuid4().hex[:8]}"))

    def _start_plain(self) -> "tuple[subprocess.Popen[str], Plain]":
        command = [sys.executable, "-m", "bench.files.plain", str(self.folder)]
        pipe = subprocess.PIPE  # closed when the block ends: that is how it is told to go
        process = self._stack.enter_context(subprocess.Popen(command, cwd=ROOT, text=True, stdin=pipe, stdout=pipe))
        assert process.stdout is not None
        return process, Plain(int(process.stdout.readline()))
