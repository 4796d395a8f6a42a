"""Which files a room has."""

from collections.abc import Iterator

import pytest

from chatapp.actions import files
from chatapp.actions.files import read_files
from chatapp.actions.messages import delete_message, post_message
from chatapp.errors import BadRequest, RoomNotFound
from chatapp.models import Person, Upload
from tests.files import PNG, send
from tests.support import Cast

pytestmark = pytest.mark.usefixtures("context", "store")

MP4 = b"\0\0\0\x20ftypisom\0\0\2\0"


def post(actor: Person, room_id: int, name: str, data: bytes = b"\0") -> int:
    return post_message(actor, room_id, "", upload_ids=(send(actor, room_id, data, name=name).id,)).id


def names(actor: Person, room_id: int, **asked: object) -> list[str]:
    return [each.upload.name for each in read_files(actor, room_id, **asked)]  # type: ignore[arg-type]


def test_they_come_newest_first_with_who_sent_them_and_where(cast: Cast) -> None:
    post(cast.alice, cast.open_room, "first")
    post(cast.bob, cast.open_room, "second")
    found = read_files(cast.charlie, cast.open_room)
    assert [(each.upload.name, each.author.name, each.number) for each in found] == [
        ("second", "Bob", 2),
        ("first", "Alice", 1),
    ]


def test_they_are_found_by_kind(cast: Cast) -> None:
    for name, data in (("a.png", PNG), ("a.mp4", MP4), ("a.ogg", b"OggS\0"), ("a.txt", b"hello"), ("a.zip", b"PK\3\4")):
        post(cast.alice, cast.open_room, name, data)
    found = {kind: names(cast.bob, cast.open_room, kind=kind) for kind in ("picture", "video", "audio", "file")}
    assert found == {"picture": ["a.png"], "video": ["a.mp4"], "audio": ["a.ogg"], "file": ["a.zip", "a.txt"]}
    with pytest.raises(BadRequest):
        read_files(cast.bob, cast.open_room, kind="nonsense")


def test_only_what_was_sent_and_not_deleted_is_there(cast: Cast) -> None:
    send(cast.alice, cast.open_room, name="unsent")
    post(cast.alice, cast.closed_room, "elsewhere")
    delete_message(cast.alice, post(cast.alice, cast.open_room, "deleted"))
    assert names(cast.alice, cast.open_room) == []


def test_who_may_not_read_the_room_does_not_see_its_files(cast: Cast) -> None:
    post(cast.alice, cast.closed_room, "secret")
    assert names(cast.bob, cast.closed_room) == ["secret"]
    for outsider in (cast.charlie, cast.dana):
        with pytest.raises(RoomNotFound):
            read_files(outsider, cast.closed_room)


def test_a_page_goes_on_where_the_last_one_ended(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "PAGE_FILES", 2)
    for number in range(1, 6):
        post(cast.alice, cast.open_room, f"file {number}")
    first = read_files(cast.bob, cast.open_room)
    assert [each.upload.name for each in first] == ["file 5", "file 4", "file 3"]
    assert names(cast.bob, cast.open_room, before=first[1].place) == ["file 3", "file 2", "file 1"]


def test_each_file_of_messages_with_many_is_on_one_page_and_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever of them came first to the server, and whatever is sent or deleted while one turns the pages."""
    brought = [send(cast.alice, cast.open_room, name=f"{number}") for number in range(30)]
    # The later its message, the earlier it was brought; and its own files stand in it from the last to the first.
    sent = [post_files(cast.alice, cast.open_room, brought[start : start + 10][::-1]) for start in (20, 10, 0)]
    newest_first = [each.name for each in brought]
    for size in (1, 3, 7, 10, 11, 30):
        monkeypatch.setattr(files, "PAGE_FILES", size)
        assert [name for page in pages(cast.bob, cast.open_room) for name in page] == newest_first, size
    monkeypatch.setattr(files, "PAGE_FILES", 7)
    turning = pages(cast.bob, cast.open_room)
    seen = [*next(turning), *next(turning)]
    post(cast.alice, cast.open_room, "newer")
    delete_message(cast.alice, sent[1])  # in the middle of it ends the page
    assert seen + [name for page in turning for name in page] == newest_first[:14] + newest_first[20:]


def post_files(actor: Person, room_id: int, uploads: list[Upload]) -> int:
    return post_message(actor, room_id, "", upload_ids=tuple(each.id for each in uploads)).id


def pages(actor: Person, room_id: int) -> Iterator[list[str]]:
    before = None
    while True:
        found = read_files(actor, room_id, before=before)
        page, is_last = found[: files.PAGE_FILES], len(found) <= files.PAGE_FILES
        before = page[-1].place
        yield [each.upload.name for each in page]
        if is_last:
            return
