"""One way to write: committed whole or not at all, and told after the commit or never."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from chatapp import db
from chatapp.errors import RoomArchived, Unavailable
from chatapp.models import Company, Room, User
from chatapp.server.logs import error_fields
from tests.databases import connections_in_use, postgresql_lock, small_app
from tests.support import Cast

only_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@pytest.fixture
def small(database_url: str, cast: Cast) -> Iterator[Flask]:  # the cast makes the tables
    """The application's database with a pool of one connection."""
    app = small_app(database_url)
    with app.app_context():
        yield app
    app.extensions["chatapp_engine"].dispose()


def names() -> list[str]:
    """The people that are committed."""
    db.session().rollback()
    return list(db.session().scalars(select(User.name).order_by(User.id)))


def add(name: str) -> None:
    db.session().add(User(name=name, email=f"{name.lower()}@example.org"))


def add_and_fail(error: Exception) -> None:
    with db.transaction():
        add("Eve")
        db.session().flush()
        raise error


@pytest.mark.usefixtures("small")
def test_a_transaction_commits_at_its_end() -> None:
    with db.transaction():
        add("Eve")
    assert names()[-1] == "Eve"


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("error", [RoomArchived(), ZeroDivisionError()])
def test_a_transaction_rolls_back_on_any_error_which_comes_out(error: Exception) -> None:
    with pytest.raises(type(error)):
        add_and_fail(error)
    assert "Eve" not in names()


def test_a_transaction_rolls_back_when_its_greenlet_is_killed(small: Flask) -> None:
    class Killed(BaseException):
        """What ends a greenlet."""

    def change() -> None:
        with db.transaction():
            add("Eve")
            raise Killed

    with pytest.raises(Killed):
        change()
    assert connections_in_use(small) == 0
    assert "Eve" not in names()


@pytest.mark.usefixtures("small")
def test_a_transaction_inside_a_transaction_is_a_fault_and_the_outer_one_rolls_back() -> None:
    def add_eve_within() -> None:
        with db.transaction() as session:
            session.add(User(name="Eve", email="eve@example.org"))
            with db.transaction():
                pass

    with pytest.raises(RuntimeError):
        add_eve_within()
    assert User.by_email("eve@example.org") is None
    with db.transaction():
        assert User.named_like() is not None


def test_a_unique_rule_that_is_hit_is_a_conflict(small: Flask) -> None:
    with pytest.raises(db.Conflict), db.transaction():
        add("Alice")
    assert connections_in_use(small) == 0
    assert names().count("Alice") == 1


@pytest.mark.usefixtures("small")
def test_inside_a_transaction_everything_is_read_anew(cast: Cast, app: Flask) -> None:
    before = db.session().get_one(Room, cast.open_room).version
    with app.app_context(), db.transaction():
        Room.next_version(cast.open_room)
    with db.transaction() as session:
        assert session.get_one(Room, cast.open_room).version == before + 1


def test_read_anew_shows_what_others_committed_since_in_what_is_loaded_too(app: Flask, cast: Cast) -> None:
    with app.app_context():
        room = db.session().get_one(Room, cast.open_room)
        with app.app_context(), db.transaction() as other:
            other.get_one(Room, cast.open_room).name = "Renamed"
        assert room.name == "Lobby"
        db.read_anew()
        assert room.name == "Renamed"


@pytest.mark.usefixtures("small")
def test_after_commit_runs_in_order_and_after_the_commit(app: Flask) -> None:
    told: list[str] = []

    def tell(word: str) -> None:
        with app.app_context():
            told.append(f"{word} {names()[-1]}")

    with db.transaction():
        db.after_commit(lambda: tell("first"))
        add("Eve")
        db.after_commit(lambda: tell("second"))
        assert told == []
    assert told == ["first Eve", "second Eve"]


@pytest.mark.usefixtures("small")
def test_after_commit_never_runs_when_the_change_fails() -> None:
    told: list[str] = []

    def fail() -> None:
        with db.transaction():
            db.after_commit(lambda: told.append("failed"))
            raise RoomArchived

    def conflict() -> None:
        with db.transaction():
            db.after_commit(lambda: told.append("conflict"))
            add("Alice")

    for change, error in ((fail, RoomArchived), (conflict, db.Conflict)):
        with pytest.raises(error):
            change()
    with db.transaction():
        add("Eve")
    assert told == []


