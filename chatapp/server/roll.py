"""A roll: every worker replaced by one that runs the code which lies on the disk now, without a moment without any."""

import logging
import signal
import time
from collections.abc import Callable

from chatapp.server.child import Child

# After each that has left: whoever it sent away is back by then, and the next new one may have the processor for its
# start. And a new worker that cannot serve has ended at its first requests: then the next old one stays.
SETTLE_SECONDS = 4.0

logger = logging.getLogger(__name__)


class Roll:
    """Replaces the workers of a crew one at a time. `turn` never waits: call it again and again until `is_over`.

    With `overlaps` a new worker serves before the old one leaves. Without, it waits, built and ready, until the old one
    has ended: of workers without a bus there must be one alone, for what is said at one never reaches the other.
    """

    def __init__(self, crew: list[Child], hire: Callable[[], Child], *, stop_seconds: float, overlaps: bool) -> None:
        self._crew = crew  # the master's own list: whoever leaves is in it no more
        self._hire = hire
        self._stop_seconds = stop_seconds
        self._overlaps = overlaps
        self._to_replace = list(crew)
        self._newcomers: list[Child] = []
        self._coming: Child | None = None
        self._leaving: Child | None = None
        self._leave_by = self._settled_at = 0.0
        self.is_over = False
        logger.info("roll begins workers=%d", len(crew))

    @property
    def others(self) -> list[Child]:
        """Those who are not in the crew: not yet, or no more."""
        return [child for child in (self._coming, self._leaving) if child is not None]

    def turn(self) -> None:
        """One step, if it is time for it."""
        if self._leaving is not None:
            self._await_end(self._leaving)
        elif self._coming is not None:
            self._await_readiness(self._coming)
        elif failed := next((child for child in self._newcomers if child.ends), None):
            self._give_up(failed, "a new worker ended soon")
        elif time.monotonic() < self._settled_at:
            pass
        elif self._to_replace:
            self._coming = self._hire()
            self._coming.start(is_held=not self._overlaps)
        else:
            self.is_over = True
            logger.info("roll done workers=%d", len(self._newcomers))

    def _await_readiness(self, coming: Child) -> None:
        if coming.has_ended():
            self._give_up(coming, "a new worker does not get ready")
        elif coming.is_ready:
            self._replace(self._to_replace.pop(0), coming)

    def _replace(self, old: Child, new: Child) -> None:
        self._leaving, self._leave_by = old, time.monotonic() + self._stop_seconds
        self._crew.remove(old)
        if self._overlaps:
            self._take_in(new)
            old.leave()
        else:
            # It serves the port until its end: nobody else does.
            old.end()

    def _await_end(self, leaving: Child) -> None:
        if leaving.has_ended() or not leaving.is_alive:
            self._leaving, self._settled_at = None, time.monotonic() + SETTLE_SECONDS
            if self._coming is not None:
                self._coming.let_go()
                self._take_in(self._coming)
        elif time.monotonic() > self._leave_by:
            logger.error("drain takes too long: ending the worker worker=%d", leaving.number)
            leaving.send(signal.SIGKILL)

    def _take_in(self, newcomer: Child) -> None:
        self._coming = None
        self._crew.append(newcomer)
        self._newcomers.append(newcomer)

    def _give_up(self, child: Child, why: str) -> None:
        self._coming, self.is_over = None, True
        fact = "roll stopped: %s, %d go on with the code they have; look at what it wrote before worker=%d"
        logger.error(fact, why, len(self._to_replace), child.number)
