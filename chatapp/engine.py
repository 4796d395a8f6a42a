"""The engine: how the database is connected to, and what holds for every connection."""

import sqlite3
import time
from collections.abc import Mapping
from functools import cache, partial
from typing import Any

from sqlalchemy import Dialect, Engine, Select, create_engine, event
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError, IntegrityError, InvalidatePoolError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection, QueuePool

from chatapp import config
from chatapp.config import Settings

# In lock timeouts, which is how long somebody stuck keeps a connection. When everybody comes back at once they have to
# queue: who is refused asks again, and then there is twice as much to do.
POOL_PATIENCE = 3
# A connection that was used within this is taken as it is: asking first whether it lives is a question more for each
# event. One that broke meanwhile fails once, as it would have in the middle of its work.
TRUSTED_SECONDS = 1.0


class Pool(QueuePool):
    """A pool that says in the database's own words that all its connections are taken: one error for doors to know."""

    def connect(self) -> PoolProxiedConnection:
        try:
            return super().connect()
        except PoolTimeout as error:
            raise OperationalError(None, None, error) from error


def make_engine(settings: Settings) -> Engine:
    """An engine for the settings' database, durable and with bounded waits."""
    engine = create_engine(
        _url(settings),
        poolclass=Pool,
        pool_size=settings.database_pool_size,
        max_overflow=settings.database_pool_overflow,
        pool_timeout=POOL_PATIENCE * settings.lock_timeout_ms / 1000,
        connect_args=_sqlite_arguments() if settings.is_sqlite else _postgresql_arguments(settings),
    )
    event.listen(engine, "checkin", _note_use)
    event.listen(engine, "checkout", partial(_check_alive, engine))
    if settings.is_sqlite:
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _url(settings: Settings) -> URL:
    try:
        return make_url(settings.database_url)
    except (ArgumentError, ValueError) as error:
        # Without its text, which may hold a password.
        raise config.ConfigError(
            "DATABASE_URL cannot be read: it must be like postgres://user@host:5432/name"
        ) from error


def run_alone(engine: Engine, sql: str, values: Mapping[str, object]) -> list[tuple[Any, ...]]:
    """The rows of a statement that is a transaction by itself, straight from the driver: SQLAlchemy's way to a cursor
    takes longer than the statement.

    Raises what SQLAlchemy raises. Of PostgreSQL alone.
    """
    driver = engine.dialect.loaded_dbapi
    try:
        connection = engine.raw_connection()
        try:
            return _rows(connection, sql, values)
        except driver.Error as error:
            if engine.dialect.is_disconnect(error, connection.driver_connection, None):
                connection.invalidate(error)
            raise
        except BaseException as error:
            connection.invalidate(error)  # cut off in the middle: nobody knows what it would answer next
            raise
        finally:
            connection.close()
    except driver.IntegrityError as error:
        raise IntegrityError(sql, None, error) from error
    except (driver.OperationalError, driver.InterfaceError) as error:
        raise OperationalError(sql, None, error) from error


@cache
def compiled(query: Select[*tuple[Any, ...]], dialect: Dialect) -> tuple[str, Mapping[str, object]]:
    """`query` in the driver's words, and the values that stand in it already."""
    words = query.compile(dialect=dialect)
    return str(words), words.params


def _rows(connection: PoolProxiedConnection, sql: str, values: Mapping[str, object]) -> list[tuple[Any, ...]]:
    own: Any = connection.driver_connection
    own.autocommit = True
    cursor = own.cursor()
    try:
        cursor.execute(sql, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    finally:
        cursor.close()
        if not own.closed:
            own.autocommit = False
    return rows


def _note_use(_connection: object, entry: ConnectionPoolEntry) -> None:
    entry.info["used_at"] = time.monotonic()


def _check_alive(engine: Engine, connection: Any, entry: ConnectionPoolEntry, _proxy: object) -> None:
    used_at = entry.info.get("used_at")
    if used_at is None or time.monotonic() - used_at < TRUSTED_SECONDS:
        return
    try:
        engine.dialect.do_ping(connection)
    except engine.dialect.loaded_dbapi.Error as error:
        raise InvalidatePoolError from error


def _sqlite_arguments() -> dict[str, object]:
    return {"timeout": 0, "check_same_thread": False}


def _postgresql_arguments(settings: Settings) -> dict[str, object]:
    limits = f"-c statement_timeout={settings.statement_timeout_ms} -c lock_timeout={settings.lock_timeout_ms}"
    return {"connect_timeout": 5, "options": f"{limits} -c timezone=UTC"}


def _prepare_sqlite(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    # None: the driver opens no transactions of its own accord, `_begin_sqlite` does.
    connection.isolation_level = None
    # secure_delete: what is deleted is overwritten, else it stays readable in the file for as long as the file lives.
    pragmas = ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON", "foreign_keys = ON")
    for pragma in (*pragmas, "busy_timeout = 0"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A write takes the lock at once: one that reads first and locks later fails when another wrote in between.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
