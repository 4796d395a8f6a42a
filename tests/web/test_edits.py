"""Editing, deleting and marking unread by plain forms, and reading what was said before."""

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from chatapp.actions import memberships, people, rooms
from chatapp.actions.messages import edit_message, post_message
from tests.support import Browser, Cast
from tests.web.html import Page, page_of
from tests.web.test_messages import bodies, say


@pytest.fixture
def browser(app: Flask, cast: Cast) -> Browser:
    """Alice's browser."""
    return Browser(app, cast.alice)


@pytest.fixture
def room(cast: Cast) -> str:
    """The path of the open room."""
    return f"/rooms/{cast.open_room}"


@pytest.fixture
def message(app: Flask, cast: Cast) -> str:
    """The path of a message of Alice in the open room."""
    with app.app_context():
        return f"/messages/{post_message(cast.alice, cast.open_room, 'one').id}"


def former(browser: Browser, room: str) -> list[str]:
    return [edit["body"] for edit in browser.get(f"{room}/messages/1/edits", json=True).get_json()["items"]]


def test_a_message_is_edited_by_a_plain_form(browser: Browser, room: str, message: str) -> None:
    form = page_of(browser.get(f"{message}/edit")).form(f"{message}/edit")
    assert form["body"] == "one"
    assert page_of(browser.get(f"{message}/edit")).unlabelled() == []
    edited = browser.post(f"{message}/edit", form | {"body": "**won**"})
    assert (edited.status_code, edited.location) == (303, f"{room}?around=1#message-1")
    assert bodies(browser, room) == ["**won**"]
    assert page_of(browser.get(room)).one("time", _class="message__edited")


def test_a_refused_edit_stays_in_the_box_with_the_reason(browser: Browser, room: str, message: str) -> None:
    for body, reason in ((" \n ", "There is nothing to send yet."), ("\nring \a", "The message holds control")):
        refused = browser.post(f"{message}/edit", {"body": body})
        page = page_of(refused)
        assert refused.status_code == 400
        assert page.form(f"{message}/edit")["body"] == body
        assert page.one("p", id="error-body").text.startswith(reason)
        assert page.one("textarea").get("aria-invalid") == "true"
    assert bodies(browser, room) == ["one"]


def test_an_edit_of_a_room_that_was_archived_meanwhile_is_not_lost(
    app: Flask, cast: Cast, browser: Browser, message: str
) -> None:
    with app.app_context():
        rooms.archive_room(cast.alice, cast.open_room)
    is_kept(browser.post(f"{message}/edit", {"body": "a long thought"}), message, 409, "This room is archived")


def test_an_edit_of_one_who_left_meanwhile_is_not_lost(app: Flask, cast: Cast, browser: Browser, message: str) -> None:
    with app.app_context():
        memberships.leave_room(cast.alice, cast.open_room)
    is_kept(browser.post(f"{message}/edit", {"body": "a long thought"}), message, 403, "Join the room")


def test_an_edit_of_what_was_deleted_meanwhile_is_not_lost(browser: Browser, message: str) -> None:
    browser.post(f"{message}/delete")
    is_kept(browser.post(f"{message}/edit", {"body": "a long thought"}), message, 409, "This message was deleted")


def is_kept(refused: TestResponse, message: str, status: int, reason: str) -> None:
    page = page_of(refused)
    assert refused.status_code == status
    assert page.form(f"{message}/edit")["body"] == "a long thought"
    assert page.one("p", id="error-body").text.startswith(reason)


def test_a_message_is_deleted_by_a_plain_form(browser: Browser, room: str, message: str) -> None:
    form = page_of(browser.get(f"{message}/edit")).form(f"{message}/delete")
    deleted = browser.post(f"{message}/delete", form)
    assert (deleted.status_code, deleted.location) == (303, f"{room}?around=1#message-1")
    assert bodies(browser, room) == [""]
    assert browser.get(f"{message}/edit").status_code == 409


