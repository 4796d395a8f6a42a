"""The log by keys: one walks from line to line, goes into a line's buttons, and never loses the place."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.conftest import NewRoom, SignIn, Visit
from tests.journeys.people import AWAY, Visitor
from tests.journeys.protocol import Client

pytestmark = pytest.mark.journey

TOOLBAR_COVERED = """line => {
  const log = line.closest(".log").getBoundingClientRect(), box = line.getBoundingClientRect();
  return box.top < log.top || box.bottom > log.bottom + 1;
}"""
IN_SIGHT = """line => {
  const log = line.closest(".log").getBoundingClientRect();
  const boxes = [...line.querySelectorAll("p")].map((paragraph) => paragraph.getBoundingClientRect());
  return boxes.flatMap(({ top, bottom }, at) => (top >= log.top - 1 && bottom <= log.bottom + 1 ? [at + 1] : []));
}"""
BY_TAB = """() => [...document.querySelectorAll(":is(.log__messages, .log__pending) :is(li, a, button, pre)")]
  .filter((each) => each.tabIndex >= 0 && each.checkVisibility()).map((each) => each.id || each.className)"""


@pytest.fixture
def alices(sign_in: SignIn) -> Client:
    return sign_in("Alice")


@pytest.fixture
def room_id(new_room: NewRoom, alices: Client, sign_in: SignIn) -> int:
    """A room in which Alice says three things, the first with a link, and Bob one in between."""
    room_id = new_room()
    for client, text in (
        (alices, "first, see https://example.org/"),
        (sign_in("Bob"), "second"),
        (alices, "third"),
        (alices, "fourth"),
    ):
        client.post(f"/rooms/{room_id}/messages", {"body": text})
    return room_id


@pytest.fixture
def alice(visit: Visit, room_id: int) -> Visitor:
    """Alice, whose focus is in the box."""
    visitor = visit("Alice")
    visitor.open_room(room_id)
    expect(visitor.box).to_be_focused()
    return visitor


def line(visitor: Visitor, number: int) -> Locator:
    return visitor.page.locator(f"#message-{number}")


def is_at(visitor: Visitor, number: int) -> bool:
    """Whether the focus is on this line."""
    return bool(visitor.page.evaluate("number => document.activeElement.id === `message-${number}`", number))


def press(visitor: Visitor, *keys: str) -> None:
    for key in keys:
        visitor.page.keyboard.press(key)


def button(visitor: Visitor, number: int, name: str) -> Locator:
    return line(visitor, number).get_by_role("button", name=name)


def test_tab_reaches_one_line_the_newest_and_arrows_go_on(alice: Visitor) -> None:
    press(alice, "Shift+Tab")
    expect(line(alice, 4)).to_be_focused()
    press(alice, "ArrowUp")
    expect(line(alice, 3)).to_be_focused()
    press(alice, "Home")
    expect(line(alice, 1)).to_be_focused()
    press(alice, "ArrowUp")
    expect(line(alice, 1)).to_be_focused()
    press(alice, "End", "ArrowDown")
    expect(line(alice, 4)).to_be_focused()
    press(alice, "ArrowUp", "Tab")
    expect(line(alice, 3).locator(".message__link")).to_be_focused()
    press(alice, "ArrowUp")
    expect(line(alice, 2)).to_be_focused()
    alice.box.focus()
    assert alice.page.evaluate(BY_TAB) == ["message-2"]  # one comes back to where one was


def test_a_line_speaks_as_name_text_and_time_once(alice: Visitor) -> None:
    press(alice, "Shift+Tab")
    expect(line(alice, 4)).to_have_accessible_name(re.compile(r"^Alice fourth \d\d:\d\d$"))  # its name is not shown
    press(alice, "ArrowUp", "ArrowUp")
    expect(line(alice, 2)).to_have_accessible_name(re.compile(r"^Bob second \d\d:\d\d$"))
    expect(alice.page.locator(".log ol").first).to_have_role("list")


def test_the_newest_line_speaks_whole_though_it_changed_while_the_focus_was_elsewhere(
    alice: Visitor, alices: Client
) -> None:
    alices.post(f"/messages/{line(alice, 4).get_attribute('data-message-id')}/edit", {"body": "fourthly"})
    expect(alice.line("fourthly")).to_be_visible()
    expect(alice.box).to_be_focused()
    press(alice, "Shift+Tab")
    expect(line(alice, 4)).to_have_accessible_name(re.compile(r"^Alice fourthly \d\d:\d\d edited \d\d:\d\d$"))


def test_enter_goes_into_the_buttons_of_the_line_and_escape_back(alice: Visitor) -> None:
    press(alice, "Shift+Tab", "Enter")
    expect(button(alice, 4, "React")).to_be_focused()
    press(alice, "ArrowRight")
    expect(button(alice, 4, "Reply")).to_be_focused()
    press(alice, "End")
    expect(button(alice, 4, "Delete message")).to_be_focused()
    press(alice, "ArrowRight")
    expect(button(alice, 4, "React")).to_be_focused()
    press(alice, "Escape")
    expect(line(alice, 4)).to_be_focused()
    expect(alice.page.locator(".message-actions")).to_be_hidden()
    press(alice, "Enter", "ArrowUp")
    expect(line(alice, 3)).to_be_focused()
    press(alice, "Enter", "Tab")
    expect(alice.box).to_be_focused()  # the row of buttons is one stop


def test_letters_mean_the_line_that_has_the_focus_by_keys_and_go_into_the_box_otherwise(alice: Visitor) -> None:
    # behaviour 8
    press(alice, "Shift+Tab", "x", "y")
    expect(alice.box).to_have_value("")
    press(alice, "ArrowUp", "e")
    expect(line(alice, 3).locator(".edit-box textarea")).to_have_value("third")
    press(alice, "Escape")
    expect(line(alice, 3)).to_be_focused()
    press(alice, "ArrowUp", "e")  # somebody else's
    expect(alice.page.locator(".log .edit-box")).to_have_count(0)
    expect(line(alice, 2)).to_be_focused()
    press(alice, "Delete")
    expect(alice.page.get_by_role("dialog")).to_be_visible()
    press(alice, "Escape")
    expect(line(alice, 2)).to_be_focused()

    line(alice, 2).locator(".message__body").click()
    press(alice, "e", "h")
    expect(alice.box).to_have_value("eh")


def test_the_focus_stays_while_the_line_changes_and_others_come(alice: Visitor, alices: Client, room_id: int) -> None:
    press(alice, "Shift+Tab", "ArrowUp")
    held = line(alice, 3)
    message_id = held.get_attribute("data-message-id")
    alices.post(f"/messages/{message_id}/edit", {"body": "thirdly"})
    expect(alice.line("thirdly")).to_be_focused()
    expect(held).to_have_accessible_name(re.compile(r"^Alice thirdly \d\d:\d\d edited \d\d:\d\d$"))
    alices.post(f"/messages/{message_id}/reactions", {"emoji": "👍", "do": "add"})
    expect(held.locator(".reaction")).to_be_visible()
    alices.post(f"/rooms/{room_id}/messages", {"body": "fifth"})
    expect(alice.line("fifth")).to_be_visible()
    alices.post(f"/messages/{message_id}/delete")
    expect(held.locator(".message__body")).to_have_text("This message was deleted.")
    expect(held).to_be_focused()
    assert alice.page.evaluate(BY_TAB)[0] == "message-3"


def test_the_focus_goes_over_from_what_is_on_its_way_to_what_it_becomes(alice: Visitor) -> None:
    alice.allow(AWAY)
    alice.context.set_offline(True)
    alice.say("written offline")
    press(alice, "Shift+Tab")
    expect(alice.pending).to_be_focused()
    expect(alice.pending).to_have_accessible_name(re.compile("^Alice written offline"))
    press(alice, "ArrowUp")
    expect(line(alice, 4)).to_be_focused()
    press(alice, "ArrowDown")
    alice.context.set_offline(False)
    expect(alice.line("written offline")).to_be_focused()


def test_up_at_the_top_brings_older_ones_and_no_line_is_covered(
    visit: Visit, alices: Client, room_id: int, sign_in: SignIn
) -> None:
    with sign_in("Alice").connect() as socket:
        for number in range(5, 131):
            socket.post(room_id, f"message {number}\n\nof two paragraphs")
    alice = visit("Alice", viewport={"width": 800, "height": 500})
    alice.open_room(room_id)
    press(alice, "Shift+Tab")
    alice.eventually(lambda: is_at(alice, 70) or press(alice, "ArrowUp"), "message 70 is reached, as older ones come")
    assert not line(alice, 70).evaluate(TOOLBAR_COVERED)
    expect(line(alice, 31)).to_be_attached()
    press(alice, "Home")
    expect(line(alice, 1)).to_be_attached()
    press(alice, "Home")
    expect(line(alice, 1)).to_be_focused()
    expect(line(alice, 1)).to_be_in_viewport(ratio=1)


def paragraphs_in_sight(visitor: Visitor) -> list[int]:
    """Those of the second message that are wholly in sight."""
    seen: list[int] = line(visitor, 2).evaluate(IN_SIGHT)
    return seen


def test_a_line_that_is_taller_than_the_log_is_read_to_its_end_before_the_next(
    visit: Visit, alices: Client, new_room: NewRoom
) -> None:
    room_id = new_room()
    tall = "\n\n".join(f"paragraph {number}" for number in range(1, 15))
    for text in ("before", tall, "after"):
        alices.post(f"/rooms/{room_id}/messages", {"body": text})
    alice = visit("Alice", viewport={"width": 800, "height": 400})
    alice.open_room(room_id)
    assert line(alice, 2).evaluate("line => line.offsetHeight > line.closest('.log').clientHeight")
    press(alice, "Shift+Tab", "Home")
    expect(line(alice, 1)).to_be_focused()
    press(alice, "ArrowDown")
    expect(line(alice, 2)).to_be_focused()
    seen = paragraphs_in_sight(alice)
    assert seen[0] == 1
    while is_at(alice, 2):
        assert paragraphs_in_sight(alice)[0] <= seen[-1] + 1  # nothing is stepped over
        seen = paragraphs_in_sight(alice)
        press(alice, "ArrowDown")
    assert seen[-1] == 14
    expect(line(alice, 3)).to_be_focused()

    press(alice, "ArrowUp")
    expect(line(alice, 2)).to_be_focused()
    seen = paragraphs_in_sight(alice)
    assert seen[-1] == 14
    while is_at(alice, 2):
        assert paragraphs_in_sight(alice)[-1] >= seen[0] - 1
        seen = paragraphs_in_sight(alice)
        press(alice, "ArrowUp")
    assert seen[0] == 1
    expect(line(alice, 1)).to_be_focused()
