"""One worker as the master sees it: a process, a link to it, and how long it has been silent."""

import logging
import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence

# What the master tells a worker in its environment.
WORKER_NUMBER = "CHATAPP_WORKER"
LISTENER_FD = "CHATAPP_LISTENER_FD"
LINK_FD = "CHATAPP_LINK_FD"

BACK_OFF_SECONDS = (0.0, 0.2, 0.5, 1.0, 2.0, 4.0)  # a crash loop must not eat the processor
STABLE_SECONDS = 10.0  # a worker that lived this long did not die of its start
STACK_SECONDS = 2.0  # what a hung worker gets to write where it hangs

logger = logging.getLogger(__name__)


class Child:
    """Worker number N: started, listened to, ended, and started again when it dies.

    The link is a pair of connected sockets: a byte from the worker each second says that its hub turns,
    and its end of the pair closes with the master, however the master died.
    """

    def __init__(self, number: int, command: Sequence[str], listener: socket.socket) -> None:
        self.number = number
        self.is_ready = False
        self._command = command
        self._listener = listener
        self._process: subprocess.Popen[bytes] | None = None
        self._link: socket.socket | None = None
        self._silent_seconds = 0.0
        self._is_condemned = False
        self._quick_deaths = 0
        self._started_at = 0.0
        self._start_at = 0.0

    @property
    def is_alive(self) -> bool:
        """True while its process runs."""
        return self._process is not None and self._process.poll() is None

    def start_if_due(self) -> None:
        """Start its process unless one is there or the brake still holds."""
        if self._process is None and time.monotonic() >= self._start_at:
            self._start()

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
            self.is_ready, self._silent_seconds = True, 0.0
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

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        ours.settimeout(0)
        with theirs:
            descriptors = (self._listener.fileno(), theirs.fileno())
            self._process = subprocess.Popen(self._command, env=self._environment(*descriptors), pass_fds=descriptors)
        self._link, self._started_at = ours, time.monotonic()
        self.is_ready, self._is_condemned, self._silent_seconds = False, False, 0.0
        logger.info("worker started worker=%d pid=%d", self.number, self._process.pid)

    def _environment(self, listener_fd: int, link_fd: int) -> Mapping[str, str]:
        told = {WORKER_NUMBER: self.number, LISTENER_FD: listener_fd, LINK_FD: link_fd}
        return os.environ | {name: str(value) for name, value in told.items()}

    def _beats(self) -> bytes:
        if self._link is None:
            return b""
        try:
            return self._link.recv(4096)
        except OSError:  # nothing said yet, or nobody left to say it
            return b""

    def _note_end(self, process: subprocess.Popen[bytes]) -> None:
        lived = time.monotonic() - self._started_at
        if lived > STABLE_SECONDS:
            self._quick_deaths = 0
        pause = BACK_OFF_SECONDS[min(self._quick_deaths, len(BACK_OFF_SECONDS) - 1)]
        self._quick_deaths += 1
        self._start_at = time.monotonic() + pause
        fact = "worker ended worker=%d pid=%d status=%s lived_seconds=%.1f back_off_seconds=%.1f"
        logger.warning(fact, self.number, process.pid, process.returncode, lived, pause)
