"""Who is taken out of a room hears nothing more of it."""

import pytest
from flask import Flask

from chatapp.actions import memberships
from chatapp.realtime import delivery
from tests.sockets.wire import RawSocket, connect, elsewhere, open_room, say
from tests.support import Browser, Cast


def remove(app: Flask, cast: Cast, room_id: int) -> None:
    with app.app_context():
        memberships.remove_member(cast.alice, room_id, cast.bob.id)


@pytest.mark.asvs("8.2.2")
def test_a_removed_member_is_told_and_hears_nothing_more(app: Flask, cast: Cast, bob: RawSocket) -> None:
    # behaviour 49
    open_room(bob, cast.closed_room)
    remove(app, cast, cast.closed_room)
    assert bob.received() == [{"room_id": cast.closed_room}]
    say(app, cast, "secret", cast.closed_room)
    assert bob.received() == []


def test_a_member_removed_from_a_room_they_have_not_open_hears_nothing_more_either(
    app: Flask, cast: Cast, bob: RawSocket
) -> None:
    remove(app, cast, cast.closed_room)
    assert bob.names() == ["room:removed"]
    say(app, cast, "secret", cast.closed_room)
    assert bob.received() == []


def test_removal_reaches_every_tab_and_nobody_else(app: Flask, cast: Cast, alice: RawSocket) -> None:
    tabs = [connect(Browser(app, cast.bob)) for _ in range(3)]
    open_room(tabs[0], cast.closed_room)
    remove(app, cast, cast.closed_room)
    assert [tab.received("room:removed") for tab in tabs] == [[{"room_id": cast.closed_room}]] * 3
    assert alice.received("room:removed") == []


def test_who_is_added_again_hears_the_room_again(app: Flask, cast: Cast, bob: RawSocket) -> None:
    with app.app_context():
        memberships.remove_member(cast.alice, cast.closed_room, cast.bob.id)
        memberships.add_member(cast.alice, cast.closed_room, cast.bob.id)
    bob.received()
    say(app, cast, "welcome back", cast.closed_room)
    assert bob.names() == ["room:advanced"]


def test_who_is_removed_while_opening_is_not_left_in_the_room(
    app: Flask, cast: Cast, bob: RawSocket, monkeypatch: pytest.MonkeyPatch
) -> None:
    join = delivery.open_room

    def remove_then_join(sid: str, room_id: int) -> None:
        elsewhere(lambda: remove(app, cast, room_id))
        join(sid, room_id)

    monkeypatch.setattr(delivery, "open_room", remove_then_join)
    assert open_room(bob, cast.closed_room)["error"] == "room_not_found"
    bob.received()
    say(app, cast, "secret", cast.closed_room)
    assert bob.received() == []
