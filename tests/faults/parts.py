"""Redis and PostgreSQL, which the faults stop, kill and pause."""

from typing import Self

from tests.parts.postgresql import PostgreSQL
from tests.parts.redis import Redis


class Parts:
    """One of each, our own, for all runs."""

    def __init__(self) -> None:
        self.redis = Redis()
        self.postgresql = PostgreSQL()

    def __enter__(self) -> Self:
        self.redis.start()
        self.postgresql.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.redis.close()
        self.postgresql.close()

    def mend(self) -> None:
        """Both run, whatever was done to them."""
        for part in (self.redis, self.postgresql):
            if part.is_running():
                part.resume()
            part.start()
