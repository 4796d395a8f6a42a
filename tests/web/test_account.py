"""One's own account."""

import pytest
from flask import Flask

from tests.support import PASSWORD, Browser, Cast
from tests.web.html import Page, page_of

NEW_PASSWORD = "staple battery horse"


@pytest.fixture
def browser(app: Flask, cast: Cast) -> Browser:
    """Alice's browser."""
    return Browser(app, cast.alice)


def test_a_new_name_is_seen_everywhere(app: Flask, cast: Cast, browser: Browser) -> None:
    browser.post(f"/rooms/{cast.open_room}/messages", {"body": "hello"})
    saved = browser.post("/account/name", {"name": "  Alice   Adams "})
    assert (saved.status_code, saved.location) == (303, "/account?saved=1")
    (item,) = Browser(app, cast.bob).get(f"/rooms/{cast.open_room}/messages", json=True).get_json()["items"]
    assert item["author"]["name"] == "Alice Adams"


def test_after_saving_the_page_says_so(browser: Browser) -> None:
    assert said_on(page_of(browser.get("/account?saved=1"))) == ["Saved."]
    assert said_on(page_of(browser.get("/account"))) == []


def said_on(page: Page) -> list[str]:
    """What the page says of itself; scripts have places for theirs."""
    return [place.text for place in page.all("p", role="status") if place.text]


@pytest.mark.parametrize("name", ["", " ", "x" * 81, "line\nbreak", "\u202eecilA"])
def test_a_name_that_cannot_be_is_refused_and_kept_in_the_field(browser: Browser, name: str) -> None:
    refused = browser.post("/account/name", {"name": name})
    page = page_of(refused)
    assert refused.status_code == 400
    assert page.form("/account/name")["name"] == name
    assert page.one("p", id="error-name").text


def test_other_fields_of_the_form_change_nothing(app: Flask, cast: Cast, browser: Browser) -> None:
    browser.post("/account/name", {"name": "Alice", "is_admin": "1", "email": "x@example.org", "id": str(cast.dana.id)})
    assert browser.get("/admin").status_code == 403
    assert "alice@example.org" in browser.get("/account").get_data(as_text=True)


def test_a_new_password_works_and_the_old_one_does_not(app: Flask, browser: Browser) -> None:
    changed = browser.post("/account/password", {"current": PASSWORD, "password": NEW_PASSWORD})
    assert changed.status_code == 303
    for password, status in ((PASSWORD, 401), (NEW_PASSWORD, 303)):
        form = {"email": "alice@example.org", "password": password}
        assert Browser(app).post("/login", form).status_code == status


@pytest.mark.asvs("7.4.3")
def test_a_new_password_ends_every_other_sign_in_and_keeps_this_one(app: Flask, cast: Cast, browser: Browser) -> None:
    elsewhere = Browser(app, cast.alice)
    socket = elsewhere.connect()
    browser.post("/account/password", {"current": PASSWORD, "password": NEW_PASSWORD})
    assert browser.get("/account").status_code == 200
    assert elsewhere.get("/account", json=True).status_code == 401
    assert not socket.is_connected


@pytest.mark.parametrize(
    ("current", "password", "status", "marked"),
    [
        ("wrong horse battery", NEW_PASSWORD, 401, "current"),
        (PASSWORD, "tiny", 400, "password"),
        (PASSWORD, "x" * 257, 400, "password"),
    ],
)
def test_a_refused_password_says_which_field_is_wrong_and_repeats_neither(
    browser: Browser, current: str, password: str, status: int, marked: str
) -> None:
    refused = browser.post("/account/password", {"current": current, "password": password})
    page = page_of(refused)
    assert refused.status_code == status
    assert page.one("input", aria_invalid="true")["name"] == marked
    assert current not in page.html
    assert password not in page.html


def test_the_list_of_sign_ins_says_which_one_is_this(app: Flask, cast: Cast, browser: Browser) -> None:
    Browser(app, cast.alice)
    page = page_of(browser.get("/account"))
    assert page.html.count("test browser") == 2
    assert page.html.count("this one") == 1


def test_one_ends_a_sign_in_elsewhere(app: Flask, cast: Cast, browser: Browser) -> None:
    elsewhere = Browser(app, cast.alice)
    page = page_of(browser.get("/account"))
    end = next(form["action"] for form in page.all("form") if form["action"].endswith("/end"))
    assert browser.post(end).location == "/account?saved=1"
    assert elsewhere.get("/account", json=True).status_code == 401
    assert browser.get("/account").status_code == 200


def test_ending_what_is_not_there_is_said(browser: Browser) -> None:
    assert browser.post("/account/sign-ins/4711/end", json=True).get_json()["error"] == "person_not_found"
