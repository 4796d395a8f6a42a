"""Signing in and out."""

import re
from urllib.parse import quote

import pytest
from flask import Flask

from chatapp import db
from chatapp.actions import people
from chatapp.models import SignIn
from tests.support import JSON, PASSWORD, Browser, Cast
from tests.web.html import page_of


def sign_in(browser: Browser, email: str = "alice@example.org", password: str = PASSWORD, **more: str) -> int:
    return browser.post("/login", {"email": email, "password": password, **more}).status_code


def session_cookie(browser: Browser) -> str:
    cookie = browser.client.get_cookie("chatapp")
    assert cookie is not None
    return cookie.value


@pytest.mark.asvs("6.3.1")
def test_the_right_password_leads_in(app: Flask, cast: Cast) -> None:
    browser = Browser(app)
    response = browser.post("/login", {"email": " Alice@Example.org ", "password": PASSWORD})
    assert (response.status_code, response.location) == (303, "/")
    assert browser.get("/rooms").status_code == 200


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(app: Flask, cast: Cast) -> None:
    browser, answers = Browser(app), []
    for email in ("alice@example.org", "nobody@example.org", "no address at all"):
        response = browser.post("/login", {"email": email, "password": "wrong horse battery"})
        text = re.sub(r'(csrf[-_]token" (?:content|value)=")[^"]*', r"\1", response.get_data(as_text=True))
        answers.append((response.status_code, text.replace(email, "")))
    assert answers[0] == answers[1] == answers[2]
    assert answers[0][0] == 401
    assert "E-mail or password is wrong." in answers[0][1]


def test_after_a_wrong_password_the_address_is_kept_and_the_password_is_not(app: Flask, cast: Cast) -> None:
    wrong = Browser(app).post("/login", {"email": "a@example.org", "password": "typed wrongly", "next": "/people"})
    form = page_of(wrong).form("/login")
    assert (form["email"], form["password"], form["next"]) == ("a@example.org", "", "/people")
    assert "typed wrongly" not in wrong.get_data(as_text=True)


def test_a_deactivated_person_is_told_no_more_than_a_stranger(app: Flask, cast: Cast) -> None:
    with app.app_context():
        people.deactivate(cast.dana, cast.bob.id)
    assert sign_in(Browser(app), "bob@example.org") == 401


def test_a_program_signs_in_with_json(app: Flask, cast: Cast) -> None:
    response = Browser(app).post("/login", {"email": "bob@example.org", "password": PASSWORD}, json=True)
    assert (response.status_code, response.get_json()) == (200, {"id": cast.bob.id, "name": "Bob"})


def test_a_program_is_refused_with_json(app: Flask, cast: Cast) -> None:
    response = Browser(app).post("/login", {"email": "bob@example.org", "password": "wrong"}, json=True)
    assert (response.status_code, response.get_json()["error"]) == (401, "wrong_password")


def test_who_asks_for_a_room_signs_in_and_is_there(app: Flask, cast: Cast) -> None:  # behaviour 66
    browser = Browser(app)
    asked = browser.get(f"/rooms/{cast.closed_room}?around=1")
    assert asked.location == "/login?next=" + quote(f"/rooms/{cast.closed_room}?around%3D1", safe="/?%")
    way_on = page_of(browser.get(asked.location)).form("/login")["next"]
    arrived = browser.post("/login", {"email": "bob@example.org", "password": PASSWORD, "next": way_on})
    assert arrived.location == f"/rooms/{cast.closed_room}?around=1"


LOCAL = ["/rooms", "/rooms/1?around=3", "/people?q=a%20b", "/rooms/1/messages/5#message-5", "/사람"]
ELSEWHERE = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\/evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "\t//evil.example",
    "/\n/evil.example",
    "/\r\nLocation: https://evil.example",
    " //evil.example",
    "\x00//evil.example",
    "/\u00a0/evil.example",
    "/\u200b/evil.example",
    "https://evil.example",
    "https:/evil.example",
    "https:evil.example",
    "http:///evil.example",
    "javascript:alert(1)",
    "data:text/html,hello",
    "%2f%2fevil.example",
    "evil.example",
    "?next=//evil.example",
    "@evil.example",
    "",
]


@pytest.mark.asvs("3.7.2")
@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_a_sign_in_never_ends_on_somebody_elses_site(app: Flask, cast: Cast, wanted: str) -> None:
    form = {"email": "alice@example.org", "password": PASSWORD, "next": wanted}
    assert Browser(app).post("/login", form).location == "/"
    assert Browser(app, cast.alice).get(f"/login?next={quote(wanted)}").location == "/"
    assert page_of(Browser(app).get(f"/login?next={quote(wanted)}")).form("/login")["next"] == "/"


@pytest.mark.parametrize("wanted", LOCAL)
def test_a_sign_in_leads_on_to_any_page_of_ours(app: Flask, cast: Cast, wanted: str) -> None:
    response = Browser(app).post("/login", {"email": "alice@example.org", "password": PASSWORD, "next": wanted})
    assert response.location == quote(wanted, safe="/?#=&%")


@pytest.mark.parametrize("path", ["/%2fevil.example", "/%5cevil.example", "/%09/evil.example"])
def test_what_is_encoded_stays_a_path_of_ours(app: Flask, cast: Cast, path: str) -> None:
    response = Browser(app).post("/login", {"email": "alice@example.org", "password": PASSWORD, "next": path})
    assert response.location == path


@pytest.mark.asvs("7.2.4")
def test_a_sign_in_begins_a_new_session(app: Flask, cast: Cast) -> None:
    browser = Browser(app)
    browser.get("/login")
    with browser.client.session_transaction() as session:
        session["planted"] = "by a stranger"
    before = session_cookie(browser)
    assert sign_in(browser) == 303
    with browser.client.session_transaction() as session:
        assert "planted" not in session
    assert session_cookie(browser) != before


