"""Writers who wait for the same room are committed together: one statement, one write to the disk, for all of them."""

import threading
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from flask import current_app

from chatapp import db
from chatapp.models import Message, Person
from chatapp.models.message import NewMessage, Said
from chatapp.models.posting import Draft, Place, can_post_together, post_together
from chatapp.realtime import broadcasts

TOGETHER_MAX = 50  # messages in one statement


@dataclass(eq=False)
class _Writer:
    actor: Person
    draft: Draft
    place: Place | None = None
    # Somebody among those who were to be posted together could not be: each is looked at alone.
    is_alone: bool = False
    error: Exception | None = None


class Line:
    """Who waits for a room's turn, by room."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._waiting: defaultdict[int, list[_Writer]] = defaultdict(list)

    def join(self, room_id: int, writer: _Writer) -> None:
        """Wait at the end."""
        with self._mutex:
            self._waiting[room_id].append(writer)

    def take(self, room_id: int) -> list[_Writer]:
        """The first who wait."""
        with self._mutex:
            waiting = self._waiting[room_id]
            taken, waiting[:] = waiting[:TOGETHER_MAX], waiting[TOGETHER_MAX:]
        return taken

    def leave(self, room_id: int, writer: _Writer) -> None:
        """Wait no longer."""
        with self._mutex:
            waiting = self._waiting[room_id]
            if writer in waiting:
                waiting.remove(writer)
            if not waiting:
                del self._waiting[room_id]


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
        with db.room_turn(room_id):
            if writer.place is None and not writer.is_alone and writer.error is None:
                _post_all(room_id, line.take(room_id))
    finally:
        line.leave(room_id, writer)
    if writer.error is not None:
        raise writer.error
    return writer.place


def _post_all(room_id: int, writers: list[_Writer]) -> None:
    created_at = db.now()
    try:
        places = post_together(room_id, [writer.draft for writer in writers], created_at)
    except db.Conflict:
        places = []
    except Exception as error:  # noqa: BLE001 - each of them is told
        for writer in writers:
            writer.error = error
        return
    if not places:
        for writer in writers:
            writer.is_alone = True
        return
    for writer, place in zip(writers, places, strict=True):
        writer.place = place
    for writer in writers:
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
