"""Back and forward: what stands there is what the address says, and nothing that is written goes."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import NewRoom, SignIn, Visit
from tests.journeys.people import AWAY, Visitor
from tests.journeys.test_switching import expect_in, go_to, link_to, mark_all_read, said

pytestmark = pytest.mark.journey

MANY = 130  # more than a page of the log
OLDER = 30


@pytest.fixture
def rooms(new_room: NewRoom) -> list[int]:
    """Three rooms of Alice and Bob."""
    return [new_room() for _ in range(3)]


@pytest.fixture
def bob(visit: Visit) -> Visitor:
    return visit("Bob")


def test_back_to_a_page_of_older_lines_shows_that_page(bob: Visitor, rooms: list[int], sign_in: SignIn) -> None:
    said(sign_in, rooms[0], OLDER + 1)
    bob.goto(f"/rooms/{rooms[0]}?before={OLDER}")
    bob.wait_until_live()
    go_to(bob, rooms[1])
    bob.page.go_back()
    expect_in(bob, rooms[0])
    expect(bob.page).to_have_url(f"{bob.url}/rooms/{rooms[0]}?before={OLDER}")
    expect(bob.line(f"line 1 of {rooms[0]}")).to_be_visible()


def test_back_leaves_no_edit_behind_that_is_not_saved(bob: Visitor, rooms: list[int], sign_in: SignIn) -> None:
    said(sign_in, rooms[0], MANY)
    mark_all_read(sign_in, keep=rooms[1])  # else it would open at the first unread line
    bob.goto(f"/rooms/{rooms[0]}?around=5#message-5")
    bob.wait_until_live()
    expect(bob.line(f"line 5 of {rooms[0]}")).to_be_in_viewport()
    link_to(bob, rooms[0]).click()
    expect(bob.line(f"line {MANY} of {rooms[0]}")).to_be_attached()
    bob.go_to_newest()
    bob.say("as first written")
    line = bob.line("as first written")
    expect(line).to_be_visible()
    line.hover()
    line.get_by_role("button", name="Edit").click()
    box = bob.page.locator(".edit-box textarea")
    expect(box).to_be_focused()
    box.fill("as it should be")

    bob.box.focus()
    bob.page.go_back()
    expect(box).to_be_focused()
    expect(box).to_have_value("as it should be")
    expect(bob.page).to_have_url(f"{bob.url}/rooms/{rooms[0]}")
    box.press("Enter")
    expect(bob.line("as it should be")).to_be_visible()
    bob.page.go_back()
    expect(bob.line(f"line 5 of {rooms[0]}")).to_be_in_viewport()
    expect(bob.line("as it should be")).to_have_count(0)


@pytest.mark.parametrize("number", [5, MANY - 40], ids=["far", "near"])
def test_back_from_an_old_message_of_the_same_room_shows_the_newest(
    bob: Visitor, rooms: list[int], sign_in: SignIn, number: int
) -> None:
    said(sign_in, rooms[0], MANY)
    with sign_in("Alice").connect() as alice:
        alice.post(rooms[0], f"See {bob.url}/rooms/{rooms[0]}/messages/{number}")
    mark_all_read(sign_in, keep=rooms[1])
    bob.open_room(rooms[0])
    newest = bob.lines.last.get_by_role("link", name=f"/messages/{number}")
    newest.click()
    expect(bob.line(f"line {number} of {rooms[0]}")).to_be_in_viewport()
    bob.page.go_back()
    expect(bob.page).to_have_url(f"{bob.url}/rooms/{rooms[0]}")
    expect(newest).to_be_in_viewport()

    bob.page.go_forward()
    expect(bob.line(f"line {number} of {rooms[0]}")).to_be_in_viewport()
    expect(bob.page.locator(".message:target")).to_have_attribute("data-number", str(number))


def test_back_to_what_cannot_be_reached_stays_and_the_way_on_too(bob: Visitor, rooms: list[int]) -> None:
    bob.allow(AWAY)
    bob.open_room(rooms[0])
    go_to(bob, rooms[1])
    bob.page.reload()  # nothing is kept any more
    bob.wait_until_live()
    go_to(bob, rooms[2])
    bob.page.go_back()
    expect_in(bob, rooms[1])
    length = bob.page.evaluate("() => history.length")
    bob.context.set_offline(True)
    for _ in range(2):
        bob.page.evaluate("() => history.back()")
        expect(bob.page.get_by_text("This room cannot be reached now.")).to_be_visible()
        expect_in(bob, rooms[1])
        bob.page.evaluate("() => { document.querySelector('[data-slot=unreachable]').replaceChildren(); }")
    assert bob.page.evaluate("() => history.length") == length

    bob.page.go_forward()
    expect_in(bob, rooms[2])
    bob.context.set_offline(False)
    bob.page.evaluate("() => history.go(-2)")
    expect_in(bob, rooms[0])


@pytest.mark.parametrize(("keys", "dialog"), [("Control+k", "dialog.switcher"), ("Control+/", "dialog.help")])
def test_back_closes_what_stands_over_the_room(bob: Visitor, rooms: list[int], keys: str, dialog: str) -> None:
    bob.open_room(rooms[0])
    go_to(bob, rooms[1])
    bob.page.keyboard.press(keys)
    expect(bob.page.locator(dialog)).to_be_visible()
    bob.page.go_back()
    expect_in(bob, rooms[0])
    expect(bob.page.locator(dialog)).to_be_hidden()
    expect(bob.box).to_be_focused()
