"""The real processes, each wire between them through a proxy, so that one worker alone can be cut off.

Every worker is a launcher of its own with one worker: only so has each its own Redis and its own database to lose.
"""

import sqlite3
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from itertools import pairwise
from typing import Any, Self
from uuid import uuid4

import psycopg2
from sqlalchemy import make_url

from chatapp import addresses, create_app, db, migrations
from chatapp.actions import rooms
from chatapp.models import Company, Person, User
from tests.faults.background import Background
from tests.faults.evidence import Database, Death, Pointer, RoomRow, Row
from tests.faults.parts import Parts
from tests.faults.workers import Worker
from tests.journeys.server import ARTEFACTS
from tests.support import FULL_HASHER, PASSWORD, test_settings

UNREAD = """SELECT p.user_id, p.room_id, count(*) FROM memberships p
JOIN messages m ON m.room_id = p.room_id AND m.number > p.last_read_number
AND m.author_id <> p.user_id AND m.deleted_at IS NULL
WHERE p.left_at IS NULL GROUP BY p.user_id, p.room_id"""
ROOMS = """SELECT id, version, last_number, name,
(SELECT count(*) FROM memberships m WHERE m.room_id = rooms.id AND m.left_at IS NULL) FROM rooms ORDER BY id"""


class Cluster:
    """Workers, a new database with the company in it, and everybody's account and rooms."""

    def __init__(
        self,
        background: Background,
        parts: Parts,
        *,
        database: str,
        workers: int,
        people: int,
        rooms: int,
        seed: int = 1,
        is_split: bool = False,
        has_database_wire: bool = False,  # a hop more for each of the eight questions that a post asks
        **settings: str,
    ) -> None:
        self.background = background
        self.parts = parts
        self.is_sqlite = database == "sqlite"
        self.people: dict[int, str] = {}
        self.rooms: list[int] = []
        self._stack = ExitStack()
        self.database_url = self._new_database()
        self._found(people, rooms, is_split=is_split)
        count = 1 if self.is_sqlite else workers
        numbers = range(1, count + 1)
        self.workers = [
            Worker(n, background, parts, self.database_url, seed=seed, has_database_wire=has_database_wire, **settings)
            for n in numbers
        ]

    def __enter__(self) -> Self:
        for worker in self.workers:
            self._stack.callback(worker.close)
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda worker: worker.server.start(), self.workers))
        return self

    def __exit__(self, *_: object) -> None:
        self.parts.mend()
        self._stack.close()

    def heal(self) -> None:
        """End everything that can be wrong with the wires, the parts, the clocks and the fates."""
        for worker in self.workers:
            worker.to_redis.heal()
            worker.to_database.heal()
            worker.shift_clock(0)
            worker.spare()
        self.parts.mend()

    @property
    def closed_room(self) -> int:
        """The room from which one can be removed."""
        return self.rooms[-1]

    @property
    def deaths(self) -> list[Death]:
        """Where the workers ended themselves, and of which message."""
        return [death for worker in self.workers for death in worker.deaths]

    @property
    def troubles(self) -> list[str]:
        """The last line of every traceback that a worker wrote."""
        return [line for worker in self.workers for line in _last_lines(worker.server.log)]

    def read(self) -> Database:
        """The rooms and messages as they stand now, and how far everybody has read."""
        former: defaultdict[int, list[str]] = defaultdict(list)
        for message, body in self.ask("SELECT message_id, body FROM message_edits ORDER BY version"):
            former[message].append(body)
        reactions: defaultdict[int, set[tuple[int, str]]] = defaultdict(set)
        for message, user, emoji in self.ask("SELECT message_id, user_id, emoji FROM reactions"):
            reactions[message].add((user, emoji))
        columns = "room_id, number, version, author_id, client_id, body, html, deleted_at IS NOT NULL, id"
        rows = self.ask(f"SELECT {columns} FROM messages")  # noqa: S608
        names = ("room", "number", "version", "user", "client_id", "body", "html")
        messages = [
            Row(
                **dict(zip(names, row[:7], strict=True)),
                is_deleted=bool(row[7]),
                former=tuple(former[row[8]]),
                reactions=frozenset(reactions[row[8]]),
            )
            for row in rows
        ]
        pointers = self.ask(
            "SELECT room_id, user_id, last_read_number, generation FROM memberships WHERE left_at IS NULL"
        )
        return Database(self.read_rooms(), messages, [Pointer(*pointer) for pointer in pointers])

    def read_rooms(self) -> list[RoomRow]:
        """The rooms alone: to be asked often."""
        return [RoomRow(*room) for room in self.ask(ROOMS)]

    def read_unread(self) -> defaultdict[tuple[int, int], int]:
        """How many messages are unread, by person and room; to be asked often, the checker counts by itself."""
        found: defaultdict[tuple[int, int], int] = defaultdict(int)
        for user, room, count in self.ask(UNREAD):
            found[user, room] = count
        return found

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query, on a connection of our own."""
        with closing(self.connect()) as connection, closing(connection.cursor()) as cursor:
            cursor.execute(query)
            return list(cursor.fetchall())

    def connect(self) -> Any:
        """A connection of our own to the database, past every proxy."""
        if self.is_sqlite:
            return sqlite3.connect(str(make_url(self.database_url).database), isolation_level=None, timeout=10)
        return psycopg2.connect(self.database_url, connect_timeout=5)

    def _new_database(self) -> str:
        if not self.is_sqlite:
            return self.parts.postgresql.create_database(f"faults_{uuid4().hex[:12]}")
        ARTEFACTS.mkdir(parents=True, exist_ok=True)
        path = ARTEFACTS / f"faults-{uuid4().hex[:8]}.db"
        for suffix in ("", "-wal", "-shm"):
            self._stack.callback(path.with_name(path.name + suffix).unlink, missing_ok=True)
        return f"sqlite:///{path}"

    def _found(self, people: int, room_count: int, *, is_split: bool) -> None:
        app = create_app(test_settings(addresses.database_url(self.database_url)))
        with app.app_context():
            migrations.upgrade(db.engine())
            everybody = _company(people)
            self.people = {person.id: f"{person.name.lower()}@example.org" for person in everybody}
            ids = [person.id for person in everybody[1:]]
            kinds = ["open"] * (room_count - 1) + ["closed"]
            for n, kind in enumerate(kinds):
                # Split as the crowd's clients open them.
                members = ids[(n - 1) % room_count :: room_count] if is_split else ids
                self.rooms.append(rooms.create_room(everybody[0], f"Room {n}", kind, members).id)
        app.extensions["chatapp_engine"].dispose()


def _company(count: int) -> list[Person]:
    password_hash = FULL_HASHER.hash(PASSWORD)
    users = [
        User(name=f"P{n}", email=f"p{n}@example.org", password_hash=password_hash, is_admin=n == 0)
        for n in range(count)
    ]
    with db.transaction() as session:
        session.add(Company(id=1, name="Example"))
        session.add_all(users)
    return [user.person for user in users]


def _last_lines(log: str) -> list[str]:
    """What the log says before each traceback, and what that ends with: its first line that is not indented."""
    parts = log.split("Traceback (most recent call last):\n")
    found = []
    for before, part in pairwise(parts):
        said = (before.splitlines() or ["?"])[-1]
        lines = (line for line in part.splitlines() if line and not line.startswith((" ", "\t")))
        found.append(f"{said.rpartition('logger=')[2]}: {next(lines, '?')}")
    return found
