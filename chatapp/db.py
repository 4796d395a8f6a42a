"""The database: one session per request, event or job; one way to write; nothing announced before commit."""

import logging
import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import Any, ClassVar
from weakref import WeakValueDictionary

from flask import Flask, current_app, g
from sqlalchemy import BigInteger, DateTime, Dialect, Engine, Integer, MetaData, Select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, InternalError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from chatapp import config
from chatapp.config import Settings
from chatapp.engine import make_engine, make_statements
from chatapp.errors import Unavailable
from chatapp.statements import Statements, is_read_only

logger = logging.getLogger(__name__)

SQLITE_RETRY_SECONDS = 0.005  # a write of ours takes 1-2 ms, so the next try mostly succeeds


# Ids come from clients: on PostgreSQL one over 2**31 would be an error instead of a row that is not there.
# SQLite counts up by itself only in a column that says INTEGER, which holds 64 bits there.
Number = BigInteger().with_variant(Integer(), "sqlite")


class Base(DeclarativeBase):
    """What all tables share."""

    # Named rules: a later migration can only change what it can name.
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[type, Any]] = {int: Number}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time in UTC, also on SQLite, which keeps no zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


# What SQLAlchemy raises when the database is away, in a word of ours: doors may not know SQLAlchemy.
DatabaseAway = OperationalError


class Conflict(Exception):
    """A unique rule of the database was hit; the transaction is rolled back."""


class RoomLocks:
    """One writer per room in this worker."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[int, _Lock] = WeakValueDictionary()

    @contextmanager
    def hold(self, room_id: int, timeout_seconds: float) -> Iterator[None]:
        """The room's turn, for as long as the block lasts. Raises Unavailable when it does not come in time."""
        lock = self._locks.setdefault(room_id, _Lock())
        if not lock.lock.acquire(timeout=timeout_seconds):
            raise Unavailable(retry_after=1)
        try:
            yield
        finally:
            lock.lock.release()


class _Lock:
    # A bare threading.Lock takes no weak reference.
    def __init__(self) -> None:
        self.lock = threading.Lock()


def init_app(app: Flask, settings: Settings) -> None:
    """Give `app` its database. Nothing is connected before the first query."""
    app.extensions["chatapp_engine"] = make_engine(settings)
    app.extensions["chatapp_statements"] = make_statements(app.extensions["chatapp_engine"], settings)
    app.extensions["chatapp_room_locks"] = RoomLocks()
    app.teardown_appcontext(_close_session)


def engine() -> Engine:
    """The engine of the running application."""
    current: Engine = current_app.extensions["chatapp_engine"]
    return current


def session() -> Session:
    """The session of this request, event or job. Reading needs nothing more; writing needs `transaction()`."""
    if "db_session" not in g:
        g.db_session = Session(engine(), expire_on_commit=False)
    current: Session = g.db_session
    return current


def rows(query: Select[*tuple[Any, ...]], values: Mapping[str, object]) -> Sequence[Sequence[Any]]:
    """What `query` gives: plain columns, no objects. Build it once; it is put into words for the driver only then.

    Where this session has asked nothing yet, PostgreSQL is asked beside it: begin and rollback are a question more.
    """
    if config.current().is_sqlite or ("db_session" in g and session().in_transaction()):
        return session().execute(query, values).all()
    return _statements().query(query, values)


def read_anew() -> None:
    """From here on the session sees what is committed, and no more what it saw before."""
    if config.current().is_sqlite:
        # It goes on showing the moment in which its transaction began.
        session().rollback()
    else:
        # Each statement sees what is committed (READ COMMITTED): a new transaction would be two questions for nothing.
        session().expire_all()


def let_go() -> None:
    """Give the connection of this session back, and keep what was read: what follows needs one of its own, or none.

    Not inside a transaction.
    """
    # Nothing is written, and a rollback would forget what was read.
    session().commit()


@contextmanager
def transaction() -> Iterator[Session]:
    """A session that commits at the end, or rolls back on any error. What `after_commit` was given runs then.

    Raises Conflict when a unique rule was hit, Unavailable when the database cannot take a write now.
    """
    current = session()
    with _told_afterwards(), _errors_named():
        # What was read so far is forgotten: inside, everything is read behind the lock.
        current.rollback()
        try:
            _begin_writing(current)
            yield current
            current.commit()
        except BaseException:
            current.rollback()
            raise


