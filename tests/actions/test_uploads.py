"""Sending files: once, only where one may, and without leaving anything behind."""

import hashlib
import os
from collections.abc import Iterator
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from chatapp import access, db
from chatapp.actions.incoming import Announced, Space, space_for
from chatapp.actions.memberships import leave_room, remove_member
from chatapp.actions.messages import delete_message, post_message
from chatapp.actions.rooms import archive_room
from chatapp.actions.uploads import delete_upload, find_upload, open_bytes, receive_upload
from chatapp.errors import BadRequest, NotAMember, RoomArchived, RoomNotFound
from chatapp.models import Person, Upload
from chatapp.storage.disk import DiskStore
from chatapp.upload_errors import (
    StorageFull,
    UploadAttached,
    UploadLengthWrong,
    UploadMismatch,
    UploadNotFound,
    UploadQuotaFull,
    UploadShareFull,
    UploadTooLarge,
)
from tests.files import PNG, announced, in_steps, limit, send, stored
from tests.support import Cast

pytestmark = pytest.mark.usefixtures("context", "store")


def rows() -> int:
    db.session().rollback()
    return db.session().scalar(select(func.count()).select_from(Upload)) or 0


def test_what_was_sent_is_stored_with_its_name_type_and_sum(cast: Cast) -> None:
    upload = send(cast.alice, cast.open_room, PNG, name="../../me.png")
    assert (upload.name, upload.media_type, upload.size) == ("me.png", "image/png", len(PNG))
    assert upload.sha256 == hashlib.sha256(PNG).hexdigest()
    assert b"".join(open_bytes(upload, 0, upload.size)) == PNG
    assert upload.is_whole
    assert upload.message_id is None


@pytest.mark.parametrize("size", [0, 1, 300_000])
def test_files_of_any_length_arrive_whole(cast: Cast, size: int) -> None:  # behaviour 57
    data = os.urandom(size)
    upload = send(cast.alice, cast.open_room, data, name="")
    assert (b"".join(open_bytes(upload, 0, size)), upload.name) == (data, "file")


def test_two_files_of_one_name_are_two_files(cast: Cast, store: DiskStore) -> None:  # behaviour 57
    first, second = (send(cast.alice, cast.open_room, data, name="a.txt") for data in (b"one", b"two"))
    assert first.id != second.id
    assert len(stored(store)) == 2


def test_a_retry_is_the_first_upload_and_reads_nothing(cast: Cast, store: DiskStore) -> None:
    client_id = str(uuid4())
    first = send(cast.alice, cast.open_room, b"hello", client_id=client_id)

    def never() -> Iterator[bytes]:
        raise AssertionError("it was read")
        yield b""

    again = receive_upload(
        cast.alice, cast.open_room, announced(b"hello", client_id=client_id.upper()), never(), length=5
    )
    assert again.id == first.id
    assert (rows(), len(stored(store))) == (1, 1)


def test_two_that_come_at_once_are_one(cast: Cast, store: DiskStore) -> None:
    client_id = str(uuid4())
    other: list[Upload] = []

    def meanwhile() -> Iterator[bytes]:
        yield b"he"
        other.append(send(cast.alice, cast.open_room, b"hello", client_id=client_id))
        yield b"llo"

    said = announced(b"hello", client_id=client_id)
    assert receive_upload(cast.alice, cast.open_room, said, meanwhile(), length=5).id == other[0].id
    assert (rows(), len(stored(store))) == (1, 1)


def test_another_length_under_the_same_id_is_another_file_and_refused(cast: Cast) -> None:
    client_id = str(uuid4())
    send(cast.alice, cast.open_room, b"hello", client_id=client_id)
    with pytest.raises(UploadMismatch):
        send(cast.alice, cast.open_room, b"hello, world", client_id=client_id)


def test_one_id_of_another_author_or_in_another_room_is_another_file(cast: Cast) -> None:
    client_id = str(uuid4())
    sent = [(cast.alice, cast.open_room), (cast.bob, cast.open_room), (cast.alice, cast.closed_room)]
    assert len({send(person, room_id, client_id=client_id).id for person, room_id in sent}) == 3


def test_an_id_that_is_no_uuid_is_refused(cast: Cast) -> None:
    with pytest.raises(BadRequest):
        send(cast.alice, cast.open_room, client_id="7")


