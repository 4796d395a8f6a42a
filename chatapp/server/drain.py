"""The end of a worker: not ready, sockets closed over some seconds, requests finished."""

import logging
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import eventlet
from eventlet.greenthread import GreenThread
from flask import Flask

from chatapp.events import Down, ServerDraining
from chatapp.server.door import Door
from chatapp.server.edge import DRAINING
from chatapp.server.greenlet_pool import GreenletPool

LONGEST_PAUSE_SECONDS = 0.05  # between two sockets: few of them need not wait for long
FINISH_SECONDS = 10.0  # what requests under way get after the sockets are closed, if there is so much

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Draining:
    """What ends: the app, who accepts on which listener, and the sockets' events that are not answered yet.

    All of it by `ends_at`, as `time.monotonic` counts.
    """

    app: Flask
    server: GreenThread
    listener: Door
    events: GreenletPool
    ends_at: float

    @property
    def seconds_left(self) -> float:
        """Until then."""
        return max(0.0, self.ends_at - time.monotonic())


def drain(worker: Draining, *, spread_seconds: int) -> None:
    """Send everybody away: tell them, close sockets over `spread_seconds`, then the port, then the last requests."""
    _send_away(worker, spread_seconds)
    # Before the last request ends: new connections must be refused, not queue where nobody accepts.
    _stop_accepting(worker)
    _finish(worker)


def hand_over(worker: Draining, *, spread_seconds: int) -> None:
    """The same where others serve the port: the port first, so that whoever comes now comes to them.

    Nobody is told that we are not ready: who looks after our health would take the whole server for draining.
    """
    _stop_accepting(worker)
    _send_away(worker, spread_seconds)
    _finish(worker)


def _send_away(worker: Draining, spread_seconds: int) -> None:
    _say_goodbye(worker.app, spread_seconds)
    worker.app.extensions[DRAINING] = True
    close_sockets(_engine_sockets(worker.app), spread_seconds, ends_at=worker.ends_at)


def _stop_accepting(worker: Draining) -> None:
    # Once: a second time it would not wait for the requests under way.
    with worker.listener.closing():
        worker.server.kill()
    worker.listener.close()


def _finish(worker: Draining) -> None:
    seconds = min(FINISH_SECONDS, worker.seconds_left)
    try:
        with eventlet.Timeout(seconds):
            worker.server.wait()
            worker.events.wait()
    except eventlet.Timeout:
        logger.warning("drain cut the requests that took longer seconds=%.0f", seconds)


def _say_goodbye(app: Flask, spread_seconds: int) -> None:
    fact = ServerDraining(spread_seconds=spread_seconds)
    try:
        app.extensions["socketio"].emit(Down.SERVER_DRAINING, fact.as_json())
    except Exception:
        # They learn of it when their sockets close; what cannot be told must not keep us from ending.
        logger.exception("drain could not be told")


def _engine_sockets(app: Flask) -> Collection[Any]:
    return list(app.extensions["socketio"].server.eio.sockets.values())


def close_sockets(
    sockets: Collection[Any],
    spread_seconds: float,
    *,
    ends_at: float,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], object] = eventlet.sleep,
) -> None:
    """Close them over so many seconds, sooner when they are few. What is open at `ends_at` closes with the process.

    At the engine: the browser then comes back by itself. After a Socket.IO disconnect it never would.
    Spread: they all come back at once otherwise, to a worker that has just started.
    """
    next_at = clock()
    for socket in sockets:
        if socket.closed:
            continue
        if clock() > ends_at:
            logger.warning("drain left sockets to the end of the process")
            break
        eventlet.spawn_n(socket.close, wait=False)
        # By the clock: each pause ends a little late, and of thousands that would be more time than there is.
        next_at += min(spread_seconds / len(sockets), LONGEST_PAUSE_SECONDS)
        sleep(max(0.0, next_at - clock()))
