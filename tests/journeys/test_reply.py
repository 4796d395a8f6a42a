"""Answering a message: who and what is answered shows with the reply, leads there, and goes when the message goes."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.conftest import Enter, Said, SignIn, Visit
from tests.journeys.line import Line
from tests.journeys.people import AWAY, REFUSED, SCRIPT_NOT_RUN, Visitor
from tests.journeys.unsent import said_in

pytestmark = pytest.mark.journey

DELETED = "This message was deleted."


@pytest.fixture
def room_id(said: Said) -> int:
    """A room in which Alice asked something and Bob said something else."""
    return said(("Alice", "> before\n\nShall we **meet**?"), ("Bob", "by the way"))


@pytest.fixture
def alice(enter: Enter) -> Visitor:
    return enter("Alice", worker=1)


@pytest.fixture
def bob(enter: Enter) -> Visitor:
    bob = enter("Bob", worker=2)
    bob.allow(AWAY)
    return bob


def bar(visitor: Visitor) -> Locator:
    """What says, above the box, whom one answers."""
    return visitor.page.locator(".composer__reply")


def answer(visitor: Visitor, number: int) -> None:
    """Press the button of a message that answers it."""
    visitor.message(number).hover()
    visitor.message(number).get_by_role("button", name="Reply", exact=True).click()
    expect(bar(visitor)).to_be_visible()


def quote(visitor: Visitor, number: int, name: str) -> Locator:
    """What a message answers, by the whole of what a screen reader says of it."""
    return visitor.message(number).get_by_role("link", name=name, exact=True)


def test_a_reply_shows_whom_it_answers_to_everybody_and_leads_there(alice: Visitor, bob: Visitor) -> None:
    # behaviour 39
    answer(bob, 1)
    expect(bar(bob)).to_contain_text("Reply to Alice Shall we meet?")
    expect(bob.box).to_be_focused()
    expect(bob.box).to_have_accessible_description(re.compile("^Reply to Alice Shall we meet[?]"))
    bob.say("at noon")
    expect(bar(bob)).to_be_hidden()
    for visitor in (alice, bob):
        expect(quote(visitor, 3, "In reply to Alice: Shall we meet?")).to_be_visible()
        expect(visitor.message(3)).not_to_have_class("message--continued")

    quote(alice, 3, "In reply to Alice: Shall we meet?").click()
    expect(alice.message(1)).to_have_class("message message--marked")
    expect(alice.message(1)).to_be_focused()
    alice.page.reload()
    expect(quote(alice, 3, "In reply to Alice: Shall we meet?")).to_be_visible()


def test_it_is_all_done_by_keys(bob: Visitor) -> None:
    keyboard = bob.page.keyboard
    bob.box.focus()
    keyboard.press("Shift+Tab")
    for _ in range(10):
        if bob.page.evaluate("() => document.activeElement.matches('.message')"):
            break
        keyboard.press("Shift+Tab")
    keyboard.press("Home")
    keyboard.press("r")
    expect(bar(bob)).to_be_visible()
    expect(bob.box).to_be_focused()
    expect(bob.box).to_have_value("")
    keyboard.press("Escape")
    expect(bar(bob)).to_be_hidden()
    keyboard.type("by itself")
    keyboard.press("Enter")
    expect(bob.message(3)).to_be_visible()
    expect(bob.message(3).locator(".quote")).to_have_count(0)


def test_an_edit_and_a_deletion_of_the_original_change_its_quotes_also_for_who_was_away(
    alice: Visitor, bob: Visitor, visit: Visit, room_id: int, sign_in: SignIn
) -> None:  # behaviour 39
    line = Line(bob.page)
    bob.open_room(room_id)
    answer(bob, 1)
    bob.say("at noon")
    expect(quote(alice, 3, "In reply to Alice: Shall we meet?")).to_be_visible()
    line.cut()
    with sign_in("Alice").connect() as writer:
        message = sign_in("Alice").get(f"/rooms/{room_id}/messages/1").json
        assert writer.request("message:edit", {"message_id": message["id"], "body": "Shall we *not*?"})["ok"]
        expect(quote(alice, 3, "In reply to Alice: Shall we not?")).to_be_visible()
        assert writer.request("message:delete", {"message_id": message["id"]})["ok"]
    expect(quote(alice, 3, f"In reply to Alice: {DELETED}")).to_be_visible()
    line.mend()
    expect(quote(bob, 3, f"In reply to Alice: {DELETED}")).to_be_visible()
    for visitor in (alice, bob):
        assert "Shall we" not in visitor.page.content()


def test_a_reply_that_was_begun_is_kept_with_its_draft_and_its_way_out_too(bob: Visitor, room_id: int) -> None:
    line = Line(bob.page)
    bob.open_room(room_id)
    answer(bob, 1)
    bob.box.fill("half a thought")
    bob.page.reload()
    expect(bob.box).to_have_value("half a thought")
    expect(bar(bob)).to_contain_text("Shall we meet?")

    bob.wait_until_live()
    bob.page.route("**/messages", lambda route: route.abort("connectionfailed"))
    line.cut()
    bob.box.press("Enter")
    expect(bob.pending.locator(".quote")).to_have_text("Alice Shall we meet?")
    bob.page.reload()
    expect(bob.pending.locator(".quote")).to_have_text("Alice Shall we meet?")
    bob.page.unroute("**/messages")
    line.mend()
    expect(quote(bob, 3, "In reply to Alice: Shall we meet?")).to_be_visible()
    expect(bob.pending).to_have_count(0)


def test_a_reply_to_what_was_deleted_meanwhile_is_refused_with_the_text_kept(
    bob: Visitor, room_id: int, sign_in: SignIn
) -> None:
    bob.allow(REFUSED)
    answer(bob, 1)
    bob.box.fill("my long answer")
    with sign_in("Alice").connect() as alice:
        message = sign_in("Alice").get(f"/rooms/{room_id}/messages/1").json
        alice.request("message:delete", {"message_id": message["id"]})
    expect(bar(bob)).to_contain_text(DELETED)
    bob.box.press("Enter")
    expect(bob.page.locator("#composer-error")).to_contain_text("was deleted")
    expect(bob.box).to_have_value("my long answer")
    expect(bar(bob)).to_be_hidden()
    bob.box.press("Enter")
    expect(bob.line("my long answer")).to_be_visible()
    assert said_in(sign_in, room_id)[-1] == "my long answer"


def test_cancelling_leaves_the_text(bob: Visitor) -> None:
    answer(bob, 1)
    bob.box.fill("a text")
    bar(bob).get_by_role("link", name="Cancel the reply").click()
    expect(bar(bob)).to_be_hidden()
    expect(bob.box).to_have_value("a text")
    expect(bob.box).to_be_focused()
    bob.page.reload()
    expect(bob.box).to_have_value("a text")
    expect(bar(bob)).to_be_hidden()


def test_a_quote_of_what_is_not_on_the_page_leads_to_its_place(
    visit: Visit, sign_in: SignIn, room_id: int, bob: Visitor
) -> None:
    with sign_in("Alice").connect() as alice:
        for number in range(60):
            alice.post(room_id, f"filler {number}")
        alice.request("message:post", {"room_id": room_id, "client_id": NEW_ID, "body": "late", "reply_to": 1})
    bob.open_room(room_id)
    expect(bob.message(1)).to_have_count(0)
    quote(bob, 63, "In reply to Alice: Shall we meet?").click()
    expect(bob.message(1)).to_be_in_viewport()


NEW_ID = "5b0b9a0e-5a53-4a5e-9d3c-0d5f1d2c3b4a"


def test_who_is_not_in_the_room_is_offered_no_reply_and_sees_the_quotes(
    visit: Visit, bob: Visitor, room_id: int
) -> None:
    answer(bob, 1)
    bob.say("at noon")
    expect(bob.message(3)).to_be_visible()
    charlie = visit("Charlie")
    charlie.open_room(room_id)
    charlie.message(1).hover()
    expect(charlie.message(1).get_by_role("button", name="Copy link")).to_be_visible()
    expect(charlie.message(1).get_by_role("button", name="Reply", exact=True)).to_be_hidden()
    expect(quote(charlie, 3, "In reply to Alice: Shall we meet?")).to_be_visible()


def test_who_reads_korean_gets_korean_words(visit: Visit, room_id: int) -> None:
    bob = visit("Bob", locale="ko-KR")
    bob.open_room(room_id)
    bob.message(1).hover()
    bob.message(1).get_by_role("button", name="답장", exact=True).click()
    expect(bar(bob)).to_contain_text("답장: Alice Shall we meet?")
    bob.say("정오에")
    expect(quote(bob, 3, "Alice 님에게 답장: Shall we meet?")).to_be_visible()


def test_without_a_script_one_answers_by_a_link(visit: Visit, room_id: int) -> None:
    bob = visit("Bob", java_script_enabled=False)
    bob.allow(SCRIPT_NOT_RUN)
    bob.goto(f"/rooms/{room_id}?around=1")
    bob.page.get_by_role("link", name="Reply", exact=True).click()
    expect(bar(bob)).to_contain_text("Reply to Alice Shall we meet?")
    bob.box.fill("at noon")
    bob.page.get_by_role("button", name="Send").click()
    expect(bob.message(3).locator(".quote")).to_have_text("Alice Shall we meet?")
    bob.message(3).locator(".quote").click()
    expect(bob.message(1)).to_be_in_viewport()
