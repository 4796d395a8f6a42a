"""Every two seconds: what the bus may have lost is found in the database.

With Redis down or restarted everything still arrives this much later, and a right that was taken away elsewhere ends
here. One query each for the rooms' heads, the sign-ins, the memberships and the version of people, whatever their
number.
"""

import logging
import threading

from flask import Flask

from chatapp import db, identity
from chatapp.models import Company
from chatapp.models.membership import memberships_of
from chatapp.realtime import delivery
from chatapp.realtime.announcements import SignInsEnded
from chatapp.realtime.connections import connections
from chatapp.realtime.people_stream import PeopleStream
from chatapp.realtime.readings import Readings
from chatapp.realtime.rights import compare_memberships
from chatapp.realtime.room_streams import RoomStreams

TICK_SECONDS = 2.0

logger = logging.getLogger(__name__)


class Tick:
    """Compares this worker with the database, over and over, and at once when told to."""

    def __init__(self, app: Flask, streams: RoomStreams, readings: Readings, people: PeopleStream) -> None:
        self._app = app
        self._streams = streams
        self._readings = readings
        self._people = people
        self._wanted = threading.Event()
        self._thread: threading.Thread | None = None
        self._running = False

    def start(self) -> None:
        """Begin."""
        if not self._running:
            self._running = True
            self._thread = threading.Thread(target=self._run, name="tick", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End."""
        self._running = False
        self._wanted.set()

    def soon(self) -> None:
        """Compare now: the bus is back, and what was published meanwhile is lost."""
        self._wanted.set()

    def compare(self) -> None:
        """Compare once. What fails is written down, keeps nothing else from being done, and may succeed next time."""
        # Sign-ins first: whoever is out hears nothing more, not even of themselves.
        parts = (self._end_sign_ins, self._compare_people, self._compare_memberships, self._streams.compare_heads)
        for part in parts:
            try:
                part()
            except Exception as error:  # noqa: BLE001 - whatever it was, the next part and the next tick must come
                logger.warning("tick failed part=%s error=%s", part.__name__.strip("_"), type(error).__name__)
                # A query that failed leaves a session that refuses the next one.
                db.session().rollback()

    def _run(self) -> None:
        while self._running:
            self._wanted.wait(TICK_SECONDS)
            self._wanted.clear()
            try:
                with self._app.app_context():
                    self.compare()
            except Exception:
                # Not even a session could be given up: the next tick must come all the same.
                logger.exception("tick failed")

    def _end_sign_ins(self) -> None:
        here = connections.sign_in_ids()
        gone = here - identity.alive_sign_ins(here)
        if gone:
            delivery.end(SignInsEnded(sign_in_ids=tuple(gone)))

    def _compare_people(self) -> None:
        if len(connections) > 0:
            self._people.compare(Company.present_people_version())

    def _compare_memberships(self) -> None:
        people = connections.user_ids()
        memberships = memberships_of(people)
        compare_memberships(memberships, self._streams)
        self._readings.compare(memberships, people)
