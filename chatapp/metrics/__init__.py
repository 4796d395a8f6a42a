"""What a monitoring reads at `/metrics`: the numbers of all workers of this server, whichever answers.

Workers do not ask each other: each writes its numbers into a file now and then, in a folder that the master made, and
whoever is asked adds them up. Redis would do as well, but is away just when one wants to know. A worker that is started
again goes on counting where the one before it stopped, so that no sum ever falls; what it held at that moment, such as
connections, is gone with it.
"""

from flask import Flask, current_app

from chatapp.config import Settings
from chatapp.metrics.exposition import exposition, hold_library
from chatapp.metrics.recorder import Recorder

CONTENT_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8"

__all__ = ["CONTENT_TYPE", "init_app", "start", "stop", "text"]


def init_app(app: Flask, settings: Settings) -> None:
    """Give `app` its recorder; nothing is written before `start`."""
    app.extensions["chatapp_metrics"] = Recorder(app, settings)
    if settings.metrics_token:
        hold_library()


def start(app: Flask) -> None:
    """Begin writing numbers down, where somebody may read them."""
    app.extensions["chatapp_metrics"].start()


def stop(app: Flask) -> None:
    """End it, with the last ones."""
    app.extensions["chatapp_metrics"].stop()


def text() -> bytes:
    """The numbers of all workers, as OpenMetrics."""
    recorder: Recorder = current_app.extensions["chatapp_metrics"]
    return exposition(recorder.all_workers())
