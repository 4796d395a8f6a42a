"""Administering people."""

import pytest
from flask import Flask

from tests.support import PASSWORD, Browser, Cast
from tests.web.html import page_of


@pytest.fixture
def browser(app: Flask, cast: Cast) -> Browser:
    """Dana's browser, who is the administrator."""
    return Browser(app, cast.dana)


def test_an_administrator_sees_that_closed_rooms_exist(browser: Browser) -> None:
    text = browser.get("/admin").get_data(as_text=True)
    assert "Board" in text
    assert "2 members" in text


def test_an_administrator_reads_no_room_without_being_in_it(cast: Cast, browser: Browser) -> None:
    for room_id in (cast.closed_room, cast.direct_room):
        for path in ("", "/messages", "/changes", "/members", "/messages/1"):
            assert browser.get(f"/rooms/{room_id}{path}").status_code == 404
    listed = browser.get("/rooms", json=True).get_json()["rooms"]
    assert [room["name"] for room in listed] == ["Lobby"]


def test_direct_conversations_are_nobodys_business(cast: Cast, browser: Browser) -> None:
    page = page_of(browser.get("/admin"))
    assert [each.text for each in page.all("bdi", _class="person__name")] == ["Board"]
    assert f"/rooms/{cast.direct_room}" not in page.html


def test_others_have_no_such_page(app: Flask, cast: Cast) -> None:
    for person in (cast.alice, cast.charlie):
        theirs = Browser(app, person)
        assert theirs.get("/admin").status_code == 403
        assert page_of(theirs.get("/rooms")).all("a", href="/admin") == []


def test_an_invite_link_is_shown_once_and_lets_somebody_in(app: Flask, browser: Browser) -> None:
    made = browser.post("/admin/invites")
    link = page_of(made).one("input", id="new-invite")["value"]
    assert link.startswith("http://localhost/join/")
    assert link not in browser.get("/admin").get_data(as_text=True)
    assert Browser(app).get(link.removeprefix("http://localhost")).status_code == 200


def test_a_program_makes_an_invite_link(browser: Browser) -> None:
    made = browser.post("/admin/invites", json=True)
    assert made.status_code == 201
    assert made.get_json()["url"].startswith("http://localhost/join/")


def test_a_revoked_link_lets_nobody_in(app: Flask, browser: Browser) -> None:
    path = browser.post("/admin/invites", json=True).get_json()["url"].removeprefix("http://localhost")
    revoke = next(form["action"] for form in page_of(browser.get("/admin")).all("form") if "revoke" in form["action"])
    revoked = browser.post(revoke)
    assert (revoked.status_code, revoked.location) == (303, "/admin")
    assert Browser(app).get(path).status_code == 404


def test_revoking_what_is_not_there_is_said(browser: Browser) -> None:
    assert browser.post("/admin/invites/4711/revoke", json=True).get_json()["error"] == "link_invalid"


@pytest.mark.asvs("7.4.2")
def test_deactivating_somebody_ends_their_sign_ins_at_once(app: Flask, cast: Cast, browser: Browser) -> None:
    theirs = Browser(app, cast.bob)
    socket = theirs.connect()
    done = browser.post(f"/admin/people/{cast.bob.id}/deactivate")
    assert (done.status_code, done.location) == (303, "/admin")
    assert theirs.get("/rooms", json=True).status_code == 401
    assert not socket.is_connected


def test_what_they_said_stays_under_their_name(app: Flask, cast: Cast, browser: Browser) -> None:  # behaviour 43
    Browser(app, cast.bob).post(f"/rooms/{cast.open_room}/messages", {"body": "I was here"})
    browser.post(f"/admin/people/{cast.bob.id}/deactivate")
    (item,) = browser.get(f"/rooms/{cast.open_room}/messages", json=True).get_json()["items"]
    assert (item["author"]["name"], item["body"]) == ("Bob", "I was here")
    page = page_of(Browser(app, cast.alice).get(f"/rooms/{cast.open_room}"))
    assert page.one("span", _class="message__deactivated").text == ""  # the word is the page's
    assert page.one("div", _class="log")["data-deactivated"] == "deactivated"


def test_a_reactivated_person_signs_in_again(app: Flask, cast: Cast, browser: Browser) -> None:
    theirs, form = Browser(app), {"email": "bob@example.org", "password": PASSWORD}
    browser.post(f"/admin/people/{cast.bob.id}/deactivate")
    assert theirs.post("/login", form).status_code == 401
    browser.post(f"/admin/people/{cast.bob.id}/reactivate")
    assert theirs.post("/login", form).status_code == 303


def test_the_last_administrator_cannot_be_deactivated(cast: Cast, browser: Browser) -> None:
    refused = browser.post(f"/admin/people/{cast.dana.id}/deactivate", json=True)
    assert (refused.status_code, refused.get_json()["error"]) == (409, "last_admin")
    assert browser.get("/admin").status_code == 200


@pytest.mark.parametrize("verb", ["deactivate", "reactivate"])
@pytest.mark.parametrize("user_id", ["0", "999999", str(2**63), "9" * 30])
def test_there_is_no_such_person(browser: Browser, verb: str, user_id: str) -> None:
    assert browser.post(f"/admin/people/{user_id}/{verb}").status_code == 404
