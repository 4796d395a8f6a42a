"""Saying something, and hearing it."""

from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from chatapp.actions import rooms
from chatapp.actions.messages import post_message
from tests.files import send
from tests.sockets.wire import RawSocket, connect
from tests.support import Browser, Cast
from tests.web.test_messages import MESSAGE_KEYS


@pytest.fixture
def alice(app: Flask, cast: Cast) -> RawSocket:
    """Alice's socket, with the open room open."""
    return with_room_open(app, cast, "alice")


@pytest.fixture
def bob(app: Flask, cast: Cast) -> RawSocket:
    """Bob's socket, with the open room open."""
    return with_room_open(app, cast, "bob")


def with_room_open(app: Flask, cast: Cast, name: str) -> RawSocket:
    socket = connect(Browser(app, getattr(cast, name)))
    assert socket.request("room:open", {"room_id": cast.open_room})["ok"]
    return socket


def post(socket: RawSocket, room_id: int, body: str, **more: object) -> dict[str, Any]:
    return socket.request("message:post", {"room_id": room_id, "client_id": str(uuid4()), "body": body, **more})


def test_the_ack_has_what_the_wire_promises(cast: Cast, alice: RawSocket) -> None:
    ack = post(alice, cast.open_room, "hello")
    assert set(ack) == {"ok", "id", "number", "version", "duplicate", "mismatch"}
    assert (ack["ok"], ack["number"], ack["duplicate"], ack["mismatch"]) == (True, 1, False, False)


def test_everybody_who_has_the_room_open_hears_it_the_author_too(cast: Cast, alice: RawSocket, bob: RawSocket) -> None:
    post(alice, cast.open_room, "hello")
    heard = [socket.received("message:posted") for socket in (alice, bob)]
    assert heard[0] == heard[1]
    assert [message["body"] for message in heard[0]] == ["hello"]


def test_a_message_on_the_wire_has_what_the_wire_promises(cast: Cast, alice: RawSocket, bob: RawSocket) -> None:
    client_id = str(uuid4())
    ack = post(alice, cast.open_room, "**hello**", client_id=client_id)
    (message,) = bob.received("message:posted")
    assert set(message) == MESSAGE_KEYS
    assert {key: message[key] for key in ("id", "number", "version")} == {
        key: ack[key] for key in ("id", "number", "version")
    }
    assert (message["room_id"], message["client_id"]) == (cast.open_room, client_id)
    assert message["author"] == {"id": cast.alice.id, "name": "Alice", "is_deactivated": False}
    assert message["prev"] == message["version"] - 1
    assert (message["edited_at"], message["deleted_at"], message["reply_to"]) == (None, None, None)
    assert (message["mentions"], message["uploads"], message["reactions"]) == ([], [], [])


def test_the_wire_and_history_tell_the_same(app: Flask, cast: Cast, alice: RawSocket, bob: RawSocket) -> None:
    # behaviour 72
    post(alice, cast.open_room, "hello *world*\n\n`code`")
    (message,) = bob.received("message:posted")
    path = f"/rooms/{cast.open_room}"
    (item,) = Browser(app, cast.bob).get(f"{path}/messages", json=True).get_json()["items"]
    assert item == message
    (change,) = Browser(app, cast.bob).get(f"{path}/changes?since={message['prev']}", json=True).get_json()["items"]
    assert change == message | {"event": "message:posted"}


def test_the_html_on_the_wire_is_the_html_of_the_page(app: Flask, cast: Cast, alice: RawSocket, bob: RawSocket) -> None:
    post(alice, cast.open_room, "hello *world* <b> https://example.org")
    (message,) = bob.received("message:posted")
    for reader in (cast.alice, cast.bob, cast.charlie):
        page = Browser(app, reader).get(f"/rooms/{cast.open_room}").get_data(as_text=True)
        assert message["html"] in page


def test_each_message_goes_on_from_the_one_before(cast: Cast, alice: RawSocket, bob: RawSocket) -> None:
    for text in ("one", "two", "three"):
        post(alice, cast.open_room, text)
    messages = bob.received("message:posted")
    assert [message["number"] for message in messages] == [1, 2, 3]
    assert [message["prev"] for message in messages[1:]] == [message["version"] for message in messages[:-1]]


def test_one_room_is_not_heard_in_another(cast: Cast, alice: RawSocket, bob: RawSocket) -> None:
    post(alice, cast.closed_room, "for the board")
    assert bob.received("message:posted") == []
    assert alice.received("message:posted") == []


