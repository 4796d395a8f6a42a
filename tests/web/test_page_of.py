"""A script says whose page it runs on: somebody else may have signed in in another tab since."""

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.support import JSON, Browser, Cast


@pytest.fixture
def browser(app: Flask, cast: Cast) -> Browser:
    """A browser in which Bob is signed in."""
    return Browser(app, cast.bob)


def post(browser: Browser, cast: Cast, **headers: str) -> TestResponse:
    form = {"csrf_token": browser.csrf_token(), "body": "hello"}
    return browser.client.post(f"/rooms/{cast.open_room}/messages", data=form, headers=JSON | headers)


def said(browser: Browser, cast: Cast) -> list[str]:
    items = browser.get(f"/rooms/{cast.open_room}/messages", json=True).get_json()["items"]
    return [item["body"] for item in items]


@pytest.mark.parametrize("whose", ["alice", "nobody"])
def test_what_was_typed_on_somebody_elses_page_is_not_stored(browser: Browser, cast: Cast, whose: str) -> None:
    page_of = str(cast.alice.id) if whose == "alice" else "nobody"
    refused = post(browser, cast, **{"X-Page-Of": page_of})
    assert (refused.status_code, refused.get_json()["error"]) == (401, "signed_out")
    assert said(browser, cast) == []


def test_what_was_typed_on_ones_own_page_is(browser: Browser, cast: Cast) -> None:
    assert post(browser, cast, **{"X-Page-Of": str(cast.bob.id)}).status_code == 201
    assert said(browser, cast) == ["hello"]


def test_who_does_not_say_whose_page_it_is_posts_as_before(browser: Browser, cast: Cast) -> None:
    assert post(browser, cast).status_code == 201
    assert said(browser, cast) == ["hello"]


def test_a_page_of_alice_gets_nothing_that_is_for_bob(browser: Browser, cast: Cast) -> None:
    for path in ("/rooms", f"/rooms/{cast.closed_room}", f"/rooms/{cast.closed_room}/messages"):
        for accept in ("application/json", "text/html"):
            headers = {"Accept": accept, "X-Page-Of": str(cast.alice.id)}
            refused = browser.client.get(path, headers=headers)
            assert (refused.status_code, refused.get_json()["error"]) == (401, "signed_out"), (path, accept)


def test_a_script_that_asks_for_a_page_is_told_the_error_and_not_shown_it(browser: Browser, cast: Cast) -> None:
    refused = browser.client.get("/rooms/999999", headers={"Accept": "text/html", "X-Page-Of": str(cast.bob.id)})
    assert (refused.status_code, refused.get_json()["error"]) == (404, "room_not_found")


def test_alice_can_sign_in_again_on_her_page_while_the_browser_is_bobs(browser: Browser, cast: Cast) -> None:
    headers = JSON | {"X-Page-Of": str(cast.alice.id)}
    form = {"csrf_token": browser.csrf_token(), "email": "alice@example.org", "password": "not the password"}
    assert browser.client.post("/login", data=form, headers=headers).get_json()["error"] == "wrong_password"
