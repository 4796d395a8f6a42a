"""What every change of a room has in common."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from chatapp import db
from chatapp.errors import BadRequest, DirectRoomFixed, RoomArchived, RoomNotFound
from chatapp.models import Room
from chatapp.models.room import RoomHead

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@contextmanager
def changing(room_id: int) -> Iterator[RoomHead]:
    """A transaction that has taken the room's next version, and with it the room's lock. Raises RoomNotFound."""
    with db.room_transaction(room_id):
        head = Room.next_version(room_id)
        if head is None:
            raise RoomNotFound
        yield head


def refuse_archived(room: Room) -> None:
    """Nothing for a room in use. Raises RoomArchived for one that is only to be read."""
    if room.is_archived:
        raise RoomArchived


def refuse_direct(room: Room) -> None:
    """Nothing for a room that can change. Raises DirectRoomFixed for a direct conversation."""
    if room.is_direct:
        raise DirectRoomFixed


def checked_client_id(client_id: str | None) -> str:
    """The id that a browser gave to what it sends, in small letters; a new one for None. Raises BadRequest."""
    if client_id is None:
        return str(uuid4())
    if not _UUID.fullmatch(client_id.lower()):
        raise BadRequest(field="client_id")
    return client_id.lower()
