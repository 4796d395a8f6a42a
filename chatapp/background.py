"""What a worker does beside answering: telling what was committed, looking at files, doing what falls due."""

import time

from flask import Flask

from chatapp import metrics, realtime
from chatapp.actions import chores, held_queue
from chatapp.sockets import newcomers

BEGUN_SECONDS = 3.0  # for a picture that is looked at, or a chore: who is cut leaves it to the next, some minutes later
TELL_SECONDS = 3.0  # of those there are: all that the others have committed until then is told by these two


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


def stop(app: Flask, seconds: float) -> None:
    """End it within so many seconds, 3 at least; what is committed is told last."""
    ends_at = time.monotonic() + seconds
    metrics.stop(app)
    newcomers.stop(app)
    # All are told before one is waited for: they end side by side.
    begun = [*chores.end(app), *held_queue.end(app)]
    begun_until = min(time.monotonic() + BEGUN_SECONDS, ends_at - TELL_SECONDS)
    for thread in begun:
        thread.join(max(0.0, begun_until - time.monotonic()))
    realtime.stop(app, ends_at - time.monotonic())
