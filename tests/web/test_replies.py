"""Answering a message by a plain form."""

import pytest
from flask import Flask

from chatapp.access import readable_message
from chatapp.actions.messages import delete_message, post_message
from tests.support import Browser, Cast
from tests.web.html import page_of


@pytest.fixture
def room(app: Flask, cast: Cast) -> str:
    """The path of the open room, in which Alice asked something."""
    with app.app_context():
        post_message(cast.alice, cast.open_room, "What is <b>it</b>?")
    return f"/rooms/{cast.open_room}"


@pytest.fixture
def bob(app: Flask, cast: Cast) -> Browser:
    return Browser(app, cast.bob)


def test_the_page_of_a_message_leads_to_a_form_that_answers_it(bob: Browser, room: str) -> None:
    linked = page_of(bob.get(f"{room}?around=1"))
    assert [each for each in linked.all("a") if each.get("href") == f"{room}?around=1&reply=1#composer-body"]
    form = page_of(bob.get(f"{room}?around=1&reply=1"))
    assert "What is <b>it</b>?" in form.one("p", id="composer-reply").text
    bob.post(f"{room}/messages", form.form(f"{room}/messages") | {"body": "that"})
    answer = bob.get(f"{room}/messages/2", json=True).get_json()
    assert (answer["reply_to"], answer["reply"]["excerpt"]) == (1, "What is <b>it</b>?")
    quote = next(each for each in page_of(bob.get(room)).all("a") if each.get("class") == "quote")
    assert quote["href"] == f"{room}/messages/1"
    assert "Alice" in quote.text


def test_without_a_reply_the_form_says_nothing_of_one(bob: Browser, room: str) -> None:
    assert page_of(bob.get(room)).form(f"{room}/messages")["reply_to"] == ""
    for number in ("7", "999999"):
        page = page_of(bob.get(f"{room}?reply={number}"))
        assert page.form(f"{room}/messages")["reply_to"] == ""
    assert bob.get(f"{room}?reply=x").status_code == 400


def test_a_refused_text_keeps_what_it_answers(bob: Browser, room: str) -> None:
    refused = bob.post(f"{room}/messages", {"body": "ring \a", "reply_to": "1"})
    assert refused.status_code == 400
    assert page_of(refused).form(f"{room}/messages")["reply_to"] == "1"


def test_a_reply_to_a_deleted_message_is_refused_with_the_text_kept(
    app: Flask, cast: Cast, bob: Browser, room: str
) -> None:
    with app.app_context():
        delete_message(cast.alice, readable_message(cast.alice, cast.open_room, 1).message.id)
    refused = bob.post(f"{room}/messages", {"body": "my answer", "reply_to": "1"})
    page = page_of(refused)
    assert (refused.status_code, page.form(f"{room}/messages")["reply_to"]) == (409, "")
    assert "my answer" in page.one("textarea", id="composer-body").text
    assert "was deleted" in page.one("p", id="composer-error").text
    refused = bob.post(f"{room}/messages", {"body": "my answer", "reply_to": "1"}, json=True)
    assert (refused.status_code, refused.get_json()["error"]) == (409, "replied_deleted")


def test_a_reply_is_refused_to_who_is_not_in_the_room(app: Flask, cast: Cast, room: str) -> None:
    charlie = Browser(app, cast.charlie)
    refused = charlie.post(f"{room}/messages", {"body": "mine", "reply_to": "1"}, json=True)
    assert refused.get_json()["error"] == "not_a_member"
    hidden = charlie.post(f"/rooms/{cast.closed_room}/messages", {"body": "mine", "reply_to": "1"}, json=True)
    assert hidden.get_json()["error"] == "room_not_found"


@pytest.mark.parametrize("number", ["2", "x", "-1", "9" * 30])
def test_a_number_that_is_no_message_is_refused(bob: Browser, room: str, number: str) -> None:
    refused = bob.post(f"{room}/messages", {"body": "mine", "reply_to": number}, json=True)
    assert (refused.status_code, refused.get_json()["error"]) == (400, "bad_request")
