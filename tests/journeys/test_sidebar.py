"""The rooms beside the one that one is in, and the links in texts that lead to them."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.conftest import NewRoom, SignIn, Visit
from tests.journeys.people import SCRIPT_NOT_RUN, Visitor

pytestmark = pytest.mark.journey

MANY = 130


def entry(visitor: Visitor, room_id: int) -> Locator:
    """The room in the list beside the log."""
    return visitor.page.locator(f".sidebar .room-entry[data-room-id='{room_id}']")


def test_it_counts_what_is_new_elsewhere_and_shows_who_is_here(
    visit: Visit, new_room: NewRoom, sign_in: SignIn, ids: dict[str, int]
) -> None:
    here, elsewhere = new_room(), new_room()
    direct = sign_in("Alice").create_room("", kind="direct", members=[ids["Bob"]])
    bob = visit("Bob")
    bob.open_room(here)
    expect(entry(bob, elsewhere)).to_be_visible()
    with sign_in("Alice").connect() as alice:
        name = entry(bob, elsewhere).locator(".room-entry__name")
        read_weight = weight(name)
        alice.post(elsewhere, "hello")
        expect(entry(bob, elsewhere)).to_contain_text("1 unread message")
        assert weight(name) >= 600 > read_weight
        alice.post(elsewhere, "again")
        expect(entry(bob, elsewhere)).to_contain_text("2 unread messages")
        expect(entry(bob, direct)).to_contain_text("Alice")
        expect(entry(bob, direct).locator(".presence--here")).to_be_visible()

    added = new_room(name=f"000 {here}")  # a room comes into the list by itself
    expect(entry(bob, added)).to_be_visible()
    expect(entry(bob, here).locator("a")).to_have_attribute("aria-current", "page")
    expect(bob.page.get_by_role("navigation", name="Rooms")).to_be_visible()


def weight(name: Locator) -> int:
    """How bold it is."""
    return int(name.evaluate("name => getComputedStyle(name).fontWeight"))


def test_it_shows_nobody_a_closed_room_they_are_not_in(visit: Visit, new_room: NewRoom) -> None:
    mine, others = new_room(members=("Charlie",)), new_room(kind="closed")
    charlie = visit("Charlie")
    charlie.open_room(mine)
    expect(entry(charlie, mine)).to_be_visible()
    expect(entry(charlie, others)).to_have_count(0)
    assert f"/rooms/{others}" not in charlie.page.content()


def test_a_link_to_a_message_opens_in_place_in_whatever_room_it_is(
    visit: Visit, new_room: NewRoom, sign_in: SignIn
) -> None:  # behaviour 34
    here, there = new_room(), new_room()
    bob = visit("Bob")
    with sign_in("Alice").connect() as alice:
        for number in range(1, MANY + 1):
            alice.post(there, f"line {number}")
        sign_in("Bob").post(f"/rooms/{there}/read", {"number": MANY, "generation": 0})
        alice.post(here, f"See {bob.url}/rooms/{there}/messages/5 and {bob.url}/rooms/{here}/messages/1")
    bob.open_room(here)
    bob.box.fill("half a thought")
    tabs = len(bob.context.pages)
    bob.lines.first.get_by_role("link", name=f"/rooms/{there}/messages/5").click()
    expect(bob.line("line 5")).to_be_in_viewport()
    expect(bob.page.locator(".message:target")).to_have_attribute("data-number", "5")
    expect(bob.page).to_have_url(f"{bob.url}/rooms/{there}?around=5#message-5")
    expect(bob.line(f"line {MANY}")).to_have_count(0)

    entry(bob, there).locator("a").click()  # from a page of the past to the newest
    expect(bob.line(f"line {MANY}")).to_be_in_viewport()
    bob.page.go_back()
    expect(bob.line("line 5")).to_be_visible()
    bob.page.go_back()
    expect(bob.box).to_have_value("half a thought")
    bob.lines.first.get_by_role("link", name=f"/rooms/{here}/messages/1").click()
    expect(bob.page.locator(".message:target")).to_have_attribute("data-number", "1")
    expect(bob.box).to_have_value("half a thought")
    assert len(bob.context.pages) == tabs


def stops(visitor: Visitor) -> list[str]:
    """The rooms in the list that Tab reaches, by their addresses."""
    links = visitor.page.locator(".sidebar .room-entry a")
    found: list[str] = links.evaluate_all("all => all.filter((a) => a.tabIndex === 0).map((a) => a.pathname)")
    return found


def test_it_is_one_stop_of_the_tab_key_and_walked_by_arrows(visit: Visit, new_room: NewRoom) -> None:
    rooms = [new_room(name=f"Walk {letter} {uuid4().hex[:6]}") for letter in "abc"]
    first, here, last = rooms
    bob = visit("Bob")
    bob.open_room(here)
    link = bob.page.locator(".sidebar .room-entry a")
    expect(entry(bob, here).locator("a")).to_be_visible()
    bob.eventually(lambda: stops(bob) == [f"/rooms/{here}"], "Tab reaches the room that one is in, and no other")

    entry(bob, here).locator("a").focus()
    bob.page.keyboard.press("ArrowDown")
    expect(entry(bob, last).locator("a")).to_be_focused()
    assert stops(bob) == [f"/rooms/{last}"]
    bob.page.keyboard.press("ArrowUp")
    bob.page.keyboard.press("ArrowUp")
    expect(entry(bob, first).locator("a")).to_be_focused()
    bob.page.keyboard.press("Home")
    bob.page.keyboard.press("ArrowUp")
    expect(link.first).to_be_focused()
    bob.page.keyboard.press("End")
    bob.page.keyboard.press("ArrowDown")
    expect(link.last).to_be_focused()
    bob.page.keyboard.press("Tab")
    assert not bob.page.evaluate("() => document.activeElement.matches('.room-entry a')")
    assert stops(bob) == [f"/rooms/{here}"]  # one comes back to where one is

    entry(bob, first).locator("a").focus()
    bob.page.keyboard.press("Enter")
    expect(bob.page.locator(".room")).to_have_attribute("data-room-id", str(first))
    expect(bob.box).to_be_focused()
    assert stops(bob) == [f"/rooms/{first}"]
    new_room(name=f"Walk d {first}")
    expect(bob.page.get_by_role("link", name=f"Walk d {first}")).to_be_visible()
    assert stops(bob) == [f"/rooms/{first}"]


def test_without_a_script_its_links_are_links(visit: Visit, new_room: NewRoom) -> None:
    here, there = new_room(), new_room()
    bob = visit("Bob", java_script_enabled=False)
    bob.allow(SCRIPT_NOT_RUN)
    bob.goto(f"/rooms/{here}")
    expect(entry(bob, here).locator("a")).to_have_attribute("aria-current", "page")
    assert set(stops(bob)) >= {f"/rooms/{here}", f"/rooms/{there}"}
    entry(bob, there).locator("a").click()
    expect(bob.page).to_have_url(f"{bob.url}/rooms/{there}")
    expect(bob.page.locator(".room")).to_have_attribute("data-room-id", str(there))


def test_it_speaks_korean(visit: Visit, new_room: NewRoom) -> None:
    bob = visit("Bob", locale="ko-KR")
    bob.open_room(new_room())
    sidebar = bob.page.get_by_role("navigation", name="대화방", exact=True)
    expect(sidebar.get_by_role("heading", name=re.compile("내 대화방"))).to_be_visible()
    expect(sidebar.get_by_role("link", name="모든 대화방")).to_be_visible()
