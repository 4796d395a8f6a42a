"""What was deleted is gone from the disk too, and not only from the answers: SQLite keeps pages that nobody reads."""

import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import make_url

from chatapp.actions.messages import delete_message, edit_message, post_message
from tests.support import Cast

pytestmark = [
    pytest.mark.usefixtures("context"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

NEEDLE = b"needle-that-nobody-may-find"
# One fits into a page with other rows; the other spills over into pages of its own.
TEXTS = {"short": NEEDLE.decode(), "long": f"{'x' * 9_000} {NEEDLE.decode()}"}


@pytest.fixture
def files(app: Flask) -> list[Path]:
    """The database's file, and the journal beside it."""
    path = make_url(app.extensions["chatapp_settings"].database_url).database
    assert path is not None
    return [Path(path), Path(f"{path}-wal")]


def kept(files: list[Path]) -> int:
    # Another process reads them: when one of ours closes such a file, SQLite's locks on it are gone for all of ours,
    # and the next process that opens the database takes its journal away (sqlite.org, "How To Corrupt", 2.2).
    there = [str(file) for file in files if file.exists()]
    return subprocess.run(["cat", *there], check=True, capture_output=True).stdout.count(NEEDLE)


@contextmanager
def reader(file: Path) -> Iterator[None]:
    """Somebody reads the state of this moment as long as this lasts, as a backup does."""
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM messages").fetchone()
        yield
        other.execute("ROLLBACK")


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_of_a_deleted_message_no_byte_is_left(cast: Cast, files: list[Path], text: str) -> None:
    posted = post_message(cast.alice, cast.open_room, text)
    edit_message(cast.alice, posted.id, f"{text} edited")
    assert kept(files) > 0
    delete_message(cast.alice, posted.id)
    assert kept(files) == 0


def test_a_deletion_beside_a_reader_is_done_and_swept_up_by_the_next(cast: Cast, files: list[Path]) -> None:
    first, second = (post_message(cast.alice, cast.open_room, text) for text in (TEXTS["short"], "other"))
    with reader(files[0]):
        delete_message(cast.alice, first.id)
    delete_message(cast.alice, second.id)
    assert kept(files) == 0
