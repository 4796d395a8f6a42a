"""What changed of people, in its one order, for all sockets of this worker.

A room's stream in small. People change seldom, so nothing is held: what comes out of turn is dropped, and the tick,
which is then asked for at once, reads what is missing.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace

from flask import current_app

from chatapp import db
from chatapp.models import User
from chatapp.realtime.announcements import PersonMoved
from chatapp.realtime.moves import person_moved

logger = logging.getLogger(__name__)


class PeopleStream:
    """Gives every change to `tell`, in order, with `prev` = the version before it in this stream.

    `read(since)` gives the changes after a version from the database, in order; `soon()` asks for a comparison.
    """

    def __init__(
        self,
        *,
        tell: Callable[[PersonMoved], None],
        read: Callable[[int], Sequence[PersonMoved]],
        soon: Callable[[], None],
    ) -> None:
        self.version: int | None = None
        self._tell = tell
        self._read = read
        self._soon = soon
        # The outbox, the bus and the tick all bring changes; one of them at a time moves the stream.
        self._lock = threading.RLock()

    def start(self, head: int) -> None:
        """People stand at version `head`, read when a socket was in; nothing when it has begun already."""
        with self._lock:
            if self.version is None:
                self.version = head

    def has_told_after(self, version: int) -> bool:
        """True when a change after `version` has been told here."""
        return self.version is not None and self.version > version

    def receive(self, moved: PersonMoved) -> None:
        """Take in a change, from wherever it comes."""
        with self._lock:
            if self.version is None or moved.version <= self.version + 1:
                self._move(moved)
            else:
                self._soon()

    def compare(self, head: int) -> None:
        """People are known to stand at `head`: what has not come by now is read and told."""
        self.start(head)
        while self.version is not None and self.version < head and (missing := self._read(self.version)):
            for moved in missing:
                self._move(moved)

    def _move(self, moved: PersonMoved) -> None:
        with self._lock:
            if self.version is None or moved.version <= self.version:
                return
            prev, self.version = self.version, moved.version
            try:
                self._tell(replace(moved, payload={**moved.payload, "prev": prev}))
            except Exception:
                # One that cannot be told must not stop all others; browsers see the gap and fetch it.
                logger.exception("delivery failed person version=%s", moved.version)


def people_stream() -> PeopleStream:
    """That of the running application."""
    found: PeopleStream = current_app.extensions["chatapp_people_stream"]
    return found


def read_people(since: int) -> list[PersonMoved]:
    """The changes of people after version `since`, as they are told."""
    db.session().rollback()
    return [person_moved(person) for person in User.changed_since(since)]
