"""The schema grows step by step to exactly what the models say, on both databases."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, MetaData, Table, inspect, text
from sqlalchemy.exc import DatabaseError

from chatapp import addresses, db, migrations
from chatapp.db import Base
from tests.support import test_settings

# What is dear to add later (DESIGN 3.13, as far as it is built), told apart from the models.
FROM_THE_FIRST = {
    "company": {"epoch"},
    "rooms": {"version", "last_number", "first_number", "kind", "direct_key", "archived_at"},
    "users": {"kind", "deactivated_at"},
    "memberships": {"version", "last_read_number", "generation", "level"},
    "messages": {"number", "version", "client_id", "body", "html", "edited_at", "deleted_at", "reply_to"},
    "mentions": {"message_id", "user_id"},
}
UNIQUE = {
    "rooms": [["direct_key"]],
    "messages": [["room_id", "author_id", "client_id"], ["room_id", "number"]],
    "users": [["email"]],
    "sign_ins": [["token_hash"]],
    "invites": [["token_hash"]],
}


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database without a table."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'empty.db'}"
    else:
        server = request.getfixturevalue("postgresql_server")
        url = addresses.database_url(server.create_database(f"empty_{uuid4().hex[:12]}"))
    engine = db.make_engine(test_settings(url))
    yield engine
    engine.dispose()


@pytest.fixture
def upgraded(empty: Engine) -> Engine:
    """A database after all steps."""
    migrations.upgrade(empty)
    return empty


def test_the_steps_lead_to_exactly_the_schema_of_the_models(upgraded: Engine) -> None:
    with upgraded.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []


def test_a_difference_would_be_seen(upgraded: Engine) -> None:
    with upgraded.begin() as connection:
        connection.execute(text("DROP TABLE mentions"))
        connection.execute(text("ALTER TABLE users ADD COLUMN nickname TEXT"))
        found = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    assert {difference[0] for difference in found if isinstance(difference, tuple)} >= {"add_table", "remove_column"}


def test_a_second_upgrade_changes_nothing(upgraded: Engine) -> None:
    before = inspect(upgraded).get_table_names()
    migrations.upgrade(upgraded)
    assert inspect(upgraded).get_table_names() == before
    assert migrations.is_current(upgraded)


def test_a_database_is_current_after_the_upgrade_and_not_before(empty: Engine) -> None:
    assert not migrations.is_current(empty)
    migrations.upgrade(empty)
    assert migrations.is_current(empty)


def test_a_database_of_another_revision_is_not_current(upgraded: Engine) -> None:
    with upgraded.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'other'"))
    assert not migrations.is_current(upgraded)


def test_asking_takes_no_lock_and_leaves_no_connection(upgraded: Engine) -> None:
    migrations.is_current(upgraded)
    assert upgraded.pool.checkedout() == 0  # type: ignore[attr-defined]


def test_an_upgrade_that_fails_leaves_nothing_behind(empty: Engine) -> None:
    with empty.begin() as connection:
        connection.execute(text("CREATE TABLE mentions (old INTEGER)"))
    with pytest.raises(DatabaseError):
        migrations.upgrade(empty)
    assert inspect(empty).get_table_names() == ["mentions"]


@pytest.mark.parametrize(("table", "columns"), FROM_THE_FIRST.items(), ids=FROM_THE_FIRST.keys())
def test_what_is_dear_to_add_later_is_there(upgraded: Engine, table: str, columns: set[str]) -> None:
    assert columns <= {column["name"] for column in inspect(upgraded).get_columns(table)}


@pytest.mark.parametrize(("table", "rules"), UNIQUE.items(), ids=UNIQUE.keys())
def test_what_must_be_unique_is_a_rule_of_the_database(upgraded: Engine, table: str, rules: list[list[str]]) -> None:
    unique = [each["column_names"] for each in inspect(upgraded).get_unique_constraints(table)]
    assert sorted(unique) == sorted(rules)


def test_changes_of_a_room_are_found_by_an_index(upgraded: Engine) -> None:
    indexes = [each["column_names"] for each in inspect(upgraded).get_indexes("messages")]
    assert ["room_id", "version"] in indexes


def test_what_may_tell_where_it_was_taken_is_looked_at_anew(empty: Engine) -> None:
    def insert(connection: Connection, name: str, **values: object) -> None:
        table = Table(name, MetaData(), autoload_with=connection)
        all_have = {"id": 1, "kind": "person", "name": "Eve", "name_key": "eve", "created_at": db.now()}
        row = {name: value for name, value in (all_have | values).items() if name in table.columns}
        connection.execute(table.insert(), row)

    types = ("image/png", "image/avif", "video/mp4", "audio/ogg")
    with empty.begin() as connection:
        settings = migrations._settings()  # noqa: SLF001
        settings.attributes["connection"] = connection
        command.upgrade(settings, "0010")
        insert(connection, "users", is_admin=False)
        insert(connection, "rooms", version=1, first_number=1, last_number=0, created_by_id=1)
        for number, media_type in enumerate(types):
            whose = {"room_id": 1, "author_id": 1, "client_id": str(number), "media_type": media_type, "position": 0}
            insert(connection, "uploads", id=number, **whose, size=1, received=1, sha256="", state="stored", tries=4)
    migrations.upgrade(empty)
    with empty.connect() as connection:
        held = connection.execute(text("SELECT media_type, tries FROM uploads WHERE state = 'held' ORDER BY id"))
        assert [tuple(row) for row in held] == [("image/avif", 0), ("video/mp4", 0)]


def test_ids_hold_64_bits(upgraded: Engine) -> None:
    largest = 2**63 - 1
    with upgraded.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO users (id, kind, name, name_key, is_admin, created_at) "
                "VALUES (:id, 'person', 'Eve', 'eve', :no, :now)"
            ),
            {"id": largest, "no": False, "now": db.now()},
        )
        assert connection.scalar(text("SELECT id FROM users")) == largest
