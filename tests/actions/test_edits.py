"""Changing one's mind: an edit keeps what was said before, a deletion keeps nothing."""

from collections.abc import Callable
from functools import partial
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import String, select

from chatapp import db
from chatapp.actions.history import read_changes
from chatapp.actions.memberships import join_room, leave_room
from chatapp.actions.messages import delete_message, edit_message, post_message
from chatapp.actions.reactions import add_reaction
from chatapp.actions.rooms import archive_room, restore_room
from chatapp.db import Base
from chatapp.errors import (
    ChatError,
    MessageDeleted,
    MessageEditedSince,
    MessageEmpty,
    MessageHasControlCharacters,
    MessageNotFound,
    MessageTooLong,
    NotAllowed,
    NotAMember,
    RoomArchived,
)
from chatapp.models import Message, MessageEdit, Person
from tests.actions.questions import head_of
from tests.support import Cast
from tests.together import at_once

pytestmark = pytest.mark.usefixtures("context")

Change = Callable[[Person, int], int]


def edit(actor: Person, message_id: int) -> int:
    return edit_message(actor, message_id, "changed")


each_change = pytest.mark.parametrize("change", [edit, delete_message], ids=["edit", "delete"])


def message(message_id: int) -> Message:
    db.session().rollback()
    return db.session().get_one(Message, message_id)


def former(message_id: int) -> list[str]:
    db.session().rollback()
    return [each.body for each in MessageEdit.of(message_id)]


def everything_stored() -> str:
    """Every text in every table."""
    db.session().rollback()
    columns = [column for table in Base.metadata.tables.values() for column in table.columns]
    texts = [column for column in columns if isinstance(column.type, String)]
    return "\n".join(str(value) for column in texts for value in db.session().scalars(select(column)))


def test_an_edit_changes_the_text_and_its_html(cast: Cast) -> None:
    posted = post_message(cast.alice, cast.open_room, "one")
    edit_message(cast.alice, posted.id, "**won**")
    edited = message(posted.id)
    assert (edited.number, edited.body) == (posted.number, "**won**")
    assert "<strong>won</strong>" in edited.html
    assert edited.edited_at is not None
    assert edited.edited_at >= edited.created_at


def test_edits_keep_what_was_said_before_and_when(cast: Cast) -> None:
    posted = post_message(cast.alice, cast.open_room, "one")
    versions = [edit_message(cast.alice, posted.id, "two")]
    first_edited_at = message(posted.id).edited_at
    versions.append(edit_message(cast.alice, posted.id, "three"))
    db.session().rollback()
    kept = MessageEdit.of(posted.id)
    assert [(each.body, each.version) for each in kept] == [("one", versions[0]), ("two", versions[1])]
    assert [each.written_at for each in kept] == [message(posted.id).created_at, first_edited_at]
    assert "one" in kept[0].html


@each_change
def test_a_change_takes_the_next_version_and_no_number(cast: Cast, change: Change) -> None:
    posted = post_message(cast.alice, cast.open_room, "one")
    version, number = head_of(cast.open_room)
    assert change(cast.alice, posted.id) == version + 1
    assert head_of(cast.open_room) == (version + 1, number)
    assert message(posted.id).version == version + 1


@each_change
def test_a_change_is_in_the_changes_whole_with_its_event(cast: Cast, change: Change) -> None:
    posted = post_message(cast.alice, cast.open_room, "one")
    other = post_message(cast.bob, cast.open_room, "two")
    version = change(cast.alice, posted.id)
    db.session().rollback()
    changes = read_changes(cast.bob, cast.open_room, posted.version)
    assert [(fact.number, fact.version) for fact in changes.items] == [
        (other.number, other.version),
        (posted.number, version),
    ]
    event = "message:edited" if change is edit else "message:deleted"
    assert changes.as_json()["items"][-1]["event"] == event
    assert changes.items[-1].prev == other.version


def test_the_same_text_again_changes_nothing(cast: Cast) -> None:
    posted = post_message(cast.alice, cast.open_room, "one")
    head = head_of(cast.open_room)
    assert edit_message(cast.alice, posted.id, "one") == posted.version
    assert head_of(cast.open_room) == head
    assert (message(posted.id).edited_at, former(posted.id)) == (None, [])


def test_going_back_to_the_first_text_is_an_edit_too(cast: Cast) -> None:
    posted = post_message(cast.alice, cast.open_room, "one")
    edit_message(cast.alice, posted.id, "two")
    edit_message(cast.alice, posted.id, "one")
    assert former(posted.id) == ["one", "two"]


def test_a_deletion_leaves_a_tombstone_and_no_text_anywhere(cast: Cast) -> None:
    posted = post_message(cast.alice, cast.open_room, "first-needle")
    edit_message(cast.alice, posted.id, "second-needle")
    assert everything_stored().count("needle") == 4  # two texts, each with its html
    delete_message(cast.alice, posted.id)
    gone = message(posted.id)
    assert (gone.number, gone.body, gone.html) == (posted.number, "", "")
    assert gone.deleted_at is not None
    assert "needle" not in everything_stored()


def test_a_deletion_keeps_the_former_texts_of_other_messages(cast: Cast) -> None:
    one, two = (post_message(cast.alice, cast.open_room, body).id for body in ("one", "two"))
    for each in (one, two):
        edit_message(cast.alice, each, "edited")
    delete_message(cast.alice, one)
    assert (former(one), former(two)) == ([], ["two"])


