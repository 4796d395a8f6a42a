"""Writing an emoji: by the button beside the box, and by a colon and what it is called."""

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.journeys.conftest import NewRoom, Visit
from tests.journeys.people import AWAY, Visitor
from tests.journeys.test_korean import InputMethod

pytestmark = pytest.mark.journey

INSERT = "Insert an emoji"


@pytest.fixture
def bob(visit: Visit, new_room: NewRoom) -> Visitor:
    bob = visit("Bob")
    bob.open_room(new_room())
    bob.box.focus()
    return bob


def picker(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("dialog", name=INSERT)


def open_picker(visitor: Visitor) -> None:
    visitor.page.get_by_role("button", name=INSERT).click()
    expect(picker(visitor).get_by_role("button", name="grinning face", exact=True)).to_be_attached()


def matches(visitor: Visitor) -> Locator:
    """What the colon in the box may mean."""
    return visitor.page.get_by_role("listbox").get_by_role("option")


def active(visitor: Visitor) -> str:
    """The option that a screen reader is told of while the focus stays in the box."""
    name = visitor.page.evaluate("() => document.activeElement.getAttribute('aria-activedescendant')")
    return visitor.page.locator(f"#{name}").inner_text()


def test_the_button_inserts_an_emoji_where_the_caret_stands_and_undo_takes_it_back(bob: Visitor) -> None:
    bob.page.keyboard.type("ab")
    bob.page.keyboard.press("ArrowLeft")
    open_picker(bob)
    picker(bob).get_by_role("button", name="Party", exact=True).click()
    expect(bob.box).to_have_value("a🎉b")
    expect(bob.box).to_be_focused()
    bob.page.keyboard.press("Control+z")
    expect(bob.box).to_have_value("ab")


def test_it_is_searched_by_name_and_walked_by_arrows_and_remembers_what_was_chosen(bob: Visitor) -> None:
    keyboard = bob.page.keyboard
    open_picker(bob)
    expect(picker(bob).get_by_role("button", name="Thumbs up", exact=True)).to_be_focused()
    keyboard.press("ArrowRight")
    expect(picker(bob).get_by_role("button", name="Heart", exact=True)).to_be_focused()
    keyboard.press("Tab")
    keyboard.type("hedgeh")
    expect(picker(bob).get_by_role("status")).to_have_text("1 emoji found")
    keyboard.press("ArrowDown")
    expect(picker(bob).get_by_role("button", name="hedgehog")).to_be_focused()
    keyboard.press("Enter")
    expect(bob.box).to_have_value("🦔")

    bob.page.reload()
    open_picker(bob)
    expect(picker(bob).locator("[data-slot=recent] button").first).to_have_attribute("aria-label", "hedgehog")
    expect(picker(bob).locator("[data-slot=recent] button").first).to_be_focused()
    keyboard.press("Tab")
    keyboard.press("ArrowDown")
    expect(picker(bob).get_by_role("button", name="grinning face", exact=True)).to_be_focused()
    keyboard.press("ArrowDown")
    keyboard.press("ArrowUp")
    expect(picker(bob).get_by_role("button", name="grinning face", exact=True)).to_be_focused()
    keyboard.press("Escape")
    expect(picker(bob)).to_be_hidden()
    expect(bob.box).to_be_focused()


def test_signing_out_takes_along_what_one_chose_and_nobody_elses(bob: Visitor, ids: dict[str, int]) -> None:
    bob.page.evaluate("""() => localStorage.setItem("chatapp:emoji:999999:recent", '["🦔"]')""")
    open_picker(bob)
    picker(bob).get_by_role("button", name="Party", exact=True).click()
    expect(bob.box).to_have_value("🎉")
    bob.box.fill("")
    kept = "() => Object.keys(localStorage).filter((key) => key.startsWith('chatapp:emoji:')).sort()"
    assert bob.page.evaluate(kept) == sorted([f"chatapp:emoji:{ids['Bob']}:recent", "chatapp:emoji:999999:recent"])
    bob.page.locator(".menu__button").click()
    bob.page.get_by_role("button", name="Sign out").click()
    expect(bob.page.get_by_label("E-mail")).to_be_visible()
    assert bob.page.evaluate(kept) == ["chatapp:emoji:999999:recent"]


def test_a_colon_and_two_letters_offer_what_they_may_mean(bob: Visitor) -> None:
    keyboard = bob.page.keyboard
    keyboard.type("hello :p")
    expect(matches(bob)).to_have_count(0)
    keyboard.type("arty")
    expect(matches(bob).first).to_have_text("🎉party popper")
    assert active(bob).endswith("party popper")
    keyboard.press("ArrowDown")
    assert not active(bob).endswith("party popper")
    keyboard.press("ArrowUp")
    keyboard.press("Enter")
    expect(bob.box).to_have_value("hello 🎉 ")
    expect(matches(bob)).to_have_count(0)
    expect(bob.lines).to_have_count(0)

    keyboard.type(":hedge")
    matches(bob).first.click()
    expect(bob.box).to_have_value("hello 🎉 🦔 ")
    expect(bob.box).to_be_focused()
    keyboard.type(":thumbsup")
    expect(matches(bob).first).to_contain_text("thumbs up")
    keyboard.press("Tab")
    keyboard.press("Enter")
    expect(bob.line("hello 🎉 🦔 👍")).to_be_visible()


def test_a_second_colon_after_a_whole_name_takes_the_emoji(bob: Visitor) -> None:
    keyboard = bob.page.keyboard
    keyboard.type("well :party_popper:")
    expect(bob.box).to_have_value("well 🎉 ")
    expect(matches(bob)).to_have_count(0)
    keyboard.type(":party: at 10:30:")
    expect(bob.box).to_have_value("well 🎉 :party: at 10:30:")
    keyboard.press("Enter")
    expect(bob.line("well 🎉 :party: at 10:30:")).to_be_visible()


def test_what_was_typed_while_the_list_was_on_its_way_counts(bob: Visitor) -> None:
    held: list[Route] = []
    bob.page.route("**/emoji_completion.js", lambda route: held.append(route))
    bob.page.keyboard.type("well done :tada:")
    bob.eventually(lambda: held, "the list is asked for")
    expect(bob.box).to_have_value("well done :tada:")
    held[0].continue_()
    expect(bob.box).to_have_value("well done 🎉 ")


def test_escape_closes_only_the_list_and_what_is_no_word_opens_none(bob: Visitor) -> None:
    keyboard = bob.page.keyboard
    bob.say("to be answered")
    line = bob.line("to be answered")
    line.hover()
    line.get_by_role("button", name="Reply", exact=True).click()
    keyboard.type(":party")
    expect(matches(bob).first).to_be_visible()
    keyboard.press("Escape")
    expect(matches(bob)).to_have_count(0)
    expect(bob.page.locator(".composer__reply")).to_be_visible()
    keyboard.type("p")
    expect(bob.box).to_have_value(":partyp")
    keyboard.press("Backspace")
    expect(matches(bob)).to_have_count(0)
    bob.box.fill("at 10:30 https://example.org/:party")
    expect(matches(bob)).to_have_count(0)
    keyboard.type(" :hedge")
    expect(matches(bob)).to_have_count(1)
    keyboard.press("Home")
    expect(matches(bob)).to_have_count(0)
    keyboard.press("Enter")
    expect(bob.lines).to_have_count(2)


@pytest.mark.parametrize(
    ("locale", "typed", "steps", "text", "emoji"),
    [
        ("ko-KR", ":", ["ㅍ", "파", "팥", "파티"], "파티", "🎉"),
        ("en-GB", ":hedge", ["h", "ほ", "ほg"], "hog", "🦔"),
    ],
    ids=["hangul", "kana"],
)
def test_while_a_syllable_is_composed_the_list_follows_and_takes_no_key(
    visit: Visit, new_room: NewRoom, locale: str, typed: str, steps: list[str], text: str, emoji: str
) -> None:  # behaviour 2
    bob = visit("Bob", locale=locale)
    bob.open_room(new_room())
    bob.box.focus()
    bob.page.keyboard.type(typed)
    input_method = InputMethod(bob)
    input_method.compose(steps)
    input_method.take_enter()
    bob.page.keyboard.press("ArrowDown")
    expect(bob.box).to_have_value(f"{typed}{steps[-1]}")
    assert bob.lines.count() + bob.pending.count() == 0
    input_method.commit(text)
    expect(matches(bob).first).to_contain_text(emoji)
    input_method.take_enter()  # Safari's, after the composition
    expect(bob.box).to_have_value(f"{typed}{text}")
    bob.page.keyboard.press("Enter")
    expect(bob.box).to_have_value(f"{emoji} ")


def test_a_click_while_composing_takes_the_whole_word(visit: Visit, new_room: NewRoom) -> None:  # behaviour 3
    bob = visit("Bob", locale="ko-KR")
    bob.open_room(new_room())
    bob.box.focus()
    bob.page.keyboard.type("축 :")
    InputMethod(bob).compose(["ㅍ", "파", "팥", "파티"])
    matches(bob).filter(has_text="🎉").click()
    expect(bob.box).to_have_value("축 🎉 ")


@pytest.mark.parametrize("is_reaction", [False, True], ids=["writing", "reacting"])
def test_without_a_connection_it_says_so_and_the_next_click_asks_again(bob: Visitor, is_reaction: bool) -> None:
    bob.allow(AWAY)
    bob.say("hello")
    expect(bob.line("hello")).to_be_visible()
    bob.context.set_offline(True)
    button = bob.page.locator("[data-do=react]" if is_reaction else ".composer [data-slot=emoji]")
    bob.point_at(1)
    button.click()
    place = bob.message(1).get_by_role("status") if is_reaction else bob.page.locator(".composer__error")
    expect(place).to_have_text("That did not work. Try again.")
    expect(bob.message(1) if is_reaction else bob.box).to_be_focused()
    bob.context.set_offline(False)
    bob.page.keyboard.type("on")
    expect(bob.page.locator(".composer__error")).to_have_text("")
    bob.point_at(1)
    button.click()
    expect(bob.page.get_by_role("dialog")).to_be_visible()


def test_on_a_phone_the_list_and_the_dialog_are_in_reach(visit: Visit, new_room: NewRoom) -> None:
    bob = visit("Bob", has_touch=True, is_mobile=True, viewport={"width": 320, "height": 640})
    bob.open_room(new_room())
    bob.box.tap()
    bob.page.keyboard.type(":heart")
    for option in matches(bob).all():
        box = option.bounding_box()
        assert box
        assert box["height"] >= 24
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320
    matches(bob).first.tap()
    expect(bob.box).to_have_value("❤️ ")
    bob.page.get_by_role("button", name=INSERT).tap()
    size = picker(bob).bounding_box()
    assert size
    assert size["x"] >= 0
    assert size["x"] + size["width"] <= 320
    assert size["y"] + size["height"] <= 640
