"""A page at 400 %: a screen of 1280x1024 then has the place of 320x256."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import NewRoom, SignIn, Visit
from tests.journeys.people import Visitor

pytestmark = pytest.mark.journey

ENLARGED = {"viewport": {"width": 320, "height": 256}}
DRAFT = "\n".join(f"line {number} of a draft" for number in range(6))
LINES_SHOWN = "log => log.clientHeight / parseFloat(getComputedStyle(log).lineHeight)"


@pytest.fixture
def bob(visit: Visit, new_room: NewRoom, sign_in: SignIn) -> Visitor:
    room_id = new_room()
    with sign_in("Alice").connect() as alice:
        for number in range(12):
            alice.post(room_id, f"message {number}")
    bob = visit("Bob", **ENLARGED)
    bob.open_room(room_id)
    return bob


@pytest.mark.parametrize("draft", ["", DRAFT])
def test_three_lines_of_the_log_are_seen_and_the_one_with_the_focus(bob: Visitor, draft: str) -> None:
    bob.box.fill(draft)
    log = bob.page.locator(".log")
    assert log.evaluate(LINES_SHOWN) >= 3
    expect(bob.box).to_be_in_viewport(ratio=0.99)
    bob.lines.last.focus()
    for key in ("Home", "ArrowDown", "End"):
        bob.page.keyboard.press(key)
        line = bob.page.locator(".message:focus")
        expect(line).to_be_in_viewport(ratio=0.9)
        seen, place = line.bounding_box(), log.bounding_box()
        assert seen
        assert place
        assert place["y"] - 1 <= seen["y"]
        assert seen["y"] + seen["height"] <= place["y"] + place["height"] + 1
