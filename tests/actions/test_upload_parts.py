"""A file that comes in several requests."""

import hashlib
import os
from collections.abc import Iterator
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from chatapp import db
from chatapp.actions.incoming import space_for
from chatapp.actions.messages import post_message
from chatapp.actions.upload_parts import MIN_PART_BYTES
from chatapp.actions.uploads import delete_upload, find_upload, open_bytes, receive_upload, stop_upload
from chatapp.errors import NotAMember
from chatapp.models import Person, Upload, UploadPart
from chatapp.storage import Stored
from chatapp.storage.disk import DiskStore
from chatapp.upload_errors import (
    StorageUnavailable,
    UploadAttached,
    UploadLengthWrong,
    UploadNotFound,
    UploadOffsetWrong,
    UploadPartTooSmall,
    UploadQuotaFull,
)
from tests.files import announced, in_steps, limit, stored
from tests.support import Cast

pytestmark = pytest.mark.usefixtures("context", "store")

PART = 200_000  # bytes
DATA = os.urandom(500_000)
CUTS = ((0, PART), (PART, 2 * PART), (2 * PART, len(DATA)))


class Sender:
    """A browser that sends DATA in parts."""

    def __init__(self, actor: Person, room_id: int) -> None:
        self.actor, self.room_id, self.client_id = actor, room_id, str(uuid4())

    def part(self, start: int, stop: int, *, data: bytes = DATA) -> Upload:
        """What the server makes of these bytes."""
        said = announced(DATA, name="film.bin", client_id=self.client_id)
        chunks = in_steps(data[start:stop])
        return receive_upload(self.actor, self.room_id, said, chunks, start=start, length=stop - start)

    def whole(self) -> Upload:
        """The same for all parts."""
        return [self.part(*cut) for cut in CUTS][-1]


@pytest.fixture
def sender(cast: Cast) -> Sender:
    """Alice's browser."""
    return Sender(cast.alice, cast.open_room)


def parts() -> int:
    db.session().rollback()
    return db.session().scalar(select(func.count()).select_from(UploadPart)) or 0


def test_all_parts_together_are_the_file_and_one_object(sender: Sender, store: DiskStore) -> None:
    for cut in CUTS[:-1]:
        upload = sender.part(*cut)
        assert (upload.is_whole, upload.received) == (False, cut[1])
    upload = sender.part(*CUTS[-1])
    assert upload.is_whole
    assert upload.sha256 == hashlib.sha256(DATA).hexdigest()
    assert b"".join(open_bytes(upload, 0, upload.size)) == DATA
    assert (parts(), stored(store)) == (0, [upload.storage_key])


@pytest.mark.parametrize(("start", "stop"), [(0, PART), (2 * PART, len(DATA)), (PART + 1, 2 * PART), (PART, 600_000)])
def test_a_part_that_does_not_go_on_where_the_last_one_ended_is_told_where_that_is(
    sender: Sender, store: DiskStore, start: int, stop: int
) -> None:
    sender.part(*CUTS[0])
    with pytest.raises(UploadOffsetWrong) as refused:
        sender.part(start, stop, data=DATA + DATA)
    assert refused.value.values == {"offset": PART}
    assert len(stored(store)) == 1


def test_a_part_that_was_cut_off_comes_again_and_the_file_is_one(sender: Sender, store: DiskStore) -> None:
    # 90 % had come when the connection broke.
    sender.part(*CUTS[0])
    with pytest.raises(UploadLengthWrong):
        sender.part(*CUTS[1], data=DATA[:380_000])
    found = find_upload(sender.actor, sender.room_id, sender.client_id)
    assert (found.received, found.is_whole) == (PART, False)
    for cut in CUTS[1:]:
        upload = sender.part(*cut)
    assert b"".join(open_bytes(upload, 0, upload.size)) == DATA
    assert len(stored(store)) == 1


def test_two_that_send_the_same_part_at_once_are_one(cast: Cast, sender: Sender, store: DiskStore) -> None:
    def meanwhile() -> Iterator[bytes]:
        sender.part(*CUTS[0])
        yield DATA[:PART]

    said = announced(DATA, client_id=sender.client_id)
    with pytest.raises(UploadOffsetWrong):
        receive_upload(cast.alice, cast.open_room, said, meanwhile(), start=0, length=PART)
    assert (parts(), len(stored(store))) == (1, 1)


