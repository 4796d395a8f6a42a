"""What tests share: the cast, a browser without a window, and a socket."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Table, insert, select
from werkzeug.test import TestResponse

from chatapp import config, create_app, db, identity, realtime, throttle
from chatapp.actions import rooms, sign_ins
from chatapp.config import Settings
from chatapp.db import Base
from chatapp.extensions import socketio
from chatapp.models import Company, Person, User
from chatapp.realtime.connections import connections

PASSWORD = "correct horse battery"
# argon2 takes 30 ms of a core by design; tests of other things do not wait for it (`quick_passwords`).
FULL_HASHER = identity._hasher  # noqa: SLF001
QUICK_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD_HASH = QUICK_HASHER.hash(PASSWORD)
JSON = {"Accept": "application/json"}
SECRET = "test-secret-of-at-least-32-characters"


def test_settings(database_url: str, **changes: object) -> Settings:
    """Settings that need no environment."""
    environ = {"DATABASE_URL": database_url, "SECRET_KEY": SECRET}
    return replace(config.load(environ), **changes)  # type: ignore[arg-type]


test_settings.__test__ = False  # type: ignore[attr-defined]


@contextmanager
def another_app(settings: Settings) -> Iterator[Flask]:
    """An application beside the one of all tests, to which Socket.IO belongs again afterwards."""
    bound = dict(vars(socketio))
    app = create_app(settings)
    try:
        yield app
    finally:
        vars(socketio).update(bound)
        app.extensions["chatapp_engine"].dispose()


@dataclass(frozen=True)
class Cast:
    """Everybody, and the rooms they meet in."""

    alice: Person
    bob: Person
    charlie: Person
    dana: Person
    open_room: int
    closed_room: int
    direct_room: int


def make_cast() -> Cast:
    """The company with its people and rooms, in the present application."""
    people = [_person(name) for name in ("Alice", "Bob", "Charlie")] + [_person("Dana", is_admin=True)]
    with db.transaction() as session:
        session.add(Company(id=1, name="Example"))
        session.add_all(people)
    alice, bob, charlie, dana = (user.person for user in people)
    opened = rooms.create_room(alice, "Lobby", "open", [bob.id])
    closed = rooms.create_room(alice, "Board", "closed", [bob.id])
    direct, _ = rooms.open_direct_room(alice, [bob.id])
    return Cast(alice, bob, charlie, dana, opened.id, closed.id, direct.id)


def _person(name: str, *, is_admin: bool = False) -> User:
    return User(name=name, email=f"{name.lower()}@example.org", password_hash=PASSWORD_HASH, is_admin=is_admin)


@dataclass(frozen=True)
class StoredCast:
    """The cast, and all rows that it consists of: to put them back takes a fifth of making it anew."""

    cast: Cast
    rows: dict[Table, list[dict[str, Any]]]

    @classmethod
    def make(cls, app: Flask) -> "StoredCast":
        """A cast of this application, made as people would, in tables that were emptied."""
        empty_tables(app)
        with app.app_context():
            cast, session = make_cast(), db.session()
            tables = Base.metadata.sorted_tables
            rows = {table: [dict(row) for row in session.execute(select(table)).mappings()] for table in tables}
        return cls(cast, {table: found for table, found in rows.items() if found})

    def put_back(self, app: Flask) -> Cast:
        """The cast, in tables that are empty."""
        with app.app_context(), db.transaction() as session:
            connection = session.connection()
            for table, rows in self.rows.items():
                connection.execute(insert(table), rows)
        return self.cast


def empty_tables(app: Flask) -> None:
    """Forget everything that earlier tests left."""
    sign_ins.init_app(app, app.extensions["chatapp_settings"])
    throttle.init_app(app, app.extensions["chatapp_settings"])
    # SQLite counts rooms from 1 again; a stream of the test before would know another room by the number.
    app.extensions["chatapp_room_streams"].end()
    realtime.init_app(app, app.extensions["chatapp_settings"])
    with app.app_context(), db.transaction() as session:
        connection = session.connection()
        for statement in _emptying(connection.dialect.name):
            connection.exec_driver_sql(statement)


@cache
def _emptying(dialect: str) -> list[str]:
    # Before each test: as text it takes a fifth, and PostgreSQL takes all of it at once.
    statements = [f"DELETE FROM {table.name}" for table in reversed(Base.metadata.sorted_tables)]  # noqa: S608
    return ["; ".join(statements)] if dialect == "postgresql" else statements


class Browser:
    """A browser without a window: it keeps cookies, and sends the CSRF token as a page's form would."""

    def __init__(self, app: Flask, person: Person | None = None) -> None:
        self.app = app
        self.client: FlaskClient = app.test_client()
        if person is not None:
            self._sign_in(person)

    def get(self, path: str, *, json: bool = False) -> TestResponse:
        """The page at `path`, or its data."""
        return self.client.get(path, headers=JSON if json else {}, buffered=True)

    def post(self, path: str, data: dict[str, Any] | None = None, *, json: bool = False) -> TestResponse:
        """The answer to a form."""
        form = {"csrf_token": self.csrf_token(), **(data or {})}
        answer = self.client.post(path, data=form, headers=JSON if json else {})
        answer.request.environ["wsgi.input"].close()  # a large form is a file of the client's, which nobody else closes
        return answer

    def put(self, path: str, data: bytes, **query: object) -> TestResponse:
        """The answer to bare bytes, as a script sends a file."""
        return self._send_bytes("PUT", path, data, query)

    def post_bytes(self, path: str, data: bytes, **query: object) -> TestResponse:
        """The same, as a program sends one that knows no other way."""
        return self._send_bytes("POST", path, data, query)

    def _send_bytes(self, method: str, path: str, data: bytes, query: dict[str, object]) -> TestResponse:
        headers = {**JSON, "X-CSRFToken": self.csrf_token(), "Content-Type": "application/octet-stream"}
        length = {"CONTENT_LENGTH": str(len(data))}
        return self.client.open(
            path, method=method, data=data, query_string=query, headers=headers, environ_overrides=length
        )

    def delete(self, path: str) -> TestResponse:
        """The answer to a script that takes something away."""
        return self.client.delete(path, headers={**JSON, "X-CSRFToken": self.csrf_token()})

    def csrf_token(self) -> str:
        """The token that a form of this browser carries."""
        token: str = self.client.get("/csrf-token").get_json()["csrf_token"]
        return token

    def connect(self) -> "Socket":
        """A socket with this browser's cookies."""
        return Socket(self)

    def _sign_in(self, person: Person) -> None:
        with self.app.app_context():
            guest = sign_ins.begin_sign_in(person, user_agent="test browser")
        with self.client.session_transaction() as session:
            session["_user_id"] = guest.token
            session["_fresh"] = True


class Socket:
    """A socket of the application in this process."""

    def __init__(self, browser: Browser, *, page_of: object = None, people_version: object = None) -> None:
        auth = {"user_id": page_of, "people_version": people_version}
        self._client = socketio.test_client(browser.app, flask_test_client=browser.client, auth=auth)

    @property
    def is_connected(self) -> bool:
        """True while the server keeps it."""
        return bool(self._client.is_connected())

    def request(self, event: str, *payload: object) -> dict[str, Any]:
        """The ack of a command."""
        ack = self._client.emit(event, *payload, callback=True)
        assert isinstance(ack, dict), ack
        return ack

    def received(self, name: str | None = None) -> list[dict[str, Any]]:
        """The payloads that came down since the last call, of one event or of all."""
        events = self._client.get_received()
        return [event["args"][0] for event in events if name in (None, event["name"])]

    def close(self) -> None:
        """Go away."""
        self._client.disconnect()


def nobody_is_connected() -> bool:
    """True when every socket of this process has gone."""
    return len(connections) == 0
