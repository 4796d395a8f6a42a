"""Statements that are each a transaction by itself, on connections that do nothing else.

Straight from the driver: SQLAlchemy's way to a cursor takes longer than most of these statements, and a transaction
around one is two more questions. Each connection prepares them: to understand one anew each time was a third of what
the database did for a post. Of PostgreSQL alone.
"""

import logging
import re
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from typing import Any

from sqlalchemy import Dialect, Engine, Select, event
from sqlalchemy.exc import IntegrityError, OperationalError

Row = tuple[Any, ...]

VALUE = re.compile(r"%\((\w+)\)s")
# Whose connection it is changes from one statement to the next, behind a pooler; or the tables changed under a plan.
# By PostgreSQL's codes: invalid_sql_statement_name, duplicate_prepared_statement, feature_not_supported.
NOT_AS_PREPARED = ("26000", "42P05", "0A000")
READ_ONLY = "25006"

logger = logging.getLogger(__name__)


@dataclass
class _Line:
    """A connection, what it has prepared (names by their words), and when it was last used."""

    connection: Any
    names: dict[str, str] = field(default_factory=dict)
    used_at: float = 0.0


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
        self.in_use = 0
        self._idle: list[_Line] = []  # the last used at the end
        self._prepares = True
        event.listen(engine, "engine_disposed", lambda _engine: self.close())

    def rows(self, sql: str, values: Mapping[str, object]) -> list[Row]:
        """The rows that a statement gives. Raises what SQLAlchemy raises; then nothing of it has happened."""
        driver = self._dialect.loaded_dbapi
        try:
            if not self._turns.acquire(timeout=self._patience_seconds):
                raise driver.OperationalError("all connections are taken")
            self.in_use += 1
            try:
                return self._rows(sql, values)
            finally:
                self.in_use -= 1
                self._turns.release()
        except driver.IntegrityError as error:
            raise IntegrityError(sql, None, error) from error
        except (driver.OperationalError, driver.InterfaceError, driver.InternalError) as error:
            if isinstance(error, driver.InternalError) and not is_read_only(error):
                raise
            raise OperationalError(sql, None, error) from error

    def query(self, query: Select[*tuple[Any, ...]], values: Mapping[str, object]) -> list[Row]:
        """The rows of a query that is built once: it is put into the driver's words only then."""
        sql, own_values = _in_words(query, self._dialect)
        return self.rows(sql, {**own_values, **values})

    def close(self) -> None:
        """Close what is not in use."""
        while self._idle:
            with suppress(self._dialect.loaded_dbapi.Error):
                self._idle.pop().connection.close()

    def _rows(self, sql: str, values: Mapping[str, object]) -> list[Row]:
        line = self._trusted() or _Line(self._connect())
        try:
            rows = self._fetched(line, sql, values)
        except self._dialect.loaded_dbapi.Error as error:
            if self._dialect.is_disconnect(error, line.connection, None):
                line.connection.close()
                self.close()  # whatever cut this one off has cut off the others
            else:
                self._give_back(line)
            raise
        except BaseException:
            line.connection.close()  # cut off in the middle: nobody knows what it would answer next
            raise
        self._give_back(line)
        return rows

    def _fetched(self, line: _Line, sql: str, values: Mapping[str, object]) -> list[Row]:
        if self._prepares:
            try:
                return _fetched(line.connection, _prepared(line, sql), values)
            except self._dialect.loaded_dbapi.Error as error:
                if getattr(error, "pgcode", None) not in NOT_AS_PREPARED:
                    raise
                # It was refused before anything of it was done.
                self._prepares = False
                logger.warning("statements are not prepared any more code=%s", error.pgcode)
        return _fetched(line.connection, sql, values)

    def _trusted(self) -> _Line | None:
        if not self._idle:
            return None
        line = self._idle.pop()
        if time.monotonic() - line.used_at > self._trusted_seconds:
            try:
                self._dialect.do_ping(line.connection)
            except self._dialect.loaded_dbapi.Error:
                line.connection.close()
                self.close()
                return None
        return line

    def _give_back(self, line: _Line) -> None:
        line.used_at = time.monotonic()
        self._idle.append(line)


def is_read_only(error: object) -> bool:
    """True when PostgreSQL takes no writes here: after a fail-over the address may lead to what is a standby now."""
    return getattr(error, "pgcode", None) == READ_ONLY


def _prepared(line: _Line, sql: str) -> str:
    name = line.names.get(sql)
    if name is None:
        # By its words: behind a pooler it may meet what another of us has prepared, and must not mean something else.
        name = f"chatapp_{sha256(sql.encode()).hexdigest()[:24]}"
        keys = _keys(sql)
        words = sql % {key: f"${place}" for place, key in enumerate(keys, start=1)}
        with line.connection.cursor() as cursor:
            cursor.execute(f"PREPARE {name} AS {words}")
        line.names[sql] = name
    return _execution(name, sql)


@cache
def _execution(name: str, sql: str) -> str:
    values = ", ".join(f"%({key})s" for key in _keys(sql))
    return f"EXECUTE {name} ({values})" if values else f"EXECUTE {name}"


def _keys(sql: str) -> list[str]:
    return list(dict.fromkeys(VALUE.findall(sql)))


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
