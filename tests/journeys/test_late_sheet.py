"""A sheet that is loaded late, and does not come, keeps nobody from an emoji."""

import re

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.journeys.conftest import Visit
from tests.journeys.people import Visitor

pytestmark = pytest.mark.journey

SHEET = "**/css/emoji.css"
NOT_LOADED = re.compile(r"ERR_FAILED|request failed: GET \S+/css/emoji\.css")
PATIENCE_MS = 3000  # static/js/helpers/late_sheet.js
IS_STYLED = "() => [...document.styleSheets].some((sheet) => sheet.href?.endsWith('/css/emoji.css'))"


@pytest.fixture
def bob(visit: Visit, room_id: int) -> Visitor:
    bob = visit("Bob")
    bob.own_the_clock()
    bob.open_room(room_id)
    return bob


def open_picker(visitor: Visitor) -> Locator:
    visitor.page.get_by_role("button", name="Insert an emoji").click()
    return visitor.page.get_by_role("dialog", name="Insert an emoji")


def test_one_that_fails_is_asked_for_again_with_the_next_use(bob: Visitor) -> None:
    bob.allow(NOT_LOADED)
    bob.page.route(SHEET, lambda route: route.abort())
    picker = open_picker(bob)
    expect(picker).to_be_visible()
    assert bob.page.evaluate(IS_STYLED) is False
    bob.page.keyboard.press("Escape")
    expect(picker).to_be_hidden()
    bob.page.unroute(SHEET)
    open_picker(bob)
    expect(picker).to_be_visible()
    assert bob.page.evaluate(IS_STYLED) is True


def test_one_that_hangs_is_not_waited_for_long(bob: Visitor) -> None:
    bob.allow(NOT_LOADED)
    held: list[Route] = []
    bob.page.route(SHEET, lambda route: held.append(route))
    picker = open_picker(bob)
    bob.eventually(lambda: held, "the sheet is asked for")
    bob.let_pass(PATIENCE_MS)
    expect(picker).to_be_visible()
    bob.page.keyboard.press("Escape")
    expect(picker).to_be_hidden()
    bob.box.fill("")
    bob.box.press_sequentially(":smi")
    expect(bob.page.get_by_role("option").first).to_be_visible()
    for route in held:
        route.abort()
