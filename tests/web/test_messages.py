"""History, permalinks, and posting by a plain form."""

import re

import pytest
from flask import Flask

from chatapp.actions import memberships, rooms
from chatapp.actions.messages import post_message
from tests.support import Browser, Cast
from tests.web.html import page_of

MESSAGE_KEYS = {
    *("room_id", "version", "prev", "id", "number", "client_id", "author", "body", "html"),
    *("created_at", "edited_at", "deleted_at", "reply_to", "reply", "mentions", "uploads", "reactions"),
}
MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"


@pytest.fixture
def browser(app: Flask, cast: Cast) -> Browser:
    """Alice's browser."""
    return Browser(app, cast.alice)


@pytest.fixture
def room(cast: Cast) -> str:
    """The path of the open room."""
    return f"/rooms/{cast.open_room}"


def say(app: Flask, cast: Cast, count: int) -> None:
    with app.app_context():
        for number in range(1, count + 1):
            post_message(cast.alice, cast.open_room, f"message {number}")


def numbers(browser: Browser, path: str) -> list[int]:
    return [item["number"] for item in browser.get(path, json=True).get_json()["items"]]


def bodies(browser: Browser, room: str) -> list[str]:
    return [item["body"] for item in browser.get(f"{room}/messages", json=True).get_json()["items"]]


def test_a_plain_form_posts_and_leads_to_the_message(browser: Browser, room: str) -> None:
    form = page_of(browser.get(room)).form(f"{room}/messages")
    posted = browser.post(f"{room}/messages", form | {"body": "hello"})
    assert (posted.status_code, posted.location) == (303, f"{room}#message-1")
    assert page_of(browser.get(room)).one("li", id="message-1")


def test_one_form_sent_twice_is_one_message(browser: Browser, room: str) -> None:
    form = page_of(browser.get(room)).form(f"{room}/messages") | {"body": "once"}
    locations = [browser.post(f"{room}/messages", form).location for _ in range(2)]
    assert locations == [f"{room}#message-1"] * 2
    assert bodies(browser, room) == ["once"]


def test_a_form_that_was_filled_in_anew_is_another_message_and_sent_twice_still_one(
    browser: Browser, room: str
) -> None:
    form = page_of(browser.get(room)).form(f"{room}/messages")
    locations = [browser.post(f"{room}/messages", form | {"body": body}).location for body in ("one", "two", "two")]
    assert locations == [f"{room}#message-{number}" for number in (1, 2, 2)]
    assert bodies(browser, room) == ["one", "two"]


@pytest.mark.parametrize("said", [["one"], ["one", "two"]], ids=["as it was", "filled in anew"])
def test_a_form_of_a_deleted_message_brings_nothing_back_and_keeps_its_text(
    browser: Browser, room: str, said: list[str]
) -> None:
    form = page_of(browser.get(room)).form(f"{room}/messages")
    for body in said:
        browser.post(f"{room}/messages", form | {"body": body})
    posts = browser.get(f"{room}/messages", json=True).get_json()["items"]
    browser.post(f"/messages/{posts[-1]['id']}/delete")
    again = browser.post(f"{room}/messages", form | {"body": said[-1]})
    shown = page_of(again).form(f"{room}/messages")
    assert (again.status_code, shown["body"]) == (409, said[-1])
    assert shown["client_id"] != form["client_id"]
    assert bodies(browser, room) == [*said[:-1], ""]


def test_every_page_has_a_form_of_its_own(browser: Browser, room: str) -> None:
    ids = [page_of(browser.get(room)).form(f"{room}/messages")["client_id"] for _ in range(2)]
    assert ids[0] != ids[1]


def test_a_form_without_a_client_id_is_given_one(browser: Browser, room: str) -> None:
    for _ in range(2):
        browser.post(f"{room}/messages", {"body": "twice"})
    assert bodies(browser, room) == ["twice", "twice"]


