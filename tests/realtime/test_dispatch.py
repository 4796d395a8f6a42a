"""What comes by the bus, in whatever order and however often, is told once and in order."""

from flask import Flask

from chatapp.actions import rooms
from chatapp.actions.memberships import add_member, remove_member
from tests.realtime.losing import Lost, compare, post, told
from tests.sockets.wire import RawSocket, heard, open_room, say
from tests.support import Cast


def test_two_that_cross_on_the_bus_are_told_in_their_order(app: Flask, cast: Cast, bob: RawSocket, lost: Lost) -> None:
    open_room(bob, cast.open_room)
    first, second = lost(post(cast, "first", "second"))
    told(app, second)
    assert heard(bob) == []
    told(app, first)
    assert heard(bob) == ["first", "second"]


def test_what_arrives_twice_is_told_once(app: Flask, cast: Cast, bob: RawSocket, lost: Lost) -> None:
    open_room(bob, cast.open_room)
    (moved,) = lost(post(cast, "once"))
    for _ in range(3):
        told(app, moved)
    compare(app)
    assert heard(bob) == ["once"]


def test_a_recorded_welcome_opens_no_ear_to_one_who_was_removed(
    app: Flask, cast: Cast, charlie: RawSocket, lost: Lost
) -> None:
    (welcome,) = lost(lambda: add_member(cast.alice, cast.closed_room, cast.charlie.id))
    lost(lambda: remove_member(cast.alice, cast.closed_room, cast.charlie.id))
    told(app, welcome)
    say(app, cast, "secret", cast.closed_room)
    compare(app)
    assert charlie.received("room:advanced") == []


def test_who_is_brought_into_a_room_that_nobody_here_follows_is_told_so(
    app: Flask, cast: Cast, charlie: RawSocket
) -> None:
    with app.app_context():
        add_member(cast.alice, cast.closed_room, cast.charlie.id)
    assert [payload["person"]["id"] for payload in charlie.received("member:joined")] == [cast.charlie.id]


def test_everyone_who_is_put_into_a_new_room_is_told_so(
    app: Flask, cast: Cast, alice: RawSocket, bob: RawSocket
) -> None:
    with app.app_context():
        room_id = rooms.create_room(cast.alice, "Lunch", "closed", [cast.bob.id]).id
    for person, socket in ((cast.alice, alice), (cast.bob, bob)):
        came = [payload for payload in socket.received("member:joined") if payload["person"]["id"] == person.id]
        assert [payload["room_id"] for payload in came] == [room_id]
