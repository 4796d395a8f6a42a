"""Files in the database."""

import os
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from chatapp import db
from chatapp.models import StoredChunk
from chatapp.models.stored_chunk import CHUNK_BYTES, DatabaseStore
from chatapp.storage import Link, new_key
from tests.storage.contract import StoreContract, chunks

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def store(app: Flask) -> DatabaseStore:
    """An empty store."""
    return DatabaseStore(app.extensions["chatapp_engine"])


@pytest.fixture
def plant() -> Callable[[str], None]:
    """Lays something of somebody else's in the table."""

    def lay(name: str) -> None:
        with db.transaction() as session:
            session.add(StoredChunk(key=name[-32:], position=1, data=b"not ours"))

    return lay


class TestDatabase(StoreContract):
    """The contract, in both databases."""


def rows() -> int:
    db.session().rollback()
    return db.session().scalar(select(func.count()).select_from(StoredChunk)) or 0


def test_a_file_is_as_many_rows_as_it_needs(store: DatabaseStore) -> None:
    for size, expected in ((0, 1), (CHUNK_BYTES, 1), (CHUNK_BYTES + 1, 2), (2 * CHUNK_BYTES, 2)):
        key = new_key()
        store.put(key, chunks(os.urandom(size)))
        assert rows() == expected, size
        store.delete(key)
        assert rows() == 0


def test_while_the_bytes_come_others_can_write(store: DatabaseStore) -> None:
    key, other = new_key(), new_key()

    def slow() -> list[bytes]:
        store.put(other, chunks(b"in between"))
        return [os.urandom(CHUNK_BYTES)]

    store.put(key, (chunk for part in ([b"a" * CHUNK_BYTES * 2], slow()) for chunk in part))
    assert store.size(key) == 3 * CHUNK_BYTES
    assert store.size(other) == 10


def test_a_reader_keeps_no_connection_between_two_chunks(app: Flask, store: DatabaseStore) -> None:
    key = new_key()
    store.put(key, chunks(os.urandom(3 * CHUNK_BYTES)))
    db.session().rollback()
    reading = store.open(key, 0, 3 * CHUNK_BYTES)
    next(reading)
    assert app.extensions["chatapp_engine"].pool.checkedout() == 0


def test_a_row_has_no_address_and_a_bound(store: DatabaseStore) -> None:
    assert store.link(new_key(), Link(seconds=60, media_type="text/plain", disposition="inline")) is None
    assert store.max_bytes == 10_485_760
