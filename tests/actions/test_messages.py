"""Saying something: numbered, once, in order, and only where one may."""

from uuid import uuid4

import pytest

from chatapp import db
from chatapp.actions import rooms
from chatapp.actions.history import read_newest
from chatapp.actions.messages import post_message
from chatapp.errors import (
    BadRequest,
    MessageEmpty,
    MessageHasControlCharacters,
    MessageTooLong,
    NotAMember,
    RoomArchived,
    RoomNotFound,
)
from chatapp.models import Membership, Room
from tests.support import Cast

pytestmark = pytest.mark.usefixtures("context")


def head_of(room_id: int) -> tuple[int, int]:
    db.session().rollback()
    room = db.session().get_one(Room, room_id)
    return room.version, room.last_number


def test_numbers_are_dense_and_versions_follow_every_change(cast: Cast) -> None:
    version, number = head_of(cast.open_room)
    for step in range(1, 4):
        posted = post_message(cast.alice, cast.open_room, f"message {step}")
        assert (posted.number, posted.version) == (number + step, version + step)
    assert head_of(cast.open_room) == (version + 3, number + 3)


def test_a_post_is_stored_with_its_text_and_its_html(cast: Cast) -> None:
    post_message(cast.alice, cast.open_room, "**hello** world")
    said = read_newest(cast.bob, cast.open_room).said[-1]
    assert said.author_name == "Alice"
    assert said.message.body == "**hello** world"
    assert "<strong>hello</strong> world" in said.message.html


def test_a_retry_gives_the_first_message_and_uses_no_number(cast: Cast) -> None:
    client_id = str(uuid4())
    first = post_message(cast.alice, cast.open_room, "once", client_id=client_id)
    head = head_of(cast.open_room)
    again = post_message(cast.alice, cast.open_room, "once", client_id=client_id.upper())
    assert (again.id, again.number, again.version) == (first.id, first.number, first.version)
    assert again.duplicate
    assert not again.mismatch
    assert head_of(cast.open_room) == head


def test_a_retry_with_another_text_keeps_the_first_and_says_so(cast: Cast) -> None:
    client_id = str(uuid4())
    post_message(cast.alice, cast.open_room, "first", client_id=client_id)
    again = post_message(cast.alice, cast.open_room, "second", client_id=client_id)
    assert again.duplicate
    assert again.mismatch
    assert [said.message.body for said in read_newest(cast.bob, cast.open_room).said] == ["first"]


def test_one_client_id_in_another_room_or_of_another_author_is_another_message(cast: Cast) -> None:
    client_id = str(uuid4())
    ids = {
        post_message(cast.alice, cast.open_room, "a", client_id=client_id).id,
        post_message(cast.bob, cast.open_room, "a", client_id=client_id).id,
        post_message(cast.alice, cast.closed_room, "a", client_id=client_id).id,
    }
    assert len(ids) == 3


def test_a_retry_is_answered_even_after_the_room_was_archived(cast: Cast) -> None:
    client_id = str(uuid4())
    first = post_message(cast.alice, cast.open_room, "last words", client_id=client_id)
    rooms.archive_room(cast.alice, cast.open_room)
    assert post_message(cast.alice, cast.open_room, "last words", client_id=client_id).id == first.id
    with pytest.raises(RoomArchived):
        post_message(cast.alice, cast.open_room, "too late")


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("", MessageEmpty),
        (" \n\t ", MessageEmpty),
        ("x" * 16_001, MessageTooLong),
        ("bell\a", MessageHasControlCharacters),
        ("nul\0", MessageHasControlCharacters),
    ],
)
def test_a_bad_body_is_refused_and_nothing_is_used_up(cast: Cast, body: str, error: type[Exception]) -> None:
    head = head_of(cast.open_room)
    with pytest.raises(error):
        post_message(cast.alice, cast.open_room, body)
    assert head_of(cast.open_room) == head


def test_the_longest_message_fits_in_any_script(cast: Cast) -> None:
    for character in ("x", "한", "😀"):
        posted = post_message(cast.alice, cast.open_room, character * 16_000)
        said = read_newest(cast.bob, cast.open_room).said[-1]
        assert (said.message.id, len(said.message.body)) == (posted.id, 16_000)


@pytest.mark.parametrize("client_id", ["", "7", "not-a-uuid", "0" * 36, "{" + "0" * 34 + "}", "é" * 36])
def test_a_client_id_that_is_no_uuid_is_refused(cast: Cast, client_id: str) -> None:
    with pytest.raises(BadRequest):
        post_message(cast.alice, cast.open_room, "hello", client_id=client_id)


def test_a_reply_to_nothing_is_refused(cast: Cast) -> None:
    posted = post_message(cast.alice, cast.open_room, "question")
    assert post_message(cast.bob, cast.open_room, "answer", reply_to=posted.number).number == posted.number + 1
    with pytest.raises(BadRequest):
        post_message(cast.bob, cast.open_room, "answer", reply_to=999)


def test_an_outsider_cannot_post(cast: Cast) -> None:
    for outsider in (cast.charlie, cast.dana):
        with pytest.raises(NotAMember):
            post_message(outsider, cast.open_room, "let me in")
        for room_id in (cast.closed_room, cast.direct_room, 999_999, 2**62):
            with pytest.raises(RoomNotFound):
                post_message(outsider, room_id, "let me in")


def test_posting_moves_ones_own_read_pointer_and_nobody_elses(cast: Cast) -> None:
    posted = post_message(cast.alice, cast.open_room, "hello")
    pointers = []
    for person in (cast.alice, cast.bob):
        membership = Membership.current(cast.open_room, person.id)
        assert membership is not None
        pointers.append(membership.last_read_number)
    assert pointers == [posted.number, 0]
