"""Writers who wait for the same room are committed together: one statement, one write to the disk, for all of them."""

import logging
import threading
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import cast

from flask import current_app

from chatapp import db
from chatapp.errors import Unavailable
from chatapp.models import Message, Person
from chatapp.models.message import NewMessage, Said
from chatapp.models.posting import Draft, Place, can_post_together, post_together
from chatapp.realtime import broadcasts

TOGETHER_MAX = 50  # messages in one statement

logger = logging.getLogger(__name__)


@dataclass(eq=False)
class _Writer:
    actor: Person
    draft: Draft
    place: Place | None = None
    # Somebody among those who were to be posted together could not be: each is looked at alone.
    is_alone: bool = False
    error: Exception | None = None

    @property
    def is_decided(self) -> bool:
        """True when it is known what became of it."""
        return self.place is not None or self.is_alone or self.error is not None


class Line:
    """Who waits for a room's turn, by room."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._waiting: defaultdict[int, list[_Writer]] = defaultdict(list)

    def join(self, room_id: int, writer: _Writer) -> None:
        """Wait at the end."""
        with self._mutex:
            self._waiting[room_id].append(writer)

    def take(self, room_id: int, writer: _Writer) -> list[_Writer]:
        """The first who wait, and `writer` in any case: whoever took them before has died over it."""
        with self._mutex:
            waiting = self._waiting.pop(room_id, [])
            if writer not in waiting:
                waiting.insert(0, writer)
            waiting.remove(writer)
            taken, left = [writer, *waiting[: TOGETHER_MAX - 1]], waiting[TOGETHER_MAX - 1 :]
            if left:
                self._waiting[room_id] = left
        return taken

    def leave(self, room_id: int, writer: _Writer) -> bool:
        """Wait no longer; False when somebody has taken it already."""
        with self._mutex:
            waiting = self._waiting.get(room_id, [])
            if writer not in waiting:
                return False
            waiting.remove(writer)
            if not waiting:
                del self._waiting[room_id]
            return True


def post_in_line(actor: Person, room_id: int, draft: Draft) -> Place | None:
    """Post it with all who wait for this room; None when it has to be posted alone, which says why.

    Raises Unavailable.
    """
    if not can_post_together():
        return None
    line: Line = current_app.extensions.setdefault("chatapp_posting_line", Line())
    writer = _Writer(actor, draft)
    line.join(room_id, writer)
    try:
        while not writer.is_decided:
            _wait_for_a_turn(room_id, line, writer)
    finally:
        line.leave(room_id, writer)
    if writer.error is not None:
        raise writer.error
    return writer.place


def _wait_for_a_turn(room_id: int, line: Line, writer: _Writer) -> None:
    try:
        with db.room_turn(room_id):
            if not writer.is_decided:
                _post_all(room_id, line.take(room_id, writer))
    except Unavailable:
        # Who is not in line any more is being posted by somebody: it may be committed, and their word is to be awaited.
        if line.leave(room_id, writer):
            raise


def _post_all(room_id: int, writers: list[_Writer]) -> None:
    created_at = db.now()
    try:
        places = post_together(room_id, [writer.draft for writer in writers], created_at)
    except Unavailable as error:
        for writer in writers:
            writer.error = error
        return
    except db.Conflict:
        places = []
    except Exception as error:  # noqa: BLE001 - whoever it was must not harm the others
        logger.warning("posting together failed error=%s", type(error).__name__)
        places = []
    for writer, place in zip_longest(writers, places):
        # Where there is none, each is looked at alone.
        writer.place, writer.is_alone = place, place is None
    for writer in writers if places else ():
        broadcasts.message_changed(_said(room_id, writer, created_at))


def _said(room_id: int, writer: _Writer, created_at: datetime) -> Said:
    draft, place = writer.draft, writer.place
    assert place is not None  # noqa: S101 - it is posted
    message = NewMessage(
        id=place.id,
        room_id=room_id,
        number=place.number,
        version=place.version,
        author_id=writer.actor.id,
        client_id=draft.client_id,
        body=draft.body,
        html=draft.html,
        created_at=created_at,
    )
    return Said(cast("Message", message), writer.actor.name)
