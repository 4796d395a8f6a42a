"""Statements that are a transaction by themselves: how many at once, and what becomes of broken connections."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import bindparam, select, text

from chatapp import db
from chatapp.errors import Unavailable
from chatapp.models import User
from chatapp.statements import Statements
from tests.databases import postgresql_lock, small_app
from tests.together import eventually

pytestmark = [
    pytest.mark.usefixtures("cast"),
    pytest.mark.parametrize("database_url", ["postgresql"], indirect=True, scope="session"),
]

WHO = "SELECT pg_backend_pid()"


@pytest.fixture
def small(database_url: str) -> Iterator[Flask]:
    app = small_app(database_url, database_pool_size=4, lock_timeout_ms=5_000)
    with app.app_context():
        yield app
    app.extensions["chatapp_engine"].dispose()


@pytest.fixture
def statements(small: Flask) -> Statements:
    found: Statements = small.extensions["chatapp_statements"]
    return found


def who(statements: Statements) -> int:
    return int(statements.rows(WHO, {})[0][0])


def asked(question: str, **values: object) -> Any:
    """What the server says of its connections now: within one transaction it would say the same for ever."""
    db.session().rollback()
    return db.session().scalar(text(question), values)


def end(pid: int) -> None:
    asked("SELECT pg_terminate_backend(:pid)", pid=pid)
    eventually(lambda: is_gone(pid))


def is_gone(pid: int) -> bool:
    return bool(asked("SELECT count(*) FROM pg_stat_activity WHERE pid = :pid", pid=pid) == 0)


def test_one_after_the_other_they_use_one_connection(statements: Statements) -> None:
    assert who(statements) == who(statements)


def test_each_is_committed_by_itself_and_leaves_no_transaction_open(statements: Statements) -> None:
    pid = who(statements)
    statements.rows("UPDATE company SET name = 'New' RETURNING id", {})
    assert db.session().scalar(text("SELECT name FROM company")) == "New"
    assert asked("SELECT state FROM pg_stat_activity WHERE pid = :pid", pid=pid) == "idle"


def test_a_query_that_is_built_once_takes_its_values_each_time(statements: Statements) -> None:
    query = select(User.name).where(User.name == "Alice")
    assert statements.query(query, {}) == [("Alice",)]
    assert statements.query(query, {"name_1": "Bob"}) == [("Bob",)]


def test_what_breaks_a_rule_breaks_no_connection(small: Flask, statements: Statements) -> None:
    pid = who(statements)
    with pytest.raises(db.Conflict), small.app_context():
        db.statement("INSERT INTO company (id, name, epoch, created_at) VALUES (2, '', '', now())", {})
    assert who(statements) == pid


@contextmanager
def two_waiting(statements: Statements, database_url: str) -> Iterator[list[int]]:
    """Both connections wait for a lock as long as this lasts; which they were is known after it."""
    pids: list[int] = []

    def wait() -> None:
        pids.append(int(statements.rows("SELECT pg_backend_pid() FROM rooms LIMIT 1 FOR UPDATE", {})[0][0]))

    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    threads = [threading.Thread(target=wait) for _ in range(2)]
    with postgresql_lock(database_url, "SELECT 1 FROM rooms FOR UPDATE"):
        for thread in threads:
            thread.start()
        eventually(lambda: asked(waiting) == 2)
        yield pids
    for thread in threads:
        thread.join()


def test_while_all_are_taken_others_wait_their_turn_and_not_for_ever(
    statements: Statements, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with two_waiting(statements, database_url) as pids, monkeypatch.context() as patch:
        patch.setattr(statements, "_patience_seconds", 0.01)
        with pytest.raises(db.DatabaseAway):
            who(statements)
    assert len(set(pids)) == 2
    assert who(statements) in pids


def test_a_connection_that_broke_a_while_ago_is_replaced_unnoticed(
    statements: Statements, monkeypatch: pytest.MonkeyPatch
) -> None:
    pid = who(statements)
    end(pid)
    monkeypatch.setattr(statements, "_trusted_seconds", -1.0)
    assert who(statements) not in (0, pid)


def test_of_connections_that_have_just_broken_one_fails_and_the_others_go_with_it(
    statements: Statements, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statements, "_trusted_seconds", 60.0)
    with two_waiting(statements, database_url) as pids:
        pass
    for pid in pids:
        end(pid)
    with pytest.raises(db.DatabaseAway):
        who(statements)
    assert who(statements) not in pids


def test_one_that_is_cut_off_in_the_middle_is_not_used_again(
    statements: Statements, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut_off(*_of: object) -> None:
        raise KeyboardInterrupt

    pid = who(statements)
    with monkeypatch.context() as patch:
        patch.setattr("chatapp.statements._fetched", cut_off)
        with pytest.raises(KeyboardInterrupt):
            who(statements)
    assert who(statements) != pid


def test_with_the_engine_they_end(small: Flask, statements: Statements) -> None:
    pid = who(statements)
    small.extensions["chatapp_engine"].dispose()
    eventually(lambda: is_gone(pid))


def test_what_is_asked_again_is_prepared_once(statements: Statements) -> None:
    query = select(User.name).where(User.name == bindparam("name"))
    for name in ("Alice", "Bob", "Alice"):
        assert statements.query(query, {"name": name}) == [(name,)]
    found = (
        "SELECT statement FROM pg_prepared_statements WHERE statement LIKE %(like)s AND statement NOT LIKE %(unlike)s"
    )
    prepared = statements.rows(found, {"like": "%FROM users%", "unlike": "%pg_prepared%"})
    assert len(prepared) == 1
    assert "Alice" not in prepared[0][0]


@pytest.mark.parametrize("change", ["DEALLOCATE ALL", "ALTER TABLE scratch ALTER COLUMN name TYPE text"])
def test_where_what_was_prepared_does_not_last_all_is_asked_in_full(
    statements: Statements, caplog: pytest.LogCaptureFixture, change: str
) -> None:
    who(statements)
    # As a pooler gives it to somebody else, or a migration changes what it has understood.
    connection = statements._idle[0].connection  # noqa: SLF001
    question = "INSERT INTO scratch (name) VALUES (%(name)s) RETURNING name"
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE scratch (name varchar(80))")
        assert statements.rows(question, {"name": "One"}) == [("One",)]
        cursor.execute(change)
        for name in ("Two", "Three"):
            assert statements.rows(question, {"name": name}) == [(name,)]
        cursor.execute("SELECT name FROM scratch ORDER BY name")
        assert cursor.fetchall() == [("One",), ("Three",), ("Two",)]
    assert len(caplog.records) == 1


def test_how_many_are_at_work_is_known(statements: Statements) -> None:
    asking = threading.Thread(target=statements.rows, args=("SELECT pg_sleep(1)", {}))
    asking.start()
    eventually(lambda: statements.in_use == 1)
    asking.join()
    assert statements.in_use == 0


def test_what_the_address_says_of_the_connection_does_not_stand_against_ours(database_url: str) -> None:
    app = small_app(f"{database_url}?connect_timeout=10&options=-c%20lock_timeout%3D77")
    with app.app_context():
        found = app.extensions["chatapp_statements"].rows("SELECT current_setting('lock_timeout')", {})
    assert found == [("200ms",)]  # what small_app sets
    app.extensions["chatapp_statements"].close()
    app.extensions["chatapp_engine"].dispose()


def test_what_is_prepared_is_named_by_its_words_on_every_connection(statements: Statements, database_url: str) -> None:
    # Behind a pooler a connection may know what another of ours prepared.
    with two_waiting(statements, database_url):
        pass
    who(statements)
    names = "SELECT name FROM pg_prepared_statements WHERE statement LIKE '%%FOR UPDATE%%' OR name = ''"
    first, second = (line.connection for line in statements._idle)  # noqa: SLF001
    assert len({_answer(line, names) for line in (first, second)}) == 1


def _answer(connection: Any, question: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(question)
        ((answer,),) = cursor.fetchall()
    return str(answer)


def test_where_the_database_takes_no_writes_whoever_writes_is_told_to_come_again(
    small: Flask, statements: Statements
) -> None:  # after a fail-over the address may lead to a standby
    read_only = "SELECT set_config('default_transaction_read_only', 'on', false)"
    statements.rows(read_only, {})
    with pytest.raises(Unavailable):
        db.statement("UPDATE company SET name = 'New' RETURNING id", {})
    assert statements.rows("SELECT name FROM company", {}) != [("New",)]
    asked(read_only)
    db.session().commit()
    with pytest.raises(Unavailable), db.transaction() as session:
        session.execute(text("UPDATE company SET name = 'New'"))
