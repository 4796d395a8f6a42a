"""Reacting to what was said: once each, in order, and gone with the message."""

from collections.abc import Callable
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import func, select

from chatapp import config, db, fragments
from chatapp.actions import history
from chatapp.actions.memberships import join_room, leave_room, mark_read, read_state
from chatapp.actions.messages import delete_message, edit_message, post_message
from chatapp.actions.reactions import add_reaction, remove_reaction, toggle_reaction
from chatapp.actions.rooms import archive_room
from chatapp.errors import (
    ChatError,
    MessageDeleted,
    MessageNotFound,
    NotAMember,
    NotAnEmoji,
    RoomArchived,
    TooManyReactions,
)
from chatapp.models import Person, Reaction
from tests.actions.questions import head_of
from tests.support import Cast
from tests.together import at_once

pytestmark = pytest.mark.usefixtures("context")

Change = Callable[[Person, int, str], int]
DIFFERENT = [chr(code) for code in range(ord("🍇"), ord("🍇") + 30)]

each_change = pytest.mark.parametrize("change", [add_reaction, remove_reaction, toggle_reaction])


@pytest.fixture
def message_id(cast: Cast) -> int:
    """A message of Alice in the open room."""
    return post_message(cast.alice, cast.open_room, "one").id


def reactions(cast: Cast) -> list[tuple[str, list[str]]]:
    """The emoji on the room's newest message, each with the names of who chose it."""
    db.session().rollback()
    said = history.read_newest(cast.alice, cast.open_room).said[-1]
    return [(each.emoji, [person.name for person in each.people]) for each in said.reactions]


def test_everybody_in_the_room_reacts_and_emoji_and_people_stand_in_the_order_they_came(
    cast: Cast, message_id: int
) -> None:
    add_reaction(cast.bob, message_id, "👍")
    add_reaction(cast.bob, message_id, "🎉")
    add_reaction(cast.alice, message_id, "👍")
    assert reactions(cast) == [("👍", ["Bob", "Alice"]), ("🎉", ["Bob"])]


def test_a_reaction_takes_the_next_version_and_no_number(cast: Cast, message_id: int) -> None:
    version, number = head_of(cast.open_room)
    assert add_reaction(cast.bob, message_id, "👍") == version + 1
    assert remove_reaction(cast.bob, message_id, "👍") == version + 2
    assert head_of(cast.open_room) == (version + 2, number)
    assert reactions(cast) == []


def test_what_is_so_already_changes_nothing_and_takes_no_version(cast: Cast, message_id: int) -> None:
    version = add_reaction(cast.bob, message_id, "❤️")
    assert add_reaction(cast.bob, message_id, "❤") == version
    assert remove_reaction(cast.alice, message_id, "❤️") == version
    assert remove_reaction(cast.bob, message_id, "👍") == version
    assert head_of(cast.open_room)[0] == version
    assert reactions(cast) == [("❤️", ["Bob"])]


def test_one_button_adds_and_takes_away(cast: Cast, message_id: int) -> None:
    add_reaction(cast.alice, message_id, "👍")
    toggle_reaction(cast.bob, message_id, "👍")
    assert reactions(cast) == [("👍", ["Alice", "Bob"])]
    toggle_reaction(cast.bob, message_id, "👍")
    assert reactions(cast) == [("👍", ["Alice"])]


def test_a_reaction_is_in_the_changes_as_a_change_of_its_message(cast: Cast, message_id: int) -> None:
    other = post_message(cast.bob, cast.open_room, "two")
    version = add_reaction(cast.bob, message_id, "👍")
    db.session().rollback()
    (change,) = history.read_changes(cast.bob, cast.open_room, other.version).as_json()["items"]
    assert (change["event"], change["id"], change["version"]) == ("message:changed", message_id, version)
    people = [{"id": cast.bob.id, "name": "Bob"}]
    assert change["reactions"] == [{"emoji": "👍", "count": 1, "user_ids": [cast.bob.id], "people": people}]
    assert 'value="👍"' in change["html"]


def test_the_last_change_says_what_it_was(cast: Cast, message_id: int) -> None:
    def event() -> str:
        db.session().rollback()
        return str(history.read_changes(cast.bob, cast.open_room, 0).items[-1].event)

    assert event() == "message:posted"
    add_reaction(cast.bob, message_id, "👍")
    assert event() == "message:changed"
    edit_message(cast.alice, message_id, "won")
    assert event() == "message:edited"
    remove_reaction(cast.bob, message_id, "👍")
    assert event() == "message:changed"
    delete_message(cast.alice, message_id)
    assert event() == "message:deleted"