@pytest.mark.asvs("7.2.3")
def test_every_sign_in_has_a_token_of_its_own_that_the_database_does_not_know(app: Flask, cast: Cast) -> None:
    tokens = set()
    for _ in range(2):
        browser = Browser(app)
        sign_in(browser)
        with browser.client.session_transaction() as session:
            tokens.add(session["_user_id"])
    with app.app_context():
        stored = {row.token_hash for row in SignIn.of(cast.alice.id)}
    assert len(tokens) == len(stored) == 2
    assert all(len(token) >= 43 for token in tokens)
    assert not tokens & stored


@pytest.mark.asvs("7.4.1")
def test_a_cookie_from_before_the_sign_out_opens_nothing(app: Flask, cast: Cast) -> None:
    browser = Browser(app)
    sign_in(browser)
    stolen = session_cookie(browser)
    assert browser.post("/logout").location == "/login"
    browser.client.set_cookie("chatapp", stolen)
    assert browser.get("/rooms", json=True).get_json()["error"] == "signed_out"
    assert not browser.connect().is_connected


def test_a_sign_out_ends_this_browser_and_no_other(app: Flask, cast: Cast) -> None:
    here, there = Browser(app, cast.alice), Browser(app, cast.alice)
    here.post("/logout")
    assert here.get("/rooms").location.startswith("/login")
    assert there.get("/rooms").status_code == 200


def test_a_sign_out_clears_the_cache_and_leaves_what_others_at_this_browser_have_not_sent(
    app: Flask, cast: Cast
) -> None:
    response = Browser(app, cast.alice).post("/logout")
    assert response.headers["Clear-Site-Data"] == '"cache"'


def test_a_link_cannot_sign_anybody_out(app: Flask, cast: Cast) -> None:
    browser = Browser(app, cast.alice)
    assert browser.get("/logout").status_code == 405
    assert browser.client.post("/logout").status_code == 400
    assert browser.get("/rooms").status_code == 200


def test_a_sign_in_that_is_too_old_or_unused_for_too_long_is_over(app: Flask, cast: Cast) -> None:
    settings = app.extensions["chatapp_settings"]
    for column, days in (("created_at", settings.sign_in_max_days), ("last_used_at", settings.sign_in_idle_days)):
        browser = Browser(app, cast.alice)
        with app.app_context(), db.transaction():
            row = SignIn.of(cast.alice.id)[0]
            setattr(row, column, db.now().replace(year=db.now().year - 1))
        assert browser.get("/rooms").location.startswith("/login"), (column, days)


@pytest.mark.asvs("6.3.1")
def test_guessing_is_slowed_down_per_account(app: Flask, cast: Cast) -> None:
    browser = Browser(app)
    tries = [sign_in(browser, password=f"guess {number}") for number in range(6)]
    assert tries == [401, 401, 401, 401, 401, 429]
    assert sign_in(browser, password=PASSWORD) == 429
    assert sign_in(browser, "bob@example.org") == 303


def test_who_is_slowed_down_is_told_for_how_long(app: Flask, cast: Cast) -> None:
    browser = Browser(app)
    for number in range(5):
        sign_in(browser, password=f"guess {number}")
    form = {"email": "alice@example.org", "password": PASSWORD}
    program, person = browser.post("/login", form, json=True), browser.post("/login", form)
    assert (program.status_code, program.get_json()["error"]) == (429, "slow_down")
    for response in (program, person):
        assert 1 <= int(response.headers["Retry-After"]) <= 60
    assert "That was too often." in page_of(person).one("p", role="alert").text


def test_guessing_is_slowed_down_per_address_whatever_account_is_tried(app: Flask, cast: Cast) -> None:
    browser = Browser(app)
    tries = [sign_in(browser, f"person{number}@example.org", "guess") for number in range(21)]
    assert tries == [401] * 20 + [429]


def test_all_addresses_of_one_house_are_counted_as_one(app: Flask, cast: Cast) -> None:
    tries = []
    for number in range(22):
        browser = Browser(app)
        browser.client.environ_base["REMOTE_ADDR"] = f"2001:db8:1:2::{number + 1:x}"
        tries.append(sign_in(browser, f"person{number}@example.org", "guess"))
    assert tries == [401] * 20 + [429] * 2
    browser.client.environ_base["REMOTE_ADDR"] = "2001:db8:1:3::1"
    assert sign_in(browser, "person@example.org", "guess") == 401


def test_right_passwords_do_not_count_as_guesses(app: Flask, cast: Cast) -> None:
    assert [sign_in(Browser(app)) for _ in range(7)] == [303] * 7


def test_a_page_gets_a_fresh_token_for_its_own_reader_only(app: Flask, cast: Cast) -> None:
    browser = Browser(app, cast.alice)
    token = browser.get(f"/csrf-token?user_id={cast.alice.id}", json=True).get_json()["csrf_token"]
    assert browser.client.post("/rooms", data={"name": "Fresh", "csrf_token": token}, headers=JSON).status_code == 201
    other = browser.get(f"/csrf-token?user_id={cast.bob.id}", json=True)
    assert (other.status_code, other.get_json()["error"]) == (401, "signed_out")


def test_who_was_signed_out_in_another_tab_is_told_that_and_not_that_the_form_is_old(app: Flask, cast: Cast) -> None:
    response = app.test_client().post(f"/rooms/{cast.open_room}/messages", data={"body": "hello"}, headers=JSON)
    assert (response.status_code, response.get_json()["error"]) == (401, "signed_out")
