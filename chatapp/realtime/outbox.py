"""When: after commit, or never. And in one queue, so that a worker tells things in the order they were committed."""

import logging
import threading

from flask import Flask, current_app

from chatapp import db
from chatapp.realtime.announcements import Announcement
from chatapp.realtime.backlog import Backlog
from chatapp.realtime.bus import Bus
from chatapp.realtime.dispatch import dispatch

WAITING_MAX = 10_000  # announcements; what is refused is found by the tick, as what Redis lost
STOP_SECONDS = 5.0  # for what waits at the end, at most

logger = logging.getLogger(__name__)


class Outbox:
    """What was committed and is to be told.

    A thread of its own (a green one in a worker) tells it: an ack leaves when its handler returns, so telling inside
    the handler would make the sender wait for everyone else.
    """

    def __init__(self, app: Flask, bus: Bus) -> None:
        self._app = app
        self._bus = bus
        self._waiting = Backlog[Announcement](WAITING_MAX)
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Tell from a thread of its own from now on."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="outbox", daemon=True)
            self._thread.start()

    def stop(self, seconds: float = STOP_SECONDS) -> None:
        """Tell what waits, as far as so many seconds are enough, then end the thread."""
        if self._thread is not None:
            self._waiting.end()
            self._thread.join(timeout=max(0.0, min(seconds, STOP_SECONDS)))
            self._thread = None

    @property
    def waiting(self) -> int:
        """Announcements that are to be told."""
        return self._waiting.weight

    def put(self, announcement: Announcement) -> None:
        """Tell it, at once where no thread runs."""
        if self._thread is None:
            self._tell(announcement)
        elif not self._waiting.put(announcement):
            logger.warning("announcement dropped kind=%s", type(announcement).__name__)

    def _run(self) -> None:
        while (announcement := self._waiting.get()) is not None:
            self._tell(announcement)

    def _tell(self, announcement: Announcement) -> None:
        try:
            with self._app.app_context():
                dispatch(announcement)
        except Exception:
            # One that cannot be told must not silence all that follow, nor the other workers.
            logger.exception("delivery failed kind=%s", type(announcement).__name__)
        try:
            self._bus.publish(announcement)
        except Exception:
            logger.exception("publish failed kind=%s", type(announcement).__name__)


def announce(announcement: Announcement) -> None:
    """Tell it once the present transaction has committed, or never."""
    outbox: Outbox = current_app.extensions["chatapp_outbox"]
    db.after_commit(lambda: outbox.put(announcement))
