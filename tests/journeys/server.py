"""The real thing: `python wsgi.py` in processes of its own, on a port of its own."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPException
from pathlib import Path
from typing import ClassVar, Self
from urllib.request import urlopen

from tests.command_line import run_command
from tests.journeys.waiting import eventually
from tests.parts.server import free_port
from tests.support import PASSWORD

ROOT = Path(__file__).resolve().parents[2]
ARTEFACTS = ROOT / "tests" / "artefacts"
STOP_SECONDS = 30  # the master gives its workers 20
# For clients that say in minutes what people say in hours.
_TALK = (
    "EVENTS_PER_SECOND",
    "EVENTS_BURST",
    "EVENTS_PER_PERSON",
    "EVENTS_PER_PERSON_BURST",
    "POSTS_PER_SECOND",
    "POSTS_BURST",
)
_COMING = ("SOCKETS_PER_PERSON", "HANDSHAKES_PER_PERSON")
UNTHROTTLED = dict.fromkeys((*_TALK, *_COMING), "100000")
STARTED = re.compile(r"worker started worker=(\d+) pid=(\d+)")


class Server:
    """chatapp, with nothing of this process's environment but where programs are.

    The port, the database and what a restart needs stay the same from `start` to `start`.
    """

    program: ClassVar = ["wsgi.py"]

    def __init__(self, name: str, **settings: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.root = ROOT  # where the code lies
        self._settings = settings
        ARTEFACTS.mkdir(parents=True, exist_ok=True)
        own_name = f"{name}-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
        # Of its own: a test looks at all there is.
        self.files = ARTEFACTS / f"files-{own_name}"
        shutil.rmtree(self.files, ignore_errors=True)
        self._log = ARTEFACTS / f"server-{own_name}.log"
        self._log.write_text("")
        self._master: subprocess.Popen[bytes] | None = None
        self._read_from = 0

    @property
    def log(self) -> str:
        """All it said, through all restarts."""
        return self._log.read_text(errors="replace")

    @property
    def worker_pids(self) -> dict[int, int]:
        """The process of each worker, by its number; the newest where one was started again."""
        return {int(number): int(pid) for number, pid in STARTED.findall(self.log)}

    def start(self) -> Self:
        """Itself, once every worker serves."""
        self._read_from = len(self.log)
        with self._log.open("ab") as output:
            # A group of its own: Ctrl-C at the terminal must not reach it before the tests have ended.
            self._master = subprocess.Popen(
                [sys.executable, *self.program],
                cwd=self.root,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        eventually(self._serves, what="the server serves")
        return self

    def stop(self) -> None:
        """End it as a platform does, by SIGTERM to the master; it must end well."""
        master, self._master = self._master, None
        if master is None:
            return
        master.terminate()
        try:
            status = master.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(master.pid, signal.SIGKILL)
            status = master.wait()
        assert status == 0, f"it ended with {status}\n{self._last_words()}"

    def restart(self) -> Self:
        """Stop it and start it again."""
        self.stop()
        return self.start()

    def reload(self) -> None:
        """Have every worker replaced (SIGHUP), as an update does; "roll done" in the log says when that is done."""
        assert self._master is not None
        self._master.send_signal(signal.SIGHUP)

    def kill_worker(self, number: int) -> None:
        """Kill a worker without a word (SIGKILL), as the kernel does when memory runs out."""
        os.kill(self.worker_pids[number], signal.SIGKILL)

    @contextmanager
    def only(self, worker: int) -> Iterator[None]:
        """While this lasts every new connection is this worker's: the others stand still (SIGSTOP)."""
        others = [pid for number, pid in self.worker_pids.items() if number != worker]
        try:
            signal_to(others, signal.SIGSTOP)
            yield
        finally:
            signal_to(others, signal.SIGCONT)

    def migrate(self) -> str:
        """Bring the database up to date; what the command says."""
        return self.command("migrate")

    def create_user(self, name: str, *, email: str, is_admin: bool = False) -> int:
        """The id of a new account, made as an operator makes it."""
        options = ["--admin"] if is_admin else []
        return int(self.command("create-user", "--email", email, "--name", name, *options, said=f"{PASSWORD}\n"))

    def command(self, *words: str, said: str = "") -> str:
        """What an operator's command answers."""
        run = run_command(words, self.environment, typed=said)
        assert run.returncode == 0, run.stderr
        return run.stdout

    @property
    def environment(self) -> dict[str, str]:
        """Everything it knows of the world."""
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "SECRET_KEY": "journeys-secret-of-at-least-32-characters",
            "CHATAPP_TELL_WORKER": "1",
            "STORAGE_URL": f"file://{self.files}",
            "DRAIN_SECONDS": "1",
            "LOG_FORMAT": "text",
            **self._settings,
        }

    def _serves(self) -> bool:
        assert self._master is not None
        assert self._master.poll() is None, f"it has ended\n{self._last_words()}"
        return f"chatapp serves on {self.url}" in self.log[self._read_from :] and self._is_ready()

    def _is_ready(self) -> bool:
        with suppress(OSError, HTTPException), urlopen(f"{self.url}/ready", timeout=5) as answer:  # noqa: S310
            return bool(answer.status == 200)
        return False

    def _last_words(self) -> str:
        return "\n".join(self.log.splitlines()[-20:])


def signal_to(pids: list[int], what: signal.Signals) -> None:
    """Send this to those of the processes that live."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, what)
