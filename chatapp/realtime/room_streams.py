"""The streams of the rooms that somebody on this worker follows."""

import logging
import threading
import time
from collections.abc import Callable, Iterable

from flask import Flask, current_app

from chatapp import db
from chatapp.models import Room
from chatapp.models.changes import Change, changes_since, heads_of
from chatapp.realtime import delivery
from chatapp.realtime.announcements import RoomMoved
from chatapp.realtime.known import known
from chatapp.realtime.moves import member_moved, message_moved, room_moved
from chatapp.realtime.readings import readings
from chatapp.realtime.room_stream import RoomStream

PAGE_MESSAGES = 200  # read at once; a longer gap is read page by page

logger = logging.getLogger(__name__)


class RoomStreams:
    """One stream for each room that has sockets here."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._streams: dict[int, RoomStream] = {}

    def follow(self, room_ids: Iterable[int]) -> bool:
        """Begin the streams of these rooms that have none. Call it when the sockets are in: nothing is missed then.

        True when one has begun: what was read before may be older than where it stands.
        """
        streams = {room_id: self._streams.get(room_id) or self._begin(room_id) for room_id in room_ids}
        # Also those that another socket is still starting: it may read a later head than this one's reader will.
        new = {room_id for room_id, stream in streams.items() if stream.version is None}
        self._start(new)
        return bool(new)

    def has_told_after(self, room_id: int, version: int) -> bool:
        """True when a change after `version` has been told here, or when that cannot be known yet."""
        stream = self._streams.get(room_id)
        return stream is None or stream.version is None or stream.version > version

    def version_of(self, room_id: int) -> int:
        """Up to where this room has been told here; 0 while nobody follows it, or its stream has not begun."""
        stream = self._streams.get(room_id)
        return stream.version or 0 if stream is not None else 0

    def follow_from(self, room_id: int, version: int) -> None:
        """Begin the stream of this room, if it has not begun, at `version`: what came after is still to be told."""
        (self._streams.get(room_id) or self._begin(room_id)).start(version)

    def receive(self, moved: RoomMoved) -> None:
        """Take in a change; a room that nobody here follows costs nothing."""
        if (stream := self._streams.get(moved.room_id)) is not None:
            stream.receive(moved)

    def compare_heads(self) -> None:
        """Read and tell what did not come by the bus; forget the rooms that nobody follows any more."""
        self._forget([room_id for room_id in self._streams if not delivery.has_followers(room_id)])
        # A stream that could not read its head when it began gets another try.
        self._start({room_id for room_id, stream in self._streams.items() if stream.version is None})
        for room_id, head in heads_of(set(self._streams)).items():
            self._expect(room_id, head)

    def end(self) -> None:
        """End all streams; what they still wait for is not told."""
        self._forget(list(self._streams))

    def _forget(self, room_ids: list[int]) -> None:
        for stream in [self._streams.pop(room_id) for room_id in room_ids]:
            stream.end()

    def _expect(self, room_id: int, head: int) -> None:
        stream = self._streams.get(room_id)
        try:
            if stream is not None:
                stream.expect(head)
        except Exception as error:
            # One room that cannot be read must not keep the others waiting.
            logger.warning("fill failed room=%s error=%s", room_id, type(error).__name__)
            db.session().rollback()
            if not db.is_up():
                # Nor must each of them wait for a database that is away.
                raise

    def _begin(self, room_id: int) -> RoomStream:
        stream = RoomStream(room_id, admit=_admit, tell=delivery.tell, read=read_changes, later=self._later)
        self._streams[room_id] = stream
        return stream

    def _start(self, room_ids: set[int]) -> None:
        if not room_ids:
            return
        # Read anew: what this session saw before the sockets were in may be older than what they missed.
        db.session().rollback()
        for room_id, head in heads_of(room_ids).items():
            if (stream := self._streams.get(room_id)) is not None:
                stream.start(head)

    def _later(self, seconds: float, job: Callable[[], None]) -> None:
        def wait_and_do() -> None:
            time.sleep(seconds)  # the caller's hold: it waits for a change that may never come
            try:
                with self._app.app_context():
                    job()
            except db.DatabaseAway:
                # The next tick tries again.
                logger.warning("fill failed error=%s", "DatabaseAway")
            except Exception:
                logger.exception("fill failed")

        threading.Thread(target=wait_and_do, name="room stream", daemon=True).start()


def streams() -> RoomStreams:
    """The streams of the running application."""
    found: RoomStreams = current_app.extensions["chatapp_room_streams"]
    return found


def read_changes(room_id: int, since: int) -> list[RoomMoved]:
    """The changes after version `since`, as they are told."""
    db.session().rollback()
    room = db.session().get_one(Room, room_id)
    return [_moved(room, change) for change in changes_since(room_id, since, PAGE_MESSAGES)]


def _admit(moved: RoomMoved) -> None:
    if moved.user_id is not None:
        known().rights_moved()
    delivery.admit(moved)
    if moved.is_member and moved.user_id is not None:
        readings().came(moved.room_id, moved.user_id)


def _moved(room: Room, change: Change) -> RoomMoved:
    if change.said is not None:
        return message_moved(change.said)
    if change.membership is None or change.user is None:
        return room_moved(room, version=change.version)
    is_member = change.membership.left_at is None
    return member_moved(room, change.user.person, version=change.version, is_member=is_member)
