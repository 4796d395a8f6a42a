"""What a bucket answers while bytes come, and what is left of them then."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chatapp.storage import new_key
from chatapp.storage.s3 import PIECE_BYTES, S3Store
from chatapp.upload_errors import StorageFull, StorageUnavailable
from tests.storage.bucket_answers import answering
from tests.storage.buckets import bucket as bucket
from tests.storage.buckets import settings as settings
from tests.storage.buckets import store as store
from tests.storage.contract import chunks, held


def test_an_upload_that_vanished_in_the_middle_is_to_be_tried_again_and_leaves_nothing(store: S3Store) -> None:
    key = new_key()
    with pytest.raises(StorageUnavailable) as refused:
        store.put(key, swept_in_the_middle(store))
    assert refused.value.values["retry_after"] > 0
    assert (store.size(key), held(store)) == (None, [])
    assert store.put(new_key(), chunks(b"bytes")).size == 5


def swept_in_the_middle(store: S3Store) -> Iterator[bytes]:
    """Two pieces, of which the first is swept away before the second has come."""
    yield os.urandom(PIECE_BYTES)
    yield os.urandom(PIECE_BYTES)
    assert store.sweep(datetime.now(UTC) + timedelta(hours=1)) == 1
    yield b"the end"


def test_an_upload_that_was_joined_though_its_answer_was_lost_leaves_nothing(
    store: S3Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, join = new_key(), store._client.complete_multipart_upload  # noqa: SLF001

    def join_and_lose_the_answer(**values: Any) -> Any:
        join(**values)
        return join(**values)  # as botocore does by itself: to the second the server says that there is no such upload

    monkeypatch.setattr(store._client, "complete_multipart_upload", join_and_lose_the_answer)  # noqa: SLF001
    with pytest.raises(StorageUnavailable):
        store.put(key, chunks(os.urandom(PIECE_BYTES + 1)))
    assert (store.size(key), held(store)) == (None, [])


@pytest.mark.parametrize("size", [5, 2 * PIECE_BYTES], ids=["one request", "in pieces"])
@pytest.mark.parametrize(
    ("status", "code"),
    [(507, "InsufficientStorage"), (507, ""), (403, "QuotaExceeded"), (400, "XMinioAdminBucketQuotaExceeded")],
)
def test_a_bucket_that_is_full_says_so_and_nothing_is_left(store: S3Store, size: int, status: int, code: str) -> None:
    key = new_key()
    with answering(store._client, status, code), pytest.raises(StorageFull):  # noqa: SLF001
        store.put(key, chunks(os.urandom(size)))
    assert (store.size(key), held(store)) == (None, [])
    assert store.sweep(datetime.now(UTC) + timedelta(hours=1)) == 0


def test_a_bucket_that_refuses_for_another_reason_is_away(store: S3Store) -> None:
    with answering(store._client, 403, "AccessDenied"), pytest.raises(StorageUnavailable):  # noqa: SLF001
        store.put(new_key(), chunks(b"bytes"))
