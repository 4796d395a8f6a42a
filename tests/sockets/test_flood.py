"""Who says more than they may: told when to come back, and sent away when they do not listen."""

from uuid import uuid4

import pytest
from flask import Flask

from chatapp.realtime.connections import connections
from chatapp.throttle import Throttle, throttle
from tests.realtime.clock import Clock
from tests.sockets.wire import RawSocket, connect
from tests.support import Browser, Cast, Socket


@pytest.fixture
def clock(app: Flask) -> Clock:
    """The time by which it is counted how much they say."""
    clock = Clock()
    app.extensions["chatapp_allowances"] = Throttle(app.extensions["chatapp_settings"], clock)
    return clock


def post(socket: Socket, cast: Cast, body: str, client_id: str | None = None) -> dict[str, object]:
    message = {"room_id": cast.open_room, "client_id": client_id or str(uuid4()), "body": body}
    return socket.request("message:post", message)


def spent(app: Flask, socket: RawSocket, user_id: int) -> None:
    """All events of this socket, and all posts of this person, are spent."""
    (sid,) = connections.of_user(user_id)
    with app.app_context():
        while not throttle().event(sid, user_id):
            pass
        while not throttle().post(user_id):
            pass


@pytest.mark.asvs("2.4.1")
@pytest.mark.parametrize("event", ["room:open", "typing:start", "reaction:add", "room:read", "nonsense"])
def test_what_is_too_much_is_acked_with_the_time_to_come_back(
    app: Flask, cast: Cast, bob: RawSocket, clock: Clock, event: str
) -> None:
    spent(app, bob, cast.bob.id)
    ack = bob.request(event, {"room_id": cast.open_room})
    assert (ack["ok"], ack["error"]) == (False, "slow_down")
    assert 0.05 < float(ack["retry_after"]) <= 0.1  # the next turn is that of whoever was refused before
    clock.go_on(float(ack["retry_after"]))
    assert bob.request(event, {"room_id": cast.open_room}).get("error") != "slow_down"


def test_a_post_too_much_is_not_stored_and_goes_through_when_it_comes_again(
    app: Flask, cast: Cast, bob: RawSocket, alice: RawSocket, clock: Clock
) -> None:
    alice.request("room:open", {"room_id": cast.open_room})
    spent(app, bob, cast.bob.id)
    client_id = str(uuid4())
    ack = post(bob, cast, "again", client_id)
    assert ack["error"] == "slow_down"
    assert alice.received("message:posted") == []
    clock.go_on(float(str(ack["retry_after"])))
    again = post(bob, cast, "again", client_id)
    assert again["ok"]
    assert again["number"] == 1


@pytest.mark.usefixtures("clock")
def test_a_person_has_the_same_posts_in_all_tabs_and_by_forms(app: Flask, cast: Cast, bob: RawSocket) -> None:
    spent(app, bob, cast.bob.id)
    browser = Browser(app, cast.bob)
    assert post(connect(browser), cast, "from another tab")["error"] == "slow_down"
    form = {"body": "from a <form>", "client_id": str(uuid4())}
    answer = browser.post(f"/rooms/{cast.open_room}/messages", form, json=True)
    assert (answer.status_code, answer.get_json()["error"]) == (429, "slow_down")
    assert answer.headers["Retry-After"] == "1"


@pytest.mark.usefixtures("clock")
def test_a_form_that_is_refused_comes_back_with_its_text(app: Flask, cast: Cast, bob: RawSocket) -> None:
    spent(app, bob, cast.bob.id)
    browser = Browser(app, cast.bob)
    form = {"body": "not lost", "client_id": str(uuid4()), "csrf_token": browser.csrf_token()}
    answer = browser.client.post(f"/rooms/{cast.open_room}/messages", data=form)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "1"
    assert "not lost" in answer.get_data(as_text=True)


@pytest.mark.usefixtures("clock")
def test_typing_does_not_eat_what_one_may_send(app: Flask, cast: Cast, bob: RawSocket) -> None:
    acks = [bob.request("typing:start", {"room_id": cast.open_room}) for _ in range(60)]
    assert acks[-1]["error"] == "slow_down"
    assert post(bob, cast, "typed long enough")["ok"]
