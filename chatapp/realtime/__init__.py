"""What browsers are told, to whom, when, and how it reaches the other workers.

Actions call `broadcasts`; nothing else announces. An announcement waits for its commit (`outbox`), is delivered to
the sockets of this worker (`delivery`) and carried to the others (`bus`).
"""

from flask import Flask

from chatapp.config import Settings
from chatapp.realtime.bus import Bus
from chatapp.realtime.outbox import Outbox


def init_app(app: Flask, settings: Settings) -> None:
    """Give `app` its outbox and bus; nothing runs before `start`."""
    app.extensions["chatapp_bus"] = bus = Bus(app, settings)
    app.extensions["chatapp_outbox"] = Outbox(app, bus)


def start(app: Flask) -> None:
    """Begin delivering in the background. For a worker; without it, announcements are delivered at once."""
    app.extensions["chatapp_outbox"].start()
    app.extensions["chatapp_bus"].start()


def stop(app: Flask) -> None:
    """Deliver what waits, then end the background work."""
    app.extensions["chatapp_outbox"].stop()
    app.extensions["chatapp_bus"].stop()