def test_a_program_gets_what_the_socket_would_have_said(browser: Browser, room: str) -> None:
    posted = browser.post(f"{room}/messages", {"body": "hello"}, json=True)
    assert posted.status_code == 201
    assert set(posted.get_json()) == {"id", "number", "version", "duplicate", "mismatch"}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (" \n ", "There is nothing to send yet."),
        ("x" * 16_001, "A message may have at most 16000 characters."),
        ("\nring \a the bell\n  twice", "The message holds control characters"),
    ],
)
def test_a_refused_text_stays_in_the_box_with_the_reason(browser: Browser, room: str, body: str, reason: str) -> None:
    refused = browser.post(f"{room}/messages", {"body": body})
    page = page_of(refused)
    assert refused.status_code == 400
    assert page.form(f"{room}/messages")["body"] == body
    assert page.one("p", id="composer-error").text.startswith(reason)
    assert page.one("textarea", id="composer-body").get("aria-invalid") == "true"
    assert bodies(browser, room) == []


def test_a_text_for_a_room_that_was_archived_meanwhile_is_not_lost(
    app: Flask, cast: Cast, browser: Browser, room: str
) -> None:
    with app.app_context():
        rooms.archive_room(cast.alice, cast.open_room)
    refused = browser.post(f"{room}/messages", {"body": "a long thought"})
    assert refused.status_code == 409
    assert page_of(refused).form(f"{room}/messages")["body"] == "a long thought"
    assert page_of(refused).one("p", id="composer-error").text.startswith("This room is archived")


def test_a_text_of_one_who_left_meanwhile_is_not_lost(app: Flask, cast: Cast, browser: Browser, room: str) -> None:
    with app.app_context():
        memberships.leave_room(cast.alice, cast.open_room)
    refused = browser.post(f"{room}/messages", {"body": "a long thought"})
    assert refused.status_code == 403
    assert page_of(refused).form(f"{room}/messages")["body"] == "a long thought"
    assert page_of(refused).one("form", action=f"{room}/join")


def test_a_program_is_told_the_reason_by_its_code(browser: Browser, room: str) -> None:
    refused = browser.post(f"{room}/messages", {"body": ""}, json=True)
    assert (refused.status_code, refused.get_json()["error"]) == (400, "message_empty")


@pytest.mark.parametrize("client_id", ["", "1", "not-a-uuid"])
def test_a_client_id_that_is_no_uuid_is_refused(browser: Browser, room: str, client_id: str) -> None:
    refused = browser.post(f"{room}/messages", {"body": "hello", "client_id": client_id}, json=True)
    assert (refused.status_code, refused.get_json()["error"]) == (400, "bad_request")


def test_history_has_the_newest_messages_oldest_first(app: Flask, cast: Cast, browser: Browser, room: str) -> None:
    say(app, cast, 53)
    answer = browser.get(f"{room}/messages", json=True).get_json()
    assert set(answer) == {"items", "more"}
    assert [item["number"] for item in answer["items"]] == list(range(4, 54))
    assert answer["more"] is True


@pytest.mark.parametrize(
    ("query", "expected", "more"),
    [
        ("", [1, 2, 3, 4, 5], False),
        ("limit=2", [4, 5], True),
        ("before=3", [1, 2], False),
        ("before=4&limit=2", [2, 3], True),
        ("before=1", [], False),
        ("after=3", [4, 5], False),
        ("after=1&limit=2", [2, 3], True),
        ("after=5", [], False),
        ("around=3&limit=3", [2, 3, 4], True),
        ("around=1&limit=3", [1, 2], False),
        (f"before={2**63 - 1}", [1, 2, 3, 4, 5], False),
    ],
)
def test_history_is_paged_both_ways(
    app: Flask, cast: Cast, browser: Browser, room: str, query: str, expected: list[int], more: bool
) -> None:
    say(app, cast, 5)
    assert numbers(browser, f"{room}/messages?{query}") == expected
    assert browser.get(f"{room}/messages?{query}", json=True).get_json()["more"] is more


def test_an_item_of_history_has_the_shape_of_a_message_on_the_wire(
    app: Flask, cast: Cast, browser: Browser, room: str
) -> None:
    with app.app_context():
        posted = post_message(cast.bob, cast.open_room, "**hi**")
    (item,) = browser.get(f"{room}/messages", json=True).get_json()["items"]
    assert set(item) == MESSAGE_KEYS
    assert (item["id"], item["number"], item["version"]) == (posted.id, posted.number, posted.version)
    assert item["author"] == {"id": cast.bob.id, "name": "Bob", "is_deactivated": False}
    assert (item["edited_at"], item["deleted_at"], item["reply_to"]) == (None, None, None)
    assert (item["mentions"], item["uploads"], item["reactions"]) == ([], [], [])
    assert "<strong>hi</strong>" in item["html"]


