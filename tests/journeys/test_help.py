"""The dialog with all keys: by a key, by a button, in Korean, on a narrow screen, and as a page."""

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.conftest import NewRoom, Visit
from tests.journeys.people import SCRIPT_NOT_RUN, Visitor
from tests.journeys.test_keyboard_and_a11y import NARROW, assert_fits
from tests.journeys.test_korean import InputMethod

pytestmark = pytest.mark.journey


@pytest.fixture
def bob(visit: Visit, new_room: NewRoom) -> Visitor:
    """Bob in a room, writing."""
    bob = visit("Bob")
    bob.open_room(new_room())
    expect(bob.box).to_be_focused()
    return bob


def dialog(visitor: Visitor, name: str = "Keys") -> Locator:
    return visitor.page.get_by_role("dialog", name=name)


def ask_for_the_keys(visitor: Visitor, name: str = "Keys") -> None:
    """Press the key until the page has its scripts."""

    def press() -> bool:
        visitor.page.keyboard.press("Control+/")
        return dialog(visitor, name).is_visible()

    visitor.eventually(press, "the dialog is there")


def test_a_question_mark_shows_the_keys_where_nothing_is_typed(bob: Visitor) -> None:  # behaviour 67
    keyboard = bob.page.keyboard
    keyboard.type("why?")
    expect(dialog(bob)).to_be_hidden()
    expect(bob.box).to_have_value("why?")

    bob.box.blur()
    keyboard.press("?")
    expect(dialog(bob)).to_be_visible()
    expect(dialog(bob).get_by_role("button", name="Close")).to_be_focused()
    keyboard.press("?")
    keyboard.press("Escape")
    expect(dialog(bob)).to_be_hidden()
    expect(bob.box).to_have_value("why?")


def test_ctrl_and_slash_show_them_from_everywhere_and_the_focus_comes_back(bob: Visitor) -> None:
    bob.box.fill("half a sentence")
    bob.page.keyboard.press("Control+/")
    expect(dialog(bob)).to_be_visible()
    bob.page.keyboard.press("Escape")
    expect(dialog(bob)).to_be_hidden()
    expect(bob.box).to_be_focused()
    expect(bob.box).to_have_value("half a sentence")


def test_in_the_log_the_question_mark_asks_too_and_the_line_keeps_the_focus(bob: Visitor) -> None:
    bob.say("a line")
    expect(bob.line("a line")).to_be_visible()
    bob.line("a line").focus()
    bob.page.keyboard.press("?")
    expect(dialog(bob)).to_be_visible()
    bob.page.keyboard.press("Escape")
    expect(dialog(bob)).to_be_hidden()
    expect(bob.line("a line")).to_be_focused()
    expect(bob.box).to_have_value("")


def test_a_syllable_that_is_being_composed_opens_nothing(bob: Visitor) -> None:
    InputMethod(bob).compose(["ㅇ", "아", "안"])
    bob.page.keyboard.press("Control+/")
    bob.page.keyboard.press("?")
    expect(dialog(bob)).to_be_hidden()


def test_the_menu_has_a_button_for_it_and_gets_the_focus_back(visit: Visit) -> None:
    bob = visit("Bob")
    bob.goto("/people")
    bob.page.locator(".menu__button").click()
    bob.page.get_by_role("link", name="Keys", exact=True).click()
    expect(dialog(bob)).to_contain_text("Find a room")
    expect(bob.page).to_have_url(f"{bob.url}/people")
    dialog(bob).get_by_role("button", name="Close").click()
    expect(dialog(bob)).to_be_hidden()
    expect(bob.page.locator(".menu__button")).to_be_focused()

    bob.page.keyboard.press("Control+/")
    bob.page.mouse.click(5, 5)
    expect(dialog(bob)).to_be_hidden()


def test_who_is_signed_out_has_no_such_keys(visit: Visit) -> None:
    bob = visit("Bob")
    bob.goto("/rooms")
    bob.lose_sign_in()
    bob.goto("/login")
    bob.page.locator("main").focus()
    bob.page.keyboard.press("?")
    expect(bob.page.locator("dialog")).to_have_count(0)


@pytest.mark.parametrize(("locale", "name"), [("en-GB", "Keys"), ("ko-KR", "단축키")])
def test_all_of_it_is_in_reach_on_a_narrow_screen(visit: Visit, locale: str, name: str) -> None:
    bob = visit("Bob", viewport=NARROW, locale=locale)
    bob.goto("/people")
    ask_for_the_keys(bob, name)
    box = dialog(bob, name).bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= NARROW["width"]
    assert box["y"] + box["height"] <= NARROW["height"]
    assert_fits(bob, "the dialog with the keys")
    for _ in range(40):
        bob.page.keyboard.press("ArrowDown")
    last = dialog(bob, name).locator("p").last
    bob.eventually(lambda: (last.bounding_box() or {"y": 9999})["y"] < NARROW["height"], "it scrolls by keys")
    expect(dialog(bob, name).get_by_role("button").first).to_be_in_viewport()


def test_without_a_script_it_is_a_page(visit: Visit) -> None:
    bob = visit("Bob", java_script_enabled=False)
    bob.allow(SCRIPT_NOT_RUN)
    bob.goto("/people")
    bob.page.locator(".menu__button").click()
    bob.page.get_by_role("link", name="Keys", exact=True).click()
    expect(bob.page.get_by_role("heading", name="Keys", exact=True)).to_be_visible()
    expect(bob.page.locator("main")).to_contain_text("Edit your last message, when the box is empty")
