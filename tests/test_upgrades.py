"""A database of any release, with data in it, becomes one of today; and the release before goes on meanwhile."""

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    func,
    insert,
    select,
)
from sqlalchemy.orm import Session

from chatapp import addresses, db, migrations
from chatapp.db import Base
from tests.support import test_settings

REVISIONS = [
    each.revision
    for each in reversed(list(ScriptDirectory.from_config(migrations._settings()).walk_revisions()))  # noqa: SLF001
]
STEPS = list(pairwise(REVISIONS))

# Where one value is as good as another the type says which; these mean something.
MEANT = {
    ("users", "kind"): "person",
    ("rooms", "kind"): "open",
    ("uploads", "state"): "stored",
    ("uploads", "media_type"): "text/plain",  # what holds no place is not looked at anew
    ("memberships", "level"): "default",
    ("reactions", "emoji"): "\N{THUMBS UP SIGN}",
    ("users", "theme"): "dark",
    ("users", "send_key"): "button",
    ("users", "clock"): "24",
    ("users", "single_keys"): "off",
}
STAYS_AWAY = {"archived_at", "deleted_at", "deactivated_at", "left_at", "revoked_at", "leased_until", "retry_at"}
OWN_TABLE = "alembic_version"

Contents = dict[str, list[dict[str, Any]]]


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database without a table."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'old.db'}"
    else:
        server = request.getfixturevalue("postgresql_server")
        url = addresses.database_url(server.create_database(f"old_{uuid4().hex[:12]}"))
    engine = db.make_engine(test_settings(url))
    yield engine
    engine.dispose()


def upgrade_to(engine: Engine, revision: str) -> None:
    """Bring the database to what a release of then had."""
    with engine.begin() as connection:
        settings = migrations._settings()  # noqa: SLF001
        settings.attributes["connection"] = connection
        command.upgrade(settings, revision)


def tables_of(engine: Engine) -> list[Table]:
    """All tables as they are now, whom others point at first."""
    metadata = MetaData()
    metadata.reflect(engine)
    return [table for table in metadata.sorted_tables if table.name != OWN_TABLE]


def value_for(column: Column[Any]) -> object:
    """Something that the column takes. Whatever points at a row points at the first."""
    meant = MEANT.get((column.table.name, column.name))
    if meant is not None or column.name in STAYS_AWAY:
        return meant
    if isinstance(column.type, Boolean):
        return True
    if isinstance(column.type, Integer):
        return 1
    if isinstance(column.type, DateTime):
        return datetime(2026, 1, 2, 3, 4, 5, 678900, tzinfo=db.now().tzinfo)
    if isinstance(column.type, LargeBinary):
        return b"\0bytes"
    return f"한 {column.name}"[: getattr(column.type, "length", None)]


def fill(engine: Engine, tables: list[Table]) -> None:
    """A row in each of these tables, with a value in every column that they know."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        for table in tables:
            connection.execute(insert(table), {column.name: value_for(column) for column in table.columns})


def contents(engine: Engine, tables: list[Table]) -> Contents:
    """What stands in the columns that these tables know."""
    with engine.connect() as connection:
        return {table.name: [dict(row) for row in connection.execute(select(table)).mappings()] for table in tables}


def test_every_revision_is_tried() -> None:
    assert len(REVISIONS) == len(list((migrations.FOLDER / "versions").glob("0*.py")))
    assert sorted(REVISIONS) == REVISIONS


@pytest.mark.parametrize("revision", REVISIONS)
def test_what_an_earlier_release_has_written_is_all_there_today(empty: Engine, revision: str) -> None:
    upgrade_to(empty, revision)
    then = tables_of(empty)
    fill(empty, then)
    before = contents(empty, then)
    assert all(before.values())

    migrations.upgrade(empty)
    assert contents(empty, then) == before
    with empty.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


@pytest.mark.parametrize("revision", REVISIONS)
def test_what_an_earlier_release_has_written_is_read_by_this_one(empty: Engine, revision: str) -> None:
    upgrade_to(empty, revision)
    then = tables_of(empty)
    fill(empty, then)
    migrations.upgrade(empty)
    with Session(empty) as session:
        found = {
            mapper.class_.__tablename__: len(session.scalars(select(mapper.class_)).all())
            for mapper in Base.registry.mappers
        }
    assert {name for name, count in found.items() if count} == {table.name for table in then}


@pytest.mark.parametrize(("before", "after"), STEPS, ids=[f"{one}-{two}" for one, two in STEPS])
def test_the_release_before_writes_and_reads_on_after_a_step(empty: Engine, before: str, after: str) -> None:
    # It knows no column that the step has added, and needs every one that it knew.
    upgrade_to(empty, before)
    known = tables_of(empty)
    upgrade_to(empty, after)
    fill(empty, known)
    assert all(contents(empty, known).values())
    with empty.connect() as connection:
        assert {connection.scalar(select(func.count()).select_from(table)) for table in known} == {1}
