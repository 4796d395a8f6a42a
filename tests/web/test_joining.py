"""Founding the company, and joining it by a link."""

from datetime import timedelta

import pytest
from flask import Flask

from chatapp import db
from chatapp.actions import invites, people
from chatapp.models import Invite
from tests.support import PASSWORD, Browser, Cast
from tests.web.html import page_of

FOUNDER = {"company": "Beans Ltd", "name": "Fay", "email": "fay@example.org", "password": PASSWORD}
NEWCOMER = {"name": "Nina", "email": "nina@example.org", "password": PASSWORD}


@pytest.fixture
def code(app: Flask) -> str:
    """The code of the set-up page of a company that is not founded yet."""
    with app.app_context():
        code = people.new_setup_code()
    assert code is not None
    return code


@pytest.fixture
def token(app: Flask, cast: Cast) -> str:
    """The token of an invite link."""
    with app.app_context():
        return invites.create_invite(cast.dana)


@pytest.mark.parametrize("guess", ["", "?code=", "?code=guess", "?code=%00", "?CODE=x"])
def test_without_the_code_there_is_no_set_up_page(app: Flask, code: str, guess: str) -> None:
    browser = Browser(app)
    assert browser.get(f"/setup{guess}").status_code == 404
    assert browser.post(f"/setup{guess}", FOUNDER).status_code == 404
    assert browser.get("/login").status_code == 200


def test_with_the_code_the_first_person_founds_the_company_and_is_signed_in(app: Flask, code: str) -> None:
    browser = Browser(app)
    form = page_of(browser.get(f"/setup?code={code}")).form("/setup")
    response = browser.post("/setup", form | FOUNDER)
    assert (response.status_code, response.location) == (303, "/")
    page = page_of(browser.get("/admin"))
    assert page.one("title").text.endswith("Beans Ltd")
    assert [room["name"] for room in browser.get("/rooms", json=True).get_json()["rooms"]] == ["Everyone"]


def test_the_first_room_has_a_name_in_the_founders_language(app: Flask, code: str) -> None:
    browser = Browser(app)
    browser.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "ko-KR,ko;q=0.9"
    browser.post("/setup", FOUNDER | {"code": code})
    assert [room["name"] for room in browser.get("/rooms", json=True).get_json()["rooms"]] != ["Everyone"]


def test_the_code_works_once(app: Flask, code: str) -> None:
    Browser(app).post("/setup", FOUNDER | {"code": code})
    second = Browser(app)
    assert second.get(f"/setup?code={code}").status_code == 404
    response = second.post("/setup", FOUNDER | {"code": code, "email": "second@example.org"}, json=True)
    assert (response.status_code, response.get_json()["error"]) == (404, "link_invalid")


@pytest.mark.parametrize(
    ("field", "value", "error", "marked"),
    [
        ("company", " ", "name_empty", "company"),
        ("name", "", "name_empty", "name"),
        ("email", "not an address", "email_invalid", "email"),
        ("password", "short", "password_too_short", "password"),
    ],
)
def test_a_set_up_that_is_refused_says_where_keeps_the_rest_and_leaves_the_code_good(
    app: Flask, code: str, field: str, value: str, error: str, marked: str
) -> None:
    browser, form = Browser(app), FOUNDER | {"code": code, field: value}
    assert browser.post("/setup", form, json=True).get_json()["error"] == error
    page = page_of(browser.post("/setup", form))
    wrong = page.one("input", aria_invalid="true")
    assert wrong["name"] == marked
    assert page.one("p", id=f"error-{marked}").text
    kept = page.form("/setup")
    assert {name: kept[name] for name in form} == form | {"password": ""}
    assert browser.post("/setup", FOUNDER | {"code": code}).status_code == 303


def test_a_link_lets_somebody_in_who_is_then_in_the_first_room(app: Flask, token: str) -> None:
    browser = Browser(app)
    form = page_of(browser.get(f"/join/{token}")).form(f"/join/{token}")
    assert browser.post(f"/join/{token}", form | NEWCOMER).location == "/"
    rooms = browser.get("/rooms", json=True).get_json()["rooms"]
    assert [(room["name"], room["is_member"]) for room in rooms] == [("Lobby", True)]


def test_a_program_joins_with_json(app: Flask, token: str) -> None:
    answer = Browser(app).post(f"/join/{token}", NEWCOMER, json=True).get_json()
    assert answer["name"] == "Nina"


def test_who_joins_is_no_administrator_whatever_the_form_says(app: Flask, token: str) -> None:
    browser = Browser(app)
    browser.post(f"/join/{token}", NEWCOMER | {"is_admin": "1", "admin": "on", "id": "1"})
    assert browser.get("/admin").status_code == 403


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_unknown_link_is_refused(app: Flask, cast: Cast, method: str) -> None:
    answer = getattr(Browser(app), method)("/join/guess", **({"data": NEWCOMER} if method == "post" else {}))
    assert answer.status_code == 404
    assert "This link is not valid" in answer.get_data(as_text=True)


@pytest.mark.asvs("6.4.1")
@pytest.mark.parametrize("change", ["expires_at", "revoked_at", "uses_left"])
def test_a_link_that_ends_while_the_form_is_open_is_refused_at_its_sending(app: Flask, token: str, change: str) -> None:
    browser = Browser(app)
    assert browser.get(f"/join/{token}").status_code == 200
    with app.app_context(), db.transaction():
        ended = {"expires_at": db.now() - timedelta(seconds=1), "revoked_at": db.now(), "uses_left": 0}
        setattr(Invite.open_ones()[0], change, ended[change])
    assert browser.post(f"/join/{token}", NEWCOMER).status_code == 404
    assert browser.get("/rooms", json=True).status_code == 401


def test_an_address_that_has_an_account_is_refused_and_costs_no_use(app: Flask, cast: Cast, token: str) -> None:
    taken = Browser(app).post(f"/join/{token}", NEWCOMER | {"email": "BOB@example.org"})
    assert taken.status_code == 409
    assert page_of(taken).one("input", aria_invalid="true")["name"] == "email"
    with app.app_context():
        assert Invite.open_ones()[0].uses_left == app.extensions["chatapp_settings"].invite_uses