def test_a_program_edits_and_deletes_and_gets_the_versions(browser: Browser, room: str, message: str) -> None:
    (item,) = browser.get(f"{room}/messages", json=True).get_json()["items"]
    answers = [
        browser.post(f"{message}/edit", {"body": "two"}, json=True),
        browser.post(f"{message}/delete", json=True),
    ]
    assert [answer.get_json() for answer in answers] == [{"version": item["version"] + step} for step in (1, 2)]
    again = browser.post(f"{message}/edit", {"body": "three"}, json=True)
    assert (again.status_code, again.get_json()["error"]) == (409, "message_deleted")


@pytest.mark.parametrize("action", ["edit", "delete"])
def test_nobody_changes_what_another_said(app: Flask, cast: Cast, browser: Browser, message: str, action: str) -> None:
    for person, status in ((cast.bob, 403), (cast.charlie, 403)):
        assert Browser(app, person).post(f"{message}/{action}", {"body": "two"}).status_code == status
    assert bodies(browser, f"/rooms/{cast.open_room}") == ["one"]


def test_what_was_said_before_is_there_to_read_until_the_message_is_deleted(
    app: Flask, cast: Cast, browser: Browser, room: str, message: str
) -> None:
    for body in ("<b>two</b>", "three"):
        browser.post(f"{message}/edit", {"body": body})
    reader = Browser(app, cast.bob)
    assert former(reader, room) == ["one", "<b>two</b>"]
    page = page_of(reader.get(f"{room}/messages/1/edits"))
    assert [each.text for each in page.all("p", _class="message__text")] == ["<b>two</b>", "one"]
    assert "three" in page.one("li", id="message-1").text
    browser.post(f"{message}/delete")
    assert former(reader, room) == []
    assert page_of(reader.get(f"{room}/messages/1/edits")).all("p", _class="message__text") == []


def test_an_earlier_version_says_what_it_was_and_when(browser: Browser, room: str, message: str) -> None:
    (item,) = browser.get(f"{room}/messages", json=True).get_json()["items"]
    browser.post(f"{message}/edit", {"body": "two"})
    (edit,) = browser.get(f"{room}/messages/1/edits", json=True).get_json()["items"]
    assert set(edit) == {"body", "html", "written_at"}
    assert edit["written_at"] == item["created_at"]


def test_a_message_that_was_never_edited_says_so(browser: Browser, room: str, message: str) -> None:
    assert message
    page = page_of(browser.get(f"{room}/messages/1/edits"))
    assert page.one("p", _class="empty").text == "This message was never edited."


def test_the_page_of_the_edits_says_that_the_account_of_the_author_has_ended(
    app: Flask, cast: Cast, browser: Browser, room: str, message: str
) -> None:  # behaviour 43
    browser.post(f"{message}/edit", {"body": "two"})
    reader, edits = Browser(app, cast.bob), f"{room}/messages/1/edits"
    assert gone_in(page_of(reader.get(edits))) == []
    with app.app_context():
        people.deactivate(cast.dana, cast.alice.id)
    assert gone_in(page_of(reader.get(edits))) == ["Alice deactivated"]


def gone_in(page: Page) -> list[str]:
    """Whose account has ended, as the page has it in words."""
    return [each.parents[-1].text for each in page.all("span", _class="tag") if each.text == "deactivated"]


def test_a_room_is_marked_unread_from_a_message_on(app: Flask, cast: Cast, room: str) -> None:
    say(app, cast, 3)
    reader = Browser(app, cast.bob)
    reader.post(f"{room}/read", {"number": 3})
    marked = reader.post(f"{room}/mark-unread", {"number": 2}, json=True)
    assert marked.get_json() == {"last_read_number": 1, "generation": 1}
    listed = {each["id"]: each["unread"] for each in reader.get("/rooms", json=True).get_json()["rooms"]}
    assert listed[cast.open_room] == 2
    late = reader.post(f"{room}/mark-unread", {"number": 1, "generation": 0}, json=True)
    assert late.get_json() == {"last_read_number": 1, "generation": 1}
    plain = reader.post(f"{room}/mark-unread", {"number": 1, "generation": 1})
    assert (plain.status_code, plain.location) == (303, "/rooms")


