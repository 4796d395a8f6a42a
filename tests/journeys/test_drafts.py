"""What one has begun to write is there again: after a reload, in another tab, and until it is sent."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import NewRoom, Visit
from tests.journeys.people import AWAY, Visitor

pytestmark = pytest.mark.journey

LIMIT_MS = 10_000  # static/js/helpers/pending_list.js
BAD_REQUEST = re.compile(r"status of 400")
DRAFTS = "() => Object.keys(localStorage).filter((key) => key.startsWith('chatapp:draft:')).length"

# As if the page ended just before: what is written last is lost.
DRAFT_STAYS = """() => {
  const remove = Storage.prototype.removeItem;
  Storage.prototype.removeItem = function(key) { if (!key.startsWith("chatapp:draft:")) remove.call(this, key); };
}"""


@pytest.fixture
def bob(visit: Visit, room_id: int) -> Visitor:
    """Bob in an empty room."""
    bob = visit("Bob")
    bob.open_room(room_id)
    return bob


def drafts(visitor: Visitor) -> int:
    """How many the browser keeps."""
    number: int = visitor.page.evaluate(DRAFTS)
    return number


def test_a_draft_is_there_again_after_a_reload_and_its_room_has_a_pencil(
    bob: Visitor, room_id: int, new_room: NewRoom
) -> None:  # behaviour 5
    bob.box.press_sequentially("반쯤 쓴 말\n")
    bob.box.press("Shift+Enter")
    bob.page.reload()  # at once: what was typed in the last moment counts too
    expect(bob.lines).to_have_count(1)

    bob.box.fill("  half a thought\nand more")
    bob.page.reload()
    expect(bob.box).to_have_value("  half a thought\nand more")

    bob.goto(f"/rooms/{new_room()}")
    expect(bob.box).to_have_value("")
    bob.goto("/rooms")
    entry = bob.page.get_by_role("listitem").filter(has=bob.page.locator(f"a[href='/rooms/{room_id}']"))
    expect(entry.get_by_text("Draft")).to_be_attached()
    expect(bob.page.locator("[data-slot=draft]:visible")).to_have_count(1)

    bob.open_room(room_id)
    bob.box.press("Control+Enter")
    expect(bob.line("half a thought\nand more")).to_be_visible()
    assert drafts(bob) == 0
    bob.goto("/rooms")
    expect(bob.page.locator("[data-slot=draft]:visible")).to_have_count(0)


def test_a_draft_outlives_the_sign_in_and_is_nobody_elses(bob: Visitor, room_id: int, visit: Visit) -> None:
    bob.box.fill("for Bob alone")
    bob.box.blur()
    bob.lose_sign_in()
    bob.sign_in("alice@example.org")
    bob.open_room(room_id)
    expect(bob.box).to_have_value("")
    bob.lose_sign_in()
    bob.sign_in("bob@example.org")
    bob.open_room(room_id)
    expect(bob.box).to_have_value("for Bob alone")


def test_tabs_share_a_draft_and_no_cursor_jumps(bob: Visitor, room_id: int) -> None:  # behaviour 50
    here, there = bob.page, bob.context.new_page()
    bob.page = there
    bob.open_room(room_id)
    bob.box.blur()
    bob.page = here
    bob.box.fill("written here")
    expect(there.locator("#composer-body")).to_have_value("written here")

    # There, somebody writes in the middle of it: what comes from here must not move the cursor.
    there.locator("#composer-body").focus()
    there.keyboard.press("Home")
    bob.box.press_sequentially(", and more")
    bob.box.blur()
    bob.eventually(lambda: "and more" in stored(bob), "it is kept")
    there.keyboard.type("not ")
    expect(there.locator("#composer-body")).to_have_value("not written here")
    expect(bob.box).to_have_value("not written here")  # the last edit wins


def stored(visitor: Visitor) -> str:
    text: str = visitor.page.evaluate("() => JSON.stringify(localStorage)")
    return text


def test_what_one_tab_sends_is_no_draft_in_the_other(bob: Visitor, room_id: int) -> None:
    here, there = bob.page, bob.context.new_page()
    bob.page = there
    bob.open_room(room_id)
    bob.box.blur()
    bob.page = here
    bob.box.fill("said once")
    expect(there.locator("#composer-body")).to_have_value("said once")

    there.locator("#composer-body").focus()
    bob.box.press("Enter")
    expect(bob.line("said once")).to_be_visible()
    expect(there.locator("#composer-body")).to_have_value("")


def test_a_page_that_ends_between_outbox_and_draft_leaves_one_message(bob: Visitor) -> None:
    bob.page.evaluate(DRAFT_STAYS)
    bob.say("said once")
    expect(bob.line("said once")).to_be_visible()
    bob.page.reload()
    expect(bob.box).to_have_value("said once")
    bob.wait_until_live()
    bob.box.press("Enter")
    expect(bob.box).to_have_value("")
    bob.eventually(lambda: "said once" not in stored(bob), "the server has answered")
    bob.page.reload()
    assert bob.bodies.all_inner_texts() == ["said once"]


def test_a_refused_text_is_a_draft_again_and_is_sent_once_when_it_was_mended(bob: Visitor) -> None:
    bob.allow(BAD_REQUEST)
    bob.say("a bell \x07 rings")
    expect(bob.page.get_by_role("alert").first).to_contain_text("The message holds control characters")
    bob.page.reload()
    expect(bob.box).to_have_value("a bell \x07 rings")
    expect(bob.pending).to_have_count(0)

    bob.say("a bell rings")
    expect(bob.lines).to_have_count(1)
    bob.page.reload()
    assert bob.bodies.all_inner_texts() == ["a bell rings"]
    expect(bob.box).to_have_value("")
    expect(bob.pending).to_have_count(0)


def test_one_that_waits_can_be_taken_back_by_keys_and_goes_out_changed_and_once(bob: Visitor, room_id: int) -> None:
    bob.own_the_clock()
    bob.open_room(room_id)
    bob.allow(AWAY)
    bob.context.set_offline(True)
    bob.say("first")
    bob.say("secnd")
    line = bob.pending.filter(has_text="secnd")
    expect(line).to_be_visible()
    bob.let_pass(LIMIT_MS)
    expect(line.get_by_text("not sent yet")).to_be_visible()
    line.get_by_role("button", name="Edit").press("Enter")
    expect(bob.box).to_be_focused()
    expect(bob.box).to_have_value("secnd")
    expect(bob.pending).to_have_count(1)
    bob.say("second")
    expect(bob.pending).to_have_count(2)
    first = bob.pending.filter(has_text="first")
    first.get_by_role("button", name="Discard").press("Enter")
    expect(bob.pending).to_have_count(1)

    bob.context.set_offline(False)
    expect(bob.line("second")).to_be_visible()
    bob.page.reload()
    assert bob.bodies.all_inner_texts() == ["second"]
    expect(bob.pending).to_have_count(0)


def test_no_draft_is_written_into_a_syllable_that_is_being_composed(bob: Visitor, room_id: int) -> None:  # behaviour 3
    there = bob.context.new_page()
    here, bob.page = bob.page, there
    bob.open_room(room_id)
    bob.box.blur()
    bob.page = here
    session = bob.context.new_cdp_session(here)
    bob.box.focus()
    session.send("Input.imeSetComposition", {"text": "안ㄴ", "selectionStart": 2, "selectionEnd": 2})
    there.locator("#composer-body").fill("from the other tab")
    bob.eventually(lambda: "from the other tab" in stored(bob), "it is kept")
    session.send("Input.insertText", {"text": "안녕"})
    expect(bob.box).to_have_value("안녕")
