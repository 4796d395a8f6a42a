"""One worker as the master sees it: a process, a link to it, and how long it has been silent."""

import logging
import os
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress

from chatapp.server.brake import Brake

# What the master tells a worker in its environment.
WORKER_NUMBER = "CHATAPP_WORKER"
LISTENER_FD = "CHATAPP_LISTENER_FD"
LINK_FD = "CHATAPP_LINK_FD"
HELD = "CHATAPP_HELD"  # set: build everything, then wait for the word

# What it tells it later, over the link.
SERVE = b"s"  # to one that is held
LEAVE = b"l"  # others serve the port from now on

STACK_SECONDS = 2.0  # what a hung worker gets to write where it hangs
MANY_ENDS = 3  # one after another, without a good life between: then no chance did it

logger = logging.getLogger(__name__)


class Child:
    """Worker number N: started, listened to, ended, and started again when it dies.

    The link is a pair of connected sockets: a byte from the worker each second says that its hub turns,
    and its end of the pair closes with the master, however the master died.
    """

    def __init__(self, number: int, command: Sequence[str], listener: socket.socket) -> None:
        self.number = number
        self._command = command
        self._listener = listener
        self._process: subprocess.Popen[bytes] | None = None
        self._link: socket.socket | None = None
        self._silent_seconds = 0.0
        self._is_condemned = False
        self._brake = Brake()
        self._served_since: float | None = None
        self._is_leaving = False

    @property
    def is_alive(self) -> bool:
        """True while its process runs."""
        return self._process is not None and self._process.poll() is None

    @property
    def is_ready(self) -> bool:
        """True from its first beat until it is started again."""
        return self._served_since is not None

    @property
    def ends(self) -> int:
        """How often it has ended by itself, without a good life between."""
        return self._brake.ends

    def start_if_due(self) -> None:
        """Start its process unless one is there or the brake still holds."""
        if self._process is None and self._brake.is_off:
            self.start()

    def start(self, *, is_held: bool = False) -> None:
        """Start its process; one that is held builds everything, is ready then, and serves when it is let go."""
        ours, theirs = socket.socketpair()
        ours.settimeout(0)
        told = {WORKER_NUMBER: self.number, LISTENER_FD: self._listener.fileno(), LINK_FD: theirs.fileno()}
        environment = os.environ | {name: str(value) for name, value in told.items()} | ({HELD: "1"} if is_held else {})
        with theirs:
            inherited = (self._listener.fileno(), theirs.fileno())
            self._process = subprocess.Popen(self._command, env=environment, pass_fds=inherited)
        self._link, self._served_since = ours, None
        self._is_condemned, self._silent_seconds = False, 0.0
        logger.info("worker started worker=%d pid=%d", self.number, self._process.pid)

    def let_go(self) -> None:
        """Let it serve, if it is held."""
        self._tell(SERVE)

    def leave(self) -> None:
        """Have it end, while others serve the port."""
        self._is_leaving = True
        self._tell(LEAVE)

    def end(self) -> None:
        """Have it end, while nobody else serves the port."""
        self._is_leaving = True
        self.send(signal.SIGTERM)

    def has_ended(self) -> bool:
        """True once for each end of its process; it is due again after the brake."""
        if self._process is None or self.is_alive:
            return False
        self._note_end(self._process)
        if self._link is not None:
            self._link.close()
        self._process, self._link = None, None
        return True

    def hear(self, elapsed_seconds: float) -> None:
        """Take in its beats. `elapsed_seconds` is the time since the last call."""
        if self._beats():
            self._silent_seconds = 0.0
            self._served_since = self._served_since or time.monotonic()
        else:
            self._silent_seconds += elapsed_seconds

    def end_if_silent(self, limit_seconds: float) -> None:
        """End it when it has been silent for longer than that; first it writes where it hangs."""
        if self._silent_seconds <= limit_seconds or not self.is_alive:
            return
        if not self._is_condemned:
            self._is_condemned = True
            logger.error("worker hangs worker=%d silent_seconds=%.1f", self.number, self._silent_seconds)
            self.send(signal.SIGABRT)
        elif self._silent_seconds > limit_seconds + STACK_SECONDS:
            self.send(signal.SIGKILL)

    def send(self, number: signal.Signals) -> None:
        """Send its process a signal; nothing happens when it has ended."""
        if self._process is not None:
            self._process.send_signal(number)

    def _tell(self, word: bytes) -> None:
        if self._link is not None:
            with suppress(OSError):  # it has ended, which is noticed elsewhere
                self._link.send(word)

    def _beats(self) -> bytes:
        if self._link is None:
            return b""
        try:
            return self._link.recv(4096)
        except OSError:  # nothing said yet, or nobody left to say it
            return b""

    def _note_end(self, process: subprocess.Popen[bytes]) -> None:
        if self._is_leaving:
            logger.info("worker replaced worker=%d pid=%d status=%s", self.number, process.pid, process.returncode)
        else:
            self._note_failure(process)

    def _note_failure(self, process: subprocess.Popen[bytes]) -> None:
        served = time.monotonic() - self._served_since if self._served_since is not None else 0.0
        pause, ends = self._brake.note_end(served), self._brake.ends
        fact = "worker ended worker=%d pid=%d status=%s served_seconds=%.1f ends=%d back_off_seconds=%.1f"
        logger.warning(fact, self.number, process.pid, process.returncode, served, ends, pause)
        if ends >= MANY_ENDS:
            advice = what_to_look_at(process.returncode)
            logger.error("worker keeps ending worker=%d ends=%d advice=%s", self.number, ends, advice)


def what_to_look_at(status: int) -> str:
    """Where the cause stands of an end with this status, as `subprocess` gives it."""
    if status == -signal.SIGKILL:
        return "it was killed, look at the memory of this machine (the kernel's log says so)"
    if status < 0:
        return f"it was ended by {signal.Signals(-status).name}, look at what it wrote before"
    if status == 0:
        return "it was told to end, look for who sends it signals"
    return "it failed, look at the traceback before this line and at what was deployed last"
