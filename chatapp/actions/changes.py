"""What every change of a room has in common."""

from collections.abc import Iterator
from contextlib import contextmanager

from chatapp import db
from chatapp.errors import DirectRoomFixed, RoomArchived, RoomNotFound
from chatapp.models import Room
from chatapp.models.room import RoomHead


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
