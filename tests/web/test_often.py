"""Somebody who changes things by HTTP more often than anybody does by hand."""

from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from chatapp.throttle import Throttle, throttle
from tests.realtime.clock import Clock
from tests.support import Browser, Cast

CHANGES = ["/rooms", "/messages/1/edit", "/messages/1/reactions", "/rooms/1/read", "/account/preferences"]


@pytest.fixture
def clock(app: Flask) -> Clock:
    """The time by which it is counted."""
    clock = Clock()
    app.extensions["chatapp_allowances"] = Throttle(app.extensions["chatapp_settings"], clock)
    return clock


@pytest.fixture
def bob(app: Flask, cast: Cast, clock: Clock) -> Browser:
    """Bob, who has changed all that he may for now."""
    browser = Browser(app, cast.bob)
    with app.app_context():
        while not throttle().change(cast.bob.id):
            pass
    return browser


def room(name: str) -> dict[str, Any]:
    return {"name": name, "kind": "open"}


@pytest.mark.asvs("2.4.1")
@pytest.mark.parametrize("path", CHANGES)
def test_a_change_too_much_is_refused_with_the_time_to_come_back(bob: Browser, path: str) -> None:
    refused = bob.post(path, {}, json=True)
    assert (refused.status_code, refused.get_json()["error"]) == (429, "slow_down")
    assert refused.headers["Retry-After"] == "1"


def test_it_goes_through_a_little_later(bob: Browser, clock: Clock) -> None:
    assert bob.post("/rooms", room("Later"), json=True).status_code == 429
    clock.go_on(1)
    assert bob.post("/rooms", room("Later"), json=True).status_code == 201


def test_a_person_without_a_script_reads_why(bob: Browser) -> None:
    refused = bob.post("/rooms", room("Later"))
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "1")
    assert "That was too often." in refused.get_data(as_text=True)


def test_reading_posting_files_and_leaving_are_not_counted(bob: Browser, cast: Cast) -> None:
    post = {"body": "said", "client_id": str(uuid4())}
    assert bob.get("/rooms").status_code == 200
    assert bob.post(f"/rooms/{cast.open_room}/messages", post, json=True).status_code == 201
    uploads = f"/rooms/{cast.open_room}/uploads?client_id={uuid4()}&name=a.txt"
    headers = {"X-CSRFToken": bob.csrf_token(), "Content-Type": "application/octet-stream"}
    assert bob.client.put(uploads, data=b"a file", headers=headers).status_code == 201
    assert bob.post("/logout").status_code == 303


def test_others_are_counted_by_themselves(app: Flask, bob: Browser, cast: Cast) -> None:
    assert bob.post("/rooms", room("Bob's"), json=True).status_code == 429
    assert Browser(app, cast.alice).post("/rooms", room("Alice's"), json=True).status_code == 201


def test_sockets_and_forms_share_what_a_person_may(app: Flask, bob: Browser, cast: Cast) -> None:
    assert bob.get("/rooms").status_code == 200
    with app.app_context():
        assert throttle().event("a socket of his", cast.bob.id) > 0
        assert throttle().event("a socket of hers", cast.alice.id) == 0
