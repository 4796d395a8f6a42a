"""Which files a room has."""

import pytest

from chatapp.actions import files
from chatapp.actions.files import read_files
from chatapp.actions.messages import delete_message, post_message
from chatapp.errors import BadRequest, RoomNotFound
from chatapp.models import Person
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
    assert names(cast.bob, cast.open_room, before=first[1].upload.id) == ["file 3", "file 2", "file 1"]