def test_a_retry_is_told_so_and_heard_once(cast: Cast, alice: RawSocket, bob: RawSocket) -> None:
    client_id = str(uuid4())
    first, again = (post(alice, cast.open_room, "once", client_id=client_id) for _ in range(2))
    assert again == first | {"duplicate": True}
    assert len(bob.received("message:posted")) == 1


def test_a_retry_with_another_text_is_told_so_and_changes_nothing(cast: Cast, alice: RawSocket, bob: RawSocket) -> None:
    client_id = str(uuid4())
    first = post(alice, cast.open_room, "first", client_id=client_id)
    again = post(alice, cast.open_room, "second", client_id=client_id)
    assert again == first | {"duplicate": True, "mismatch": True}
    assert [message["body"] for message in bob.received("message:posted")] == ["first"]


@pytest.mark.parametrize(
    ("payload", "error"),
    [
        ({"body": ""}, "message_empty"),
        ({"body": "x" * 16_001}, "message_too_long"),
        ({"body": "ring \a"}, "message_control_characters"),
        ({"body": None}, "bad_request"),
        ({"client_id": None}, "bad_request"),
        ({"client_id": "7"}, "bad_request"),
        ({"reply_to": 4711}, "bad_request"),
        ({"reply_to": "1"}, "bad_request"),
    ],
)
def test_what_cannot_be_said_is_refused_and_heard_by_nobody(
    cast: Cast, alice: RawSocket, bob: RawSocket, payload: dict[str, object], error: str
) -> None:
    ack = post(alice, cast.open_room, **{"body": "hello", **payload})  # type: ignore[arg-type]
    assert (ack["ok"], ack["error"]) == (False, error)
    assert bob.received() == []


def test_a_reply_names_the_message_it_answers(cast: Cast, alice: RawSocket, bob: RawSocket) -> None:
    question = post(alice, cast.open_room, "question")["number"]
    post(bob, cast.open_room, "answer", reply_to=question)
    assert [message["reply_to"] for message in alice.received("message:posted")] == [None, question]


def test_nothing_is_said_in_an_archived_room(app: Flask, cast: Cast, alice: RawSocket) -> None:
    with app.app_context():
        rooms.archive_room(cast.alice, cast.open_room)
    assert post(alice, cast.open_room, "too late")["error"] == "room_archived"


def test_what_a_plain_form_says_is_heard_live(app: Flask, cast: Cast, bob: RawSocket) -> None:
    Browser(app, cast.alice).post(f"/rooms/{cast.open_room}/messages", {"body": "without a script"})
    assert [message["body"] for message in bob.received("message:posted")] == ["without a script"]


