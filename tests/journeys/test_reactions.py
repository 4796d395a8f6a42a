"""Reacting to a message: the emoji under it, the dialog with more of them, by keys, live, and without a script."""

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.conftest import Enter, Said, SignIn, Visit
from tests.journeys.people import AWAY, SCRIPT_NOT_RUN, Visitor
from tests.journeys.test_korean import InputMethod

pytestmark = pytest.mark.journey

ADD = "Add a reaction"


@pytest.fixture
def room_id(said: Said) -> int:
    """A room in which Alice said two things."""
    return said(("Alice", "first"), ("Alice", "second"))


@pytest.fixture
def alice(enter: Enter) -> Visitor:
    return enter("Alice", worker=1)


@pytest.fixture
def bob(enter: Enter) -> Visitor:
    return enter("Bob", worker=2)


def chip(visitor: Visitor, number: int, name: str) -> Locator:
    """An emoji under a message, by the whole of what a screen reader says of it."""
    return visitor.message(number).get_by_role("button", name=name, exact=True)


def picker(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("dialog", name=ADD)


def react(visitor: Visitor, number: int, name: str) -> None:
    """Choose one of the emoji of the dialog."""
    visitor.point_at(number).get_by_role("button", name=ADD).click()
    picker(visitor).get_by_role("button", name=name, exact=True).click()
    expect(picker(visitor)).to_be_hidden()


def test_a_reaction_is_seen_live_by_others_and_stands_after_a_reload(alice: Visitor, bob: Visitor) -> None:
    react(alice, 1, "Thumbs up")
    expect(chip(alice, 1, "👍 1: Alice")).to_have_attribute("aria-pressed", "true")
    expect(chip(bob, 1, "👍 1: Alice")).to_have_attribute("aria-pressed", "false")

    chip(bob, 1, "👍 1: Alice").click()
    for visitor in (alice, bob):
        expect(chip(visitor, 1, "👍 2: Alice, Bob")).to_have_attribute("aria-pressed", "true")
    bob.page.reload()
    expect(chip(bob, 1, "👍 2: Alice, Bob")).to_have_attribute("aria-pressed", "true")

    chip(alice, 1, "👍 2: Alice, Bob").click()
    expect(chip(bob, 1, "👍 1: Bob")).to_be_visible()
    chip(bob, 1, "👍 1: Bob").click()
    for visitor in (alice, bob):
        expect(visitor.message(1).locator(".reaction")).to_have_count(0)


def test_who_was_away_sees_it_on_coming_back_and_nothing_counts_as_new(alice: Visitor, bob: Visitor) -> None:
    bob.allow(AWAY)
    bob.context.set_offline(True)
    react(alice, 1, "Heart")
    bob.context.set_offline(False)
    expect(chip(bob, 1, "❤️ 1: Alice")).to_be_visible()
    expect(bob.page.locator(".log__jump")).to_be_hidden()


def test_a_reaction_beyond_a_page_of_the_past_is_no_new_message(
    alice: Visitor, bob: Visitor, sign_in: SignIn, room_id: int
) -> None:
    with sign_in("Alice").connect() as socket:
        for number in range(3, 123):
            socket.post(room_id, f"later {number}")
    with sign_in("Bob").connect() as elsewhere:
        assert elsewhere.request("room:read", {"room_id": room_id, "number": 122})["ok"]
    bob.goto(f"/rooms/{room_id}?before=3")
    bob.wait_until_live()
    expect(bob.line("first")).to_be_attached()
    react(alice, 122, "Heart")
    message_id = bob.message(1).get_attribute("data-message-id")
    assert sign_in("Alice").post(f"/messages/{message_id}/reactions", {"emoji": "❤"}).status == 200
    expect(chip(bob, 1, "❤️ 1: Alice")).to_be_attached()  # and with it all that came before
    expect(bob.page.locator(".log__jump")).to_have_text("Newest messages")
    alice.say("new")
    expect(bob.page.locator(".log__jump")).to_contain_text("New messages: 1")


def test_any_other_emoji_is_typed_and_what_is_none_is_refused_with_the_reason(alice: Visitor, bob: Visitor) -> None:
    alice.point_at(2).get_by_role("button", name=ADD).click()
    box = picker(alice).get_by_label("Search, or type an emoji")
    box.fill("no such thing")
    box.press("Enter")
    expect(picker(alice).get_by_role("alert")).to_have_text("No emoji is called that.")
    expect(box).to_have_value("no such thing")
    box.fill("🦔🦔")
    box.press("Enter")
    expect(picker(alice).get_by_role("alert")).to_have_text("React with one emoji, such as 👍.")
    box.fill("🦔")
    picker(alice).get_by_role("button", name="Choose", exact=True).click()
    expect(picker(alice)).to_be_hidden()
    expect(chip(bob, 2, "🦔 1: Alice")).to_be_visible()


def test_all_of_it_is_done_by_keys_and_the_focus_stays_with_the_message(alice: Visitor) -> None:
    keyboard = alice.page.keyboard
    alice.message(1).locator(".message__link").focus()
    keyboard.press("Tab")
    expect(alice.message(1).get_by_role("button", name=ADD)).to_be_focused()
    keyboard.press("Enter")
    expect(picker(alice).get_by_role("button", name="Thumbs up", exact=True)).to_be_focused()
    keyboard.press("Escape")
    expect(picker(alice)).to_be_hidden()
    expect(alice.message(1)).to_be_focused()

    for key in ("Enter", "Enter", "ArrowRight", "Space"):
        keyboard.press(key)
    expect(alice.message(1)).to_be_focused()
    keyboard.press("Tab")
    keyboard.press("Tab")  # past the message's link
    expect(chip(alice, 1, "❤️ 1: Alice")).to_be_focused()


def test_the_focus_stays_on_an_emoji_while_others_press_it_too(alice: Visitor, bob: Visitor) -> None:
    react(alice, 1, "Party")
    chip(bob, 1, "🎉 1: Alice").focus()
    bob.page.keyboard.press("Enter")
    expect(chip(bob, 1, "🎉 2: Alice, Bob")).to_be_focused()
    chip(alice, 1, "🎉 2: Alice, Bob").click()
    expect(chip(bob, 1, "🎉 1: Bob")).to_be_focused()
    bob.page.keyboard.press("Enter")
    expect(bob.message(1)).to_be_focused()


def test_a_click_beside_the_dialog_closes_it(alice: Visitor) -> None:
    alice.point_at(1).get_by_role("button", name=ADD).click()
    expect(picker(alice)).to_be_visible()
    alice.page.mouse.click(5, 5)
    expect(picker(alice)).to_be_hidden()


def test_a_syllable_that_is_being_composed_chooses_nothing(alice: Visitor) -> None:
    alice.point_at(1).get_by_role("button", name=ADD).click()
    box = picker(alice).get_by_label("Search, or type an emoji")
    box.focus()
    input_method = InputMethod(alice)
    input_method.compose(["ㅎ", "하", "하트"])
    input_method.take_enter()
    expect(picker(alice)).to_be_visible()
    expect(picker(alice).locator("[data-slot=error]")).to_be_empty()
    input_method.commit("❤")
    alice.page.keyboard.press("Enter")
    expect(chip(alice, 1, "❤️ 1: Alice")).to_be_visible()


def test_who_is_not_in_the_room_is_offered_no_reaction_and_refused_one(
    alice: Visitor, visit: Visit, room_id: int
) -> None:
    react(alice, 1, "Thumbs up")
    charlie = visit("Charlie")
    charlie.open_room(room_id)
    charlie.message(1).hover()
    expect(charlie.message(1).get_by_role("button", name="Copy link")).to_be_visible()
    expect(charlie.message(1).get_by_role("button", name=ADD)).to_be_hidden()

    chip(charlie, 1, "👍 1: Alice").click()
    expect(charlie.message(1).get_by_role("status")).to_contain_text("Join the room")
    expect(chip(charlie, 1, "👍 1: Alice")).to_have_attribute("aria-pressed", "false")


def test_who_reads_korean_gets_korean_words(visit: Visit, room_id: int) -> None:
    bob = visit("Bob", locale="ko-KR")
    bob.open_room(room_id)
    bob.point_at(1).get_by_role("button", name="반응하기").click()
    dialog = bob.page.get_by_role("dialog", name="반응하기")
    expect(dialog.get_by_label("검색하거나 이모지를 입력하세요")).to_be_visible()
    dialog.get_by_role("button", name="좋아요").click()
    expect(chip(bob, 1, "👍 1: Bob")).to_be_visible()


def test_on_a_phone_the_dialog_and_the_emoji_are_in_reach(visit: Visit, room_id: int) -> None:
    bob = visit("Bob", has_touch=True, is_mobile=True, viewport={"width": 320, "height": 640})
    bob.open_room(room_id)
    bob.message(2).locator(".message__body").tap()
    bob.message(2).get_by_role("button", name=ADD).tap()
    box = picker(bob).bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 320
    assert box["y"] + box["height"] <= 640
    for button in picker(bob).get_by_role("button").all()[:12]:
        size = button.bounding_box()
        assert size
        assert min(size["width"], size["height"]) >= 24
    picker(bob).get_by_role("button", name="Done", exact=True).tap()
    expect(chip(bob, 2, "✅ 1: Bob")).to_be_visible()


def test_without_a_script_one_reacts_by_forms(visit: Visit, room_id: int) -> None:
    bob = visit("Bob", java_script_enabled=False)
    bob.allow(SCRIPT_NOT_RUN)
    bob.goto(f"/rooms/{room_id}?around=1")
    bob.page.get_by_label("Emoji to react with").fill("🦔")
    bob.page.get_by_role("button", name="React", exact=True).click()
    expect(chip(bob, 1, "🦔 1 Bob")).to_be_visible()
    bob.goto(f"/rooms/{room_id}")
    chip(bob, 1, "🦔 1 Bob").click()
    expect(bob.message(1)).to_be_visible()
    expect(bob.message(1).locator(".reaction")).to_have_count(0)
