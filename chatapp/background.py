"""What a worker does beside answering: telling what was committed, and looking at files."""

from flask import Flask

from chatapp import realtime
from chatapp.actions import held_queue


def start(app: Flask) -> None:
    """Begin all of it."""
    realtime.start(app)
    held_queue.start(app)


def stop(app: Flask) -> None:
    """End it; what is committed is told last."""
    held_queue.stop(app)
    realtime.stop(app)
