"""The master: keeps N workers alive on one socket until a signal ends them all. Imports no eventlet."""

import logging
import os
import select
import signal
import socket
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import count as count_from

from chatapp.server.child import Child
from chatapp.server.listener import url_of
from chatapp.server.roll import Roll
from chatapp.server.signals import STOP_SIGNALS, ignore, signal_pipe

TURN_SECONDS = 0.2  # how soon a silence or a back-off that is over is noticed; signals wake us at once
STDIN = 0

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How long the master waits for its workers, in seconds."""

    start: float = 60.0  # imports on a cold, small machine, with migrations to check
    silent: float = 20.0  # a hub that has not turned for this long will not
    stop: float = 20.0  # platforms kill at 30, some at 25


class Supervisor:
    """N workers on one listening socket. `overlaps` says that more of them than N may serve for a while."""

    def __init__(
        self,
        command: Sequence[str],
        listener: socket.socket,
        workers: int,
        limits: Limits | None = None,
        *,
        overlaps: bool = False,
    ) -> None:
        self._command = command
        self._listener = listener
        self._limits = limits or Limits()
        self._overlaps = overlaps
        self._crew: list[Child] = []
        self._roll: Roll | None = None
        self._is_roll_wanted = False
        for _ in range(workers):
            self._crew.append(self._hire())
        self._had_terminal = os.isatty(STDIN)
        self._signals = signal_pipe(*STOP_SIGNALS, signal.SIGHUP, signal.SIGCHLD)
        self._is_up = False

    def run(self) -> int:
        """Keep the workers alive until SIGTERM or SIGINT, then drain them; the master's exit status.

        SIGHUP replaces them one at a time. It is 1 when a worker ended before all had been ready once: starting it
        again would not help.
        """
        status = self._keep_alive()
        self._stop()
        ignore(*STOP_SIGNALS)
        return status

    def _keep_alive(self) -> int:
        while True:
            for child in self._crew:
                child.start_if_due()
            before = time.monotonic()
            came = self._wait()
            if self._is_told_to_stop(came):
                return 0
            # One bit: however often we are told during a roll, one more brings what lies on the disk then.
            self._is_roll_wanted = self._is_roll_wanted or signal.SIGHUP in came
            # Silence is counted in our own turns: a machine that slept is not a worker that hung.
            elapsed = min(time.monotonic() - before, 5 * TURN_SECONDS)
            if self._look_after_all(elapsed) and not self._is_up:
                return 1
            self._announce_when_up()
            self._roll_on()

    def _hire(self) -> Child:
        # Old and new ones overlap: each has a number of its own, or nobody could tell their lines in the log apart.
        taken = {child.number for child in self._everybody()}
        return Child(next(number for number in count_from(1) if number not in taken), self._command, self._listener)

    def _everybody(self) -> list[Child]:
        return self._crew + (self._roll.others if self._roll is not None else [])

    def _is_told_to_stop(self, came: set[int]) -> bool:
        # By SIGHUP too where it says what it is named for: somebody has closed the terminal that we ran in.
        is_hung_up = signal.SIGHUP in came and self._had_terminal and not os.isatty(STDIN)
        return is_hung_up or bool(came & STOP_SIGNALS)

    def _roll_on(self) -> None:
        if self._roll is None and self._is_roll_wanted and self._is_up:
            self._is_roll_wanted = False
            self._roll = Roll(self._crew, self._hire, stop_seconds=self._limits.stop, overlaps=self._overlaps)
        if self._roll is not None:
            self._roll.turn()
            if self._roll.is_over:
                self._roll = None

    def _wait(self) -> set[int]:
        """The signals that came within one turn."""
        if not select.select([self._signals], [], [], TURN_SECONDS)[0]:
            return set()
        with suppress(BlockingIOError):
            return set(os.read(self._signals, 4096))
        return set()

    def _look_after_all(self, elapsed: float) -> bool:
        """True when a worker has ended."""
        for child in self._everybody():
            child.hear(elapsed)
            child.end_if_silent(self._limits.silent if child.is_ready else self._limits.start)
        ended = [child for child in self._crew if child.has_ended()]
        return bool(ended)

    def _announce_when_up(self) -> None:
        if self._is_up or not all(child.is_ready for child in self._crew):
            return
        self._is_up = True
        count = len(self._crew)
        logger.info("chatapp serves on %s with %d worker%s", url_of(self._listener), count, "s" if count > 1 else "")

    def _stop(self) -> None:
        # Ours too: as long as one copy is open, new connections would queue up where nobody accepts.
        self._listener.close()
        self._signal_all(signal.SIGTERM)
        deadline = time.monotonic() + self._limits.stop
        while any(child.is_alive for child in self._everybody()):
            self._wait()
            if time.monotonic() > deadline:
                logger.error("drain takes too long: ending the workers")
                self._signal_all(signal.SIGKILL)

    def _signal_all(self, number: signal.Signals) -> None:
        for child in self._everybody():
            child.send(number)
