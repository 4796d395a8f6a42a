"""What people type stays text, wherever it is shown."""

import pytest
from flask import Flask
from sqlalchemy import select

from chatapp import db
from chatapp.actions import invites, rooms
from chatapp.actions.messages import post_message
from chatapp.models import Company, User
from tests.files import send
from tests.support import Browser, Cast
from tests.web.crawl import EVERYBODY, assert_nothing_runs, browser_of, crawl
from tests.web.html import page_of

NASTY = "<script>alert(\"1\")</script><img src=x onerror='alert(2)'>{{ 7*7 }}"
NASTY_FILE = "\"'><img src=x onerror=alert(4)>&lt;{{ 7*7 }}.txt"
NASTY_NAME = "\"'><script>alert(3)</script>&lt;{{ 7*7 }}"


@pytest.fixture
def nasty(app: Flask, cast: Cast) -> Cast:
    """The company, the people and the rooms, all under names that try to be more than names."""
    with app.app_context(), db.transaction() as session:
        session.get_one(Company, 1).name = NASTY_NAME
        for user in session.scalars(select(User)):
            user.name = f"{user.name} {NASTY_NAME}"
    with app.app_context():
        for room_id in (cast.open_room, cast.closed_room):
            rooms.rename_room(cast.alice, room_id, f"{room_id} {NASTY_NAME}")
        for room_id in (cast.open_room, cast.closed_room, cast.direct_room):
            for _ in range(3):
                file = send(cast.alice, room_id, name=NASTY_FILE)
                post_message(cast.alice, room_id, NASTY, upload_ids=(file.id,))
    return cast


@pytest.mark.asvs("1.2.1")
@pytest.mark.parametrize("name", EVERYBODY)
def test_no_name_and_no_message_is_taken_for_a_part_of_a_page(app: Flask, nasty: Cast, name: str) -> None:
    # behaviour 42
    for shown in crawl(browser_of(app, nasty, name), nasty, "guess"):
        assert shown.status < 500, shown.path
        assert_nothing_runs(shown.page, shown.path)
        assert "49}" not in shown.page.html, shown.path
        assert NASTY_NAME in shown.page.one("header", _class="topbar").text, shown.path


def test_a_name_is_shown_as_it_was_typed(app: Flask, nasty: Cast) -> None:  # behaviour 42
    page = page_of(Browser(app, nasty.bob).get(f"/rooms/{nasty.open_room}"))
    room = f"{nasty.open_room} {NASTY_NAME}"
    assert page.one("title").text == f"{room} - {NASTY_NAME}"
    assert page.one("h1").text == room
    assert page.one("textarea", id="composer-body")["placeholder"].endswith(room)
    assert {each.text for each in page.all("bdi", _class="message__author")} >= {f"Alice {NASTY_NAME}"}


def test_a_file_is_called_as_it_was_sent(app: Flask, nasty: Cast) -> None:  # behaviour 42
    browser = Browser(app, nasty.bob)
    for path in ("", "/files"):
        page = page_of(browser.get(f"/rooms/{nasty.open_room}{path}"))
        assert [each.text for each in page.all("bdi", _class="upload__name")] == [NASTY_FILE] * 3
        assert {each.get("onerror") for each in page.all("img")} == {None}


def test_a_message_is_shown_as_it_was_typed(app: Flask, nasty: Cast) -> None:
    page = page_of(Browser(app, nasty.bob).get(f"/rooms/{nasty.open_room}"))
    assert NASTY in page.one("li", id="message-1").text


def test_on_the_wire_names_are_as_typed_and_html_is_safe(app: Flask, nasty: Cast) -> None:
    item = Browser(app, nasty.bob).get(f"/rooms/{nasty.open_room}/messages/1", json=True).get_json()
    assert (item["body"], item["author"]["name"]) == (NASTY, f"Alice {NASTY_NAME}")
    assert "<script" not in item["html"]
    assert "<img" not in item["html"]


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/login", {"email": NASTY, "password": NASTY, "next": NASTY}),
        ("/rooms", {"name": NASTY * 9, "kind": NASTY}),
        ("/account/name", {"name": NASTY * 9}),
        ("/account/password", {"current": NASTY, "password": NASTY}),
        ("/join/{token}", {"name": NASTY * 9, "email": NASTY, "password": NASTY}),
        ("/rooms/{room}/messages", {"body": NASTY + "\a"}),
        ("/rooms/{room}/rename", {"name": NASTY * 9}),
    ],
)
def test_what_a_refused_form_gives_back_is_text(app: Flask, cast: Cast, path: str, form: dict[str, str]) -> None:
    with app.app_context():
        token = invites.create_invite(cast.dana)
    refused = Browser(app, cast.alice).post(path.format(token=token, room=cast.open_room), form)
    assert 400 <= refused.status_code < 500
    assert_nothing_runs(page_of(refused), path)


@pytest.mark.parametrize("text", [NASTY, '"><script>alert(1)</script>', "'-alert(1)-'"])
@pytest.mark.parametrize(
    ("path", "name"),
    [("/people", "q"), ("/rooms", "name"), ("/rooms/{room}/members", "q"), ("/login", "next"), ("/rooms/new", "name")],
)
def test_what_stands_in_an_address_is_text(app: Flask, cast: Cast, path: str, name: str, text: str) -> None:
    client, asked = Browser(app, cast.alice).client, path.format(room=cast.open_room)
    shown = client.get(asked, query_string={name: text}, follow_redirects=True)
    assert_nothing_runs(page_of(shown), path)


def test_a_name_that_is_taken_is_named_safely(app: Flask, nasty: Cast) -> None:
    form = {"name": f"{nasty.open_room} {NASTY_NAME}", "kind": "open"}
    taken = page_of(Browser(app, nasty.alice).post("/rooms", form))
    assert_nothing_runs(taken, "/rooms")
    assert NASTY_NAME in taken.one("p", id="error-name").text
