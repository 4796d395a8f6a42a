"""What browsers are told, to whom, when, and how it reaches the other workers.

Actions call `broadcasts`; nothing else announces. An announcement waits for its commit (`outbox`), is delivered to
the sockets of this worker (`delivery`) and carried to the others (`bus`).
"""

from flask import Flask

from chatapp.config import Settings
from chatapp.realtime import delivery
from chatapp.realtime.bus import REDIS_TIMEOUT_SECONDS, Bus
from chatapp.realtime.known import Known
from chatapp.realtime.live import Live
from chatapp.realtime.outbox import Outbox
from chatapp.realtime.people_stream import PeopleStream, read_people
from chatapp.realtime.readings import Readings
from chatapp.realtime.room_streams import RoomStreams
from chatapp.realtime.tick import Tick


def init_app(app: Flask, settings: Settings) -> None:
    """Give `app` its streams, outbox, tick and bus; nothing runs before `start`."""
    streams = RoomStreams(app)
    readings = Readings()
    people = PeopleStream(tell=delivery.tell_everyone, read=read_people, soon=lambda: tick.soon())
    tick = Tick(app, streams, readings, people)
    live = Live.of(app, settings)
    bus = Bus(app, settings, on_up=[tick.soon, live.ask])
    app.extensions["chatapp_known"] = Known()
    app.extensions["chatapp_room_streams"] = streams
    app.extensions["chatapp_readings"] = readings
    app.extensions["chatapp_people_stream"] = people
    app.extensions["chatapp_tick"] = tick
    app.extensions["chatapp_live"] = live
    app.extensions["chatapp_bus"] = bus
    app.extensions["chatapp_outbox"] = Outbox(app, bus)


def start(app: Flask) -> None:
    """Begin delivering in the background. For a worker; without it, announcements are delivered at once."""
    for part in ("outbox", "bus", "tick"):
        app.extensions[f"chatapp_{part}"].start()
    app.extensions["chatapp_live"].pulse.start()


def stop(app: Flask, seconds: float) -> None:
    """Deliver what waits, then end the background work, within so many seconds."""
    app.extensions["chatapp_live"].pulse.stop()
    app.extensions["chatapp_tick"].stop()
    # The outbox fills the bus: whatever it takes, that has its own time after it.
    app.extensions["chatapp_outbox"].stop(seconds - REDIS_TIMEOUT_SECONDS)
    app.extensions["chatapp_bus"].stop()
    app.extensions["chatapp_room_streams"].end()
