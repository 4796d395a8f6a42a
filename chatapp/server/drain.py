"""The end of a worker: not ready, sockets closed over some seconds, requests finished."""

import logging
from collections.abc import Collection
from typing import Any

import eventlet
from eventlet.greenio import GreenSocket
from eventlet.greenthread import GreenThread
from flask import Flask

from chatapp.events import Down, ServerDraining
from chatapp.server.edge import DRAINING
from chatapp.server.greenlet_pool import GreenletPool

LONGEST_PAUSE_SECONDS = 0.05  # between two sockets: few of them need not wait for long
FINISH_SECONDS = 10.0  # what requests under way get after the sockets are closed

logger = logging.getLogger(__name__)


def drain(app: Flask, server: GreenThread, listener: GreenSocket, events: GreenletPool, *, spread_seconds: int) -> None:
    """Send everybody away: tell them, close sockets over `spread_seconds`, then the port, then the last requests.

    `events` are those that sockets brought and that are not answered yet.
    """
    _say_goodbye(app, spread_seconds)
    app.extensions[DRAINING] = True
    _close_sockets(_engine_sockets(app), spread_seconds)
    server.kill()
    # Before the last request ends: new connections must be refused, not queue where nobody accepts.
    listener.close()
    try:
        with eventlet.Timeout(FINISH_SECONDS):
            server.wait()
            events.wait()
    except eventlet.Timeout:
        logger.warning("drain cut the requests that took longer seconds=%.0f", FINISH_SECONDS)


def _say_goodbye(app: Flask, spread_seconds: int) -> None:
    fact = ServerDraining(spread_seconds=spread_seconds)
    try:
        app.extensions["socketio"].emit(Down.SERVER_DRAINING, fact.as_json())
    except Exception:
        # They learn of it when their sockets close; what cannot be told must not keep us from ending.
        logger.exception("drain could not be told")


def _engine_sockets(app: Flask) -> Collection[Any]:
    return list(app.extensions["socketio"].server.eio.sockets.values())


def _close_sockets(sockets: Collection[Any], spread_seconds: int) -> None:
    # At the engine: the browser then comes back by itself. After a Socket.IO disconnect it never would.
    # Spread: they all come back at once otherwise, to a worker that has just started.
    for socket in sockets:
        if socket.closed:
            continue
        eventlet.spawn_n(socket.close, wait=False)
        eventlet.sleep(min(spread_seconds / len(sockets), LONGEST_PAUSE_SECONDS))
