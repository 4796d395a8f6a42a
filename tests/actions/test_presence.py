"""Typing is shown where one may write, and nowhere else; nothing of it is stored."""

import pytest
from flask import Flask, current_app

from chatapp.actions.presence import begin_typing, end_typing, people_here
from chatapp.actions.rooms import archive_room
from chatapp.errors import ChatError, NotAMember, RoomArchived, RoomNotFound
from chatapp.realtime.live import Live
from tests.support import Cast

pytestmark = pytest.mark.usefixtures("context")


def is_typing(cast: Cast) -> bool:
    live: Live = current_app.extensions["chatapp_live"]
    return live.typists.has_just_begun(cast.open_room, cast.alice)


def test_who_may_write_is_shown_typing_until_they_stop(cast: Cast) -> None:
    begin_typing(cast.alice, cast.open_room)
    assert is_typing(cast)
    end_typing(cast.alice, cast.open_room)
    assert not is_typing(cast)


@pytest.mark.parametrize("act", [begin_typing, end_typing], ids=["begin", "end"])
def test_who_may_not_write_is_refused(cast: Cast, act: object) -> None:
    archived = archive_room(cast.alice, cast.closed_room).id
    refused: list[tuple[int, type[ChatError]]] = [
        (cast.open_room, NotAMember),
        (cast.direct_room, RoomNotFound),
        (999_999, RoomNotFound),
    ]
    for room_id, error in refused:
        with pytest.raises(error):
            act(cast.charlie, room_id)  # type: ignore[operator]
    with pytest.raises(RoomArchived):
        act(cast.alice, archived)  # type: ignore[operator]


def test_a_flood_asks_the_database_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr("chatapp.access.writable_room", lambda _actor, room_id: asked.append(room_id))
    for _ in range(50):
        begin_typing(cast.alice, cast.open_room)
    assert asked == [cast.open_room]


def test_who_is_here_is_known_by_id(app: Flask, cast: Cast) -> None:
    assert people_here() == frozenset()
    app.extensions["chatapp_live"].presence.came("sid", cast.bob)
    assert people_here() == {cast.bob.id}
