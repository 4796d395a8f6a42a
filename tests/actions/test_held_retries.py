"""What could not be looked at is looked at again, and keeps no other file waiting."""

import pytest

from chatapp import access, db
from chatapp.actions import held_files
from chatapp.actions.held_files import AT_ONCE, TRIES, look_at_next
from chatapp.actions.uploads import open_bytes
from chatapp.images.developing import Interrupted
from chatapp.models.held_upload import postpone
from chatapp.storage.disk import DiskStore
from chatapp.upload_errors import StorageUnavailable, UploadNotFound
from tests.actions.held import a_minute_passes, posted, seen_by_bob, upload_of
from tests.files import PNG, send, stored
from tests.pictures import SECRETS, opened, photo
from tests.support import Cast

pytestmark = pytest.mark.usefixtures("context", "store")


def test_what_a_worker_that_died_has_left_is_found_again(cast: Cast) -> None:
    upload_id, _ = posted(cast)
    assert held_files._leased()  # noqa: SLF001
    assert not look_at_next()
    a_minute_passes()
    assert look_at_next()
    assert seen_by_bob(cast).uploads[0].thumbnail
    assert upload_of(upload_id).leased_until is None


@pytest.mark.asvs("14.2.4")
def test_one_that_brings_workers_down_again_and_again_is_only_cleaned(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload_id, _ = posted(cast, photo())
    monkeypatch.setattr(held_files, "developed", killed)
    for _ in range(TRIES):
        assert look_at_next()
        assert seen_by_bob(cast).uploads[0].is_held
        a_minute_passes()
    assert look_at_next()
    assert (seen_by_bob(cast).uploads[0].kind, look_at_next()) == ("file", False)
    upload = access.readable_upload(cast.bob, upload_id)
    saved = b"".join(open_bytes(upload, 0, upload.size))
    assert [each for each in SECRETS if each in saved] == []
    assert opened(saved).size == (640, 480)


@pytest.mark.asvs("14.2.4")
def test_what_cannot_even_be_cleaned_stays_its_authors_alone(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    upload_id, _ = posted(cast, photo())
    for name in ("developed", "cleaned_alone"):
        monkeypatch.setattr(held_files, name, killed)
    for _ in range(TRIES + 1):
        assert look_at_next()
        a_minute_passes()
    # Not before an hour has passed.
    assert not look_at_next()
    assert access.readable_upload(cast.alice, upload_id).is_held
    with pytest.raises(UploadNotFound):
        access.readable_upload(cast.bob, upload_id)


def killed(*_: object) -> None:
    """What looks at a file is killed."""
    raise Interrupted


def test_a_store_that_is_away_is_no_fault_of_the_picture(
    cast: Cast, store: DiskStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload_id, _ = posted(cast)

    def away(*_: object) -> None:
        raise StorageUnavailable(retry_after=5)

    with monkeypatch.context() as patch:
        patch.setattr(store, "put", away)
        for _ in range(TRIES + 2):
            assert look_at_next()
            a_minute_passes()
    assert (upload_of(upload_id).tries, len(stored(store))) == (0, 1)
    assert look_at_next()
    assert seen_by_bob(cast).uploads[0].thumbnail


def some_that_fail_and_a_good_one(cast: Cast) -> tuple[list[int], int]:
    """The ids of as many as are looked at at once, which came first, and of one more."""
    return [send(cast.alice, cast.open_room, PNG).id for _ in range(AT_ONCE)], send(cast.bob, cast.open_room, PNG).id


def look(times: int) -> list[bool]:
    return [look_at_next() for _ in range(times)]


def test_files_that_are_lost_keep_no_other_waiting(cast: Cast, store: DiskStore) -> None:
    lost, good = some_that_fail_and_a_good_one(cast)
    for each in lost:
        store.delete(upload_of(each).storage_key or "")
    assert look(AT_ONCE + 2) == [True] * (AT_ONCE + 1) + [False]
    assert [upload_of(each).is_held for each in (*lost, good)] == [True] * AT_ONCE + [False]
    a_minute_passes()
    newer = send(cast.bob, cast.open_room, PNG).id
    assert look_at_next()
    assert not upload_of(newer).is_held


def test_files_that_a_store_does_not_give_keep_no_other_waiting(
    cast: Cast, store: DiskStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused, good = some_that_fail_and_a_good_one(cast)
    keys, open_any = {upload_of(each).storage_key for each in refused}, store.open

    def opened(key: str, start: int, stop: int) -> object:
        if key in keys:
            raise StorageUnavailable(retry_after=5)
        return open_any(key, start, stop)

    monkeypatch.setattr(store, "open", opened)
    for _ in range(TRIES + 2):
        look(AT_ONCE + 1)
        a_minute_passes()
    assert not upload_of(good).is_held
    assert [(upload_of(each).is_held, upload_of(each).tries) for each in refused] == [(True, 0)] * AT_ONCE


def test_who_looks_too_long_ends_no_lease_of_another(cast: Cast) -> None:
    send(cast.alice, cast.open_room, PNG)
    slow = held_files._leased()  # noqa: SLF001
    assert slow
    a_minute_passes()
    assert held_files._leased()  # noqa: SLF001
    with db.transaction():
        postpone(slow, db.now(), tries=0)
    assert (upload_of(slow.id).tries, look_at_next()) == (2, False)
