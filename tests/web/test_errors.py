"""What went wrong, as a page for people and as JSON for programs."""

import logging
import re

import pytest
from flask import Flask
from werkzeug.routing import Rule

from chatapp import db
from chatapp.actions import history
from tests.databases import take_away
from tests.support import JSON, Browser, Cast
from tests.web.html import page_of


@pytest.fixture
def away(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Browser:
    """Alice's browser, when the database has gone."""
    browser = Browser(app, cast.alice)
    take_away(app, monkeypatch)
    return browser


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/nowhere", 404, "not_found"),
        ("/rooms/999999", 404, "room_not_found"),
        ("/admin", 403, "admins_only"),
        ("/rooms/new?members=x", 400, "bad_request"),
        ("/rooms?name=a%07b", 400, "name_control_characters"),
        ("/logout", 405, "method_not_allowed"),
    ],
)
def test_an_error_is_a_page_or_json_as_asked(app: Flask, cast: Cast, path: str, status: int, code: str) -> None:
    browser = Browser(app, cast.alice)
    told, shown = browser.get(path, json=True), browser.get(path)
    assert (told.status_code, told.get_json()["error"]) == (status, code)
    assert set(told.get_json()) - {"field"} == {"error", "message"}
    assert shown.status_code == status
    assert page_of(shown).one("h1").text == told.get_json()["message"]


def test_whoever_takes_anything_gets_a_page(app: Flask, cast: Cast) -> None:
    response = app.test_client().get("/nowhere", headers={"Accept": "*/*"})
    assert response.content_type.startswith("text/html")


def test_who_is_signed_out_is_sent_to_sign_in_and_a_program_is_told(app: Flask, cast: Cast) -> None:
    browser = Browser(app)
    sent, told = browser.get("/people?q=bo"), browser.get("/people?q=bo", json=True)
    assert (sent.status_code, sent.location) == (302, "/login?next=/people?q%3Dbo")
    assert (told.status_code, told.get_json()["error"]) == (401, "signed_out")


def test_a_form_of_one_who_is_signed_out_leads_to_the_start_page_not_to_the_form(app: Flask, cast: Cast) -> None:
    assert Browser(app).post(f"/rooms/{cast.open_room}/join").location == "/login?next=/"


def test_the_wrong_method_is_told_which_ones_are_right(app: Flask, cast: Cast) -> None:
    response = Browser(app, cast.alice).client.delete("/rooms")
    assert response.status_code == 405
    assert {"GET", "POST"} <= set(re.findall(r"\w+", response.headers["Allow"]))


@pytest.mark.asvs("13.4.2")
@pytest.mark.parametrize("path", ["/", "/rooms", "/login", "/up", "/nowhere", "/console"])
def test_trace_is_refused(app: Flask, cast: Cast, path: str) -> None:
    assert app.test_client().open(path, method="TRACE").status_code in (404, 405)


def test_more_than_may_be_sent_at_once_is_refused(app: Flask, cast: Cast) -> None:
    browser = Browser(app, cast.alice)
    form = {"body": "x" * (app.extensions["chatapp_settings"].request_max_bytes + 1)}
    path = f"/rooms/{cast.open_room}/messages"
    told = browser.post(path, form, json=True)
    assert (told.status_code, told.get_json()["error"]) == (413, "request_too_large")
    assert browser.post(path, form).status_code == 413


def unsafe_routes(app: Flask) -> list[tuple[str, Rule]]:
    """The routes that change something, with the method by which they do."""
    safe = {"GET", "HEAD", "OPTIONS"}
    return [(method, rule) for rule in app.url_map.iter_rules() for method in (rule.methods or set()) - safe]


def path_of(rule: Rule) -> str:
    return re.sub(r"<[^>]+>", "1", rule.rule)


@pytest.mark.asvs("3.5.1")
@pytest.mark.parametrize("token", [None, "", "guess", "of another session"])
def test_every_unsafe_route_refuses_a_form_that_is_not_from_our_own_page(
    app: Flask, cast: Cast, token: str | None
) -> None:
    browser = Browser(app, cast.alice)
    if token == "of another session":
        token = Browser(app, cast.bob).csrf_token()
    form = {} if token is None else {"csrf_token": token}
    assert len(unsafe_routes(app)) > 15
    for method, rule in unsafe_routes(app):
        response = browser.client.open(path_of(rule), method=method, data=form, headers=JSON)
        assert (response.status_code, response.get_json()["error"]) == (400, "stale_form"), rule.rule


def test_a_script_may_send_the_token_in_a_header(app: Flask, cast: Cast) -> None:
    browser = Browser(app, cast.alice)
    headers = JSON | {"X-CSRFToken": browser.csrf_token()}
    assert browser.client.post(f"/rooms/{cast.open_room}/read", data={"number": 0}, headers=headers).status_code == 200


@pytest.mark.parametrize("path", ["/", "/rooms", "/people", "/account", "/rooms/1", "/rooms/1/changes"])
def test_while_the_database_is_away_everybody_is_told_to_come_back(away: Browser, path: str) -> None:
    shown, told = away.get(path), away.get(path, json=True)
    for response in (shown, told):
        assert response.status_code == 503
        assert int(response.headers["Retry-After"]) >= 1
    assert told.get_json()["error"] == "unavailable"
    assert page_of(shown).one("h1").text == told.get_json()["message"]


def test_while_the_database_is_away_a_wrong_address_is_told_so_too(away: Browser) -> None:
    assert away.get("/nowhere").status_code == 503


def test_while_the_database_is_away_nobody_signs_in(away: Browser) -> None:
    assert away.get("/login").status_code == 503


def test_a_fault_of_ours_is_written_down_and_not_shown(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the secret detail")

    monkeypatch.setattr(history, "read_newest", broken)
    browser = Browser(app, cast.alice)
    with caplog.at_level(logging.ERROR):
        told = browser.get(f"/rooms/{cast.open_room}/messages", json=True)
        shown = browser.get(f"/rooms/{cast.open_room}/messages?limit=3")
    for response in (told, shown):
        assert response.status_code == 500
        assert "secret detail" not in response.get_data(as_text=True)
    assert told.get_json()["error"] == "internal_error"
    assert [record.exc_info is not None for record in caplog.records] == [True, True]


def test_a_fault_in_the_database_still_ends_in_a_page(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        db.session().connection().exec_driver_sql("SELECT nonsense FROM nothing")

    monkeypatch.setattr("chatapp.models.User.named_like", broken)
    response = Browser(app, cast.alice).get("/people")
    assert response.status_code in (500, 503)
    assert page_of(response).one("h1")
