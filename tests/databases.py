"""A database beside the application: others who hold a lock, and an application that waits only briefly."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace

import psycopg2
import pytest
from flask import Flask
from sqlalchemy import make_url

from chatapp import db
from tests.support import test_settings

LOCK_TIMEOUT_MS = 200
UNREACHABLE = {True: "sqlite:////nowhere/at/all.db", False: "postgresql+psycopg2://nobody@127.0.0.1:1/nothing"}


def small_app(database_url: str, **changes: object) -> Flask:
    """Only the database of the application, on one connection of each kind, and with a short patience."""
    app, one_connection = Flask("small"), {"database_pool_size": 2 if is_postgresql(database_url) else 1}
    settings = test_settings(database_url, **{"lock_timeout_ms": LOCK_TIMEOUT_MS, **one_connection, **changes})
    app.extensions["chatapp_settings"] = settings
    db.init_app(app, settings)
    return app


def take_away(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database of the application does not answer any more."""
    settings = app.extensions["chatapp_settings"]
    nowhere = replace(settings, database_url=UNREACHABLE[settings.is_sqlite])
    engine = db.make_engine(nowhere)
    monkeypatch.setitem(app.extensions, "chatapp_engine", engine)
    monkeypatch.setitem(app.extensions, "chatapp_statements", db.make_statements(engine, nowhere))


def connections_in_use(app: Flask) -> int:
    """How many connections were taken from the pool and not given back."""
    return int(app.extensions["chatapp_engine"].pool.checkedout())


@contextmanager
def sqlite_lock(database_url: str, begin: str = "BEGIN EXCLUSIVE") -> Iterator[None]:
    """Somebody else writes in the file as long as this lasts."""
    path = make_url(database_url).database
    assert path is not None
    with closing(sqlite3.connect(path, isolation_level=None, timeout=10)) as other:
        other.execute(begin)
        yield
        other.execute("ROLLBACK")


@contextmanager
def postgresql_lock(database_url: str, statement: str, *values: object) -> Iterator[None]:
    """Somebody else holds what this statement locks as long as this lasts."""
    url = make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with closing(psycopg2.connect(url)) as other, other.cursor() as cursor:
        cursor.execute(statement, values)
        yield
        other.rollback()


def is_postgresql(database_url: str) -> bool:
    """Which of the two it is."""
    return database_url.startswith("postgresql")


@contextmanager
def room_lock(database_url: str, room_id: int) -> Iterator[None]:
    """Another worker is changing this room; on SQLite that is the whole file."""
    if is_postgresql(database_url):
        with postgresql_lock(database_url, "SELECT 1 FROM rooms WHERE id = %s FOR UPDATE", room_id):
            yield
    else:
        with sqlite_lock(database_url):
            yield