def test_times_are_utc_and_say_so(app: Flask, cast: Cast, browser: Browser, room: str) -> None:
    say(app, cast, 1)
    (item,) = browser.get(f"{room}/messages", json=True).get_json()["items"]
    assert re.fullmatch(MOMENT, item["created_at"])


def test_changes_have_what_the_wire_promises(app: Flask, cast: Cast, browser: Browser, room: str) -> None:
    say(app, cast, 3)
    answer = browser.get(f"{room}/changes?since=0", json=True).get_json()
    assert set(answer) == {"items", "up_to", "head", "more", "epoch", "room", "people_version"}
    assert set(answer["items"][0]) == MESSAGE_KEYS | {"event"}
    assert [item["event"] for item in answer["items"]] == ["message:posted"] * 3
    assert answer["up_to"] == answer["head"] == answer["items"][-1]["version"]
    assert answer["room"] == {"id": cast.open_room, "name": "Lobby", "kind": "open", "is_archived": False}


def test_changes_are_read_step_by_step_without_a_gap(app: Flask, cast: Cast, browser: Browser, room: str) -> None:
    say(app, cast, 5)
    since, seen, more = 0, [], True
    while more:
        step = browser.get(f"{room}/changes?since={since}&limit=2", json=True).get_json()
        for item in step["items"]:
            assert item["prev"] == since
            since = item["version"]
            seen.append(item["number"])
        assert step["up_to"] == since
        more = step["more"]
    assert seen == [1, 2, 3, 4, 5]


def test_a_cursor_ahead_of_the_room_is_told_so(browser: Browser, room: str) -> None:
    ahead = browser.get(f"{room}/changes?since=4711", json=True)
    assert (ahead.status_code, ahead.get_json()["error"]) == (409, "cursor_ahead")


@pytest.mark.parametrize("name", ["before", "after", "around", "limit"])
@pytest.mark.parametrize("value", ["", "-1", "1.5", "x", "\uff11", "9" * 30])
def test_a_question_about_history_that_is_no_number_is_refused(
    browser: Browser, room: str, name: str, value: str
) -> None:
    asked = browser.client.get(f"{room}/messages", query_string={name: value}, headers={"Accept": "application/json"})
    assert (asked.status_code, asked.get_json()["error"]) == (400, "bad_request")


@pytest.mark.parametrize("path", ["messages?limit=0", "messages?limit=201", "changes?limit=0", "changes?limit=201"])
def test_a_page_has_from_1_to_200_items(browser: Browser, room: str, path: str) -> None:
    assert browser.get(f"{room}/{path}", json=True).status_code == 400


def test_a_permalink_leads_to_the_message_among_its_neighbours(
    app: Flask, cast: Cast, browser: Browser, room: str
) -> None:
    say(app, cast, 120)
    link = browser.get(f"{room}/messages/60")
    assert link.location == f"{room}?around=60#message-60"
    page = page_of(browser.get(link.location.partition("#")[0]))
    shown = [int(item["data-number"]) for item in page.all("li") if item.get("data-number")]
    assert shown == list(range(shown[0], shown[-1] + 1))
    assert shown[0] < 60 < shown[-1]
    assert page.all("a", href=f"{room}?before={shown[0]}")
    assert page.all("a", href=f"{room}?after={shown[-1]}")


def test_every_message_on_a_page_has_its_permalink(app: Flask, cast: Cast, browser: Browser, room: str) -> None:
    say(app, cast, 1)
    assert page_of(browser.get(room)).one("a", href=f"{room}/messages/1")


def test_a_permalink_as_json_is_the_message(app: Flask, cast: Cast, browser: Browser, room: str) -> None:
    say(app, cast, 2)
    assert browser.get(f"{room}/messages/2", json=True).get_json()["body"] == "message 2"


@pytest.mark.parametrize("number", ["0", "3", str(2**62), "9" * 40])
def test_a_permalink_to_nothing_is_a_page_that_says_so(
    app: Flask, cast: Cast, browser: Browser, room: str, number: str
) -> None:
    say(app, cast, 2)
    assert browser.get(f"{room}/messages/{number}").status_code == 404


def test_the_history_of_a_program_is_the_page_of_a_person(app: Flask, cast: Cast, browser: Browser, room: str) -> None:
    say(app, cast, 2)
    assert page_of(browser.get(f"{room}/messages?before=2")).one("li", id="message-1")
