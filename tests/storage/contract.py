"""What every store of bytes must do, whatever it is made of."""

import hashlib
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from chatapp.storage import Store, new_key
from chatapp.storage.contract import READ_BYTES, STEP_BYTES
from chatapp.upload_errors import UploadNotFound

# The last is two pieces for a bucket.
SIZES = (0, 1, STEP_BYTES, STEP_BYTES + 1, READ_BYTES, READ_BYTES + 1, 6 * 2**20)
RANGES = (
    (0, 1),
    (0, READ_BYTES),
    (READ_BYTES - 1, READ_BYTES + 1),
    (2 * READ_BYTES, 2 * READ_BYTES),
    (700_000, 900_000),
)


# What others leave where a store is: notes, folders, and the keys of another store below.
FOREIGN = ("notes.txt", "a" * 31, "A" * 32, f"{'b' * 32}.bak", f"{'c' * 32} (copy)")


class GivenUp(Exception):
    """Whoever sent the bytes has gone."""


def chunks(data: bytes) -> Iterator[bytes]:
    """`data` as a socket gives it."""
    for start in range(0, len(data), STEP_BYTES):
        yield data[start : start + STEP_BYTES]


def broken_off(data: bytes) -> Iterator[bytes]:
    """The same, but it does not end well."""
    yield from chunks(data)
    raise GivenUp


def held(store: Store) -> list[str]:
    """All keys, in order."""
    return sorted(each.key for each in store.keys())  # noqa: SIM118 - a method of the store


class StoreContract:
    """Every class of tests below it gives a `store` that is empty."""

    @pytest.mark.parametrize("size", SIZES)
    def test_what_was_put_is_read_again(self, store: Store, size: int) -> None:
        key, data = new_key(), os.urandom(size)
        stored = store.put(key, chunks(data))
        assert (stored.size, stored.sha256) == (size, hashlib.sha256(data).hexdigest())
        assert b"".join(store.open(key, 0, size)) == data
        assert store.size(key) == size
        assert held(store) == [key]

    def test_any_stretch_of_it_can_be_read(self, store: Store) -> None:
        key, data = new_key(), os.urandom(1_000_000)
        store.put(key, chunks(data))
        for start, stop in RANGES:
            assert b"".join(store.open(key, start, stop)) == data[start:stop], (start, stop)

    def test_reading_may_end_early(self, store: Store) -> None:
        key = new_key()
        store.put(key, chunks(os.urandom(1_000_000)))
        reading = store.open(key, 0, 1_000_000)
        assert next(reading)
        reading.close()  # type: ignore[attr-defined]
        assert b"".join(reading) == b""

    @pytest.mark.parametrize("size", [0, 100_000, 6 * 2**20])
    def test_of_what_breaks_off_nothing_is_left(self, store: Store, size: int) -> None:
        key = new_key()
        with pytest.raises(GivenUp):
            store.put(key, broken_off(os.urandom(size)))
        assert (store.size(key), held(store)) == (None, [])
        assert store.sweep(datetime.now(UTC) + timedelta(days=1)) == 0
        with pytest.raises(UploadNotFound):
            store.open(key, 0, 1)

    def test_a_deleted_key_is_gone_and_the_others_stay(self, store: Store) -> None:
        first, second = new_key(), new_key()
        for key in (first, second):
            store.put(key, chunks(b"bytes"))
        for _ in range(2):
            store.delete(first)
        assert (store.size(first), store.size(second)) == (None, 5)
        assert held(store) == [second]

    def test_each_key_says_since_when_it_is_there(self, store: Store) -> None:
        begun = datetime.now(UTC) - timedelta(seconds=2)  # a bucket counts in whole seconds
        store.put(new_key(), chunks(b"bytes"))
        (only,) = store.keys()
        assert begun <= only.since <= datetime.now(UTC) + timedelta(seconds=2)

    def test_what_is_not_ours_is_no_key(self, store: Store, plant: Callable[[str], None]) -> None:
        key = new_key()
        store.put(key, chunks(b"bytes"))
        for name in FOREIGN:
            plant(name)
        assert held(store) == [key]

    @pytest.mark.parametrize("key", ["", "../../etc/passwd", "a" * 31, "A" * 32, "/" * 32, "a" * 32 + "\n"])
    def test_what_is_no_key_of_ours_is_refused(self, store: Store, key: str) -> None:
        with pytest.raises(ValueError, match="not a key"):
            store.put(key, chunks(b"bytes"))
        assert held(store) == []
