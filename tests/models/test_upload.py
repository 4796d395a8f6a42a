"""How files are asked for: by an index, however many there are."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event

from chatapp import db
from chatapp.actions.held_files import look_at_next
from chatapp.models import Upload
from chatapp.models.filed import Place, files_in
from chatapp.storage.disk import DiskStore
from tests.actions.held import upload_of
from tests.files import PNG, empty_store, send
from tests.support import Cast

pytestmark = pytest.mark.usefixtures("context", "store")


@pytest.fixture
def store(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DiskStore:
    """The application's store, with nothing in it."""
    return empty_store(app, tmp_path, monkeypatch)


def plan_of(asking: Callable[[], object]) -> str:
    """How the database finds what it is asked for, where it has many rows."""
    asked: list[tuple[str, object]] = []

    def ask(_connection: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        asked.append((statement, parameters))

    db.session().rollback()
    event.listen(db.engine(), "before_cursor_execute", ask)
    asking()
    event.remove(db.engine(), "before_cursor_execute", ask)
    db.session().rollback()
    ((statement, parameters),) = (each for each in asked if each[0].startswith("SELECT"))
    is_sqlite = db.engine().dialect.name == "sqlite"
    with db.engine().connect() as connection:
        if not is_sqlite:
            # Of a few rows it would read all, or sort them: whichever it counted to be cheaper last.
            for way in ("seqscan", "bitmapscan", "sort"):
                connection.exec_driver_sql(f"SET LOCAL enable_{way} = off")
        how = "EXPLAIN QUERY PLAN" if is_sqlite else "EXPLAIN"
        rows = connection.exec_driver_sql(f"{how} {statement}", parameters)  # type: ignore[arg-type]
        return "\n".join(str(row[-1]) for row in rows)


def test_what_everybody_takes_is_summed_up_from_an_index_alone(cast: Cast) -> None:
    plan = plan_of(lambda: Upload.total_bytes(cast.alice.id))
    assert plan.count("ix_uploads_author_id_size_thumbnail_size") == 2
    # PostgreSQL chooses by how many rows there are.
    assert plan.count("USING COVERING INDEX") == (2 if db.engine().dialect.name == "sqlite" else 0)


@pytest.mark.parametrize("kind", [None, "file"])
@pytest.mark.parametrize("before", [None, Place(1000, 3)])
def test_the_files_of_a_room_are_found_in_their_order(cast: Cast, kind: str | None, before: Place | None) -> None:
    plan = plan_of(lambda: files_in(cast.open_room, kind, before=before, limit=20))
    assert "ix_uploads_room_id_message_id_position" in plan
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan


def test_small_copies_take_space_too(cast: Cast) -> None:
    text, picture = send(cast.bob, cast.open_room, b"hello").id, send(cast.alice, cast.open_room, PNG).id
    look_at_next()
    upload = upload_of(picture)
    assert upload.thumbnail_size
    expected = upload.size + upload.thumbnail_size
    assert Upload.total_bytes(cast.alice.id) == (expected + upload_of(text).size, expected)
    assert Upload.total_bytes(cast.charlie.id)[1] == 0
