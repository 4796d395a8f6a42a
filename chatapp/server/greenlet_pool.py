"""Greenlets that are used again and again: for work that comes often, is short, and may have to wait."""

import logging
from collections.abc import Callable
from typing import Any

from eventlet.event import Event
from eventlet.hubs import get_hub
from eventlet.support.greenlets import getcurrent, greenlet

IDLE_MAX = 64  # greenlets kept for the next burst; each holds some kilobytes of stack

Job = Callable[[], object]

logger = logging.getLogger(__name__)


class GreenletPool:
    """Runs each job at once in a greenlet that is idle, or in a new one."""

    def __init__(self) -> None:
        self._idle: list[greenlet] = []
        self._busy = 0
        self._all_done: Event | None = None
        self._next: Job = _nothing

    def wait(self) -> None:
        """Return when no job is under way."""
        if self._busy:
            self._all_done = self._all_done or Event()
            self._all_done.wait()

    def soon(self, job: Job) -> None:
        """Run `job` when this turn of the hub is over."""
        get_hub().schedule_call_global(0, self.run, job)

    def run(self, job: Job) -> None:
        """Run `job` until it waits for something, or ends. For the hub alone: everybody else would wait with it."""
        worker = self._idle.pop() if self._idle else greenlet(self._work, get_hub().greenlet)
        # Not by the switch: the first job would be remembered as long as the greenlet lives, and its socket with it.
        self._next = job
        worker.switch()

    def _work(self) -> None:
        hub: Any = get_hub()
        while True:
            self._busy += 1
            try:
                self._take()()
            except Exception:
                logger.exception("job failed")
            finally:
                self._ended()
            if len(self._idle) >= IDLE_MAX:
                return
            self._idle.append(getcurrent())
            hub.switch()  # until `run` has the next one

    def _take(self) -> Job:
        job, self._next = self._next, _nothing
        return job

    def _ended(self) -> None:
        self._busy -= 1
        if not self._busy and self._all_done is not None:
            self._all_done.send()
            self._all_done = None


def _nothing() -> None:
    """What is to be done next when nothing is."""
