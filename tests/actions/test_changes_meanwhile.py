"""What happens in a room while its changes are being read."""

import pytest
from flask import Flask

from chatapp.actions import history
from chatapp.actions.history import read_changes
from chatapp.actions.memberships import remove_member
from chatapp.actions.rooms import rename_room
from chatapp.errors import RoomNotFound
from chatapp.models.message import Said
from tests.actions.questions import head_of, say
from tests.sockets.wire import elsewhere
from tests.support import Cast

pytestmark = pytest.mark.usefixtures("context")


def test_who_is_removed_while_the_changes_are_read_gets_none_of_them(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    said_since = history.said_since

    def remove_and_talk() -> None:
        with app.app_context():
            remove_member(cast.alice, cast.closed_room, cast.bob.id)
            say(cast.alice, cast.closed_room, "secret")

    def overtaken(room_id: int, since: int, limit: int) -> list[Said]:
        elsewhere(remove_and_talk)
        return said_since(room_id, since, limit)

    monkeypatch.setattr(history, "said_since", overtaken)
    with pytest.raises(RoomNotFound):
        read_changes(cast.bob, cast.closed_room, 0)


def test_what_is_said_while_the_changes_are_read_waits_for_the_new_name_before_it(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(cast.alice, cast.closed_room, "on the board")
    head, _ = head_of(cast.closed_room)
    said_since = history.said_since

    def rename_and_talk() -> None:
        with app.app_context():
            rename_room(cast.alice, cast.closed_room, "Hall")
            say(cast.alice, cast.closed_room, "in the hall")

    def overtaken(*args: int) -> list[Said]:
        monkeypatch.setattr(history, "said_since", said_since)
        elsewhere(rename_and_talk)
        return said_since(*args)

    monkeypatch.setattr(history, "said_since", overtaken)
    page = read_changes(cast.bob, cast.closed_room, head - 1)
    assert ([fact.body for fact in page.items], page.up_to, page.room.name) == (["on the board"], head, "Board")
    page = read_changes(cast.bob, cast.closed_room, head)
    assert ([fact.body for fact in page.items], page.up_to, page.room.name) == (["in the hall"], head + 2, "Hall")
