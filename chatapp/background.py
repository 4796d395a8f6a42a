"""What a worker does beside answering: telling what was committed, looking at files, doing what falls due."""

from flask import Flask

from chatapp import metrics, realtime
from chatapp.actions import chores, held_queue
from chatapp.sockets import newcomers


def init_app(app: Flask) -> None:
    """Give `app` its queue, its chores and its recorder; nothing runs before `start`."""
    held_queue.init_app(app)
    chores.init_app(app)
    metrics.init_app(app, app.extensions["chatapp_settings"])


def start(app: Flask) -> None:
    """Begin all of it."""
    realtime.start(app)
    held_queue.start(app)
    chores.start(app)
    metrics.start(app)
    newcomers.start(app)


def stop(app: Flask) -> None:
    """End it; what is committed is told last."""
    metrics.stop(app)
    newcomers.stop(app)
    chores.stop(app)
    held_queue.stop(app)
    realtime.stop(app)
