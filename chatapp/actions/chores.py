"""What the running server does by itself now and then. One of all workers does each: who notes first that it is due."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask

from chatapp import db
from chatapp.actions.pruning import remove_abandoned, remove_orphans
from chatapp.models import Chore

LOOK_SECONDS = 30.0  # one small question by each worker

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Duty:
    """Something to do, and how often."""

    name: str
    every: timedelta
    work: Callable[[], object]


DUTIES = (
    Duty("remove-abandoned", timedelta(minutes=15), remove_abandoned),
    Duty("remove-orphans", timedelta(hours=1), remove_orphans),
)


class Chores:
    """Looks over and over what is due."""

    def __init__(self, app: Flask, duties: tuple[Duty, ...] = DUTIES) -> None:
        self._app = app
        self._duties = duties
        self._is_over = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin."""
        self._is_over.clear()
        self._thread = threading.Thread(target=self._run, name="chores", daemon=True)
        self._thread.start()

    def end(self) -> list[threading.Thread]:
        """Begin nothing more; what ends once that is done which was begun."""
        self._is_over.set()
        return [self._thread] if self._thread is not None else []

    def look(self) -> list[str]:
        """Do what is due and nobody else does; its names. What fails is written down, and due again as ever."""
        return [duty.name for duty in self._duties if self._does(duty)]

    def _run(self) -> None:
        while not self._is_over.wait(LOOK_SECONDS):
            self.look()

    def _does(self, duty: Duty) -> bool:
        try:
            with self._app.app_context():
                if not _is_ours(duty):
                    return False
                began = time.monotonic()
                duty.work()
                logger.info("chore done name=%s seconds=%.2f", duty.name, time.monotonic() - began)
        except Exception as error:  # noqa: BLE001 - whatever it was, the other duties and the next look must come
            logger.warning("chore failed name=%s error=%s", duty.name, type(error).__name__)
            return False
        return True


def init_app(app: Flask) -> None:
    """Give `app` its chores; nothing is done before `start`."""
    app.extensions["chatapp_chores"] = Chores(app)


def start(app: Flask) -> None:
    """Begin, in a worker."""
    app.extensions["chatapp_chores"].start()


def end(app: Flask) -> list[threading.Thread]:
    """Begin nothing more, as `Chores.end`."""
    running: Chores = app.extensions["chatapp_chores"]
    return running.end()


def _is_ours(duty: Duty) -> bool:
    if not Chore.is_due(duty.name):
        return False
    try:
        with db.transaction():
            return Chore.claim(duty.name, duty.every)
    except db.Conflict:
        return False
