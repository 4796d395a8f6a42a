"""Who comes is asked once: at the handshake, and again only when that is no longer sure."""

from dataclasses import replace

import pytest
from flask import Flask

from chatapp.actions.memberships import remove_member
from chatapp.actions.people import rename_person
from chatapp.errors import SignedOut
from chatapp.models import Company
from chatapp.realtime.people_stream import people_stream
from chatapp.sockets.arrivals import ARRIVAL, FRESH_SECONDS, Arrival, arrival_of, look
from tests.realtime.conftest import lost as lost
from tests.realtime.losing import Lost
from tests.sockets.wire import connect, heard, open_room, say
from tests.support import Browser, Cast


def arriving(app: Flask, browser: Browser) -> Arrival:
    """What a handshake of this browser finds."""
    stored = browser.client.get_cookie("chatapp")
    assert stored is not None
    with app.test_request_context(headers={"Cookie": f"chatapp={stored.value}"}):
        return look()


def test_what_the_handshake_found_is_taken_over_without_a_question(app: Flask, cast: Cast) -> None:
    found = arriving(app, Browser(app, cast.bob))
    assert found.guest.person.id == cast.bob.id
    assert found.rooms.keys() == {cast.open_room, cast.closed_room, cast.direct_room}
    with app.app_context():  # without a request, whose cookie could be asked
        assert arrival_of({ARRIVAL: found}) is found


@pytest.mark.parametrize("is_there", [True, False])
def test_what_is_old_or_was_not_asked_is_asked(app: Flask, cast: Cast, *, is_there: bool) -> None:
    found = arriving(app, Browser(app, cast.bob))
    with app.test_request_context() as nobody:
        environ = nobody.request.environ
    if is_there:
        environ[ARRIVAL] = replace(found, at=found.at - FRESH_SECONDS)
    with app.app_context(), pytest.raises(SignedOut):
        arrival_of(environ)


def test_a_right_that_went_after_the_handshake_is_gone(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = Browser(app, cast.bob)
    found = arriving(app, browser)
    monkeypatch.setattr("chatapp.sockets.connection.arrival_of", lambda _environ: found)
    Browser(app, cast.alice).post(f"/rooms/{cast.closed_room}/members/{cast.bob.id}/remove")
    socket = connect(browser)
    assert socket.is_connected
    say(app, cast, "is he gone?", cast.closed_room)
    say(app, cast, "and here?")
    assert [told["room_id"] for told in socket.received("room:advanced")] == [cast.open_room]
    assert open_room(socket, cast.closed_room)["error"] == "room_not_found"
    assert heard(socket) == []


def test_nor_may_its_loss_have_been_told_before_the_room_was_followed(
    app: Flask, cast: Cast, lost: Lost, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Browser(app, cast.bob)
    found = arriving(app, browser)
    monkeypatch.setattr("chatapp.sockets.connection.arrival_of", lambda _environ: found)
    lost(lambda: remove_member(cast.alice, cast.closed_room, cast.bob.id))
    socket = connect(browser)  # the first of this worker: the room's stream begins after the removal
    say(app, cast, "is he gone?", cast.closed_room)
    assert socket.received("room:advanced") == []
    assert open_room(socket, cast.closed_room)["error"] == "room_not_found"


def test_a_name_that_changed_after_the_handshake_is_told(
    app: Flask, cast: Cast, lost: Lost, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Browser(app, cast.bob)
    found = arriving(app, browser)
    monkeypatch.setattr("chatapp.sockets.connection.arrival_of", lambda _environ: found)
    connect(Browser(app, cast.alice))  # so that somebody listens here
    lost(lambda: rename_person(cast.charlie, "Charles"))
    with app.app_context():
        people_stream().compare(Company.present_people_version())
    socket = connect(browser, people_version=found.guest.people_version)
    assert [told["name"] for told in socket.received("person:changed")] == ["Charles"]
