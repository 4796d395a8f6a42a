"""Comparing the store of files with the table."""

import os
from pathlib import Path

import pytest
from sqlalchemy import func, select

from chatapp import db
from chatapp.actions.messages import delete_message, post_message
from chatapp.actions.pruning import Pruned, prune_uploads
from chatapp.actions.uploads import delete_upload, receive_upload
from chatapp.models import Upload
from chatapp.storage import new_key
from chatapp.storage.disk import DiskStore
from chatapp.upload_errors import StorageUnavailable, StoreMostlyUnknown
from tests.files import announced, in_steps, let_a_day_pass, send, stored
from tests.support import Cast

pytestmark = pytest.mark.usefixtures("context", "store")

NOTHING = Pruned(abandoned=0, deleted=0, unknown=0, unfinished=0, missing=())


def rows() -> int:
    db.session().rollback()
    return db.session().scalar(select(func.count()).select_from(Upload)) or 0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the store keeps its files."""
    return tmp_path / "files"


def test_where_all_is_well_nothing_is_done(cast: Cast, store: DiskStore, folder: Path) -> None:
    upload = send(cast.alice, cast.open_room)
    post_message(cast.alice, cast.open_room, "see", upload_ids=(upload.id,))
    let_a_day_pass(folder)
    send(cast.alice, cast.open_room, name="of today")
    assert prune_uploads() == NOTHING
    assert len(stored(store)) == 2


def test_what_nobody_sent_goes_after_a_day(cast: Cast, store: DiskStore, folder: Path) -> None:
    send(cast.alice, cast.open_room)
    receive_upload(cast.bob, cast.open_room, announced(b"a" * 100_000), in_steps(b"a" * 70_000), start=0, length=70_000)
    let_a_day_pass(folder)
    assert prune_uploads() == Pruned(abandoned=2, deleted=0, unknown=0, unfinished=0, missing=())
    assert (rows(), stored(store)) == (0, [])


def test_the_next_upload_takes_it_away_too(cast: Cast, store: DiskStore, folder: Path) -> None:
    old = send(cast.alice, cast.open_room).storage_key
    let_a_day_pass(folder)
    send(cast.bob, cast.open_room)
    assert old not in stored(store)
    assert rows() == 1


@pytest.mark.parametrize("has_message", [True, False])
def test_what_could_not_be_removed_at_its_deletion_is_removed(
    cast: Cast, store: DiskStore, monkeypatch: pytest.MonkeyPatch, has_message: bool
) -> None:
    def away(*_: object) -> None:
        raise StorageUnavailable(retry_after=5)

    upload_id = send(cast.alice, cast.open_room).id
    with monkeypatch.context() as without:
        if has_message:
            posted = post_message(cast.alice, cast.open_room, "see", upload_ids=(upload_id,))
            without.setattr(store, "delete", away)
            delete_message(cast.alice, posted.id)
        else:
            without.setattr(store, "delete", away)
            delete_upload(cast.alice, upload_id)
    assert (rows(), len(stored(store))) == (1, 1)
    assert prune_uploads() == Pruned(abandoned=0, deleted=1, unknown=0, unfinished=0, missing=())
    assert (rows(), stored(store)) == (0, [])


def test_bytes_that_no_row_knows_go_when_they_are_old(store: DiskStore, folder: Path) -> None:
    # A worker died between the bytes and the row.
    store.put(new_key(), in_steps(b"orphan"))
    (folder / "incoming" / "half.12345678").write_bytes(b"half")
    assert prune_uploads() == NOTHING
    let_a_day_pass(folder)
    assert prune_uploads(is_sure=True) == Pruned(abandoned=0, deleted=0, unknown=1, unfinished=1, missing=())
    assert stored(store) == []


def test_what_others_laid_there_does_not_stop_it_and_stays(cast: Cast, folder: Path) -> None:
    send(cast.alice, cast.open_room)
    (folder / "ab").mkdir(exist_ok=True)
    (folder / "ab" / "notes.txt").write_text("not ours")
    os.utime(folder / "ab" / "notes.txt", (1, 1))
    assert prune_uploads() == NOTHING
    assert (folder / "ab" / "notes.txt").exists()


def test_where_most_is_unknown_nothing_at_all_is_removed_unless_one_is_sure(
    cast: Cast, store: DiskStore, folder: Path
) -> None:
    # The database of one company, and the store of another, which has more.
    for _ in range(3):
        send(cast.alice, cast.open_room)
    others = [new_key() for _ in range(4)]
    for key in others:
        store.put(key, in_steps(b"not ours"))
    let_a_day_pass(folder)
    with pytest.raises(StoreMostlyUnknown) as refused:
        prune_uploads()
    assert refused.value.values == {"unknown": 4, "total": 7}
    assert (rows(), len(stored(store))) == (3, 7)
    assert prune_uploads(is_sure=True).unknown == 4
    assert not {*others} & {*stored(store)}


def test_where_half_is_known_the_rest_is_removed(cast: Cast, store: DiskStore, folder: Path) -> None:
    post_message(cast.alice, cast.open_room, "see", upload_ids=(send(cast.alice, cast.open_room).id,))
    store.put(new_key(), in_steps(b"orphan"))
    let_a_day_pass(folder)
    assert prune_uploads().unknown == 1


def test_a_file_whose_bytes_are_gone_is_named_and_stays(cast: Cast, store: DiskStore) -> None:
    upload = send(cast.alice, cast.open_room)
    upload_id, key = upload.id, upload.storage_key
    post_message(cast.alice, cast.open_room, "see", upload_ids=(upload_id,))
    store.delete(key or "")
    assert prune_uploads().missing == (upload_id,)
    assert rows() == 1
