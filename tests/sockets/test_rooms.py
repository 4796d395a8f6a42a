"""Opening and closing rooms, and what comes down while they are open."""

from uuid import uuid4

import pytest
import sqlalchemy
from flask import Flask

from chatapp import db
from chatapp.actions import memberships, rooms
from chatapp.actions.messages import post_message
from chatapp.realtime import delivery
from chatapp.realtime.room_streams import RoomStreams
from tests.sockets.wire import RawSocket, connect, elsewhere, heard, open_room, say
from tests.support import Browser, Cast

OPENED = {"ok", "version", "epoch", "room", "first_number", "last_number", "last_read_number", "generation", "assets"}
MISSED = {"items", "up_to", "more"}


def test_the_ack_has_what_the_wire_promises(app: Flask, cast: Cast, bob: RawSocket) -> None:
    version = say(app, cast, "hello")
    ack = open_room(bob, cast.open_room)
    assert set(ack) == OPENED
    assert ack["ok"] is True
    assert ack["room"] == {"id": cast.open_room, "name": "Lobby", "kind": "open", "is_archived": False}
    assert ack["assets"] == app.extensions["chatapp_static_prefix"]
    assert {key: ack[key] for key in OPENED - {"ok", "epoch", "room", "assets"}} == {
        "version": version,
        "first_number": 1,
        "last_number": 1,
        "last_read_number": 0,
        "generation": 0,
    }


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True, scope="session")
def test_one_whose_database_goes_away_between_the_two_looks_is_told_to_come_back(
    cast: Cast, bob: RawSocket, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def gone() -> None:
        db.session().scalar(sqlalchemy.text("SELECT pg_terminate_backend(pg_backend_pid())"))

    monkeypatch.setattr(RoomStreams, "has_told_after", lambda *_of: True)
    monkeypatch.setattr(db, "read_anew", gone)
    ack = bob.request("room:open", {"room_id": cast.open_room})
    assert ack["error"] == "unavailable"
    assert "event failed" not in caplog.text


def test_with_since_the_ack_brings_what_was_missed(app: Flask, cast: Cast, bob: RawSocket) -> None:
    seen = say(app, cast, "seen")
    versions = [say(app, cast, "missed"), say(app, cast, "missed too")]
    ack = open_room(bob, cast.open_room, since=seen)
    assert set(ack) == OPENED | MISSED
    assert [item["body"] for item in ack["items"]] == ["missed", "missed too"]
    assert [item["prev"] for item in ack["items"]] == [seen, versions[0]]
    assert (ack["up_to"], ack["more"]) == (versions[1], False)


def test_with_nothing_missed_there_are_no_items(app: Flask, cast: Cast, bob: RawSocket) -> None:
    head = say(app, cast, "seen")
    ack = open_room(bob, cast.open_room, since=head, epoch=None)
    assert (ack["items"], ack["up_to"], ack["more"]) == ([], head, False)


def test_a_long_absence_is_brought_in_steps(app: Flask, cast: Cast, bob: RawSocket) -> None:
    with app.app_context():
        for number in range(201):
            post_message(cast.alice, cast.open_room, str(number))
    ack = open_room(bob, cast.open_room, since=0)
    assert (len(ack["items"]), ack["more"]) == (200, True)
    assert ack["up_to"] == ack["items"][-1]["version"] < ack["version"]


def test_of_another_epoch_there_is_nothing_to_go_on_from(app: Flask, cast: Cast, bob: RawSocket) -> None:
    say(app, cast, "hello")
    ack = open_room(bob, cast.open_room, since=0, epoch=str(uuid4()))
    assert set(ack) == OPENED
    again = open_room(bob, cast.open_room, since=0, epoch=ack["epoch"])
    assert [item["body"] for item in again["items"]] == ["hello"]


def test_a_cursor_ahead_of_the_room_is_refused_and_the_socket_is_not_left_in_it(
    app: Flask, cast: Cast, bob: RawSocket
) -> None:
    assert open_room(bob, cast.open_room, since=4711)["error"] == "cursor_ahead"
    bob.received()
    say(app, cast, "hello")
    assert heard(bob) == []


def test_what_is_said_between_the_look_and_the_joining_is_in_the_ack(
    app: Flask, cast: Cast, bob: RawSocket, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, join = say(app, cast, "before"), delivery.open_room
    said: list[str] = []

    def join_late(sid: str, room_id: int) -> None:
        if not said:
            said.append("in between")
            elsewhere(lambda: say(app, cast, said[0], room_id))
        join(sid, room_id)

    monkeypatch.setattr(delivery, "open_room", join_late)
    ack = open_room(bob, cast.open_room, since=before)
    assert [item["body"] for item in ack["items"]] == ["in between"]
    assert (ack["version"], ack["last_number"], ack["up_to"]) == (before + 1, 2, before + 1)


def test_an_open_room_brings_everything_that_happens_in_it(app: Flask, cast: Cast, bob: RawSocket) -> None:
    open_room(bob, cast.open_room)
    say(app, cast, "hello")
    with app.app_context():
        memberships.join_room(cast.charlie, cast.open_room)
        rooms.rename_room(cast.alice, cast.open_room, "Hall")
        memberships.leave_room(cast.charlie, cast.open_room)
        rooms.archive_room(cast.alice, cast.open_room)
    assert bob.names() == ["message:posted", "member:joined", "room:changed", "member:left", "room:changed"]


def test_every_change_of_a_room_goes_on_from_the_one_before(app: Flask, cast: Cast, bob: RawSocket) -> None:
    cursor = open_room(bob, cast.open_room)["version"]
    say(app, cast, "hello")
    with app.app_context():
        memberships.join_room(cast.charlie, cast.open_room)
        rooms.rename_room(cast.alice, cast.open_room, "Hall")
    for payload in bob.received():
        assert (payload["room_id"], payload["prev"]) == (cast.open_room, cursor)
        cursor = payload["version"]
    with app.app_context():
        assert rooms.restore_room(cast.alice, cast.open_room).version == cursor + 1


def test_what_changed_is_told_as_the_wire_promises(app: Flask, cast: Cast, bob: RawSocket) -> None:
    open_room(bob, cast.open_room)
    with app.app_context():
        memberships.join_room(cast.charlie, cast.open_room)
        rooms.rename_room(cast.alice, cast.open_room, "Hall")
    joined, changed = bob.received()
    assert set(joined) == {"room_id", "version", "prev", "person", "members_count"}
    assert joined["person"] == {"id": cast.charlie.id, "name": "Charlie"}
    assert set(changed) == {"room_id", "version", "prev", "room"}
    assert changed["room"]["name"] == "Hall"


def test_a_closed_room_page_brings_the_small_frame_again(app: Flask, cast: Cast, bob: RawSocket) -> None:
    open_room(bob, cast.open_room)
    assert bob.request("room:close", {"room_id": cast.open_room}) == {"ok": True}
    say(app, cast, "hello")
    assert bob.names() == ["room:advanced"]


def test_members_who_have_it_not_open_get_one_small_frame(app: Flask, cast: Cast, bob: RawSocket) -> None:
    version = say(app, cast, "**hello** " + "long " * 50)
    (frame,) = bob.received("room:advanced")
    assert set(frame) == {"room_id", "version", "prev", "event", "number", "author", "mentions", "preview"}
    assert (frame["room_id"], frame["version"], frame["prev"]) == (cast.open_room, version, version - 1)
    assert (frame["number"], frame["author"]["name"], frame["mentions"]) == (1, "Alice", [])
    assert frame["preview"].startswith("hello long")
    assert len(frame["preview"]) <= 120


def test_who_has_it_open_gets_no_small_frame_beside_the_message(app: Flask, cast: Cast, bob: RawSocket) -> None:
    open_room(bob, cast.open_room)
    say(app, cast, "hello")
    assert bob.names() == ["message:posted"]


def test_who_is_no_member_hears_nothing_of_a_room_they_have_not_open(
    app: Flask, cast: Cast, charlie: RawSocket
) -> None:
    for room_id in (cast.open_room, cast.closed_room, cast.direct_room):
        say(app, cast, "hello", room_id)
    assert charlie.received() == []


def test_an_open_room_is_read_along_live_by_one_who_is_no_member(app: Flask, cast: Cast, charlie: RawSocket) -> None:
    ack = open_room(charlie, cast.open_room)
    assert (ack["ok"], ack["last_read_number"], ack["generation"]) == (True, 0, 0)
    say(app, cast, "hello")
    assert heard(charlie) == ["hello"]
    charlie.request("room:close", {"room_id": cast.open_room})
    say(app, cast, "hello?")
    assert charlie.received() == []


@pytest.mark.parametrize("kind", ["closed_room", "direct_room"])
def test_a_refused_room_stays_silent(app: Flask, cast: Cast, charlie: RawSocket, kind: str) -> None:
    room_id = getattr(cast, kind)
    assert open_room(charlie, room_id)["error"] == "room_not_found"
    say(app, cast, "secret", room_id)
    assert charlie.received() == []


@pytest.mark.parametrize("kind", ["closed_room", "direct_room"])
def test_closing_a_hidden_room_opens_no_ear_to_it(app: Flask, cast: Cast, charlie: RawSocket, kind: str) -> None:
    room_id = getattr(cast, kind)
    charlie.request("room:close", {"room_id": room_id})
    say(app, cast, "secret", room_id)
    assert charlie.received() == []


def test_who_is_put_into_a_new_room_hears_of_it_without_a_reload(app: Flask, cast: Cast, bob: RawSocket) -> None:
    with app.app_context():
        room = rooms.create_room(cast.alice, "Lunch", "closed", [cast.bob.id])
    bob.received()
    say(app, cast, "hungry?", room.id)
    assert bob.names() == ["room:advanced"]


def test_reading_moves_the_pointer_and_tells_ones_other_tabs(app: Flask, cast: Cast, bob: RawSocket) -> None:
    tab = connect(Browser(app, cast.bob))
    version = [say(app, cast, text) for text in ("one", "two")][-1]
    ack = bob.request("room:read", {"room_id": cast.open_room, "number": 1, "generation": 0})
    assert ack == {"ok": True, "last_read_number": 1, "generation": 0}
    (told,) = tab.received("room:read")
    counted = {"unread": 1, "version": version, "last_number": 2}
    assert told == {"room_id": cast.open_room, "last_read_number": 1, "generation": 0, **counted}


def test_what_one_has_read_is_nobody_elses_business(app: Flask, cast: Cast, alice: RawSocket, bob: RawSocket) -> None:
    say(app, cast, "one")
    bob.request("room:read", {"room_id": cast.open_room, "number": 1})
    assert alice.received("room:read") == []


def test_marking_unread_moves_the_pointer_back_and_tells_ones_other_tabs(
    app: Flask, cast: Cast, alice: RawSocket, bob: RawSocket
) -> None:  # behaviour 30
    tab = connect(Browser(app, cast.bob))
    version = [say(app, cast, text) for text in ("one", "two")][-1]
    bob.request("room:read", {"room_id": cast.open_room, "number": 2, "generation": 0})
    tab.received()
    ack = bob.request("room:mark_unread", {"room_id": cast.open_room, "number": 2, "generation": 0})
    assert ack == {"ok": True, "last_read_number": 1, "generation": 1}
    counted = {"unread": 1, "version": version, "last_number": 2}
    told = {"room_id": cast.open_room, "last_read_number": 1, "generation": 1, **counted}
    assert tab.received("room:read") == [told]
    assert alice.received("room:read") == []


def test_a_read_that_was_under_way_moves_nothing(app: Flask, cast: Cast, bob: RawSocket) -> None:
    tab = connect(Browser(app, cast.bob))
    say(app, cast, "one")
    bob.request("room:mark_unread", {"room_id": cast.open_room, "number": 1})
    tab.received()
    late = bob.request("room:read", {"room_id": cast.open_room, "number": 1, "generation": 0})
    assert late == {"ok": True, "last_read_number": 0, "generation": 1}
    assert tab.received("room:read") == []


def test_a_marking_of_an_older_generation_moves_nothing_and_tells_nobody(
    app: Flask, cast: Cast, bob: RawSocket
) -> None:
    tab = connect(Browser(app, cast.bob))
    for text in ("one", "two"):
        say(app, cast, text)
    bob.request("room:mark_unread", {"room_id": cast.open_room, "number": 2, "generation": 0})
    tab.received()
    late = bob.request("room:mark_unread", {"room_id": cast.open_room, "number": 1, "generation": 0})
    assert late == {"ok": True, "last_read_number": 1, "generation": 1}
    assert tab.received("room:read") == []


def test_one_who_is_no_member_marks_nothing_unread(app: Flask, cast: Cast, charlie: RawSocket) -> None:
    say(app, cast, "one")
    refused = [(cast.open_room, "not_a_member"), (cast.closed_room, "room_not_found")]
    for room_id, error in refused:
        assert charlie.request("room:mark_unread", {"room_id": room_id, "number": 1})["error"] == error
