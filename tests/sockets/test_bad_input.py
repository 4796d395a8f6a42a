"""What a client may get wrong about the stream, line by line: by a socket and by HTTP the same typed answer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from chatapp import db
from chatapp.actions.company import begin_epoch
from chatapp.actions.history import current_epoch
from chatapp.actions.memberships import mark_unread
from chatapp.actions.messages import delete_message
from chatapp.models import Membership, Message
from chatapp.models.message import said_newest
from tests.sockets.wire import RawSocket, connect, heard, open_room, say
from tests.support import Browser, Cast

AHEAD, BAD = "cursor_ahead", "bad_request"


@dataclass
class Doors:
    """Alice at both doors: `by` says which one she takes."""

    by: str
    socket: RawSocket
    browser: Browser
    cast: Cast

    def changes(self, **cursor: object) -> dict[str, Any]:
        """What changed in the open room since a cursor."""
        if self.by == "socket":
            return open_room(self.socket, self.cast.open_room, **cursor)
        query = "&".join(f"{key}={value}" for key, value in cursor.items())
        return self.browser.get(f"/rooms/{self.cast.open_room}/changes?{query}", json=True).get_json()  # type: ignore[no-any-return]

    def post(self, client_id: object, body: str = "hello", room_id: int | None = None) -> dict[str, Any]:
        room_id = room_id or self.cast.open_room
        payload = {"client_id": client_id, "body": body}
        return self.do("message:post", f"/rooms/{room_id}/messages", {"room_id": room_id, **payload})

    def edit(self, message_id: int, body: str) -> dict[str, Any]:
        return self.do("message:edit", f"/messages/{message_id}/edit", {"message_id": message_id, "body": body})

    def delete(self, message_id: int) -> dict[str, Any]:
        return self.do("message:delete", f"/messages/{message_id}/delete", {"message_id": message_id})

    def do(self, event: str, path: str, payload: dict[str, Any]) -> dict[str, Any]:
        if self.by == "socket":
            return self.socket.request(event, payload)
        return self.browser.post(path, payload, json=True).get_json()  # type: ignore[no-any-return]


Make = Callable[..., Doors]


@pytest.fixture(params=["socket", "http"])
def doors(app: Flask, cast: Cast, request: pytest.FixtureRequest) -> Make:
    """`doors(person)`: somebody at one of the two doors, Alice when nobody is named."""

    def make(name: str = "alice") -> Doors:
        browser = Browser(app, getattr(cast, name))
        return Doors(request.param, connect(browser), browser, cast)

    return make


# What may be wrong with a cursor. The room's head is 5: four of its own making, and one message.
CURSORS = {
    "beyond the head by one": ({"since": 6}, AHEAD),
    "far beyond the head": ({"since": 2**63 - 1}, AHEAD),
    "more than a number can be": ({"since": 2**63}, BAD),
    "negative": ({"since": -1}, BAD),
    "a word": ({"since": "latest"}, BAD),
    "empty": ({"since": ""}, BAD),
    "half": ({"since": 1.5}, BAD),
    "not even finite": ({"since": float("nan")}, BAD),
    "true": ({"since": True}, BAD),
}


@pytest.mark.parametrize(("cursor", "error"), CURSORS.values(), ids=CURSORS.keys())
def test_a_cursor_that_cannot_be_is_refused(
    app: Flask, cast: Cast, doors: Make, cursor: dict[str, object], error: str
) -> None:
    assert say(app, cast, "one") == 4
    alice = doors()
    assert alice.changes(since=4)["items"] == []
    ack = alice.changes(**{key: 5 if value == 6 else value for key, value in cursor.items()})
    assert ack["error"] == error
    assert ack["message"]
    assert ack.get("field") == ("since" if error == BAD else None)


def test_a_refused_cursor_leaves_the_socket_in_the_room_no_longer(app: Flask, cast: Cast) -> None:
    socket = connect(Browser(app, cast.alice))
    assert open_room(socket, cast.open_room, since=999)["error"] == AHEAD
    say(app, cast, "hello")
    assert heard(socket) == []


# A version from before a restore: of another epoch, wherever it stands.
@pytest.mark.parametrize("since", [0, 4, 999], ids=["below the head", "at the head", "beyond the head"])
def test_a_cursor_from_before_a_restore_gets_no_changes_and_learns_of_the_new_epoch(
    app: Flask, cast: Cast, doors: Make, since: int
) -> None:
    say(app, cast, "one")
    with app.app_context():
        former = current_epoch()
        begin_epoch()
        db.session().rollback()
        present = current_epoch()
    alice = doors()
    answer = alice.changes(since=since, epoch=former)
    assert "items" not in answer
    if alice.by == "socket":
        # The room opens: the page may be about to ask for all of it. Its epoch is the word to begin anew.
        assert (answer["ok"], answer["epoch"]) == (True, present)
    else:
        assert answer["error"] == AHEAD
    assert [item["body"] for item in alice.changes(since=0, epoch=present)["items"]] == ["one"]


CHANGES = {
    "message:post": ("/rooms/{room}/messages", {"client_id": str(uuid4()), "body": "two"}),
    "room:read": ("/rooms/{room}/read", {"number": 1, "generation": 1}),
    "room:mark_unread": ("/rooms/{room}/mark-unread", {"number": 1, "generation": 1}),
    "message:edit": ("/messages/{message}/edit", {"body": "two"}),
    "message:delete": ("/messages/{message}/delete", {}),
    "reaction:add": ("/messages/{message}/reactions", {"emoji": "\N{THUMBS UP SIGN}"}),
    "reaction:remove": ("/messages/{message}/reactions", {"emoji": "\N{THUMBS UP SIGN}", "do": "remove"}),
}


@pytest.mark.parametrize("event", CHANGES)
def test_a_change_from_before_a_restore_changes_nothing_whoever_has_the_ids_now(
    app: Flask, cast: Cast, doors: Make, event: str
) -> None:
    alice = doors()
    message = alice.post(str(uuid4()), "one")["id"]
    with app.app_context():
        mark_unread(cast.alice, cast.open_room, 1, generation=0)
        former = current_epoch()
        begin_epoch()
        db.session().rollback()
        present = current_epoch()
    path, fields = CHANGES[event]
    path = path.format(room=cast.open_room, message=message)
    ids = {"room_id": cast.open_room, "message_id": message} if alice.by == "socket" else {}
    assert alice.do(event, path, {**ids, **fields, "epoch": former})["error"] == AHEAD
    assert stored(app, cast.open_room) == ["one"]
    assert reading_of(app, cast) == (0, 1)
    assert "error" not in alice.do(event, path, {**ids, **fields, "epoch": present})


CLIENT_IDS = {
    "empty": "",
    "a number": "7",
    "a word": "message-1",
    "a character short": str(uuid4())[:-1],
    "a character long": f"{uuid4()}0",
    "a line long": f"{uuid4()}\n",
    "without its dashes": uuid4().hex,
    "in braces": f"{{{uuid4()}}}",
    "in other digits": "\N{ARABIC-INDIC DIGIT ZERO}" * 8 + str(uuid4())[8:],
    "with a NUL": f"{str(uuid4())[:-1]}\0",
}


@pytest.mark.parametrize("client_id", CLIENT_IDS.values(), ids=CLIENT_IDS.keys())
def test_a_client_id_that_is_no_uuid_is_refused_and_nothing_is_said(
    app: Flask, cast: Cast, doors: Make, client_id: str
) -> None:
    answer = doors().post(client_id)
    assert (answer["error"], answer["field"]) == (BAD, "client_id")
    assert stored(app, cast.open_room) == []


def test_a_client_id_in_capitals_is_the_same(app: Flask, cast: Cast, doors: Make) -> None:
    alice, client_id = doors(), str(uuid4())
    first, again = alice.post(client_id), alice.post(client_id.upper())
    assert (again["id"], again["duplicate"], again["mismatch"]) == (first["id"], True, False)


def test_a_client_id_that_returns_with_another_text_is_answered_with_the_first_message(
    app: Flask, cast: Cast, doors: Make
) -> None:
    alice, client_id = doors(), str(uuid4())
    first = alice.post(client_id, "first")
    assert (first["duplicate"], first["mismatch"]) == (False, False)
    for body, mismatch in (("first", False), ("second", True)):
        assert alice.post(client_id, body) == first | {"duplicate": True, "mismatch": mismatch}
    assert stored(app, cast.open_room) == ["first"]


def test_a_late_retry_of_an_edited_message_is_no_other_text(app: Flask, cast: Cast, doors: Make) -> None:
    alice, client_id = doors(), str(uuid4())
    first = alice.post(client_id, "first")
    for body in ("second", "third"):
        edited = alice.edit(first["id"], body)
    for body, mismatch in (("first", False), ("third", True)):
        again = alice.post(client_id, body)
        assert again == first | {"version": edited["version"], "duplicate": True, "mismatch": mismatch}
    assert stored(app, cast.open_room) == ["third"]


def test_a_late_retry_of_a_deleted_message_is_no_other_text_and_brings_nothing_back(
    app: Flask, cast: Cast, doors: Make
) -> None:
    alice, client_id = doors(), str(uuid4())
    first = alice.post(client_id, "first")
    deleted = alice.delete(first["id"])
    assert alice.post(client_id, "first") == first | {"version": deleted["version"], "duplicate": True}
    assert stored(app, cast.open_room) == [""]


def test_a_client_id_in_another_room_is_another_message(app: Flask, cast: Cast, doors: Make) -> None:
    alice, client_id = doors(), str(uuid4())
    answers = [alice.post(client_id, "hello", room_id) for room_id in (cast.open_room, cast.closed_room)]
    assert [answer["duplicate"] for answer in answers] == [False, False]
    assert answers[0]["id"] != answers[1]["id"]
    assert stored(app, cast.open_room) == stored(app, cast.closed_room) == ["hello"]


def test_a_client_id_of_another_author_is_another_message(app: Flask, cast: Cast, doors: Make) -> None:
    client_id = str(uuid4())
    answers = [doors(name).post(client_id, name) for name in ("alice", "bob")]
    assert [answer["duplicate"] for answer in answers] == [False, False]
    assert [answer["number"] for answer in answers] == [1, 2]
    assert stored(app, cast.open_room) == ["alice", "bob"]


def test_a_client_id_of_a_deleted_message_does_not_bring_it_back(app: Flask, cast: Cast, doors: Make) -> None:
    alice, client_id = doors(), str(uuid4())
    first = alice.post(client_id, "regretted")
    deleted = alice.delete(first["id"])
    again = alice.post(client_id, "regretted")
    assert (again["id"], again["version"], again["duplicate"]) == (first["id"], deleted["version"], True)
    assert stored(app, cast.open_room) == [""]


@pytest.mark.parametrize("action", ["edit", "delete"])
def test_a_deleted_message_is_changed_no_more(app: Flask, cast: Cast, doors: Make, action: str) -> None:
    alice = doors()
    message_id = alice.post(str(uuid4()))["id"]
    with app.app_context():
        delete_message(cast.alice, message_id)
    answer = alice.edit(message_id, "again") if action == "edit" else alice.delete(message_id)
    assert answer["error"] == "message_deleted"
    assert stored(app, cast.open_room) == [""]


@pytest.mark.parametrize("event", ["typing:start", "typing:stop"])
@pytest.mark.parametrize("room_id", [None, "1", True, -1, 2**63, 1.5, [1]], ids=str)
def test_typing_in_what_can_be_no_room_is_refused(app: Flask, cast: Cast, event: str, room_id: object) -> None:
    ack = connect(Browser(app, cast.alice)).request(event, {"room_id": room_id})
    assert (ack["error"], ack["field"]) == (BAD, "room_id")


def stored(app: Flask, room_id: int) -> list[str]:
    """What stands in the room."""
    with app.app_context():
        messages: list[Message] = [said.message for said in said_newest(room_id, 200)]
        return [message.body for message in messages]


def reading_of(app: Flask, cast: Cast) -> tuple[int, int]:
    """How far Alice has read in the open room, and in which generation."""
    with app.app_context():
        membership = Membership.current(cast.open_room, cast.alice.id)
        assert membership is not None
        return membership.last_read_number, membership.generation
