"""A company with much to read: its rooms are written straight into the database."""

import uuid
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Self

import psycopg2

from chatapp import text
from tests.journeys.protocol import Client
from tests.journeys.server import Server
from tests.parts.postgresql import PostgreSQL

EMAIL = "alice@example.org"
SPOKEN = (
    "Good morning!",
    "The import is through: **12,480 orders**, and every total matches.",
    "영수증 확인했습니다. 부가세 줄이 두 번 인쇄되는 문제만 남았어요.",
    "Then I switch the shop over tomorrow, after the morning rush. Who looks after the queue meanwhile, and who tells "
    "the people at the counter? Last time nobody had told them, and that was not nice.",
    "1. Bob at **10:30**\n2. 지훈 the receipts\n3. Mariam the queue",
    "See https://example.org/orders/12480?view=all, the second table.",
    "```python\ndef receipt_lines(order):\n    return [*item_lines(order), vat_line(order)]  # once\n```",
    "> once, after the last page\n\nThat comment deserves a medal.",
    "🎉",
    "Thank you, all three!",
)
WRITE = """INSERT INTO messages (room_id, number, version, author_id, client_id, body, html, created_at)
SELECT %(room)s, n, %(version)s + n, (%(authors)s)[1 + (n / 3) %% %(people)s], md5(%(seed)s || n)::uuid::text,
       (%(bodies)s)[1 + n %% %(texts)s], (%(htmls)s)[1 + n %% %(texts)s], now() - (%(count)s - n) * interval '1.5 min'
FROM generate_series(1, %(count)s) AS n"""
MOVE_ON = "UPDATE rooms SET version = version + %(count)s, last_number = %(count)s WHERE id = %(room)s"
# Nothing is new to anybody: a room opens at its end.
ALL_READ = "UPDATE memberships SET last_read_number = %(count)s WHERE room_id = %(room)s"


@dataclass(frozen=True)
class Size:
    """How many rooms, and how many messages the long one and each other has."""

    rooms: int = 20
    long_room: int = 100_000
    other_rooms: int = 200


class Company:
    """A server with rooms full of talk, and Alice, who is in all of them. Close it."""

    def __init__(self, postgresql: PostgreSQL, redis_url: str, size: Size) -> None:
        self._database = postgresql.create_database(f"figures_{uuid.uuid4().hex[:12]}")
        self.server = Server("figures", DATABASE_URL=self._database, REDIS_URL=redis_url, WEB_CONCURRENCY="2")
        self._size = size
        self.rooms: list[int] = []

    @property
    def url(self) -> str:
        """Where it serves."""
        return self.server.url

    @property
    def long_room(self) -> int:
        """The room with the most messages."""
        return self.rooms[0]

    def sign_in(self) -> Client:
        """Alice without a browser."""
        return Client(self.url, EMAIL)

    def __enter__(self) -> Self:
        self.server.migrate()
        self.server.create_user("Alice", email=EMAIL, is_admin=True)
        self.server.start()
        try:
            self.rooms = self._fill(self._size)
        except BaseException:
            self.server.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.server.stop()

    def _fill(self, size: Size) -> list[int]:
        alice = self.sign_in()
        guests = [alice.invite(name, email=f"{name.lower()}@example.org").id for name in ("Bob", "Mariam", "Jihoon")]
        rooms = [alice.create_room(f"Room {number:02}", members=guests) for number in range(1, size.rooms + 1)]
        with closing(psycopg2.connect(self._database)) as connection, connection.cursor() as cursor:
            for room in rooms:
                _write(cursor, room, size.long_room if room == rooms[0] else size.other_rooms, guests)
                connection.commit()
            connection.autocommit = True
            cursor.execute("VACUUM ANALYZE messages")
        return rooms


def _write(cursor: Any, room: int, count: int, authors: list[int]) -> None:
    cursor.execute("SELECT version FROM rooms WHERE id = %s", (room,))
    (version,) = cursor.fetchone()
    values = {
        "room": room, "count": count, "version": version, "seed": f"{room} ",
        "authors": authors, "people": len(authors),
        "bodies": list(SPOKEN), "htmls": [text.render(body) for body in SPOKEN], "texts": len(SPOKEN),
    }  # fmt: skip
    for statement in (WRITE, MOVE_ON, ALL_READ):
        cursor.execute(statement, values)
