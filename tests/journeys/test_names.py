"""Somebody takes another name while others look at what they said."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import NewRoom, SignIn, Visit
from tests.journeys.line import Line
from tests.journeys.people import AWAY
from tests.journeys.protocol import Client

pytestmark = pytest.mark.journey

NEW_NAME = "Roberta <b>Müller</b>"


@pytest.fixture
def bobs(sign_in: SignIn) -> Iterator[Client]:
    """Bob without a browser, who has his name back afterwards."""
    client = sign_in("Bob")
    yield client
    assert client.post("/account/name", {"name": "Bob"}).status == 200


def test_a_new_name_stands_at_once_with_all_that_was_said_and_in_the_lists(
    visit: Visit, new_room: NewRoom, sign_in: SignIn, bobs: Client, ids: dict[str, int]
) -> None:  # behaviour 43
    room_id = new_room()
    message_id = sign_in("Alice").post(f"/rooms/{room_id}/messages", {"body": "hers"}).json["id"]
    bobs.post(f"/messages/{message_id}/reactions", {"emoji": "👍", "do": "add"})
    for text in ("one", "two"):
        bobs.post(f"/rooms/{room_id}/messages", {"body": text})
    direct = sign_in("Alice").post("/rooms", {"kind": "direct", "members": [ids["Bob"]]}).json["id"]
    alice = visit("Alice")
    alice.open_room(room_id)
    people, conversation = alice.context.new_page(), alice.context.new_page()
    people.goto(f"{alice.url}/people")
    conversation.goto(f"{alice.url}/rooms/{direct}")
    alice.line("two").focus()

    bobs.post("/account/name", {"name": NEW_NAME})
    for text in ("one", "two"):
        expect(alice.line(text).locator(".message__author")).to_have_text(NEW_NAME)
        expect(alice.line(text).locator(".avatar")).to_have_text("R<")
    expect(alice.line("two")).to_be_focused()
    expect(alice.line("two")).to_have_accessible_name(re.compile(f"^{re.escape(NEW_NAME)} two"))
    expect(alice.line("hers").locator(".message__author")).to_have_text("Alice")
    expect(alice.page.get_by_role("button", name=f"👍 1: {NEW_NAME}")).to_be_visible()

    def stands_in_the_lists() -> bool:
        # Told again: nothing shows of these pages when their socket is there.
        bobs.post("/account/name", {"name": NEW_NAME})
        title = conversation.get_by_role("heading", level=1).inner_text()
        return title == NEW_NAME and people.get_by_text(NEW_NAME, exact=True).count() > 0

    alice.eventually(stands_in_the_lists, "the new name stands in the lists")
    expect(conversation.locator("#composer-body")).to_have_attribute("placeholder", f"Write to {NEW_NAME}")
    expect(conversation.get_by_role("textbox", name=f"Write to {NEW_NAME}")).to_be_visible()
    expect(conversation.get_by_role("region", name=f"Messages in {NEW_NAME}")).to_be_visible()
    expect(conversation).to_have_title(re.compile(re.escape(NEW_NAME)))

    said_by = alice.lines.locator(".avatar, .message__author")
    shown = said_by.all_text_contents()
    alice.page.reload()
    alice.wait_until_live()
    assert said_by.all_text_contents() == shown


def test_a_new_name_stands_in_what_answers_them(
    visit: Visit, new_room: NewRoom, sign_in: SignIn, bobs: Client
) -> None:  # behaviour 43
    room_id, alices = new_room(), sign_in("Alice")
    bobs.post(f"/rooms/{room_id}/messages", {"body": "a question"})
    alices.post(f"/rooms/{room_id}/messages", {"body": "an answer", "reply_to": 1})
    alice = visit("Alice")
    alice.open_room(room_id)

    bobs.post("/account/name", {"name": NEW_NAME})
    quote = alice.line("an answer").locator(".quote")
    expect(quote.locator(".quote__author")).to_have_text(NEW_NAME)
    expect(quote).to_have_accessible_name(re.compile(re.escape(NEW_NAME)))
    assert "Bob" not in (quote.get_attribute("aria-label") or "")


def test_who_had_no_connection_reads_the_new_name_on_coming_back(
    visit: Visit, new_room: NewRoom, sign_in: SignIn, bobs: Client
) -> None:  # behaviour 43
    room_id, alices = new_room(), sign_in("Alice")
    message_id = bobs.post(f"/rooms/{room_id}/messages", {"body": "a question"}).json["id"]
    bobs.post(f"/messages/{message_id}/reactions", {"emoji": "👍", "do": "add"})
    alices.post(f"/rooms/{room_id}/messages", {"body": "an answer", "reply_to": 1})
    alice = visit("Alice")
    alice.allow(AWAY)
    line = Line(alice.page)
    alice.open_room(room_id)
    line.cut()
    alice.eventually(lambda: alice.worker == 0, "the socket is gone")
    bobs.post("/account/name", {"name": NEW_NAME})
    line.mend()
    expect(alice.lines.first.locator(".message__author")).to_have_text(NEW_NAME)
    expect(alice.page.get_by_role("button", name=f"👍 1: {NEW_NAME}")).to_be_visible()
    expect(alice.line("an answer").locator(".quote__author")).to_have_text(NEW_NAME)
    expect(alice.line("an answer").locator(".message__author")).to_have_text("Alice")


def test_a_name_that_changed_between_a_page_and_its_socket_is_there_with_the_socket(
    visit: Visit, bobs: Client, ids: dict[str, int]
) -> None:  # behaviour 43
    alice = visit("Alice")
    alice.allow(AWAY)
    line = Line(alice.page)
    line.cut()
    alice.goto("/people")
    shown = alice.page.locator(f"[data-name-of='{ids['Bob']}']")
    expect(shown).to_have_text("Bob")
    bobs.post("/account/name", {"name": "Between"})
    bobs.post("/account/name", {"name": NEW_NAME})
    expect(shown).to_have_text("Bob")
    line.mend()
    expect(shown).to_have_text(NEW_NAME)


def test_where_no_socket_connects_a_new_name_comes_with_the_changes(
    visit: Visit, new_room: NewRoom, bobs: Client
) -> None:  # behaviour 43
    room_id = new_room()
    bobs.post(f"/rooms/{room_id}/messages", {"body": "one"})
    alice = visit("Alice")
    alice.allow(AWAY)
    Line(alice.page).cut()
    alice.goto(f"/rooms/{room_id}")
    expect(alice.line("one").locator(".message__author")).to_have_text("Bob")
    bobs.post("/account/name", {"name": NEW_NAME})
    expect(alice.line("one").locator(".message__author")).to_have_text(NEW_NAME)


def test_what_was_said_under_the_former_name_and_comes_late_has_the_new_one(
    visit: Visit, new_room: NewRoom, bobs: Client
) -> None:  # behaviour 43
    room_id = new_room()
    bobs.post(f"/rooms/{room_id}/messages", {"body": "one"})
    alice = visit("Alice")
    line = Line(alice.page)
    alice.open_room(room_id)
    line.hold('"message:posted"')
    bobs.post(f"/rooms/{room_id}/messages", {"body": "late"})
    alice.eventually(lambda: line.held, "the message is on its way")
    bobs.post("/account/name", {"name": NEW_NAME})
    expect(alice.line("one").locator(".message__author")).to_have_text(NEW_NAME)
    line.let_go()
    expect(alice.line("late").locator(".avatar")).to_have_text("R<")
    expect(alice.line("late").locator(".message__author")).to_have_text(NEW_NAME)