def bring_and_be_cut_off(sender: Sender, store: DiskStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """All parts come, and the store goes away as they are put together."""
    for cut in CUTS[:-1]:
        sender.part(*cut)
    with monkeypatch.context() as away:
        away.setattr(store, "open", refuse)
        with pytest.raises(StorageUnavailable):
            sender.part(*CUTS[-1])


def test_who_was_cut_off_while_the_parts_were_put_together_asks_once_more(
    sender: Sender, store: DiskStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_and_be_cut_off(sender, store, monkeypatch)
    assert find_upload(sender.actor, sender.room_id, sender.client_id).received == len(DATA)
    upload = sender.part(len(DATA), len(DATA))
    assert upload.is_whole
    assert b"".join(open_bytes(upload, 0, upload.size)) == DATA
    assert len(stored(store)) == 1


@pytest.mark.parametrize("is_begun", [True, False])
def test_who_asks_once_more_while_it_is_put_together_gets_the_whole(
    sender: Sender, store: DiskStore, monkeypatch: pytest.MonkeyPatch, is_begun: bool
) -> None:
    bring_and_be_cut_off(sender, store, monkeypatch)
    put = store.put

    def slowly(key: str, chunks: Iterator[bytes]) -> Stored:
        monkeypatch.setattr(store, "put", put)
        coming = iter(chunks)
        first = [next(coming)] if is_begun else []
        # The one before it is done now, and has removed the parts.
        assert sender.part(len(DATA), len(DATA)).is_whole
        return put(key, (chunk for some in (first, coming) for chunk in some))

    monkeypatch.setattr(store, "put", slowly)
    upload = sender.part(len(DATA), len(DATA))
    assert upload.is_whole
    assert b"".join(open_bytes(upload, 0, upload.size)) == DATA
    assert (parts(), stored(store)) == (0, [upload.storage_key])


def test_a_part_whose_bytes_are_lost_is_said(sender: Sender, store: DiskStore) -> None:
    sender.part(*CUTS[0])
    store.delete(stored(store)[0])
    sender.part(*CUTS[1])
    with pytest.raises(UploadNotFound):
        sender.part(*CUTS[2])


def refuse(*_: object) -> None:
    raise StorageUnavailable(retry_after=5)


def test_a_file_that_is_not_whole_cannot_be_sent_nor_read(cast: Cast, sender: Sender) -> None:
    upload_id = sender.part(*CUTS[0]).id
    with pytest.raises(UploadNotFound):
        post_message(cast.alice, cast.open_room, "see", upload_ids=(upload_id,))


def test_one_that_was_taken_back_leaves_nothing_of_its_parts(sender: Sender, store: DiskStore) -> None:
    delete_upload(sender.actor, sender.part(*CUTS[0]).id)
    assert (parts(), stored(store)) == (0, [])


def test_one_that_was_stopped_on_its_way_leaves_neither_parts_nor_its_place_in_the_space(
    cast: Cast, sender: Sender, store: DiskStore
) -> None:
    before = space_for(sender.actor)
    sender.part(*CUTS[0])
    stop_upload(cast.bob, sender.room_id, sender.client_id)
    with pytest.raises(NotAMember):
        stop_upload(cast.charlie, sender.room_id, sender.client_id)
    assert parts() == 1
    for _ in range(2):
        stop_upload(sender.actor, sender.room_id, sender.client_id)
        assert (parts(), stored(store), space_for(sender.actor)) == (0, [], before)
    assert sender.whole().is_whole


def test_one_that_was_sent_is_not_stopped(sender: Sender) -> None:
    post_message(sender.actor, sender.room_id, "see", upload_ids=(sender.whole().id,))
    with pytest.raises(UploadAttached):
        stop_upload(sender.actor, sender.room_id, sender.client_id)


def test_what_is_still_to_come_counts_for_the_quota(
    app: Flask, cast: Cast, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(app, monkeypatch, upload_quota_mb=1)
    sender.part(*CUTS[0])
    Sender(cast.bob, cast.open_room).part(*CUTS[0])
    with pytest.raises(UploadQuotaFull):
        Sender(cast.bob, cast.open_room).part(*CUTS[0])


@pytest.mark.parametrize("size", [1, MIN_PART_BYTES - 1])
def test_a_part_that_is_not_the_last_is_no_crumb(sender: Sender, store: DiskStore, size: int) -> None:
    sender.part(0, 0)  # announced
    with pytest.raises(UploadPartTooSmall) as refused:
        sender.part(0, size)
    assert refused.value.values == {"min_bytes": MIN_PART_BYTES}
    assert stored(store) == []
    sender.part(0, MIN_PART_BYTES)
    sender.part(MIN_PART_BYTES, len(DATA) - size)
    assert sender.part(len(DATA) - size, len(DATA)).is_whole


def test_an_outsider_sends_no_part(cast: Cast) -> None:
    with pytest.raises(NotAMember):
        Sender(cast.charlie, cast.open_room).part(*CUTS[0])