@contextmanager
def room_transaction(room_id: int) -> Iterator[Session]:
    """`transaction()` for a change in one room, one at a time in this worker.

    The room's turn is awaited without a database connection: otherwise one stuck room drains the pool.
    What `after_commit` was given runs before the next writer's turn, so in the order of the versions.
    """
    with _turn(room_id), transaction() as current:
        yield current


@contextmanager
def room_turn(room_id: int) -> Iterator[None]:
    """The same for a change that is one `statement`, and so needs no transaction around it."""
    with _turn(room_id), _told_afterwards():
        yield


def statement(sql: str, values: Mapping[str, object]) -> list[tuple[Any, ...]]:
    """The rows that one statement gives, which is a transaction by itself: begin and commit are a question each.

    Raises Conflict when a rule of the database was hit, Unavailable; then nothing of it has happened.
    """
    with _errors_named():
        return _statements().rows(sql, values)


def after_commit(callback: Callable[[], None]) -> None:
    """Call `callback` once this transaction has committed, or never."""
    g.after_commit.append(callback)


def sweep_journal() -> None:
    """Empty SQLite's journal, in which pages stand as they were before a deletion; nothing on PostgreSQL.

    Call it after a commit. Beside a reader it does nothing, and the next call does it.
    """
    if config.current().is_sqlite:
        with closing(engine().raw_connection()) as connection:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")


def is_up() -> bool:
    """True when the database answers."""
    try:
        session().execute(text("SELECT 1"))
    except DBAPIError:
        return False
    return True


def _statements() -> Statements:
    current: Statements = current_app.extensions["chatapp_statements"]
    return current


@contextmanager
def _turn(room_id: int) -> Iterator[None]:
    if "db_session" in g:
        session().rollback()
    locks: RoomLocks = current_app.extensions["chatapp_room_locks"]
    with locks.hold(room_id, config.current().lock_timeout_ms / 1000):
        yield


@contextmanager
def _told_afterwards() -> Iterator[None]:
    if "after_commit" in g:
        # It would roll the outer one back in silence, and forget what that one was to announce.
        raise RuntimeError("a transaction inside a transaction")
    callbacks: list[Callable[[], None]] = []
    g.after_commit = callbacks
    try:
        yield
    finally:
        del g.after_commit
    _run_all(callbacks)


@contextmanager
def _errors_named() -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        raise Conflict from error
    except (OperationalError, InterfaceError, InternalError) as error:
        if isinstance(error, InternalError) and not is_read_only(error.orig):
            raise
        logger.warning("write failed error=%s", type(error.orig).__name__)
        raise Unavailable(retry_after=1) from error


def _run_all(callbacks: list[Callable[[], None]]) -> None:
    for callback in callbacks:
        try:
            callback()
        except Exception:
            # The change is committed: failing to tell others must not make it look undone.
            logger.exception("after commit failed")


def _begin_writing(current: Session) -> None:
    deadline = time.monotonic() + config.current().lock_timeout_ms / 1000
    while True:
        try:
            current.connection(execution_options={"writes": True})
            return
        except OperationalError as error:
            current.rollback()
            if not _is_sqlite_busy(error) or time.monotonic() > deadline:
                raise
        # Green: with SQLite's own busy_timeout the wait would be inside C and stop every other greenlet.
        time.sleep(SQLITE_RETRY_SECONDS * random.uniform(0.5, 1.5))  # noqa: S311


def _is_sqlite_busy(error: OperationalError) -> bool:
    return isinstance(error.orig, sqlite3.OperationalError) and "locked" in str(error.orig)


def _close_session(_error: BaseException | None) -> None:
    ending: Session | None = g.pop("db_session", None)
    if ending is not None:
        try:
            ending.close()
        except DatabaseAway as error:
            # What was read is read and what was committed is committed: the answer stands.
            logger.warning("session ended without the database error=%s", type(error.orig).__name__)
            ending.invalidate()
