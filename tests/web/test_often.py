"""Somebody who changes things by HTTP more often than anybody does by hand."""

from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from chatapp.actions.messages import edit_message, post_message
from chatapp.config import ROOT
from chatapp.throttle import Throttle, throttle
from chatapp.web.uploads import LEAST_PART_BYTES
from tests.realtime.clock import Clock
from tests.support import Browser, Cast
from tests.web.sending import put
from tests.web.sending import store as store

PART = LEAST_PART_BYTES
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
    spend(app, cast.bob.id)
    return Browser(app, cast.bob)


def spend(app: Flask, user_id: int) -> None:
    """Make all the changes that somebody may make for now."""
    with app.app_context():
        while not throttle().change(user_id):
            pass


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


@pytest.mark.usefixtures("context")
def test_an_edit_that_is_refused_comes_back_with_its_text(bob: Browser, cast: Cast, clock: Clock) -> None:
    posted = post_message(cast.bob, cast.open_room, "first")
    path = f"/messages/{posted.id}/edit"
    form = {"body": "first, and not lost", "version": posted.version}
    refused = bob.post(path, form)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "1")
    assert form["body"] in refused.get_data(as_text=True)
    assert "That was too often." in refused.get_data(as_text=True)
    clock.go_on(1)
    assert bob.post(path, form).status_code == 303


@pytest.mark.usefixtures("context")
def test_it_comes_back_as_an_edit_of_what_was_there_then(bob: Browser, cast: Cast, clock: Clock) -> None:
    posted = post_message(cast.bob, cast.open_room, "first")
    edit_message(cast.bob, posted.id, "second, in another tab")
    # Sent with the version of the second it would put that away without a word.
    written_against = f'name="version" value="{posted.version}"'
    for body, status in (("third, too often", 429), ("third, too long".ljust(20_000, "."), 400)):
        refused = bob.post(f"/messages/{posted.id}/edit", {"body": body, "version": posted.version})
        assert refused.status_code == status
        assert written_against in refused.get_data(as_text=True)
        clock.go_on(1)
    refused = bob.post(f"/messages/{posted.id}/edit", {"body": "third", "version": posted.version})
    assert refused.status_code == 409
    assert written_against not in refused.get_data(as_text=True)  # they have seen why, and may insist


def test_reading_posting_and_leaving_are_not_counted(bob: Browser, cast: Cast) -> None:
    post = {"body": "said", "client_id": str(uuid4())}
    assert bob.get("/rooms").status_code == 200
    assert bob.post(f"/rooms/{cast.open_room}/messages", post, json=True).status_code == 201
    assert bob.post("/logout").status_code == 303


@pytest.mark.parametrize(
    ("data", "query"),
    [
        (b"a file", {}),
        (b"", {"size": 2 * PART}),  # of a large one, which is announced so
        (b"its next byte", {"size": 2 * PART, "offset": 1}),
        (b"", {"client_id": "7"}),  # which is no file at all
    ],
)
def test_a_file_is_counted_and_a_part_that_is_as_small_as_no_page_sends_it(
    bob: Browser, cast: Cast, clock: Clock, data: bytes, query: dict[str, object]
) -> None:
    refused = put(bob, f"/rooms/{cast.open_room}", data, **query)
    assert (refused.status_code, refused.get_json()["error"], refused.headers["Retry-After"]) == (429, "slow_down", "1")
    clock.go_on(1)
    assert put(bob, f"/rooms/{cast.open_room}", data, **query).status_code != 429


def test_the_next_parts_of_a_file_are_not(app: Flask, cast: Cast, clock: Clock) -> None:
    bob, room = Browser(app, cast.bob), f"/rooms/{cast.open_room}"
    query = {"client_id": str(uuid4()), "size": 2 * PART + 1}
    assert put(bob, room, b"", **query).status_code == 202
    spend(app, cast.bob.id)
    assert put(bob, room, bytes(PART), offset=0, **query).status_code == 429, "it may be the first there is of it"
    clock.go_on(1)
    assert put(bob, room, bytes(PART), offset=0, **query).status_code == 202
    spend(app, cast.bob.id)
    assert put(bob, room, bytes(PART), offset=PART, **query).status_code == 202
    assert put(bob, room, b"!", offset=2 * PART, **query).status_code == 429, "a small one, also the last"
    clock.go_on(1)
    assert put(bob, room, b"!", offset=2 * PART, **query).status_code == 201


def test_a_page_sends_no_smaller_ones() -> None:
    script = (ROOT / "static/js/room/uploads.js").read_text()
    assert f"const LEAST_PART_BYTES = {LEAST_PART_BYTES // 2**10} * 2 ** 10;" in script


def test_fifty_files_at_once_are_not_too_many(app: Flask, cast: Cast, clock: Clock) -> None:
    bob, room = Browser(app, cast.bob), f"/rooms/{cast.open_room}"
    assert {put(bob, room, f"file {number}".encode()).status_code for number in range(50)} == {201}


def test_others_are_counted_by_themselves(app: Flask, bob: Browser, cast: Cast) -> None:
    assert bob.post("/rooms", room("Bob's"), json=True).status_code == 429
    assert Browser(app, cast.alice).post("/rooms", room("Alice's"), json=True).status_code == 201


def test_sockets_and_forms_share_what_a_person_may(app: Flask, bob: Browser, cast: Cast) -> None:
    assert bob.get("/rooms").status_code == 200
    with app.app_context():
        assert throttle().event("a socket of his", cast.bob.id) > 0
        assert throttle().event("a socket of hers", cast.alice.id) == 0
