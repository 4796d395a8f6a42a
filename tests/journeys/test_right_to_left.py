"""A page that runs from right to left, as in Arabic: turned as `dir` of a catalogue's language would turn it."""

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.accessible import violations
from tests.journeys.conftest import Said, Visit
from tests.journeys.people import Visitor

pytestmark = pytest.mark.journey

TURN = "() => { document.documentElement.dir = 'rtl'; }"
FITS = "() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"
LINES = ("one", "two", "`three`\n\n- four\n\n> five")


def turned(visit: Visit, said: Said, width: int) -> Visitor:
    """Bob in a room, on a page that runs from right to left."""
    bob = visit("Bob", viewport={"width": width, "height": 720})
    bob.open_room(said(*(("Alice", text) for text in LINES)))
    bob.page.evaluate(TURN)
    return bob


def left_of(part: Locator) -> float:
    """How far from the left side it begins."""
    box = part.bounding_box()
    assert box
    return box["x"]


@pytest.mark.parametrize("width", [320, 1280])
def test_the_whole_page_turns_and_nothing_leaves_the_screen(visit: Visit, said: Said, width: int) -> None:
    bob = turned(visit, said, width)
    assert bob.page.evaluate(FITS)
    line = bob.message(1)
    assert left_of(line.locator(".avatar")) > left_of(line.locator(".message__body"))
    assert left_of(bob.page.locator(".composer__send")) < left_of(bob.box)
    if width == 1280:
        assert left_of(bob.page.locator(".sidebar")) > left_of(bob.page.locator(".room"))
    assert violations(bob.page) == []


def test_the_left_key_goes_on_in_a_row_of_buttons(visit: Visit, said: Said) -> None:
    bob = turned(visit, said, 1280)
    bob.box.focus()
    for key in ("Shift+Tab", "Enter"):
        bob.page.keyboard.press(key)
    buttons = bob.message(3).locator(".message-actions__button:visible")
    expect(buttons.nth(0)).to_be_focused()
    bob.page.keyboard.press("ArrowLeft")
    expect(buttons.nth(1)).to_be_focused()
    assert left_of(buttons.nth(1)) < left_of(buttons.nth(0))
    bob.page.keyboard.press("ArrowRight")
    expect(buttons.nth(0)).to_be_focused()