@pytest.mark.parametrize("data", [b"", b"hell", b"hello!", b"hello" * 100_000])
def test_fewer_or_more_bytes_than_were_announced_leave_nothing(cast: Cast, store: DiskStore, data: bytes) -> None:
    with pytest.raises(UploadLengthWrong):
        receive_upload(cast.alice, cast.open_room, announced(b"hello"), in_steps(data), length=5)
    assert (rows(), stored(store)) == (0, [])


def test_too_large_a_file_is_refused_before_its_first_byte(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(app, monkeypatch, upload_max_bytes=2**20)
    with pytest.raises(UploadTooLarge) as refused:
        Announced.checked(None, "film.mp4", 2**20 + 1)
    assert refused.value.values == {"max_mb": "1"}
    assert Announced.checked(None, "film.mp4", 2**20).size == 2**20


def test_no_more_than_the_quota_is_stored(
    app: Flask, cast: Cast, store: DiskStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(app, monkeypatch, upload_quota_mb=1)
    send(cast.alice, cast.open_room, b"a" * 600_000)
    with pytest.raises(UploadQuotaFull):
        send(cast.bob, cast.open_room, b"b" * 600_000)
    assert len(stored(store)) == 1


def test_no_more_than_ones_own_share_is_stored_and_others_have_theirs(
    app: Flask, cast: Cast, store: DiskStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(app, monkeypatch, upload_quota_mb=3, upload_person_quota_mb=1)
    send(cast.alice, cast.open_room, b"a" * 600_000)
    with pytest.raises(UploadShareFull):
        send(cast.alice, cast.closed_room, b"b" * 600_000)
    send(cast.bob, cast.open_room, b"b" * 600_000)
    assert len(stored(store)) == 2


def test_how_much_one_may_still_send_is_known_before(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    limit(app, monkeypatch, upload_quota_mb=3, upload_person_quota_mb=1)
    assert space_for(cast.alice) == Space(company=3 * 2**20, share=2**20)
    upload = send(cast.alice, cast.open_room, b"a" * 600_000)
    assert space_for(cast.alice) == Space(company=3 * 2**20 - 600_000, share=2**20 - 600_000)
    assert space_for(cast.bob) == Space(company=3 * 2**20 - 600_000, share=2**20)
    limit(app, monkeypatch, upload_quota_mb=1, upload_person_quota_mb=1)
    send(cast.bob, cast.open_room, b"b" * 400_000)
    delete_upload(cast.alice, upload.id)
    assert space_for(cast.alice) == Space(company=2**20 - 400_000, share=2**20)


def test_a_limit_that_was_lowered_leaves_nothing_and_not_less(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(cast.alice, cast.open_room, b"a" * 2**21)
    limit(app, monkeypatch, upload_quota_mb=1, upload_person_quota_mb=1)
    assert space_for(cast.alice) == Space(company=0, share=0)
    assert send(cast.alice, cast.open_room, b"").is_whole


def test_a_quota_that_fills_up_while_the_bytes_come_is_seen(
    app: Flask, cast: Cast, store: DiskStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(app, monkeypatch, upload_quota_mb=1)

    def meanwhile() -> Iterator[bytes]:
        send(cast.alice, cast.open_room, b"a" * 600_000)
        yield b"b" * 600_000

    with pytest.raises(UploadQuotaFull):
        receive_upload(cast.bob, cast.open_room, announced(b"b" * 600_000), meanwhile(), length=600_000)
    assert len(stored(store)) == 1


def test_who_may_not_write_sends_no_file(cast: Cast, store: DiskStore) -> None:
    for outsider in (cast.charlie, cast.dana):
        with pytest.raises(NotAMember):
            send(outsider, cast.open_room)
        for room_id in (cast.closed_room, cast.direct_room, 999_999):
            with pytest.raises(RoomNotFound):
                send(outsider, room_id)
    archive_room(cast.alice, cast.open_room)
    with pytest.raises(RoomArchived):
        send(cast.alice, cast.open_room)
    assert stored(store) == []


def test_who_is_removed_while_the_bytes_come_has_sent_nothing(cast: Cast, store: DiskStore) -> None:
    def meanwhile() -> Iterator[bytes]:
        yield b"he"
        remove_member(cast.alice, cast.closed_room, cast.bob.id)
        yield b"llo"

    with pytest.raises(RoomNotFound):
        receive_upload(cast.bob, cast.closed_room, announced(b"hello"), meanwhile(), length=5)
    assert (rows(), stored(store)) == (0, [])


def test_while_the_bytes_come_no_connection_is_kept(app: Flask, cast: Cast) -> None:
    def watched() -> Iterator[bytes]:
        assert app.extensions["chatapp_engine"].pool.checkedout() == 0
        yield b"hello"

    receive_upload(cast.alice, cast.open_room, announced(b"hello"), watched(), length=5)


def test_a_full_disk_leaves_no_row_and_the_chat_goes_on(
    cast: Cast, store: DiskStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as full:
        full.setattr(store, "put", refuse)
        with pytest.raises(StorageFull):
            send(cast.alice, cast.open_room)
    assert rows() == 0
    assert post_message(cast.alice, cast.open_room, "still here").number == 1
    assert send(cast.alice, cast.open_room).is_whole


def refuse(*_: object) -> None:
    raise StorageFull


def test_one_takes_back_what_one_has_not_sent(cast: Cast, store: DiskStore) -> None:
    upload_id = send(cast.alice, cast.open_room).id
    delete_upload(cast.alice, upload_id)
    assert (rows(), stored(store)) == (0, [])
    with pytest.raises(UploadNotFound):
        delete_upload(cast.alice, upload_id)


def test_nobody_takes_back_what_another_sent(cast: Cast, store: DiskStore) -> None:
    upload = send(cast.alice, cast.open_room)
    for person in (cast.bob, cast.charlie, cast.dana):
        with pytest.raises(UploadNotFound):
            delete_upload(person, upload.id)
    assert len(stored(store)) == 1


def test_what_belongs_to_a_message_goes_with_it_alone(cast: Cast, store: DiskStore) -> None:
    upload = send(cast.alice, cast.open_room)
    posted = post_message(cast.alice, cast.open_room, "", upload_ids=(upload.id,))
    with pytest.raises(UploadAttached):
        delete_upload(cast.alice, upload.id)
    assert len(stored(store)) == 1
    delete_message(cast.alice, posted.id)
    assert (rows(), stored(store)) == (0, [])


def test_the_same_file_can_be_sent_once_more_after_it_was_deleted(cast: Cast) -> None:
    client_id = str(uuid4())
    first = send(cast.alice, cast.open_room, client_id=client_id)
    delete_upload(cast.alice, first.id)
    assert send(cast.alice, cast.open_room, client_id=client_id).is_whole


def test_one_finds_ones_own_upload_by_its_id(cast: Cast) -> None:
    client_id = str(uuid4())
    upload = send(cast.alice, cast.open_room, client_id=client_id)
    assert find_upload(cast.alice, cast.open_room, client_id).id == upload.id
    for person, room_id in ((cast.bob, cast.open_room), (cast.alice, cast.closed_room)):
        with pytest.raises(UploadNotFound):
            find_upload(person, room_id, client_id)
    with pytest.raises(NotAMember):
        find_upload(cast.charlie, cast.open_room, client_id)


def may_read(person: Person, upload_id: int) -> bool:
    try:
        return access.readable_upload(person, upload_id).id == upload_id
    except UploadNotFound:
        return False


def test_who_may_read_the_message_may_read_its_files(cast: Cast) -> None:
    everybody = (cast.alice, cast.bob, cast.charlie, cast.dana)
    for room_id, expected in ((cast.open_room, [True] * 4), (cast.closed_room, [True, True, False, False])):
        upload_id = send(cast.alice, room_id).id
        assert [may_read(person, upload_id) for person in everybody] == [True, False, False, False]
        posted = post_message(cast.alice, room_id, "see", upload_ids=(upload_id,))
        assert [may_read(person, upload_id) for person in everybody] == expected
        delete_message(cast.alice, posted.id)
        assert not any(may_read(person, upload_id) for person in everybody)


def test_who_has_left_reads_no_file_of_the_room_not_even_ones_own(cast: Cast) -> None:
    sent, unsent = (send(cast.bob, cast.closed_room).id for _ in range(2))
    post_message(cast.bob, cast.closed_room, "see", upload_ids=(sent,))
    leave_room(cast.bob, cast.closed_room)
    assert (may_read(cast.bob, sent), may_read(cast.bob, unsent)) == (False, False)
    assert may_read(cast.alice, sent)
