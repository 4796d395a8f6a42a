"""The rooms over the room, where there is no space for them beside it."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.accessible import violations
from tests.journeys.conftest import NewRoom, SignIn, Visit
from tests.journeys.people import SCRIPT_NOT_RUN, Visitor
from tests.journeys.test_keyboard_and_a11y import NARROW, assert_fits
from tests.journeys.test_sidebar import entry
from tests.journeys.test_switching import IS_MARKED, MARK

pytestmark = pytest.mark.journey

PHONE = {"width": 360, "height": 740}
ZOOMED = {"width": 320, "height": 256}  # what is left of 1280 x 1024 at 400 %
TOUCH: dict[str, Any] = {"viewport": PHONE, "is_mobile": True, "has_touch": True}


def button(visitor: Visitor, name: str = "Rooms") -> Locator:
    return visitor.page.locator(".room").get_by_role("button", name=name, exact=True)


def drawer(visitor: Visitor, name: str = "Rooms") -> Locator:
    return visitor.page.get_by_role("dialog", name=name)


def open_drawer(visitor: Visitor, name: str = "Rooms") -> None:
    button(visitor, name).click()
    expect(drawer(visitor, name)).to_be_visible()


def test_a_tap_changes_the_room_in_place(visit: Visit, new_room: NewRoom, sign_in: SignIn) -> None:
    here, there = new_room(), new_room()
    bob = visit("Bob", **TOUCH)
    bob.open_room(here)
    bob.page.evaluate(MARK)
    open_drawer(bob)
    with sign_in("Alice").connect() as alice:
        alice.post(there, "from Alice")
        expect(entry(bob, there)).to_contain_text("1 unread message")  # it goes on counting
    entry(bob, there).locator("a").tap()
    expect(bob.page.locator(".room")).to_have_attribute("data-room-id", str(there))
    expect(drawer(bob)).to_be_hidden()
    expect(bob.line("from Alice")).to_be_visible()
    expect(bob.page).to_have_url(f"{bob.url}/rooms/{there}")

    open_drawer(bob)
    expect(entry(bob, there).locator("a")).to_have_attribute("aria-current", "page")
    bob.page.go_back()
    expect(bob.page.locator(".room")).to_have_attribute("data-room-id", str(here))
    expect(drawer(bob)).to_be_hidden()
    assert bob.page.evaluate(IS_MARKED)


def test_by_keys_the_focus_is_at_the_room_one_is_in_and_comes_back(visit: Visit, new_room: NewRoom) -> None:
    here = new_room()
    bob = visit("Bob", viewport=PHONE)
    bob.open_room(here)
    keys = bob.page.keyboard
    for way_out in ("Escape", "Enter"):
        button(bob).focus()
        keys.press("Enter")
        expect(entry(bob, here).locator("a")).to_be_focused()
        if way_out == "Enter":
            keys.press("Shift+Tab")
        keys.press(way_out)
        expect(drawer(bob)).to_be_hidden()
        expect(button(bob)).to_be_focused()

    keys.press("Enter")
    keys.press("Home")
    first = bob.page.locator(":focus").get_attribute("href")
    keys.press("Enter")
    expect(bob.page).to_have_url(f"{bob.url}{first}")
    expect(drawer(bob)).to_be_hidden()
    expect(bob.box).to_be_focused()
    open_drawer(bob)
    bob.page.mouse.click(PHONE["width"] - 5, 300)
    expect(drawer(bob)).to_be_hidden()


@pytest.mark.parametrize("viewport", [NARROW, ZOOMED])
def test_all_of_it_is_in_reach_on_a_small_screen(visit: Visit, new_room: NewRoom, viewport: dict[str, int]) -> None:
    here = new_room()
    new_room(name=f"A room with a name as long as a name may be, and longer than a phone {here}")
    bob = visit("Bob", viewport=viewport)
    bob.open_room(here)
    expect(bob.page.locator(".sidebar")).to_be_hidden()
    open_drawer(bob)
    assert_fits(bob, "the drawer")
    drawer(bob).get_by_role("link", name="All rooms").scroll_into_view_if_needed()
    drawer(bob).get_by_role("link", name="All rooms").click()
    expect(bob.page.get_by_role("heading", name="Rooms", exact=True)).to_be_visible()


def test_where_there_is_space_again_the_rooms_stand_beside_the_room(visit: Visit, new_room: NewRoom) -> None:
    here = new_room()
    bob = visit("Bob", viewport=PHONE)
    bob.open_room(here)
    open_drawer(bob)
    bob.page.set_viewport_size({"width": 1280, "height": 800})
    expect(drawer(bob)).to_be_hidden()
    expect(button(bob)).to_be_hidden()
    expect(bob.page.get_by_role("navigation", name="Rooms")).to_be_visible()
    expect(entry(bob, here)).to_be_in_viewport()


def test_without_a_script_a_link_leads_to_the_list(visit: Visit, new_room: NewRoom) -> None:
    bob = visit("Bob", viewport=PHONE, java_script_enabled=False)
    bob.allow(SCRIPT_NOT_RUN)
    bob.goto(f"/rooms/{new_room()}")
    expect(button(bob)).to_be_hidden()
    bob.page.get_by_role("link", name="All rooms").click()
    expect(bob.page).to_have_url(re.compile(r"/rooms$"))


@pytest.mark.parametrize(
    ("name", "look"),
    [
        ("Rooms", {}),
        ("Rooms", {"color_scheme": "dark"}),
        ("Rooms", {"forced_colors": "active"}),
        ("대화방", {"locale": "ko-KR"}),
    ],
)
def test_it_has_no_violation(visit: Visit, new_room: NewRoom, sign_in: SignIn, name: str, look: dict[str, str]) -> None:
    unread = new_room()
    bob = visit("Bob", viewport=NARROW, **look)
    bob.open_room(new_room())
    with sign_in("Alice").connect() as alice:
        alice.post(unread, "for all")
    open_drawer(bob, name)
    expect(entry(bob, unread).locator(".badge")).to_be_visible()
    assert violations(bob.page) == []
