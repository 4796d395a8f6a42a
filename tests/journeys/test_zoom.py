"""A page at 400 %: a screen of 1280x1024 then has the place of 320x256. And one that a phone must not enlarge."""

from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.conftest import NewRoom, SignIn, Visit
from tests.journeys.files import choose_by_input, file, picture
from tests.journeys.people import Visitor
from tests.journeys.server import Server

pytestmark = pytest.mark.journey

ENLARGED = {"viewport": {"width": 320, "height": 256}}
DRAFT = "\n".join(f"line {number} of a draft" for number in range(6))
PHONE: dict[str, Any] = {"has_touch": True, "is_mobile": True, "viewport": {"width": 390, "height": 800}}
TYPED_INTO = ":is(input:not([type=hidden], [type=radio], [type=checkbox], [type=file]), textarea, select)"
SMALLEST = f"""() => [...document.querySelectorAll("{TYPED_INTO}")]
  .map((box) => [parseFloat(getComputedStyle(box).fontSize), box.outerHTML.slice(0, 80)])
  .filter(([size]) => size < 16)"""
LINES_SHOWN = "log => log.clientHeight / parseFloat(getComputedStyle(log).lineHeight)"

# What is painted on top in its middle is a part of it.
IS_UNCOVERED = """element => {
  const { x, y, width, height } = element.getBoundingClientRect();
  return element.contains(document.elementFromPoint(x + width / 2, y + height / 2));
}"""
# What is higher than the place above the button cannot keep clear of it, but fills that place.
IS_UNDER = """button => {
  const log = document.querySelector(".log");
  const [own, other, { top }] = [document.activeElement, button, log].map((one) => one.getBoundingClientRect());
  const isApart = own.bottom <= other.top || own.top >= other.bottom || own.right <= other.left
    || own.left >= other.right;
  const isTooHigh = own.height > other.top - top;
  return document.activeElement !== button && !isApart && !(isTooHigh && own.top < other.top - LEAST_PX);
}""".replace("LEAST_PX", "16")


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


@pytest.mark.parametrize("draft", ["", DRAFT + "\n"])
def test_what_opens_above_the_box_stays_in_sight(bob: Visitor, draft: str) -> None:
    bob.box.fill(draft)
    bob.box.press_sequentially(":smi")
    options = bob.page.locator(".completion__option")
    expect(options).to_have_count(8)
    for _ in range(9):
        bob.box.press("ArrowUp")
        chosen = bob.page.locator('.completion__option[aria-selected="true"]')
        expect(chosen).to_be_in_viewport(ratio=0.99)
        assert chosen.evaluate(IS_UNCOVERED)
    assert is_inside_window(bob, ".completion")

    bob.box.fill(draft)
    bob.page.locator(".formatting summary").click()
    assert is_inside_window(bob, ".formatting__panel")


@pytest.mark.parametrize("draft", ["", DRAFT])
def test_nothing_with_the_focus_lies_under_the_button_to_the_newest_line(
    bob: Visitor, sign_in: SignIn, draft: str
) -> None:  # behaviour 23
    room_id, jump = bob.page.url.rpartition("/")[2], bob.page.locator(".log__jump")
    bob.box.fill(draft)
    bob.lines.last.focus()
    bob.page.keyboard.press("Home")
    expect(bob.message(1)).to_be_focused()
    with sign_in("Alice").connect() as alice:
        alice.post(int(room_id), "and one more")
        expect(jump).to_be_visible()
        bob.eventually(lambda: not is_under(bob, jump), "what has the focus came out from under the button")
        walked = 0
        for key in ("ArrowDown", "Tab", "ArrowUp", "ArrowDown", "ArrowDown", "Tab", "Tab", "ArrowUp"):
            bob.page.keyboard.press(key)
            assert not is_under(bob, jump), key
            walked += jump.is_visible()
        assert walked > 4
    assert jump.evaluate("jump => jump.getBoundingClientRect().bottom") <= top_of(bob, ".composer")


def test_no_box_makes_an_iphone_zoom_into_it(arrive: Visit, visit: Visit, room_id: int, server: Server) -> None:
    stranger = arrive("nobody", server.url, **PHONE)
    stranger.goto("/login")
    assert stranger.page.locator(TYPED_INTO).count() == 2
    assert stranger.page.evaluate(SMALLEST) == []

    alice = visit("Alice", **PHONE)
    for path in ("/rooms", "/rooms/new", "/people", "/account", "/admin"):
        alice.goto(path)
        assert alice.page.evaluate(SMALLEST) == [], path
    alice.open_room(room_id)
    alice.box.fill("mine")
    alice.page.locator(".composer__send").tap()
    alice.line("mine").locator(".message__body").tap()
    alice.page.locator("[data-do=edit]").tap()
    expect(alice.page.locator(".edit-box textarea")).to_be_focused()
    choose_by_input(alice, file("there.png", picture()))
    expect(alice.page.locator(".staged__alt")).to_be_visible()
    assert alice.page.evaluate(SMALLEST) == []
    assert alice.page.evaluate("() => document.documentElement.scrollWidth") <= 390


def is_inside_window(visitor: Visitor, selector: str) -> bool:
    box, size = visitor.page.locator(selector).bounding_box(), visitor.page.viewport_size
    assert box
    assert size
    return box["y"] >= 0 and box["y"] + box["height"] <= size["height"]


def is_under(visitor: Visitor, button: Locator) -> bool:
    """Whether the button covers a part of what has the focus."""
    return bool(button.evaluate(IS_UNDER))


def top_of(visitor: Visitor, selector: str) -> float:
    box = visitor.page.locator(selector).bounding_box()
    assert box
    return box["y"]
