"""What the pointer and the finger bring to a line of the log, and what takes it away again."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Enter, Said, Visit
from tests.journeys.people import Visitor

pytestmark = pytest.mark.journey


@pytest.fixture
def room_id(said: Said) -> int:
    """A room in which Alice and Bob have talked."""
    return said(("Alice", "from Alice"), ("Bob", "from Bob"), ("Alice", "last"))


@pytest.fixture
def alice(enter: Enter) -> Visitor:
    return enter("Alice")


def test_escape_takes_the_buttons_away_until_the_pointer_goes_to_another_line(alice: Visitor) -> None:
    buttons = alice.page.locator(".log .message-actions")
    line = alice.point_at(3)
    alice.box.focus()
    alice.page.keyboard.press("Escape")
    expect(buttons).to_be_hidden()
    line.locator(".message__body").hover()
    expect(buttons).to_be_hidden()
    expect(alice.point_at(2).locator(".message-actions")).to_be_visible()

    dialog = alice.page.locator("dialog.help")
    alice.page.keyboard.press("Control+/")
    expect(dialog).to_be_visible()
    alice.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(buttons).to_be_visible()


def test_a_tap_shows_the_time_of_a_line_that_goes_on(visit: Visit, room_id: int) -> None:  # behaviour 31
    alice = visit("Alice", viewport={"width": 390, "height": 780}, has_touch=True, is_mobile=True)
    alice.open_room(room_id)
    alice.box.fill("goes on")
    alice.page.locator(".composer__send").tap()
    line = alice.line("goes on")
    expect(line).to_have_class(re.compile("message--continued"))
    time = line.locator(".message__link")
    line.locator(".message__body").tap()
    expect(time).to_be_visible()
    expect(time).to_have_css("opacity", "1")


def test_a_tap_into_the_box_takes_the_buttons_away(visit: Visit, room_id: int) -> None:
    alice = visit("Alice", viewport={"width": 390, "height": 780}, has_touch=True, is_mobile=True)
    alice.open_room(room_id)
    buttons = alice.page.locator(".log .message-actions")
    alice.message(1).locator(".message__body").tap()
    expect(buttons).to_be_visible()
    alice.box.tap()
    expect(alice.box).to_be_focused()
    expect(buttons).to_be_hidden()

    alice.message(2).locator(".message__body").tap()
    alice.message(2).locator("[data-do=mark-unread]").tap()
    expect(alice.page.get_by_role("status").filter(has_text="unread")).to_be_visible()
    alice.box.tap()
    expect(buttons).to_be_hidden()
