"""Who types and who is here, as sockets hear of it."""

from flask import Flask

from chatapp.actions.memberships import remove_member
from chatapp.extensions import socketio
from tests.sockets.wire import RawSocket, connect, open_room
from tests.support import Browser, Cast

TYPING, PRESENCE = "typing:changed", "presence:changed"


def pulse(app: Flask) -> None:
    """What a worker does a few times a second."""
    app.extensions["chatapp_live"].pulse.once()


def test_who_has_the_room_open_sees_who_types_and_nobody_else_does(
    app: Flask, cast: Cast, alice: RawSocket, bob: RawSocket, charlie: RawSocket
) -> None:
    open_room(bob, cast.closed_room)
    open_room(charlie, cast.open_room)
    elsewhere = connect(Browser(app, cast.bob))
    assert alice.request("typing:start", {"room_id": cast.closed_room}) == {"ok": True}
    pulse(app)
    people = [{"id": cast.alice.id, "name": "Alice"}]
    assert bob.received(TYPING) == [{"room_id": cast.closed_room, "people": people}]
    assert [other.received(TYPING) for other in (alice, charlie, elsewhere)] == [[], [], []]

    assert alice.request("typing:stop", {"room_id": cast.closed_room}) == {"ok": True}
    pulse(app)
    assert bob.received(TYPING) == [{"room_id": cast.closed_room, "people": []}]


def test_who_was_removed_sees_no_more_of_it(app: Flask, cast: Cast, alice: RawSocket, bob: RawSocket) -> None:
    open_room(bob, cast.closed_room)
    with app.app_context():
        remove_member(cast.alice, cast.closed_room, cast.bob.id)
    alice.request("typing:start", {"room_id": cast.closed_room})
    pulse(app)
    assert bob.received(TYPING) == []


def test_who_may_not_write_cannot_seem_to_type(app: Flask, cast: Cast, bob: RawSocket, charlie: RawSocket) -> None:
    for room_id in (cast.open_room, cast.closed_room):
        open_room(bob, room_id)
        for event in ("typing:start", "typing:stop"):
            assert charlie.request(event, {"room_id": room_id})["error"] in ("not_a_member", "room_not_found")
    pulse(app)
    assert bob.received(TYPING) == []


def test_a_flood_of_one_socket_is_told_a_few_times(app: Flask, cast: Cast, alice: RawSocket, bob: RawSocket) -> None:
    open_room(bob, cast.open_room)
    acks = [alice.request("typing:start", {"room_id": cast.open_room}) for _ in range(100)]
    assert [ack["ok"] for ack in acks[:40]] == [True] * 40
    assert {ack["error"] for ack in acks if not ack["ok"]} == {"slow_down"}
    pulse(app)
    assert len(bob.received(TYPING)) == 1


def test_who_connects_is_told_who_is_here_and_the_others_that_they_came(app: Flask, cast: Cast) -> None:
    alice = connect(Browser(app, cast.alice))
    pulse(app)
    alice.received()
    bob = connect(Browser(app, cast.bob))
    pulse(app)
    both = [{"id": cast.alice.id, "name": "Alice"}, {"id": cast.bob.id, "name": "Bob"}]
    assert bob.received(PRESENCE)[-1] == {"people": both, "away": [], "is_everybody": True}
    assert alice.received(PRESENCE) == [{"people": both[1:], "away": [], "is_everybody": False}]


def test_with_one_of_two_connections_closed_one_is_still_here(app: Flask, cast: Cast) -> None:
    browser = Browser(app, cast.bob)
    first, second = connect(browser), connect(browser)
    live = app.extensions["chatapp_live"]
    first.close()
    assert cast.bob.id in live.presence._connected  # noqa: SLF001
    second.close()
    assert cast.bob.id not in live.presence._connected  # noqa: SLF001


def test_who_answered_no_ping_has_no_grace(app: Flask, cast: Cast, alice: RawSocket, bob: RawSocket) -> None:
    here = app.extensions["chatapp_live"].presence.people
    for socket, reason in ((alice, "ping timeout"), (bob, "transport close")):
        socketio.server._handle_eio_disconnect(socket._client.eio_sid, reason)  # noqa: SLF001
    assert here() == {cast.bob.id: "Bob"}


def test_a_page_shows_who_is_here_without_a_script(app: Flask, cast: Cast) -> None:
    bob, page = Browser(app, cast.bob), Browser(app, cast.alice)
    for path in ("/people", f"/rooms/{cast.open_room}/members", "/rooms", f"/rooms/{cast.direct_room}"):
        assert set(dots(page, path, cast.bob.id)) == {False}, path
    connect(bob)
    for path in ("/people", f"/rooms/{cast.open_room}/members", "/rooms", f"/rooms/{cast.direct_room}"):
        assert set(dots(page, path, cast.bob.id)) == {True}, path


def dots(browser: Browser, path: str, person_id: int) -> list[bool]:
    """Of each dot beside the person, whether it says that they are here."""
    parts = browser.get(path).get_data(as_text=True).split('<span class="presence')[1:]
    own = [part for part in parts if f'data-person-id="{person_id}"' in part]
    return [part.startswith(" presence--here") and 'presence-words">online<' in part for part in own]