@pytest.mark.parametrize("number", ["", "0", "4", "x", "-1"])
def test_only_a_message_that_there_is_is_marked_unread(app: Flask, cast: Cast, room: str, number: str) -> None:
    say(app, cast, 3)
    refused = Browser(app, cast.bob).post(f"{room}/mark-unread", {"number": number}, json=True)
    assert (refused.status_code, refused.get_json()["error"]) == (400, "bad_request")


def offered(browser: Browser, cast: Cast) -> set[str]:
    """What the page of the first message's address offers to do with it, to a browser without a script."""
    page = page_of(browser.get(f"/rooms/{cast.open_room}?around=1"))
    (message_id,) = {line["data-message-id"] for line in page.all("li", id="message-1")}
    noscript = page.all("noscript")
    links = [(each, each["href"]) for each in page.all("a")]
    links += [(each, each["action"]) for each in page.all("form") if each.get("action")]
    ways = {way for each, way in links if any(each.stands_in(one) for one in noscript)}
    names = {f"/messages/{message_id}/edit": "edit", f"/messages/{message_id}/delete": "delete"}
    names |= {f"/rooms/{cast.open_room}/{way}": way for way in ("mark-unread", "messages/1/edits")}
    return {names[way] for way in ways if way in names}


def test_the_page_of_a_message_offers_what_its_reader_may_do_with_it(
    app: Flask, cast: Cast, browser: Browser, message: str
) -> None:
    assert message
    assert offered(browser, cast) == {"edit", "delete", "mark-unread"}
    assert offered(Browser(app, cast.bob), cast) == {"mark-unread"}
    assert offered(Browser(app, cast.charlie), cast) == set()
    with app.app_context():
        memberships.join_room(cast.dana, cast.open_room)
    assert offered(Browser(app, cast.dana), cast) == {"delete", "mark-unread"}


def test_what_was_said_before_is_offered_once_there_is_something(
    app: Flask, cast: Cast, browser: Browser, message: str
) -> None:
    with app.app_context():
        edit_message(cast.alice, int(message.rpartition("/")[2]), "two")
    assert "messages/1/edits" in offered(Browser(app, cast.charlie), cast)
    browser.post(f"{message}/delete")
    assert offered(browser, cast) == {"mark-unread"}


def test_in_an_archived_room_a_message_cannot_be_changed(
    app: Flask, cast: Cast, browser: Browser, message: str
) -> None:
    assert message
    with app.app_context():
        rooms.archive_room(cast.alice, cast.open_room)
    assert offered(browser, cast) == {"mark-unread"}


def test_a_page_of_the_room_itself_offers_nothing_for_a_single_message(
    browser: Browser, room: str, message: str
) -> None:
    assert f"{message}/delete" not in browser.get(room).get_data(as_text=True)


def test_a_form_that_was_opened_before_a_newer_edit_does_not_undo_it(
    app: Flask, cast: Cast, browser: Browser, room: str, message: str
) -> None:
    form = page_of(browser.get(f"{message}/edit")).form(f"{message}/edit")
    with app.app_context():
        edit_message(cast.alice, int(message.rpartition("/")[2]), "newer")
    refused = browser.post(f"{message}/edit", form | {"body": "older"})
    page = page_of(refused)
    assert (refused.status_code, bodies(browser, room)) == (409, ["newer"])
    assert page.form(f"{message}/edit")["body"] == "older"
    assert page.one("p", id="error-body").text.startswith("The message was changed in another place")
    assert browser.post(f"{message}/edit", page.form(f"{message}/edit")).status_code == 303
    assert bodies(browser, room) == ["older"]
    late = browser.post(f"{message}/edit", {"body": "late", "version": form["version"]}, json=True)
    assert (late.status_code, late.get_json()["error"]) == (409, "message_edited_since")
