"""Migrations while others are at work: on a grown database, beside a server that serves, and twice at once."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Thread
from uuid import uuid4

import pytest
from alembic import command
from alembic.migration import MigrationContext
from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError

from chatapp import addresses, config, db, migrations
from tests.databases import postgresql_lock, sqlite_lock
from tests.support import test_settings
from tests.together import eventually

IMPATIENT = {"statement_timeout_ms": 100, "lock_timeout_ms": 100}


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Engine]:
    with engine_of(f"sqlite:///{tmp_path / 'empty.db'}") as engine:
        yield engine


@pytest.fixture
def postgresql(request: pytest.FixtureRequest) -> Iterator[Engine]:
    server = request.getfixturevalue("postgresql_server")
    with engine_of(addresses.database_url(server.create_database(f"empty_{uuid4().hex[:12]}"))) as engine:
        yield engine


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest) -> Engine:
    engine: Engine = request.getfixturevalue(request.param)
    return engine


@contextmanager
def engine_of(url: str) -> Iterator[Engine]:
    engine = db.make_engine(test_settings(url, **IMPATIENT))
    yield engine
    engine.dispose()


def url_of(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


def upgrade_to(engine: Engine, revision: str) -> None:
    with engine.begin() as connection:
        settings = migrations._settings()  # noqa: SLF001
        settings.attributes["connection"] = connection
        command.upgrade(settings, revision)


def heads(engine: Engine) -> tuple[str, ...]:
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_heads()


def test_each_step_that_is_done_stays_done(empty: Engine) -> None:
    upgrade_to(empty, "0010")
    with empty.begin() as connection:
        connection.execute(text("CREATE INDEX ix_uploads_room_id_id ON uploads (id)"))  # the name that 0012 wants
    with pytest.raises(DatabaseError):
        migrations.upgrade(empty)
    assert heads(empty) == ("0011",)

    with empty.begin() as connection:
        connection.execute(text("DROP INDEX ix_uploads_room_id_id"))
    migrations.upgrade(empty)
    assert migrations.is_current(empty)


def test_a_step_may_take_longer_than_a_request_and_so_may_whoever_migrates_before_us(postgresql: Engine) -> None:
    with postgresql_lock(url_of(postgresql), "SELECT pg_advisory_xact_lock(%s)", migrations.OURS):
        migrating = Thread(target=migrations.upgrade, args=[postgresql])
        migrating.start()
        eventually(lambda: waits_for_longer_than(postgresql, IMPATIENT["statement_timeout_ms"] * 3))
        assert heads(postgresql) == ()
    migrating.join(30)
    assert migrations.is_current(postgresql)


def waits_for_longer_than(engine: Engine, milliseconds: int) -> bool:
    question = """SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
                  AND wait_event = 'advisory' AND now() - query_start > :patience * interval '1 millisecond'"""
    with engine.connect() as connection:
        return bool(connection.execute(text(question), {"patience": milliseconds}).scalar_one())


def test_what_it_set_for_itself_is_gone_with_the_step(postgresql: Engine) -> None:
    migrations.upgrade(postgresql)
    with postgresql.connect() as connection:
        for name in ("statement_timeout", "lock_timeout"):
            assert connection.execute(text(f"SHOW {name}")).scalar_one() == "100ms"


def test_a_lock_that_is_not_got_in_time_is_asked_for_again(empty: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    upgrade_to(empty, "0011")
    with ExitStack() as stack:
        if empty.dialect.name == "sqlite":
            stack.enter_context(sqlite_lock(url_of(empty)))
        else:
            stack.enter_context(postgresql_lock(url_of(empty), "LOCK TABLE uploads"))
        pauses: list[float] = []

        def pause(seconds: float) -> None:
            pauses.append(seconds)
            if len(pauses) == 2:
                stack.close()

        monkeypatch.setattr(migrations.time, "sleep", pause)
        migrations.upgrade(empty)
    assert pauses == [*migrations.PAUSES_SECONDS[:2]]
    assert migrations.is_current(empty)


def test_a_new_file_that_another_makes_just_now_is_waited_for(sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    with ExitStack() as stack:  # who connects first changes the file's journal, alone
        stack.enter_context(sqlite_lock(url_of(sqlite)))
        monkeypatch.setattr(migrations.time, "sleep", lambda _seconds: stack.close())
        migrations.upgrade(sqlite)
    assert migrations.is_current(sqlite)


def test_it_gives_up_in_the_end(empty: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    upgrade_to(empty, "0011")
    pauses: list[float] = []
    monkeypatch.setattr(migrations.time, "sleep", pauses.append)
    is_sqlite, url = empty.dialect.name == "sqlite", url_of(empty)
    with (
        sqlite_lock(url) if is_sqlite else postgresql_lock(url, "LOCK TABLE uploads"),
        pytest.raises(db.DatabaseAway),
    ):
        migrations.upgrade(empty)
    assert pauses == [*migrations.PAUSES_SECONDS]
    assert heads(empty) == ("0011",)


def test_two_that_migrate_at_once_take_turns(empty: Engine) -> None:
    environ = {
        "PATH": os.environ.get("PATH", os.defpath),
        "DATABASE_URL": url_of(empty),
        "SECRET_KEY": "secret-of-the-tests-of-32-letters",
    }
    pipe, argv = subprocess.PIPE, [sys.executable, "-m", "chatapp", "migrate"]
    processes = [
        subprocess.Popen(argv, cwd=config.ROOT, env=environ, stdout=pipe, stderr=pipe, text=True) for _ in range(3)
    ]
    ends = [(process.communicate(timeout=60), process.returncode) for process in processes]
    assert [(said[1], status) for said, status in ends] == [("", 0)] * 3
    assert migrations.is_current(empty)


def test_what_a_later_release_has_migrated_is_left_alone_and_usable(empty: Engine) -> None:
    migrations.upgrade(empty)
    with empty.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    migrations.upgrade(empty)
    assert heads(empty) == ("9999",)
    assert migrations.is_usable(empty)
    assert not migrations.is_current(empty)


@pytest.mark.parametrize("before", ["", "0001", "0014"])
def test_what_an_earlier_one_has_left_is_not_usable(empty: Engine, before: str) -> None:
    if before:
        upgrade_to(empty, before)
    assert not migrations.is_usable(empty)
