"""Rooms written straight into the server's database: one with a long history, and those that are over."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from uuid import uuid4

from sqlalchemy import Connection, Engine, NullPool, create_engine, insert, select, update

from chatapp import db
from chatapp.config import load
from chatapp.models import Membership, Message, Room
from chatapp.models.room import RoomKind
from tests.journeys.server import Server

BATCH = 1000  # rows of one statement
EVERY = timedelta(minutes=2)  # a message; so days and groups begin and end


def fill_room(server: Server, room_id: int, author_ids: list[int], count: int) -> None:
    """Let so many messages have been said in an empty room, in turns, the last of them just now, and all be read.

    Posting them would take minutes.
    """
    begin = datetime.now(UTC) - EVERY * count
    with writing(server) as connection:
        version = connection.scalar(select(Room.version).where(Room.id == room_id)) or 0
        rows = [_row(room_id, author_ids, number, version + number, begin) for number in range(1, count + 1)]
        for first in range(0, count, BATCH):
            connection.execute(insert(Message), rows[first : first + BATCH])
        moved = update(Room).where(Room.id == room_id).values(version=version + count, last_number=count)
        connection.execute(moved)
        connection.execute(update(Membership).where(Membership.room_id == room_id).values(last_read_number=count))


def empty_rooms(server: Server, room_ids: list[int]) -> None:
    """Let nobody be in these rooms, nor see them; nobody may have one open, since nobody is told."""
    with writing(server) as connection:
        connection.execute(update(Membership).where(Membership.room_id.in_(room_ids)).values(left_at=db.now()))
        connection.execute(update(Room).where(Room.id.in_(room_ids)).values(kind=RoomKind.CLOSED))


@contextmanager
def writing(server: Server) -> Iterator[Connection]:
    """A connection to the server's database; what is written there nobody is told."""
    settings = load({key: server.environment[key] for key in ("DATABASE_URL", "SECRET_KEY")})
    with _engine(settings.database_url).begin() as connection:
        yield connection


@cache
def _engine(database_url: str) -> Engine:
    # Kept, since one that is new asks the database about itself first; its connections are not, should that be killed.
    return create_engine(database_url, poolclass=NullPool)


def _row(room_id: int, author_ids: list[int], number: int, version: int, begin: datetime) -> dict[str, object]:
    body = f"message {number}" + ", which goes on for a while and then some more" * (number % 5)
    return {
        "room_id": room_id,
        "number": number,
        "version": version,
        "author_id": author_ids[number // 3 % len(author_ids)],
        "client_id": str(uuid4()),
        "body": body,
        "html": f"<p>{body}</p>",
        "created_at": begin + EVERY * number,
    }