def test_what_was_rolled_back_is_never_heard(
    app: Flask, cast: Cast, bob: RawSocket, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("after the announcement, before the commit")

    monkeypatch.setattr("sqlalchemy.orm.Session.commit", fails)
    monkeypatch.setattr("chatapp.db.statement", fails)  # which is a commit by itself
    ack = post(bob, cast.open_room, "never said")
    monkeypatch.undo()
    assert ack["error"] == "internal_error"
    assert bob.received() == []


def edit(socket: RawSocket, message_id: int, body: str) -> dict[str, Any]:
    return socket.request("message:edit", {"message_id": message_id, "body": body})


def test_an_edit_is_seen_live_by_everybody_who_has_the_room_open(cast: Cast, alice: RawSocket, bob: RawSocket) -> None:
    posted = post(alice, cast.open_room, "one")
    assert edit(alice, posted["id"], "**won**") == {"ok": True, "version": posted["version"] + 1}
    heard = [socket.received("message:edited") for socket in (alice, bob)]
    assert heard[0] == heard[1]
    (message,) = heard[0]
    assert set(message) == MESSAGE_KEYS
    assert (message["id"], message["number"], message["body"]) == (posted["id"], posted["number"], "**won**")
    assert (message["prev"], message["version"]) == (posted["version"], posted["version"] + 1)
    assert message["edited_at"] is not None
    assert "<strong>won</strong>" in message["html"]


def test_a_deletion_is_seen_live_and_holds_no_text(cast: Cast, alice: RawSocket, bob: RawSocket) -> None:
    posted = post(alice, cast.open_room, "needle")
    ack = alice.request("message:delete", {"message_id": posted["id"]})
    assert ack == {"ok": True, "version": posted["version"] + 1}
    (message,) = bob.received("message:deleted")
    assert (message["id"], message["body"]) == (posted["id"], "")
    assert message["deleted_at"] is not None
    assert "needle" not in str(message)


def test_an_edit_moves_on_those_who_have_the_room_not_open(app: Flask, cast: Cast, alice: RawSocket) -> None:
    elsewhere = connect(Browser(app, cast.bob))
    posted = post(alice, cast.open_room, "one")
    edit(alice, posted["id"], "two")
    frames = elsewhere.received("room:advanced")
    assert [(frame["number"], frame["preview"]) for frame in frames] == [(1, "one"), (1, "two")]
    assert [frame["event"] for frame in frames] == ["message:posted", "message:edited"]
    alice.request("message:delete", {"message_id": posted["id"]})
    (frame,) = elsewhere.received("room:advanced")
    assert (frame["event"], frame["number"], frame["preview"]) == ("message:deleted", 1, "")


def test_the_same_text_again_is_told_to_nobody(cast: Cast, alice: RawSocket, bob: RawSocket) -> None:
    posted = post(alice, cast.open_room, "one")
    bob.received()
    assert edit(alice, posted["id"], "one") == {"ok": True, "version": posted["version"]}
    assert bob.received() == []


@pytest.mark.parametrize("event", ["message:edit", "message:delete"])
def test_nobody_changes_what_another_said(app: Flask, cast: Cast, alice: RawSocket, bob: RawSocket, event: str) -> None:
    outsider = connect(Browser(app, cast.charlie))
    for room_id, error in ((cast.open_room, "not_a_member"), (cast.closed_room, "message_not_found")):
        posted = post(alice, room_id, "one")
        bob.received()
        payload = {"message_id": posted["id"], "body": "changed"}
        assert outsider.request(event, payload)["error"] == error
        assert bob.request(event, payload)["error"] == "not_allowed"
        assert bob.received() == []


@pytest.mark.parametrize("event", ["message:edit", "message:delete"])
def test_nothing_more_is_done_to_a_deleted_message(cast: Cast, alice: RawSocket, event: str) -> None:
    posted = post(alice, cast.open_room, "one")
    alice.request("message:delete", {"message_id": posted["id"]})
    assert alice.request(event, {"message_id": posted["id"], "body": "two"})["error"] == "message_deleted"


@pytest.mark.parametrize(
    ("body", "error"),
    [("", "message_empty"), ("x" * 16_001, "message_too_long"), ("\a", "message_control_characters")],
    ids=["empty", "too long", "control"],
)
def test_a_text_that_cannot_be_said_cannot_replace_one(
    cast: Cast, alice: RawSocket, bob: RawSocket, body: str, error: str
) -> None:
    posted = post(alice, cast.open_room, "one")
    bob.received()
    assert edit(alice, posted["id"], body)["error"] == error
    assert bob.received() == []


def test_files_are_posted_by_their_ids(app: Flask, cast: Cast) -> None:
    with app.app_context():
        ids = [send(cast.alice, cast.open_room, name=f"{name}.txt").id for name in "ab"]
    alice, bob = (Browser(app, person).connect() for person in (cast.alice, cast.bob))
    assert bob.request("room:open", {"room_id": cast.open_room})["ok"]
    files = {"upload_ids": ids, "upload_alts": ["", "what it shows"]}
    payload = {"room_id": cast.open_room, "client_id": str(uuid4()), "body": "", **files}
    assert alice.request("message:post", payload)["ok"]
    (told,) = bob.received("message:posted")
    assert [upload["name"] for upload in told["uploads"]] == ["a.txt", "b.txt"]
    assert [upload["alt"] for upload in told["uploads"]] == [None, "what it shows"]
    again = {**payload, "client_id": str(uuid4())}
    assert alice.request("message:post", again)["error"] == "upload_not_found"
    for wrong in ("7", [True], ["7"], [1.5], [-1], list(range(300))):
        ack = alice.request("message:post", {**again, "upload_ids": wrong})
        assert (ack["error"], ack["field"]) == ("bad_request", "upload_ids")
    for odd in ("text", [1, 2], ["one"]):
        ack = alice.request("message:post", {**again, "upload_alts": odd})
        assert (ack["error"], ack["field"]) == ("bad_request", "upload_alts")


def test_of_files_alone_a_member_elsewhere_is_told_their_names(app: Flask, cast: Cast) -> None:
    with app.app_context():
        upload_id = send(cast.alice, cast.open_room, name="회의.txt").id
    bob = Browser(app, cast.bob).connect()
    bob.received()
    with app.app_context():
        post_message(cast.alice, cast.open_room, "", upload_ids=(upload_id,))
    (advanced,) = bob.received("room:advanced")
    assert advanced["preview"] == "회의.txt"
