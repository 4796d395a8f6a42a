"""A real server in a process of its own, which a test may kill, pause and start again."""

import atexit
import os
import pwd
import random
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar, Self

from tests.parts.found import Binary, Provenance

START_SECONDS = 60  # a second on an idle machine; a busy one must not fail for it
STOP_SECONDS = 20
POLL_SECONDS = 0.05
# Below those that the system gives to outgoing connections: one could take the port during a restart.
PORTS = range(15_000, 32_000)
CHANCE = random.SystemRandom()  # tests seed the common one: all workers would then pick the same ports


class Server:
    """One server on 127.0.0.1, on the same port through all restarts.

    When the part's variable names a server, that one is used instead: it is not ours to stop or to kill.
    """

    variable: ClassVar[str]
    stop_signal: ClassVar[signal.Signals] = signal.SIGTERM

    def __init__(self) -> None:
        self.given_url = os.environ.get(self.variable)
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self._folder: Path | None = None

    @property
    def url(self) -> str:
        """Where clients connect."""
        return self.given_url or self.own_url

    @property
    def own_url(self) -> str:
        """Where clients connect to the server that we started."""
        raise NotImplementedError

    @property
    def provenance(self) -> Provenance:
        """What runs here and where it came from; asks the running server."""
        raise NotImplementedError

    def command(self) -> list[str]:
        """The command that serves until it gets `stop_signal`."""
        raise NotImplementedError

    def is_ready(self) -> bool:
        """Whether it answers now."""
        raise NotImplementedError

    def prepare(self) -> None:
        """Made once, before the first start: what the server needs in `folder`."""

    def owner(self) -> int | None:
        """The user id that it runs as; None for our own."""
        return None

    @property
    def folder(self) -> Path:
        """The server's own folder, with data and server.log: there from `start` to `close`."""
        if self._folder is None:
            raise RuntimeError("not started yet")
        return self._folder

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.folder / "server.log"

    @property
    def origin(self) -> str:
        """Where the server comes from."""
        return self.variable if self.given_url else self.binary.origin

    @property
    def binary(self) -> Binary:
        """The program that serves; asked for only when no server is given."""
        raise NotImplementedError

    def start(self) -> Self:
        """Itself, once it answers."""
        if self.given_url is None and not self.is_running():
            if self._folder is None:
                self._make_folder()
            self._spawn()
        self._wait_until_ready()
        return self

    def stop(self) -> None:
        """Stop it the orderly way; what it stored stays for the next start."""
        if self.is_running():
            self.resume()
            self._end_by(self.stop_signal)

    def kill(self) -> None:
        """Kill it without a word (SIGKILL)."""
        self._end_by(signal.SIGKILL)

    def pause(self) -> None:
        """Freeze it: it holds its connections and answers nothing (SIGSTOP)."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on after `pause`."""
        self._signal(signal.SIGCONT)

    def restart(self) -> Self:
        """Stop it when it runs, start it again on the same port; itself, once it answers."""
        self.stop()
        return self.start()

    def close(self) -> None:
        """Stop it and remove all that it left."""
        self.stop()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            atexit.unregister(self.close)
            self._folder = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.close()

    def is_running(self) -> bool:
        """Whether a process that we started lives."""
        return self.process is not None and self.process.poll() is None

    def run(self, command: list[str]) -> None:
        """Run a command to its end as the server's user, its words in server.log. Raises when it fails."""
        with self.log.open("ab") as log:
            subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **self._identity())

    def _make_folder(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="chatapp-part-", dir=folder_for_others()))
        atexit.register(self.close)
        if (owner := self.owner()) is not None:
            os.chown(self._folder, owner, -1)
        self.prepare()

    def _spawn(self) -> None:
        command = self.command()
        with self.log.open("ab") as log:
            # A session of its own: Ctrl-C at the terminal must not reach it before the tests have ended.
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self._identity(),
            )

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self.is_ready():
            if time.monotonic() > deadline:
                raise TimeoutError(f"no answer from {self.url}\n{self._last_words()}")
            time.sleep(POLL_SECONDS)
            if self.given_url is None and not self.is_running():
                # After a kill the children of the one before may hold its memory for a moment.
                self._spawn()

    def _end_by(self, how: signal.Signals) -> None:
        self._signal(how)
        process = self._ours()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _signal(self, what: signal.Signals) -> None:
        self._ours().send_signal(what)

    def _ours(self) -> subprocess.Popen[bytes]:
        if self.process is None:
            raise RuntimeError(f"{self.variable} names a server that is not ours to stop")
        return self.process

    def _identity(self) -> dict[str, Any]:
        """The options that make a process run as the owner, in a folder where it may be."""
        owner = self.owner()
        if owner is None:
            return {"cwd": self.folder}
        return {"cwd": self.folder, "user": owner, "group": pwd.getpwuid(owner).pw_gid, "extra_groups": []}

    def _last_words(self) -> str:
        if self.given_url is not None:
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-10:])


def free_port() -> int:
    """A port on 127.0.0.1 that nobody listens on."""
    while True:
        port = CHANCE.choice(PORTS)
        with socket.socket() as attempt:
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with suppress(OSError):
                attempt.bind(("127.0.0.1", port))
                return port


def folder_for_others() -> str:
    """A folder for temporary files that every user may enter: TMPDIR may lie in a home that is closed."""
    folder = Path(tempfile.gettempdir())
    return str(folder) if is_open_to_all(folder) else "/tmp"  # noqa: S108 - mkdtemp makes the name safe


def is_open_to_all(path: Path) -> bool:
    """Whether any user may pass through the path and all folders above it."""
    return all(each.stat().st_mode & stat.S_IXOTH for each in (path, *path.resolve().parents))