@each_change
def test_nothing_more_is_done_to_a_deleted_message(cast: Cast, change: Change) -> None:
    posted = post_message(cast.alice, cast.open_room, "one")
    delete_message(cast.alice, posted.id)
    head = head_of(cast.open_room)
    with pytest.raises(MessageDeleted):
        change(cast.alice, posted.id)
    assert head_of(cast.open_room) == head


@each_change
def test_nothing_is_changed_in_an_archived_room(cast: Cast, change: Change) -> None:
    posted = post_message(cast.alice, cast.open_room, "one")
    archive_room(cast.alice, cast.open_room)
    with pytest.raises(RoomArchived):
        change(cast.alice, posted.id)
    restore_room(cast.alice, cast.open_room)
    assert change(cast.alice, posted.id) == head_of(cast.open_room)[0]


@pytest.mark.parametrize(
    ("body", "error"),
    [(" \n", MessageEmpty), ("x" * 16_001, MessageTooLong), ("bell\a", MessageHasControlCharacters)],
    ids=["empty", "too long", "control"],
)
def test_a_bad_text_is_refused_and_the_old_one_stays(cast: Cast, body: str, error: type[ChatError]) -> None:
    posted = post_message(cast.alice, cast.open_room, "one")
    head = head_of(cast.open_room)
    with pytest.raises(error):
        edit_message(cast.alice, posted.id, body)
    assert (message(posted.id).body, head_of(cast.open_room)) == ("one", head)


@each_change
def test_a_member_changes_only_their_own(cast: Cast, change: Change) -> None:
    posted = post_message(cast.alice, cast.open_room, "one")
    with pytest.raises(NotAllowed):
        change(cast.bob, posted.id)
    assert message(posted.id).body == "one"


@each_change
@pytest.mark.parametrize("outsider", ["charlie", "dana"])
def test_an_outsider_changes_nothing(cast: Cast, change: Change, outsider: str) -> None:
    refused: list[tuple[int, type[ChatError]]] = [(cast.open_room, NotAMember)]
    refused += [(room_id, MessageNotFound) for room_id in (cast.closed_room, cast.direct_room)]
    for room_id, error in refused:
        posted = post_message(cast.alice, room_id, "one")
        with pytest.raises(error):
            change(getattr(cast, outsider), posted.id)
        assert message(posted.id).body == "one"


@each_change
def test_what_was_never_said_cannot_be_changed(cast: Cast, change: Change) -> None:
    for missing in (0, 999_999, 2**63 - 1):
        with pytest.raises(MessageNotFound):
            change(cast.alice, missing)


@each_change
def test_who_left_changes_nothing_more(cast: Cast, change: Change) -> None:
    posted = post_message(cast.bob, cast.open_room, "one")
    leave_room(cast.bob, cast.open_room)
    with pytest.raises(NotAMember):
        change(cast.bob, posted.id)


def test_an_administrator_deletes_any_message_of_a_room_they_are_in_but_edits_none(cast: Cast) -> None:
    posted = post_message(cast.alice, cast.open_room, "one")
    join_room(cast.dana, cast.open_room)
    with pytest.raises(NotAllowed):
        edit_message(cast.dana, posted.id, "won")
    delete_message(cast.dana, posted.id)
    assert message(posted.id).body == ""


def test_a_retry_of_a_deleted_post_does_not_bring_it_back(cast: Cast) -> None:
    client_id = str(uuid4())
    posted = post_message(cast.alice, cast.open_room, "one", client_id=client_id)
    version = delete_message(cast.alice, posted.id)
    again = post_message(cast.alice, cast.open_room, "one", client_id=client_id)
    assert (again.id, again.version, again.duplicate) == (posted.id, version, True)
    assert message(posted.id).body == ""


def test_edits_at_once_each_keep_the_text_they_replaced(app: Flask, cast: Cast) -> None:
    posted = post_message(cast.alice, cast.open_room, "text 0")
    jobs = [partial(edit_message, cast.alice, posted.id, f"text {number}") for number in range(1, 6)]
    versions = at_once(app, jobs)
    assert sorted(versions) == [posted.version + step for step in range(1, 6)]  # type: ignore[type-var]
    assert sorted([*former(posted.id), message(posted.id).body]) == [f"text {number}" for number in range(6)]


def test_an_edit_that_comes_after_a_newer_one_does_not_undo_it(cast: Cast) -> None:
    posted = post_message(cast.alice, cast.open_room, "one")
    late = edit_message(cast.alice, posted.id, "two", version=posted.version)
    edit_message(cast.alice, posted.id, "three", version=late)
    head = head_of(cast.open_room)
    with pytest.raises(MessageEditedSince):
        edit_message(cast.alice, posted.id, "two", version=posted.version)
    assert edit_message(cast.alice, posted.id, "three", version=late) == head[0]
    assert (message(posted.id).body, head_of(cast.open_room)) == ("three", head)
    assert former(posted.id) == ["one", "two"]


def test_a_reaction_makes_no_edit_late(cast: Cast) -> None:
    posted = post_message(cast.alice, cast.open_room, "one")
    add_reaction(cast.bob, posted.id, "👍")
    edit_message(cast.alice, posted.id, "two", version=posted.version)
    assert message(posted.id).body == "two"


def test_the_same_edit_at_once_by_two_ways_is_one(app: Flask, cast: Cast) -> None:
    posted = post_message(cast.alice, cast.open_room, "one")
    edit_it = partial(edit_message, cast.alice, posted.id, "two", version=posted.version)
    at_once(app, [edit_it] * 4)
    assert former(posted.id) == ["one"]
    assert head_of(cast.open_room)[0] == posted.version + 1
