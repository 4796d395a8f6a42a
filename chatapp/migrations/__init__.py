"""The database's schema, one step after the other (Alembic), each for SQLite and PostgreSQL alike."""

import logging
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

FOLDER = Path(__file__).parent
OURS = 0x63686174  # "chat": of the advisory lock, which is of this database alone
LOCK_NOT_AVAILABLE, DEADLOCK = "55P03", "40P01"  # PostgreSQL's names for "not now"
# Whoever waits for a lock on a table keeps all others waiting behind: after LOCK_TIMEOUT_MS it lets them go first.
PAUSES_SECONDS = (0.5, 1.0, 2.0, 4.0, 8.0)

logger = logging.getLogger(__name__)


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest revision; nothing when it is there already.

    Each step is a transaction of its own: what is done stays done. Two that migrate at once take turns.
    """
    while _patiently_step(engine):
        pass


def is_current(engine: Engine) -> bool:
    """True when the database has the very revision that this code was written for."""
    with engine.connect() as connection:
        return _heads(connection) == _newest()


def is_usable(engine: Engine) -> bool:
    """True when this code can serve it: at its own revision, or at one of a later release.

    A step leaves all that the release before knows (CONTRIBUTING.md): that one serves on while the next one migrates,
    and can be gone back to.
    """
    with engine.connect() as connection:
        return _is_usable(connection)


def hold_newest() -> None:
    """Note which step is the newest, as this code has it: an update changes the folder under a server that runs."""
    _newest()


def _patiently_step(engine: Engine) -> bool:
    for pause_seconds in PAUSES_SECONDS:
        try:
            return _step(engine)
        except OperationalError as error:
            if not _is_locked(error):
                raise
            logger.warning("migration waits for a lock pause_seconds=%.1f", pause_seconds)
        time.sleep(pause_seconds)
    return _step(engine)


def _step(engine: Engine) -> bool:
    """False when there was nothing to do. Already the look takes a lock where SQLite's file is new."""
    if is_usable(engine):
        return False
    with _turn(engine) as connection:
        if not _is_usable(connection):  # else somebody else was faster
            settings = _settings()
            settings.attributes["connection"] = connection
            command.upgrade(settings, "+1")
    return True


@contextmanager
def _turn(engine: Engine) -> Iterator[Connection]:
    """A transaction in which nobody else migrates."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            patience = connection.execute(text("SHOW lock_timeout")).scalar_one()
            # For this transaction, and not for the connection, which a pooler gives to somebody else. An index of a
            # grown table takes longer than any request may, and so does whoever migrates before us.
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            connection.execute(text("SET LOCAL lock_timeout = 0"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:ours)"), {"ours": OURS})
            connection.execute(text("SELECT set_config('lock_timeout', :patience, true)"), {"patience": patience})
        yield connection


def _is_locked(error: OperationalError) -> bool:
    if isinstance(error.orig, sqlite3.OperationalError):
        return "locked" in str(error.orig)
    return getattr(error.orig, "pgcode", None) in (LOCK_NOT_AVAILABLE, DEADLOCK)


def _is_usable(connection: Connection) -> bool:
    heads = _heads(connection)
    # Steps are numbered; what has no number is nobody's release.
    return heads == _newest() or (bool(heads) and all(head.isdecimal() and head > max(_newest()) for head in heads))


def _heads(connection: Connection) -> frozenset[str]:
    return frozenset(MigrationContext.configure(connection).get_current_heads())


@cache
def _newest() -> frozenset[str]:
    return frozenset(_script().get_heads())


def _script() -> ScriptDirectory:
    return ScriptDirectory.from_config(_settings())


def _settings() -> Config:
    settings = Config()
    settings.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    # Where the path has a percent sign, Alembic would otherwise read it as a placeholder.
    settings.set_main_option("path_separator", "os")
    return settings
