"""A picture is its author's alone until it was looked at; then its message changes, and everybody sees it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import update

from chatapp import access, db
from chatapp.actions import held_files, upload_parts
from chatapp.actions.held_files import AT_ONCE, look_at_next
from chatapp.actions.history import read_newest
from chatapp.actions.memberships import read_state
from chatapp.actions.messages import delete_message, edit_message, post_message
from chatapp.actions.pruning import prune_uploads
from chatapp.actions.uploads import delete_upload, find_upload, open_bytes, receive_upload, thumbnail_of
from chatapp.events import Down
from chatapp.fragments import upload_fact
from chatapp.images.developing import Developed, developed
from chatapp.models import Upload
from chatapp.storage.disk import DiskStore
from chatapp.upload_errors import UploadNotFound
from tests.actions.held import a_minute_passes, posted, seen_by_bob, upload_of
from tests.actions.questions import head_of
from tests.files import PNG, announced, in_steps, send, stored
from tests.films import film
from tests.pictures import SECRETS, animation, bomb, opened, photo, with_large_head
from tests.support import Cast
from tests.tiffs import tiff

pytestmark = pytest.mark.usefixtures("context", "store")


def test_a_picture_is_held_with_its_size_until_it_was_looked_at(cast: Cast) -> None:
    upload = send(cast.alice, cast.open_room, photo(), name="a.jpg")
    assert (upload.is_held, upload.width, upload.height) == (True, 480, 640)
    assert not send(cast.alice, cast.open_room, b"a text").is_held
    assert look_at_next()
    assert not look_at_next()
    assert not upload_of(upload.id).is_held


def test_a_photograph_with_megabytes_before_its_picture_gets_its_box_and_its_small_copy(cast: Cast) -> None:
    upload = send(cast.alice, cast.open_room, with_large_head(photo()), name="a.jpg")
    assert (upload.media_type, upload.is_held, upload.width, upload.height) == ("image/jpeg", True, 480, 640)
    look_at_next()
    upload = upload_of(upload.id)
    assert (upload.media_type, upload.is_held, upload.width, upload.height) == ("image/jpeg", False, 480, 640)
    assert upload.thumbnail_key


def test_that_it_moves_is_told_with_it(cast: Cast) -> None:
    sent = {name: send(cast.alice, cast.open_room, data, name=name).id for name, data in MOVING.items()}
    while look_at_next():
        pass
    assert {name: upload_fact(upload_of(upload_id)).is_animated for name, upload_id in sent.items()} == {
        "moves.gif": True,
        "still.gif": False,
        "moves.webp": True,
        "me.jpg": False,
    }
    # One that was looked at before anybody asked.
    with db.transaction() as session:
        session.execute(update(Upload).values(is_animated=None))
    db.session().expire_all()
    told = [upload_fact(upload_of(upload_id)).is_animated for upload_id in sent.values()]
    assert told == [True, True, True, False]


MOVING = {
    "moves.gif": animation(),
    "still.gif": animation(1),
    "moves.webp": animation(kind="WEBP"),
    "me.jpg": photo(),
}


@pytest.mark.asvs("14.2.4")
def test_what_is_stored_then_tells_nothing_of_place_time_and_camera(cast: Cast, store: DiskStore) -> None:
    data = photo()
    upload_id = send(cast.alice, cast.open_room, data, name="a.jpg").id
    look_at_next()
    upload = upload_of(upload_id)
    clean, small = (b"".join(open_bytes(each, 0, each.size)) for each in (upload, thumbnail_of(upload)))
    assert (len(stored(store)), upload.size, len(small)) == (2, len(clean), upload.thumbnail_size)
    assert [each for each in SECRETS if each in clean + small] == []
    assert (opened(clean).size, upload.width, upload.height) == ((640, 480), 480, 640)
    assert all(SECRETS[0] not in path.read_bytes() for path in store._folder.rglob("*") if path.is_file())  # noqa: SLF001


def test_a_retry_after_that_is_the_same_upload_though_it_has_fewer_bytes_now(cast: Cast) -> None:
    said = announced(data := photo(), name="a.jpg")
    first = held_upload(cast, data, said.client_id)
    look_at_next()
    again = held_upload(cast, data, said.client_id)
    assert (again.id, again.announced_size, again.size < len(data)) == (first.id, len(data), True)
    assert find_upload(cast.alice, cast.open_room, said.client_id).received == len(data)


def held_upload(cast: Cast, data: bytes, client_id: str) -> Upload:
    return send(cast.alice, cast.open_room, data, name="a.jpg", client_id=client_id)


def test_its_message_changes_for_everybody_and_nothing_becomes_unread(cast: Cast) -> None:
    _, message_id = posted(cast)
    before, unread = seen_by_bob(cast), read_state(cast.bob, cast.open_room)
    assert (before.event, before.uploads[0].is_held, before.uploads[0].thumbnail) == (Down.MESSAGE_POSTED, True, None)
    assert "<svg" in before.html
    assert "<img" not in before.html
    look_at_next()
    after = seen_by_bob(cast)
    assert (after.id, after.event, after.version) == (message_id, Down.MESSAGE_CHANGED, head_of(cast.open_room)[0])
    assert after.version == before.version + 1
    assert (after.edited_at, after.number) == (None, before.number)
    assert (after.uploads[0].is_held, after.uploads[0].thumbnail) == (False, f"{after.uploads[0].url}?thumbnail=1")
    assert read_state(cast.bob, cast.open_room).unread == unread.unread
    assert read_newest(cast.bob, cast.open_room).said[-1].uploads[0].thumbnail_key


def test_an_edit_against_the_version_before_it_is_none_that_comes_late(cast: Cast) -> None:
    _, message_id = posted(cast)
    version = seen_by_bob(cast).version
    look_at_next()
    edit_message(cast.alice, message_id, "see", version=version)
    assert (seen_by_bob(cast).event, seen_by_bob(cast).body) == (Down.MESSAGE_EDITED, "see")


def test_one_that_is_looked_at_before_it_is_sent_comes_as_a_picture_at_once(cast: Cast) -> None:
    upload_id = send(cast.alice, cast.open_room, PNG, name="a.png").id
    head = head_of(cast.open_room)
    look_at_next()
    assert head_of(cast.open_room) == head
    post_message(cast.alice, cast.open_room, "", upload_ids=(upload_id,))
    fact = seen_by_bob(cast)
    assert (fact.event, fact.uploads[0].is_held) == (Down.MESSAGE_POSTED, False)


def test_nobody_but_its_author_gets_it_before(cast: Cast) -> None:
    upload_id, _ = posted(cast)
    assert access.readable_upload(cast.alice, upload_id).is_held
    for person in (cast.bob, cast.charlie, cast.dana):
        with pytest.raises(UploadNotFound):
            access.readable_upload(person, upload_id)
    look_at_next()
    assert access.readable_upload(cast.bob, upload_id).id == upload_id


@pytest.mark.asvs("5.2.1")
@pytest.mark.parametrize("data", [bomb(), b"GIF89a/*\0*/=1;alert(1)", photo()[:2_000], PNG[:45]])
def test_what_cannot_be_shown_becomes_a_file_to_be_saved(cast: Cast, store: DiskStore, data: bytes) -> None:
    upload_id, _ = posted(cast, data)
    assert look_at_next()
    assert not look_at_next()
    fact = seen_by_bob(cast)
    shown = fact.uploads[0]
    assert (shown.kind, shown.media_type, shown.is_held) == ("file", "application/octet-stream", False)
    assert (shown.name, shown.thumbnail, shown.width) == ("a.jpg", None, None)
    assert 'class="upload__card"' in fact.html
    upload = upload_of(upload_id)
    assert (len(stored(store)), upload.size) == (1, store.size(upload.storage_key or ""))


@pytest.mark.asvs("14.2.4")
def test_a_picture_that_is_only_to_be_saved_loses_its_place_all_the_same(cast: Cast) -> None:
    upload_id, _ = posted(cast, photo("AVIF"))
    assert (seen_by_bob(cast).uploads[0].kind, seen_by_bob(cast).uploads[0].is_held) == ("file", True)
    assert 'href="/uploads' not in seen_by_bob(cast).html
    look_at_next()
    shown, upload = seen_by_bob(cast).uploads[0], upload_of(upload_id)
    assert (shown.kind, shown.media_type, shown.is_held, shown.thumbnail) == ("file", "image/avif", False, None)
    saved = b"".join(open_bytes(upload, 0, upload.size))
    assert [each for each in SECRETS if each in saved] == []
    assert opened(saved).size


@pytest.mark.asvs("14.2.4")
@pytest.mark.parametrize("data", [photo()[:400], photo().replace(b"\xff\xdb", b"\xff\x02", 1)])
def test_what_only_begins_like_a_picture_loses_its_place_all_the_same(cast: Cast, data: bytes) -> None:
    upload_id, _ = posted(cast, data)
    look_at_next()
    assert seen_by_bob(cast).uploads[0].kind == "file"
    upload = access.readable_upload(cast.bob, upload_id)
    saved = b"".join(open_bytes(upload, 0, upload.size))
    assert [each for each in SECRETS if each in saved] == []


@pytest.mark.asvs("14.2.4")
@pytest.mark.parametrize(("data", "kind"), [(film(), "video"), (film(b"qt  "), "file"), (tiff(), "file")])
def test_films_and_raw_pictures_lose_it_too_and_are_shown_as_ever(cast: Cast, data: bytes, kind: str) -> None:
    upload_id, _ = posted(cast, data)
    assert (seen_by_bob(cast).uploads[0].is_held, "<video" in seen_by_bob(cast).html) == (True, False)
    look_at_next()
    shown = seen_by_bob(cast).uploads[0]
    assert (shown.kind, shown.is_held, shown.size) == (kind, False, len(data))
    assert ("<video" in seen_by_bob(cast).html) == (kind == "video")
    upload = access.readable_upload(cast.bob, upload_id)
    saved = b"".join(open_bytes(upload, 0, upload.size))
    assert [each for each in SECRETS if each in saved] == []


def test_what_tells_nothing_is_stored_no_second_time(cast: Cast) -> None:
    upload_id, _ = posted(cast, film(is_telling=False))
    key = upload_of(upload_id).storage_key
    look_at_next()
    assert (upload_of(upload_id).is_held, upload_of(upload_id).storage_key) == (False, key)


def test_what_was_deleted_meanwhile_leaves_nothing(
    cast: Cast, store: DiskStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload_id, message_id = posted(cast)
    unsent = send(cast.alice, cast.open_room, PNG).id
    meanwhile(monkeypatch, lambda: delete_message(cast.alice, message_id))
    assert look_at_next()
    head = head_of(cast.open_room)
    meanwhile(monkeypatch, lambda: delete_upload(cast.alice, unsent))
    assert look_at_next()
    assert (stored(store), head_of(cast.open_room)) == ([], head)
    assert not look_at_next()
    assert db.session().get(Upload, upload_id) is None


def test_one_that_is_sent_meanwhile_is_shown_in_its_message(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    upload_id = send(cast.alice, cast.open_room, PNG).id
    meanwhile(monkeypatch, lambda: post_message(cast.alice, cast.open_room, "", upload_ids=(upload_id,)))
    assert look_at_next()
    assert (seen_by_bob(cast).event, seen_by_bob(cast).uploads[0].is_held) == (Down.MESSAGE_CHANGED, False)


def meanwhile(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    """Let something happen while the next picture is looked at."""

    @contextmanager
    def slowly(chunks: Iterator[bytes], media_type: str) -> Iterator[Developed]:
        with developed(chunks, media_type) as made:
            happens()
            yield made

    monkeypatch.setattr(held_files, "developed", slowly)


def test_with_the_message_its_small_copy_goes(cast: Cast, store: DiskStore) -> None:
    _, message_id = posted(cast)
    look_at_next()
    assert len(stored(store)) == 2
    delete_message(cast.alice, message_id)
    assert stored(store) == []


def test_pruning_knows_small_copies_and_says_when_one_is_lost(cast: Cast, store: DiskStore) -> None:
    upload_id, _ = posted(cast)
    look_at_next()
    done = prune_uploads()
    assert (done.unknown, done.missing, len(stored(store))) == (0, (), 2)
    store.delete(upload_of(upload_id).thumbnail_key or "")
    assert prune_uploads().missing == (upload_id,)


def test_two_are_looked_at_in_the_whole_company_and_no_more(cast: Cast) -> None:
    ids = [send(cast.alice, cast.open_room, PNG).id for _ in range(AT_ONCE + 1)]
    held = [held_files._leased() for _ in range(AT_ONCE)]  # noqa: SLF001
    assert [each and each.id for each in held] == ids[:AT_ONCE]
    assert not look_at_next()
    a_minute_passes()
    for _ in ids:
        assert look_at_next()
    assert [upload_of(each).is_held for each in ids] == [False] * 3


def test_a_picture_that_comes_in_parts_is_held_too(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload_parts, "MIN_PART_BYTES", 1)
    data = photo("PNG", (900, 700))
    said = announced(data, name="a.png")
    half = len(data) // 2
    for start, stop in ((0, half), (half, len(data))):
        upload = receive_upload(
            cast.alice, cast.open_room, said, in_steps(data[start:stop]), start=start, length=stop - start
        )
    assert (upload.is_held, upload.width, upload.height) == (True, 700, 900)
