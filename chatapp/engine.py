"""The engine: how the database is connected to, and what holds for every connection."""

import sqlite3
import time
from functools import partial
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError, InvalidatePoolError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection, QueuePool

from chatapp import config
from chatapp.config import Settings
from chatapp.statements import Statements

# In lock timeouts, which is how long somebody stuck keeps a connection. When everybody comes back at once they have to
# queue: who is refused asks again, and then there is twice as much to do.
POOL_PATIENCE = 3
# A connection that was used within this is taken as it is: asking first whether it lives is a question more for each
# event. One that broke meanwhile fails once, as it would have in the middle of its work.
TRUSTED_SECONDS = 1.0


# A host that is gone says nothing: without these a question to it waits a quarter of an hour (tcp(7), tcp_retries2).
ALIVE = {"keepalives_idle": 30, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 10_000}


class Pool(QueuePool):
    """A pool that says in the database's own words that all its connections are taken: one error for doors to know."""

    def connect(self) -> PoolProxiedConnection:
        try:
            return super().connect()
        except PoolTimeout as error:
            raise OperationalError(None, None, error) from error


def make_engine(settings: Settings) -> Engine:
    """An engine for the settings' database, durable and with bounded waits."""
    size = settings.database_pool_size
    engine = create_engine(
        _url(settings),
        poolclass=Pool,
        hide_parameters=True,  # its errors would say what somebody has written
        pool_size=size if settings.is_sqlite else size - _statements_of(size),
        max_overflow=0,
        pool_timeout=_patience_seconds(settings),
        connect_args=_sqlite_arguments() if settings.is_sqlite else _postgresql_arguments(settings),
    )
    event.listen(engine, "checkin", _note_use)
    event.listen(engine, "checkout", partial(_check_alive, engine))
    if settings.is_sqlite:
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def make_statements(engine: Engine, settings: Settings) -> Statements:
    """The rest of the settings' connections to PostgreSQL, for statements that are a transaction by themselves."""

    def connect() -> Any:
        arguments, options = engine.dialect.create_connect_args(engine.url)
        # Ours last, as in the engine: the address may say something of its own.
        connection: Any = engine.dialect.connect(*arguments, **{**options, **_postgresql_arguments(settings)})
        connection.autocommit = True
        return connection

    return Statements(
        engine,
        connect,
        _statements_of(settings.database_pool_size),
        patience_seconds=_patience_seconds(settings),
        trusted_seconds=TRUSTED_SECONDS,
    )


def _statements_of(size: int) -> int:
    return size // 2


def _patience_seconds(settings: Settings) -> float:
    return POOL_PATIENCE * settings.lock_timeout_ms / 1000


def _url(settings: Settings) -> URL:
    try:
        return make_url(settings.database_url)
    except (ArgumentError, ValueError) as error:
        # Without its text, which may hold a password.
        raise config.ConfigError(
            "DATABASE_URL cannot be read: it must be like postgres://user@host:5432/name"
        ) from error


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
    return {"connect_timeout": 5, "options": f"{limits} -c timezone=UTC", **ALIVE}


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
