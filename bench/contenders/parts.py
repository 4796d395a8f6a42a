"""PostgreSQL and Redis, as those who care for their messages run them."""

from contextlib import ExitStack
from typing import Self
from uuid import uuid4

from tests.parts.postgresql import PostgreSQL
from tests.parts.redis import Redis


class DurablePostgreSQL(PostgreSQL):
    """One that has written to the disk what it calls committed; the tests' does not wait for that."""

    def command(self) -> list[str]:
        return [*super().command(), "-c", "fsync=on", "-c", "max_connections=100"]


class Parts:
    """Both, each started when it is asked for first. Use it in a `with`."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._postgresql: PostgreSQL | None = None
        self._redis: Redis | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def new_database(self) -> str:
        """The URL of an empty database."""
        self._postgresql = self._postgresql or self._stack.enter_context(DurablePostgreSQL())
        return self._postgresql.create_database(f"bench_{uuid4().hex[:12]}")

    def redis_url(self) -> str:
        """Where Redis is."""
        self._redis = self._redis or self._stack.enter_context(Redis())
        return self._redis.url

    @property
    def pids(self) -> dict[str, int]:
        """The processes of those that were started here; one that was given may be anywhere."""
        parts = {"PostgreSQL": self._postgresql, "Redis": self._redis}
        return {name: part.process.pid for name, part in parts.items() if part and part.process}