@pytest.mark.usefixtures("small")
def test_what_fails_after_the_commit_stops_neither_the_next_nor_the_change(caplog: pytest.LogCaptureFixture) -> None:
    told: list[str] = []
    with caplog.at_level(logging.ERROR), db.transaction():
        db.after_commit(lambda: told.append(str(1 // 0)))
        db.after_commit(lambda: told.append("next"))
        add("Eve")
    assert told == ["next"]
    assert names()[-1] == "Eve"
    assert [record.message for record in caplog.records] == ["after commit failed"]


def test_after_a_commit_no_connection_is_held_while_others_are_told(small: Flask) -> None:
    held: list[int] = []
    with db.transaction():
        add("Eve")
        db.after_commit(lambda: held.append(connections_in_use(small)))
    assert held == [0]


@pytest.mark.usefixtures("small")
def test_times_are_kept_as_aware_utc() -> None:
    seoul = datetime(2026, 3, 1, 9, 30, 15, 123456, tzinfo=timezone(timedelta(hours=9)))
    with db.transaction() as session:
        company = session.scalars(select(Company)).one()
        company.created_at = seoul
    db.session().expire_all()
    kept = db.session().scalars(select(Company.created_at)).one()
    assert (kept, kept.tzinfo) == (seoul, UTC)
    assert kept.isoformat() == "2026-03-01T00:30:15.123456+00:00"


@pytest.mark.usefixtures("small")
def test_a_moment_that_is_not_there_stays_away() -> None:
    assert db.session().scalars(select(User.deactivated_at)).first() is None


@pytest.mark.usefixtures("small")
def test_now_is_aware_utc() -> None:
    assert db.now().tzinfo is UTC


def test_a_reader_who_finds_no_free_connection_is_told_that_the_database_is_away(small: Flask) -> None:
    with small.extensions["chatapp_engine"].connect():
        with pytest.raises(db.DatabaseAway):
            names()
        assert not db.is_up()
    assert db.is_up()


def test_a_writer_who_finds_no_free_connection_is_told_to_come_back(small: Flask) -> None:
    with (
        small.extensions["chatapp_engine"].connect(),
        pytest.raises(Unavailable) as refused,
        db.transaction(),
    ):
        add("Eve")
    assert refused.value.values == {"retry_after": 1}
    assert "Eve" not in names()


def test_a_connection_that_broke_is_replaced_unnoticed(small: Flask) -> None:
    names()
    db.session().rollback()
    connection = small.extensions["chatapp_engine"].raw_connection()
    connection.dbapi_connection.close()
    connection.close()
    assert "Alice" in names()


@only_postgresql
def test_a_database_that_leaves_after_the_last_question_spoils_no_answer(small: Flask, database_url: str) -> None:
    with small.app_context():  # of a request: its session ends with it
        pid = db.session().scalar(text("SELECT pg_backend_pid()"))
        with postgresql_lock(database_url, "SELECT pg_terminate_backend(%s, 5000)", pid):
            pass
    assert connections_in_use(small) == 0
    with small.app_context():
        assert "Alice" in names()


@only_postgresql
def test_a_statement_that_takes_too_long_is_given_up(database_url: str) -> None:
    app = small_app(database_url, statement_timeout_ms=100)
    with app.app_context():
        with pytest.raises(Unavailable), db.transaction() as session:
            session.execute(text("SELECT pg_sleep(5)"))
        assert connections_in_use(app) == 0
        with pytest.raises(db.DatabaseAway):
            db.session().execute(text("SELECT pg_sleep(5)"))
    app.extensions["chatapp_engine"].dispose()


def test_a_database_that_is_nowhere_is_away_and_not_an_error_of_ours() -> None:
    app = small_app("postgresql://127.0.0.1:1/nowhere")
    with app.app_context():
        assert not db.is_up()
        with pytest.raises(Unavailable), db.transaction():
            add("Eve")
        with pytest.raises(db.DatabaseAway):
            names()


def test_an_error_of_the_database_does_not_repeat_what_somebody_wrote(small: Flask) -> None:
    with pytest.raises(DBAPIError) as raised, small.app_context():
        db.session().execute(text("SELECT nonsense FROM nowhere WHERE word = :word"), {"word": "canary"})
    # PostgreSQL's driver itself says the statement with its values.
    assert "canary" not in str(error_fields(raised.value))
    assert "parameters hidden" in str(raised.value)
