"""The database of a deployment."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import psycopg2
import pytest
from flask import Flask
from sqlalchemy import text

from chatapp import db, migrations
from chatapp.config import Settings
from chatapp.doctor import database
from chatapp.doctor.clocks import clock
from chatapp.doctor.finding import Finding
from tests.doctor.support import application, settings_of, states
from tests.parts.postgresql import PostgreSQL

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SAFE = dict.fromkeys(database.LOST_BY, "on")
Altered = Callable[..., dict[str, Finding]]


@pytest.fixture
def altered(postgresql_server: PostgreSQL) -> Altered:
    """What is found of a new, migrated database after a statement about it."""

    def found(statement: str, **changes: object) -> dict[str, Finding]:
        name = f"doctor_{uuid4().hex[:12]}"
        settings = settings_of(DATABASE_URL=postgresql_server.create_database(name))
        with application(settings):
            migrations.upgrade(db.engine())
        with psycopg2.connect(postgresql_server.url) as connection, connection.cursor() as cursor:
            cursor.execute(statement.format(name=name))
        connection.close()
        with application(settings, **changes):
            lines = list(database.examine(replace(settings, **changes), {}))  # type: ignore[arg-type]
        postgresql_server.drop_database(name)
        return {line.check: line for line in lines}

    return found


def test_what_is_sound_is_told_so(context: None, settings: Settings) -> None:
    found = states(database.examine(settings, {}))
    # The tests' own PostgreSQL runs without fsync, for their speed.
    expected = "ok" if settings.is_sqlite else "wrong"
    assert found.pop("durability") == expected
    assert set(found.values()) == {"ok"}, found


@pytest.mark.parametrize(
    "url", ["sqlite:////nowhere/at/all.db", "postgres://nobody:canary-word@127.0.0.1:1/nothing"], ids=["file", "server"]
)
def test_a_database_that_is_away_is_one_line_without_its_password(url: str) -> None:
    settings = settings_of(DATABASE_URL=url)
    with application(settings):
        (finding,) = database.examine(settings, {})
    assert (finding.check, finding.state) == ("database", "wrong")
    assert "canary-word" not in finding.line()
    assert "\n" not in finding.line()


@pytest.mark.parametrize(("revision", "state"), [("older", "wrong"), ("0001", "wrong"), ("9999", "warn")])
def test_tables_of_a_release_before_are_wrong_and_of_a_later_one_can_be_served(
    app: Flask, context: None, settings: Settings, revision: str, state: str
) -> None:
    with db.transaction() as session:
        version = session.scalar(text("SELECT version_num FROM alembic_version"))
        session.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
    try:
        (finding,) = [each for each in database.examine(settings, {}) if each.check == "migrations"]
        assert finding.state == state
        assert ("migrate" in finding.advice) == (state == "wrong"), "which does nothing to a later one"
    finally:
        with db.transaction() as session:
            session.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})


def test_a_commit_that_is_not_waited_for_is_wrong(altered: Altered) -> None:
    found = altered("ALTER DATABASE {name} SET synchronous_commit = off")["durability"]
    assert found.state == "wrong"
    assert "synchronous_commit is off" in found.says


@pytest.mark.parametrize("name", database.LOST_BY)
def test_each_of_them_off_is_wrong_and_told(name: str) -> None:
    finding = database.postgresql_durability({**SAFE, name: "off"})
    assert finding.state == "wrong"
    assert name in finding.says
    assert database.postgresql_durability({**SAFE, "synchronous_commit": "local"}).state == "ok"


def test_a_database_in_memory_is_wrong() -> None:
    settings = settings_of(DATABASE_URL="sqlite:///:memory:")
    with application(settings):
        assert states(database.examine(settings, {}))["durability"] == "wrong"


def test_a_file_is_kept_by_its_journal_and_by_waiting_for_the_disk(tmp_path: Path) -> None:
    assert database.sqlite_durability("wal", "FULL").state == "ok"
    assert database.sqlite_durability("delete", "FULL").state == "wrong"
    assert database.sqlite_durability("wal", "NORMAL").state == "wrong"


@pytest.mark.parametrize(
    ("statement", "workers", "state"),
    [
        ("SELECT 1", 2, "ok"),
        ("SELECT 1", 50, "wrong"),
        ("ALTER DATABASE {name} CONNECTION LIMIT 20", 2, "ok"),
        ("ALTER DATABASE {name} CONNECTION LIMIT 17", 2, "warn"),
        ("ALTER DATABASE {name} CONNECTION LIMIT 15", 2, "wrong"),
    ],
)
def test_all_workers_together_get_their_connections(altered: Altered, statement: str, workers: int, state: str) -> None:
    found = altered(statement, web_concurrency=workers)["pool"]
    assert found.state == state, found.says


@pytest.mark.parametrize(
    ("changes", "on_dyno", "allowed", "state"),
    [
        ({}, False, 18, "ok"),  # 2 x 8, and 2 for the commands
        ({"redis_url": "redis://r/0"}, False, 26, "ok"),  # with a bus a reload has one worker more
        ({"redis_url": "redis://r/0"}, False, 25, "warn"),
        ({"redis_url": "redis://r/0"}, True, 34, "ok"),  # a deploy has twice all of them
        ({"redis_url": "redis://r/0"}, True, 20, "warn"),
        ({"redis_url": "redis://r/0", "database_pool_size": 4}, True, 20, "ok"),  # as app.json sets it
    ],
)
def test_so_do_those_that_overlap_while_new_ones_replace_old_ones(
    settings: Settings, changes: dict[str, object], on_dyno: bool, allowed: int, state: str
) -> None:
    chosen = replace(settings, web_concurrency=2, **changes)  # type: ignore[arg-type]
    finding = database.pool(chosen, allowed, on_dyno=on_dyno)
    assert finding.state == state, finding.says
    assert ("during a" in finding.says) == (state == "warn")


def test_what_it_advises_for_a_dyno_is_enough(settings: Settings) -> None:
    chosen = replace(settings, web_concurrency=2, redis_url="redis://r/0")
    assert "DATABASE_POOL_SIZE=4 " in database.pool(chosen, 20, on_dyno=True).advice


@pytest.mark.parametrize(("seconds", "state"), [(0, "ok"), (4.9, "ok"), (-4.9, "ok"), (6, "warn"), (-3600, "warn")])
def test_a_clock_that_is_more_than_five_seconds_off_is_told(seconds: float, state: str) -> None:
    finding = clock("database", NOW + timedelta(seconds=seconds), NOW)
    assert finding.state == state
    if state == "warn":
        assert ("ahead" in finding.says) == (seconds > 0)


def test_no_worker_is_told_to_live_without_connections(settings: Settings) -> None:
    assert "DATABASE_POOL_SIZE=2," in database.pool(replace(settings, web_concurrency=60), 20).advice


def test_one_connection_is_enough_for_it(postgresql_server: PostgreSQL) -> None:
    settings = settings_of(
        DATABASE_URL=postgresql_server.create_database(f"doctor_{uuid4().hex[:12]}"), DATABASE_POOL_SIZE="2"
    )
    with application(settings):
        migrations.upgrade(db.engine())
        assert states(database.examine(settings, {}))["migrations"] == "ok"
