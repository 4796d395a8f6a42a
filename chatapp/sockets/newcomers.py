"""Connections that are open and nobody's socket yet: they have some seconds to say what a page says first."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, current_app

from chatapp.config import Settings
from chatapp.extensions import socketio
from chatapp.realtime import delivery
from chatapp.realtime.connections import connections
from chatapp.sockets.arrivals import ARRIVAL, Arrival

logger = logging.getLogger(__name__)

LATE = "nobody came in"  # to Engine.IO, and with the good-bye to whoever reads it
LOOK_SECONDS = 1.0


@dataclass
class Newcomers:
    """Those of one application, by Engine.IO's ids, in the order in which they came."""

    patience_seconds: float
    clock: Callable[[], float] = time.monotonic
    _waiting: dict[str, tuple[float, int]] = field(default_factory=dict)  # until when, and whose
    _of_user: dict[int, int] = field(default_factory=dict)  # how many

    def came(self, engine_sid: str, user_id: int) -> None:
        """A connection is open, with the sign-in of this person."""
        self._waiting[engine_sid] = (self.clock() + self.patience_seconds, user_id)
        self._of_user[user_id] = self._of_user.get(user_id, 0) + 1

    def went(self, engine_sid: str) -> None:
        """It is a socket now, or gone."""
        _, user_id = self._waiting.pop(engine_sid, (0.0, None))
        if user_id is not None:
            self._of_user[user_id] -= 1
            if not self._of_user[user_id]:
                del self._of_user[user_id]

    def count_of(self, user_id: int) -> int:
        """How many there are of a person."""
        return self._of_user.get(user_id, 0)

    def __len__(self) -> int:
        return len(self._waiting)

    def __contains__(self, engine_sid: str) -> bool:
        return engine_sid in self._waiting

    def overdue(self) -> list[str]:
        """Those who have waited long enough."""
        now, found = self.clock(), []
        for engine_sid, (until, _) in self._waiting.items():
            if until > now:
                break
            found.append(engine_sid)
        return found


class Usher(threading.Thread):
    """Sends away who is overdue, until `is_over`."""

    def __init__(self, waiting: Newcomers) -> None:
        super().__init__(name="usher", daemon=True)
        self._waiting = waiting
        self.is_over = threading.Event()

    def run(self) -> None:
        """Look again and again."""
        while not self.is_over.wait(LOOK_SECONDS):
            try:
                self.look()
            except Exception:
                # One that cannot be sent away must not let all others stay.
                logger.exception("usher failed")

    def look(self) -> None:
        """Send away who is overdue now, and who is in no book at all."""
        for engine_sid in self._waiting.overdue():
            self._waiting.went(engine_sid)
            delivery.hang_up_engine(engine_sid, LATE)
        for engine_sid in _strangers(self._waiting):
            logger.error("connection was in no book")
            delivery.hang_up_engine(engine_sid, LATE)


def _strangers(waiting: Newcomers) -> list[str]:
    """Open connections that nobody knows anything of. There should be none: whoever leaves one so has a fault."""
    engine_sids = list(socketio.server.eio.sockets)
    if len(engine_sids) <= len(connections) + len(waiting):
        return []
    manager = socketio.server.manager
    known = {manager.eio_sid_from_sid(sid, delivery.NAMESPACE) for sid in connections.sids()}
    return [each for each in engine_sids if each not in known and each not in waiting]


def init_app(app: Flask, settings: Settings) -> None:
    """Know who comes to the sockets of `app`; call it when they are there."""
    waiting = Newcomers(settings.connect_seconds)
    app.extensions["chatapp_newcomers"] = waiting
    app.extensions["chatapp_usher"] = Usher(waiting)
    engine = socketio.server.eio
    come, go = engine.handlers["connect"], engine.handlers["disconnect"]

    def came(engine_sid: str, environ: dict[str, Any]) -> object:
        arrival: Arrival | None = environ.get(ARRIVAL)
        if arrival is not None:
            waiting.came(engine_sid, arrival.guest.person.id)
        return come(engine_sid, environ)

    def went(engine_sid: str, reason: str) -> object:
        waiting.went(engine_sid)
        return go(engine_sid, reason)

    def is_nobody(engine_sid: str) -> None:
        # In the background: it is asked while Socket.IO works with what it has of it.
        socketio.start_background_task(delivery.hang_up_engine, engine_sid, LATE)

    engine.on("connect", came)
    engine.on("disconnect", went)
    socketio.server.manager.on_stranger = is_nobody


def start(app: Flask) -> None:
    """Begin to send away who is overdue, in a worker."""
    app.extensions["chatapp_usher"].start()


def stop(app: Flask) -> None:
    """End it."""
    app.extensions["chatapp_usher"].is_over.set()


def newcomers() -> Newcomers:
    """Those of the running application."""
    found: Newcomers = current_app.extensions["chatapp_newcomers"]
    return found