def test_an_edit_keeps_the_reactions_and_a_deletion_leaves_none(cast: Cast, message_id: int) -> None:
    add_reaction(cast.bob, message_id, "👍")
    edit_message(cast.alice, message_id, "won")
    assert reactions(cast) == [("👍", ["Bob"])]
    delete_message(cast.alice, message_id)
    assert reactions(cast) == []
    assert db.session().scalar(select(func.count()).select_from(Reaction)) == 0


def test_a_reaction_is_nothing_unread(cast: Cast, message_id: int) -> None:
    def unread() -> int:
        db.session().rollback()
        return read_state(cast.bob, cast.open_room).unread

    assert unread() == 1
    add_reaction(cast.alice, message_id, "👍")
    assert unread() == 1
    mark_read(cast.bob, cast.open_room, 1, generation=0)
    add_reaction(cast.alice, message_id, "🎉")
    remove_reaction(cast.alice, message_id, "👍")
    assert unread() == 0


def test_of_many_people_all_are_counted_and_the_first_are_named(
    cast: Cast, message_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fragments, "NAMED_PEOPLE", 2)
    join_room(cast.dana, cast.open_room)
    people = [cast.dana, cast.alice, cast.bob]
    for person in people:
        add_reaction(person, message_id, "👍")
    db.session().rollback()
    (fact,) = history.read_changes(cast.bob, cast.open_room, 0).items[-1].reactions
    assert (fact.count, fact.user_ids) == (3, tuple(person.id for person in people))
    assert [person.name for person in fact.people] == ["Dana", "Alice"]


def test_a_message_has_so_many_different_emoji_and_no_more(cast: Cast, message_id: int) -> None:
    most = config.current().message_max_emoji
    for emoji in DIFFERENT[:most]:
        add_reaction(cast.alice, message_id, emoji)
    head = head_of(cast.open_room)
    for change in (add_reaction, toggle_reaction):
        with pytest.raises(TooManyReactions):
            change(cast.bob, message_id, DIFFERENT[most])
    assert head_of(cast.open_room) == head
    add_reaction(cast.bob, message_id, DIFFERENT[0])
    remove_reaction(cast.alice, message_id, DIFFERENT[1])
    add_reaction(cast.bob, message_id, DIFFERENT[most])
    assert len(reactions(cast)) == most


@each_change
def test_what_is_no_emoji_is_refused(cast: Cast, message_id: int, change: Change) -> None:
    head = head_of(cast.open_room)
    with pytest.raises(NotAnEmoji):
        change(cast.alice, message_id, "hooray")
    assert head_of(cast.open_room) == head


@each_change
def test_nobody_reacts_to_a_deleted_message(cast: Cast, message_id: int, change: Change) -> None:
    delete_message(cast.alice, message_id)
    with pytest.raises(MessageDeleted):
        change(cast.bob, message_id, "👍")


@each_change
def test_nobody_reacts_in_an_archived_room(cast: Cast, message_id: int, change: Change) -> None:
    add_reaction(cast.bob, message_id, "🎉")
    archive_room(cast.alice, cast.open_room)
    with pytest.raises(RoomArchived):
        change(cast.bob, message_id, "👍")
    assert reactions(cast) == [("🎉", ["Bob"])]


@each_change
@pytest.mark.parametrize("outsider", ["charlie", "dana"])
def test_an_outsider_does_not_react(cast: Cast, change: Change, outsider: str) -> None:
    refused: list[tuple[int, type[ChatError]]] = [(cast.open_room, NotAMember)]
    refused += [(room_id, MessageNotFound) for room_id in (cast.closed_room, cast.direct_room)]
    for room_id, error in refused:
        posted = post_message(cast.alice, room_id, "one")
        with pytest.raises(error):
            change(getattr(cast, outsider), posted.id, "👍")
        assert head_of(room_id)[0] == posted.version


@each_change
def test_nobody_reacts_to_what_was_never_said(cast: Cast, change: Change) -> None:
    for missing in (0, 999_999, 2**63 - 1):
        with pytest.raises(MessageNotFound):
            change(cast.alice, missing, "👍")


def test_the_reactions_of_who_left_stay_and_are_out_of_reach(cast: Cast, message_id: int) -> None:
    add_reaction(cast.bob, message_id, "👍")
    leave_room(cast.bob, cast.open_room)
    assert reactions(cast) == [("👍", ["Bob"])]
    with pytest.raises(NotAMember):
        remove_reaction(cast.bob, message_id, "👍")


def test_the_same_reaction_at_once_is_one(app: Flask, cast: Cast, message_id: int) -> None:
    version = head_of(cast.open_room)[0]
    versions = at_once(app, [partial(add_reaction, cast.bob, message_id, "👍")] * 5)
    assert versions == [version + 1] * 5
    assert head_of(cast.open_room)[0] == version + 1
    assert reactions(cast) == [("👍", ["Bob"])]
