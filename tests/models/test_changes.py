"""What changed in a room since a version: everything, in order, each once."""

import pytest
from flask import Flask

from chatapp import db
from chatapp.actions.memberships import join_room, leave_room
from chatapp.actions.rooms import archive_room, rename_room, restore_room
from chatapp.models import changes
from chatapp.models.changes import Change, changes_since, heads_of
from chatapp.models.message import Said
from tests.actions.questions import delete, edit, head_of, say
from tests.support import Cast

pytestmark = pytest.mark.usefixtures("context")


def named(change: Change) -> str:
    """What changed, in a word."""
    if change.said is not None:
        return f"message {change.said.message.number}"
    if change.membership is not None and change.user is not None:
        return f"{change.user.name} {'joined' if change.membership.left_at is None else 'left'}"
    return "room"


def changed(room_id: int, since: int, limit: int = 200) -> list[tuple[int, str]]:
    """Version and word of each change, as they were just committed."""
    db.session().rollback()
    return [(change.version, named(change)) for change in changes_since(room_id, since, limit)]


def test_messages_members_and_the_room_come_in_the_order_of_their_versions(cast: Cast) -> None:
    since, _ = head_of(cast.open_room)
    say(cast.alice, cast.open_room, "one")
    join_room(cast.charlie, cast.open_room)
    rename_room(cast.alice, cast.open_room, "Hall")
    leave_room(cast.bob, cast.open_room)
    say(cast.alice, cast.open_room, "two")
    expected = ["message 1", "Charlie joined", "room", "Bob left", "message 2"]
    assert changed(cast.open_room, since) == list(enumerate(expected, since + 1))


def test_what_changed_more_than_once_comes_once_with_its_last_version(cast: Cast) -> None:
    since, _ = head_of(cast.open_room)
    say(cast.alice, cast.open_room, "one", "two")
    edit(cast.open_room, 1, "won")
    join_room(cast.charlie, cast.open_room)
    leave_room(cast.charlie, cast.open_room)
    archive_room(cast.alice, cast.open_room)
    restore_room(cast.alice, cast.open_room)
    delete(cast.open_room, 1)
    last, _ = head_of(cast.open_room)
    assert changed(cast.open_room, since) == [
        (since + 2, "message 2"),
        (last - 3, "Charlie left"),
        (last - 1, "room"),
        (last, "message 1"),
    ]


def test_each_version_is_where_the_next_question_goes_on(cast: Cast) -> None:
    since, _ = head_of(cast.open_room)
    say(cast.alice, cast.open_room, "one")
    rename_room(cast.alice, cast.open_room, "Hall")
    join_room(cast.charlie, cast.open_room)
    everything = changed(cast.open_room, since)
    for place, (version, _) in enumerate(everything, 1):
        assert changed(cast.open_room, version) == everything[place:]


def test_at_the_head_nothing_changed(cast: Cast) -> None:
    say(cast.alice, cast.open_room, "one")
    assert changed(cast.open_room, head_of(cast.open_room)[0]) == []


def test_another_room_changes_nothing_here(cast: Cast) -> None:
    since, _ = head_of(cast.open_room)
    say(cast.alice, cast.closed_room, "one")
    rename_room(cast.alice, cast.closed_room, "Council")
    assert changed(cast.open_room, since) == []


@pytest.mark.parametrize("limit", [1, 2, 3, 200])
def test_pages_end_where_the_last_message_stands_and_miss_nothing(cast: Cast, limit: int) -> None:
    since, _ = head_of(cast.open_room)
    for number in range(4):
        say(cast.alice, cast.open_room, f"message {number}")
        join_room(cast.charlie, cast.open_room)
        leave_room(cast.charlie, cast.open_room)
    rename_room(cast.alice, cast.open_room, "Hall")
    say(cast.bob, cast.open_room, "last")
    archive_room(cast.alice, cast.open_room)
    paged, cursor = [], since
    while page := changed(cast.open_room, cursor, limit):
        assert sum(word.startswith("message") for _, word in page) <= limit
        paged += page
        cursor = page[-1][0]
    assert paged == changed(cast.open_room, since)
    assert cursor == head_of(cast.open_room)[0]


def test_what_is_committed_while_the_changes_are_read_waits_and_passes_nothing_over(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    since, _ = head_of(cast.open_room)
    say(cast.alice, cast.open_room, "one")
    read = changes.said_since

    def late(*args: int) -> list[Said]:
        monkeypatch.setattr(changes, "said_since", read)
        with app.app_context():
            rename_room(cast.alice, cast.open_room, "Hall")
            say(cast.alice, cast.open_room, "two")
        return read(*args)

    monkeypatch.setattr(changes, "said_since", late)
    assert changed(cast.open_room, since) == [(since + 1, "message 1")]
    assert changed(cast.open_room, since + 1) == [(since + 2, "room"), (since + 3, "message 2")]


def test_nothing_beyond_a_full_page_is_told_before_its_turn(cast: Cast) -> None:
    since, _ = head_of(cast.open_room)
    say(cast.alice, cast.open_room, "one")
    say(cast.alice, cast.open_room, "two")
    join_room(cast.charlie, cast.open_room)
    rename_room(cast.alice, cast.open_room, "Hall")
    assert changed(cast.open_room, since, 1) == [(since + 1, "message 1")]


def test_the_heads_of_many_rooms_are_asked_at_once(cast: Cast) -> None:
    say(cast.alice, cast.open_room, "one")
    rooms = {cast.open_room, cast.closed_room}
    assert heads_of(rooms | {999_999}) == {room_id: head_of(room_id)[0] for room_id in rooms}
    assert heads_of(set()) == {}
