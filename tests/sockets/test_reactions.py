"""Reacting, and seeing it live."""

from typing import Any

import pytest
from flask import Flask

from chatapp.actions.messages import post_message
from tests.sockets.wire import RawSocket, connect, open_room
from tests.support import Browser, Cast
from tests.web.test_messages import MESSAGE_KEYS

each_event = pytest.mark.parametrize("event", ["reaction:add", "reaction:remove"])


@pytest.fixture
def message_id(app: Flask, cast: Cast) -> int:
    """A message of Alice in the open room."""
    with app.app_context():
        return post_message(cast.alice, cast.open_room, "one").id


@pytest.fixture
def alice(app: Flask, cast: Cast, message_id: int) -> RawSocket:
    """Alice's socket, with the open room open."""
    return with_room_open(app, cast, "alice")


@pytest.fixture
def bob(app: Flask, cast: Cast, message_id: int) -> RawSocket:
    """Bob's socket, with the open room open."""
    return with_room_open(app, cast, "bob")


def with_room_open(app: Flask, cast: Cast, name: str) -> RawSocket:
    socket = connect(Browser(app, getattr(cast, name)))
    assert open_room(socket, cast.open_room)["ok"]
    return socket


def react(socket: RawSocket, message_id: int, emoji: str, event: str = "reaction:add") -> dict[str, Any]:
    return socket.request(event, {"message_id": message_id, "emoji": emoji})


def test_a_reaction_is_seen_live_by_everybody_who_has_the_room_open(
    cast: Cast, alice: RawSocket, bob: RawSocket, message_id: int
) -> None:
    ack = react(alice, message_id, "👍")
    assert set(ack) == {"ok", "version"}
    heard = [socket.received("message:changed") for socket in (alice, bob)]
    assert heard[0] == heard[1]
    (message,) = heard[0]
    assert set(message) == MESSAGE_KEYS
    assert (message["id"], message["body"], message["version"]) == (message_id, "one", ack["version"])
    assert message["prev"] == ack["version"] - 1
    named = {"id": cast.alice.id, "name": "Alice"}
    assert message["reactions"] == [{"emoji": "👍", "count": 1, "user_ids": [cast.alice.id], "people": [named]}]


def test_taking_it_back_is_seen_live_too(alice: RawSocket, bob: RawSocket, message_id: int) -> None:
    react(alice, message_id, "👍")
    react(bob, message_id, "👍")
    react(alice, message_id, "👍", "reaction:remove")
    counts = [[each["count"] for each in message["reactions"]] for message in bob.received("message:changed")]
    assert counts == [[1], [2], [1]]


def test_the_wire_and_history_tell_the_same(
    app: Flask, cast: Cast, alice: RawSocket, bob: RawSocket, message_id: int
) -> None:
    react(alice, message_id, "👍")
    (message,) = bob.received("message:changed")
    path, reader = f"/rooms/{cast.open_room}", Browser(app, cast.bob)
    assert reader.get(f"{path}/messages", json=True).get_json()["items"] == [message]
    (change,) = reader.get(f"{path}/changes?since={message['prev']}", json=True).get_json()["items"]
    assert change == message | {"event": "message:changed"}
    assert message["html"] in reader.get(path).get_data(as_text=True)


def test_who_has_the_room_not_open_hears_that_it_moved_on_and_that_nothing_was_said(
    app: Flask, cast: Cast, alice: RawSocket, message_id: int
) -> None:
    elsewhere = connect(Browser(app, cast.bob))
    ack = react(alice, message_id, "👍")
    (frame,) = elsewhere.received("room:advanced")
    assert (frame["event"], frame["number"], frame["version"]) == ("message:changed", 1, ack["version"])


@each_event
def test_what_is_so_already_is_told_to_nobody(alice: RawSocket, bob: RawSocket, message_id: int, event: str) -> None:
    react(alice, message_id, "👍")
    first = react(alice, message_id, "👍", event)
    bob.received()
    assert react(alice, message_id, "👍", event) == first
    assert bob.received() == []


@each_event
@pytest.mark.parametrize("emoji", ["", "hooray", "👍👍", "<b>", "x" * 1000])
def test_what_is_no_emoji_is_refused_and_heard_by_nobody(
    alice: RawSocket, bob: RawSocket, message_id: int, event: str, emoji: str
) -> None:
    ack = react(alice, message_id, emoji, event)
    assert (ack["ok"], ack["error"]) == (False, "not_an_emoji")
    assert ack["message"]
    assert bob.received() == []


@each_event
def test_who_is_not_in_the_room_does_not_react(
    app: Flask, cast: Cast, bob: RawSocket, message_id: int, event: str
) -> None:
    charlie = with_room_open(app, cast, "charlie")
    assert react(charlie, message_id, "👍", event)["error"] == "not_a_member"
    with app.app_context():
        closed = post_message(cast.alice, cast.closed_room, "for the board").id
    assert react(charlie, closed, "👍", event)["error"] == "message_not_found"
    assert bob.received("message:changed") == []


@each_event
def test_a_deleted_message_is_reacted_to_no_more(alice: RawSocket, bob: RawSocket, message_id: int, event: str) -> None:
    react(bob, message_id, "👍")
    alice.request("message:delete", {"message_id": message_id})
    (deleted,) = bob.received("message:deleted")
    assert deleted["reactions"] == []
    assert react(bob, message_id, "👍", event)["error"] == "message_deleted"
