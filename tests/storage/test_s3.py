"""Files in a bucket, on a server that checks signatures."""

import os
import resource
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import pytest

from chatapp.config import ConfigError, Settings
from chatapp.storage import Link, Store, new_key
from chatapp.storage.contract import STEP_BYTES
from chatapp.storage.s3 import PIECE_BYTES, S3Store
from chatapp.upload_errors import StorageFull, StorageUnavailable
from tests.parts.s3 import BUCKET, S3
from tests.storage.buckets import bucket as bucket
from tests.storage.buckets import settings as settings
from tests.storage.buckets import settings_for
from tests.storage.buckets import store as store
from tests.storage.contract import StoreContract, chunks, held

LINK = Link(seconds=60, media_type="text/plain", disposition='attachment; filename="a.txt"')


@pytest.fixture
def plant(store: S3Store) -> Callable[[str], None]:
    """Lays something of somebody else's under the prefix."""

    def lay(name: str) -> None:
        store._client.put_object(Bucket=BUCKET, Key=f"{store._prefix}{name}", Body=b"not ours")  # noqa: SLF001

    return lay


class TestBucket(StoreContract):
    """The contract, in a bucket."""


def test_the_empty_object_of_a_folder_and_what_lies_deeper_are_no_keys(
    store: S3Store, plant: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(f"another/{new_key()}")
    listed = [{"Key": store._prefix, "LastModified": datetime.now(UTC)}]  # noqa: SLF001 - rclone lists none
    assert held(store) == []
    pages = SimpleNamespace(paginate=lambda **_: [{"Contents": listed}])
    monkeypatch.setattr(store._client, "get_paginator", lambda _: pages)  # noqa: SLF001
    assert held(store) == []


def test_what_others_have_begun_under_the_prefix_is_left_to_them(store: S3Store) -> None:
    begun = store._client.create_multipart_upload(Bucket=BUCKET, Key=f"{store._prefix}film.mp4")  # noqa: SLF001
    assert store.sweep(datetime.now(UTC) + timedelta(hours=1)) == 0
    store._client.abort_multipart_upload(  # noqa: SLF001
        Bucket=BUCKET,
        Key=f"{store._prefix}film.mp4",  # noqa: SLF001
        UploadId=begun["UploadId"],
    )


@pytest.mark.parametrize("size", [0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES])
def test_no_more_than_a_batch_of_a_file_is_held_in_memory(store: Store, size: int) -> None:
    data = os.urandom(PIECE_BYTES)
    tracemalloc.start()
    try:
        stored = store.put(new_key(), (data[:step] for step in steps(size)))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert stored.size == size
    assert most < PIECE_BYTES / 2


def steps(size: int) -> list[int]:
    return [min(STEP_BYTES, size - start) for start in range(0, size, STEP_BYTES)]


@pytest.fixture
def small_disk() -> Iterator[None]:
    """No file of this process may be longer than 1 MB: what a full disk says, this says too."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2**20, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.usefixtures("small_disk")
def test_where_there_is_no_room_to_gather_a_piece_that_is_said_and_nothing_is_left(store: Store) -> None:
    with pytest.raises(StorageFull):
        store.put(new_key(), chunks(os.urandom(3 * 2**20)))
    assert held(store) == []
    assert store.put(new_key(), chunks(b"small")).size == 5


def test_what_is_signed_with_another_secret_is_refused(settings: Settings) -> None:
    with pytest.raises(StorageUnavailable):
        S3Store.at(replace(settings, storage_secret_key="guessed")).put(new_key(), chunks(b"bytes"))


def test_a_server_that_goes_away_in_the_middle_is_said_and_leaves_nothing(store: Store, s3_server: S3) -> None:
    def broken() -> Iterator[bytes]:
        yield os.urandom(PIECE_BYTES)
        yield os.urandom(PIECE_BYTES)
        s3_server.kill()
        yield os.urandom(PIECE_BYTES)

    key = new_key()
    with pytest.raises(StorageUnavailable):
        store.put(key, broken())
    s3_server.start()
    assert (store.size(key), held(store)) == (None, [])


def test_without_a_server_every_question_is_refused(settings: Settings) -> None:
    away = S3Store.at(replace(settings, storage_url="s3://files?endpoint=http://127.0.0.1:9"))
    for question in (away.size, away.delete, lambda key: away.open(key, 0, 1), lambda _: list(away.keys())):
        with pytest.raises(StorageUnavailable):
            question(new_key())


def test_a_signed_link_gives_the_bytes_under_their_type_and_name(store: Store) -> None:
    key = new_key()
    store.put(key, chunks(b"bytes"))
    address = store.link(key, LINK)
    assert address is not None
    with urlopen(address) as answer:  # noqa: S310 - of the server above
        assert answer.read() == b"bytes"
    asked = parse_qs(urlsplit(address).query)
    assert asked["response-content-type"] == [LINK.media_type]
    assert asked["response-content-disposition"] == [LINK.disposition]
    assert int(asked["X-Amz-Expires"][0]) <= 60


def test_a_link_to_another_key_cannot_be_made_of_one(store: Store) -> None:
    keys = [new_key(), new_key()]
    for key in keys:
        store.put(key, chunks(b"bytes"))
    address = store.link(keys[0], LINK) or ""
    with pytest.raises(HTTPError) as refused:
        urlopen(address.replace(keys[0], keys[1]))  # noqa: S310
    assert refused.value.code == 403
    refused.value.close()


def test_no_link_is_made_where_they_are_off(settings: Settings) -> None:
    assert S3Store.at(replace(settings, storage_link_seconds=0)).link(new_key(), LINK) is None


def test_uploads_that_never_ended_are_aborted_when_they_are_old(store: S3Store) -> None:
    store._client.create_multipart_upload(**store._at(new_key()))  # noqa: SLF001
    assert store.sweep(datetime.now(UTC) - timedelta(hours=1)) == 0
    assert store.sweep(datetime.now(UTC) + timedelta(hours=1)) == 1
    assert store.sweep(datetime.now(UTC) + timedelta(hours=1)) == 0


def test_a_url_may_name_a_prefix() -> None:
    url = "s3://files/of%20chat/?endpoint=http://127.0.0.1:9&region=eu-1"
    address = S3Store.at(settings_for(url)).link("a" * 32, LINK) or ""
    assert address.startswith(f"http://127.0.0.1:9/files/of%20chat/{'a' * 32}?")
    assert "eu-1" in address


@pytest.mark.parametrize("url", ["s3://", "s3://?endpoint=http://127.0.0.1:9", "s3://files?endpoint=nonsense"])
def test_a_url_that_cannot_be_read_is_one_line(url: str) -> None:
    with pytest.raises(ConfigError, match="STORAGE_URL"):
        S3Store.at(settings_for(url))
