"""Before one writes, or joins, one sees who can read it."""

from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import NewRoom, SignIn, Visit
from tests.journeys.people import SCRIPT_NOT_RUN

pytestmark = pytest.mark.journey

PHONE: dict[str, Any] = {"has_touch": True, "is_mobile": True, "viewport": {"width": 320, "height": 640}}
WINDOW: dict[str, Any] = {"viewport": {"width": 840, "height": 700}}  # the narrowest with the list beside the room
LONG = "A room with a name that is far longer than any header is wide "


def assert_in_full(page: Page, words: str) -> None:
    """It is seen, every word of it, on one line, and widens nothing."""
    who = page.locator(".room__who")
    expect(who).to_have_text(words)
    expect(who).to_be_in_viewport(ratio=1)
    assert who.evaluate("who => who.scrollWidth <= who.clientWidth")
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    expect(page.locator(".room__members")).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("size", [PHONE, WINDOW], ids=["phone", "window"])
@pytest.mark.parametrize(
    ("locale", "words"), [("en-GB", "Only its members can read this"), ("ko-KR", "멤버만 읽을 수 있음")]
)
def test_a_closed_room_says_on_every_screen_that_its_members_alone_can_read_it(
    visit: Visit, new_room: NewRoom, size: dict[str, Any], locale: str, words: str
) -> None:  # behaviour 64
    bob = visit("Bob", locale=locale, **size)
    bob.open_room(new_room(name=f"{LONG}{locale} {size['viewport']['width']}", kind="closed"))
    assert_in_full(bob.page, words)


def test_who_may_join_reads_before_it_and_knows_that_everyone_can(
    visit: Visit, room_id: int, sign_in: SignIn
) -> None:  # behaviour 64
    sign_in("Alice").post(f"/rooms/{room_id}/messages", {"body": "said long ago"})
    charlie = visit("Charlie", java_script_enabled=False, **PHONE)
    charlie.allow(SCRIPT_NOT_RUN)
    charlie.goto(f"/rooms/{room_id}")
    expect(charlie.line("said long ago")).to_be_visible()
    assert_in_full(charlie.page, "Everyone in the company can read this")
    expect(charlie.page.get_by_role("button", name="Join this room")).to_be_visible()


@pytest.mark.parametrize("look", [{}, PHONE], ids=["desk", "phone"])
def test_what_stands_on_the_page_about_a_room_stands_apart(
    visit: Visit, new_room: NewRoom, look: dict[str, Any]
) -> None:
    bob = visit("Bob", **look)
    bob.goto(f"/rooms/{new_room()}/members")
    boxes = [each.bounding_box() for each in bob.page.locator("main > :is(p, form, section)").all()]
    gaps = [below["y"] - above["y"] - above["height"] for above, below in pairwise(boxes) if above and below]
    assert len(gaps) > 3
    assert min(gaps) >= 8
