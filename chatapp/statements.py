"""Statements that are each a transaction by itself, on connections that do nothing else.

Straight from the driver: SQLAlchemy's way to a cursor takes longer than most of these statements, and a transaction
around one is two more questions. Of PostgreSQL alone.
"""

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from typing import Any

from sqlalchemy import Dialect, Engine, Select, event
from sqlalchemy.exc import IntegrityError, OperationalError

Row = tuple[Any, ...]


class Statements:
    """At most `count` of them at a time; the others wait their turn, for `patience_seconds` at most.

    `connect` opens a connection of the engine's driver. One that was used within `trusted_seconds` is taken as it is:
    to ask first whether it lives is a question more. One that broke meanwhile fails once, and all others with it.
    """

    def __init__(
        self, engine: Engine, connect: Callable[[], Any], count: int, *, patience_seconds: float, trusted_seconds: float
    ) -> None:
        self._dialect = engine.dialect
        self._connect = connect
        self._turns = threading.Semaphore(count)
        self._patience_seconds = patience_seconds
        self._trusted_seconds = trusted_seconds
        self._idle: list[tuple[Any, float]] = []  # connections with the time of their last use, the latest at the end
        event.listen(engine, "engine_disposed", lambda _engine: self.close())

    def rows(self, sql: str, values: Mapping[str, object]) -> list[Row]:
        """The rows that a statement gives. Raises what SQLAlchemy raises; then nothing of it has happened."""
        driver = self._dialect.loaded_dbapi
        try:
            if not self._turns.acquire(timeout=self._patience_seconds):
                raise driver.OperationalError("all connections are taken")
            try:
                return self._rows(sql, values)
            finally:
                self._turns.release()
        except driver.IntegrityError as error:
            raise IntegrityError(sql, None, error) from error
        except (driver.OperationalError, driver.InterfaceError) as error:
            raise OperationalError(sql, None, error) from error

    def query(self, query: Select[*tuple[Any, ...]], values: Mapping[str, object]) -> list[Row]:
        """The rows of a query that is built once: it is put into the driver's words only then."""
        sql, own_values = _in_words(query, self._dialect)
        return self.rows(sql, {**own_values, **values})

    def close(self) -> None:
        """Close what is not in use."""
        while self._idle:
            with suppress(self._dialect.loaded_dbapi.Error):
                self._idle.pop()[0].close()

    def _rows(self, sql: str, values: Mapping[str, object]) -> list[Row]:
        connection = self._trusted() or self._connect()
        try:
            rows = _fetched(connection, sql, values)
        except self._dialect.loaded_dbapi.Error as error:
            if self._dialect.is_disconnect(error, connection, None):
                connection.close()
                self.close()  # whatever cut this one off has cut off the others
            else:
                self._give_back(connection)
            raise
        except BaseException:
            connection.close()  # cut off in the middle: nobody knows what it would answer next
            raise
        self._give_back(connection)
        return rows

    def _trusted(self) -> Any | None:
        if not self._idle:
            return None
        connection, used_at = self._idle.pop()
        if time.monotonic() - used_at > self._trusted_seconds:
            try:
                self._dialect.do_ping(connection)
            except self._dialect.loaded_dbapi.Error:
                connection.close()
                self.close()
                return None
        return connection

    def _give_back(self, connection: Any) -> None:
        self._idle.append((connection, time.monotonic()))


def _fetched(connection: Any, sql: str, values: Mapping[str, object]) -> list[Row]:
    cursor = connection.cursor()
    try:
        cursor.execute(sql, values)
        rows: list[Row] = cursor.fetchall()
    finally:
        cursor.close()
    return rows


@cache
def _in_words(query: Select[*tuple[Any, ...]], dialect: Dialect) -> tuple[str, Mapping[str, object]]:
    words = query.compile(dialect=dialect)
    return str(words), words.params
