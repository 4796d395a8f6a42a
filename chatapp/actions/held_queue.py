"""Held files are looked at in the background of a worker, one after the other."""

import logging
import threading

from flask import Flask, current_app

from chatapp.actions.held_files import AT_ONCE, look_at_next

POLL_SECONDS = 10.0  # for what a worker that died has left; what is sent here is looked at at once

logger = logging.getLogger(__name__)


class HeldQueue:
    """As many threads as files may be looked at. What the other workers do is known from the database alone."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._wanted = threading.Event()
        self._threads: list[threading.Thread] = []
        self._running = False

    def start(self) -> None:
        """Begin."""
        self._running = True
        self._threads = [threading.Thread(target=self._run, name="held files", daemon=True) for _ in range(AT_ONCE)]
        for thread in self._threads:
            thread.start()

    def end(self) -> list[threading.Thread]:
        """Begin nothing more; what ends once that is done which was begun. What is cut waits for its lease to end."""
        self._running = False
        self._wanted.set()
        return self._threads

    def soon(self) -> None:
        """Look now: a file has come."""
        self._wanted.set()

    def _run(self) -> None:
        while self._running:
            self._wanted.wait(POLL_SECONDS)
            self._wanted.clear()
            try:
                self._look_at_all()
            except Exception as error:  # noqa: BLE001 - whatever it was, the next file must be looked at all the same
                logger.warning("looking at files failed error=%s", type(error).__name__)

    def _look_at_all(self) -> None:
        is_more = True
        while is_more and self._running:
            with self._app.app_context():
                is_more = look_at_next()


def init_app(app: Flask) -> None:
    """Give `app` its queue; nothing runs before `start`."""
    app.extensions["chatapp_held_queue"] = HeldQueue(app)


def start(app: Flask) -> None:
    """Begin looking at files, in a worker."""
    app.extensions["chatapp_held_queue"].start()


def end(app: Flask) -> list[threading.Thread]:
    """Begin nothing more, as `HeldQueue.end`."""
    queue: HeldQueue = app.extensions["chatapp_held_queue"]
    return queue.end()


def look_soon() -> None:
    """Look at what has come, in the background."""
    current_app.extensions["chatapp_held_queue"].soon()
