"""What is told a moment later, and much of it at once: typing and presence. A thread of its own (a green one) does it.

A handler only notes what it was told. So its ack waits for nobody, and however fast it is called, the sockets and the
other workers hear of it a few times a second.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence

from flask import Flask

BREATH_SECONDS = 0.25  # between two pulses: what comes meanwhile is told together
IDLE_SECONDS = 1.0  # leases end, though nobody says a word

logger = logging.getLogger(__name__)


class Pulse:
    """Calls each of `parts` now and then, and soon when there is news."""

    def __init__(self, app: Flask, parts: Sequence[Callable[[], None]]) -> None:
        self._app = app
        self._parts = parts
        self._news = threading.Event()
        self._running = False

    def start(self) -> None:
        """Begin."""
        if not self._running:
            self._running = True
            threading.Thread(target=self._run, name="pulse", daemon=True).start()

    def stop(self) -> None:
        """End, after a last time."""
        if self._running:
            self._running = False
            self._news.set()
            self.once()

    def soon(self) -> None:
        """There is news."""
        self._news.set()

    def once(self) -> None:
        """Call each part, once. What fails is written down and may succeed next time."""
        for part in self._parts:
            try:
                with self._app.app_context():
                    part()
            except Exception:
                # One part that fails must not silence the others, nor itself for ever.
                logger.exception("pulse failed")

    def _run(self) -> None:
        while self._running:
            self._news.wait(IDLE_SECONDS)
            self._news.clear()
            self.once()
            # Not for a condition: it bounds how often everybody is told, however often there is news.
            time.sleep(BREATH_SECONDS)
