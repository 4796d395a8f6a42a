"""Small ways of the box and the log that nobody asks for and everybody misses."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import SignIn, Visit
from tests.journeys.people import AWAY, Visitor

pytestmark = pytest.mark.journey

PHONE: dict[str, Any] = {"has_touch": True, "is_mobile": True, "viewport": {"width": 390, "height": 800}}
LAST = "line 39"
# As a browser that does not know `field-sizing`.
OLDER = """() => {
  const supports = CSS.supports.bind(CSS);
  CSS.supports = (...asked) => asked[0] !== "field-sizing" && supports(...asked);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("textarea { field-sizing: fixed !important }");
  document.adoptedStyleSheets.push(sheet);
}"""
IS_WHOLE = "box => box.clientHeight >= box.scrollHeight"


@pytest.fixture
def full_room(room_id: int, sign_in: SignIn) -> int:
    """A room with more than a screen of messages."""
    with sign_in("Alice").connect() as alice:
        for number in range(40):
            alice.post(room_id, f"line {number}")
    return room_id


@pytest.fixture
def reader(visit: Visit, full_room: int) -> Visitor:
    """Bob at the end of it."""
    visitor = visit("Bob", viewport={"width": 1000, "height": 800})
    visitor.open_room(full_room)
    visitor.go_to_newest()
    expect(visitor.line(LAST)).to_be_in_viewport(ratio=1)
    return visitor


def test_the_box_grows_to_two_fifths_of_the_height_and_the_log_stays_at_its_end(reader: Visitor) -> None:
    # behaviour 7
    small = reader.box.bounding_box()
    reader.box.fill("one\ntwo\nthree")
    grown = reader.box.bounding_box()
    reader.box.fill("\n".join(map(str, range(80))))
    largest = reader.box.bounding_box()
    assert small and grown and largest  # noqa: PT018
    assert small["height"] < grown["height"] < largest["height"] <= 0.41 * 800
    expect(reader.line(LAST)).to_be_in_viewport(ratio=1)


def test_both_boxes_grow_where_the_browser_does_not_do_it_by_itself(reader: Visitor) -> None:  # behaviour 7
    reader.page.evaluate(OLDER)
    text = "one\ntwo\nthree\nfour"
    reader.box.fill(text)
    assert reader.box.evaluate(IS_WHOLE)
    reader.box.press("Enter")
    line = reader.lines.last
    expect(line.locator(".message__body")).to_contain_text("four")
    small = reader.box.bounding_box()

    reader.box.press("ArrowUp")
    box = reader.page.locator(".edit-box textarea")
    expect(box).to_have_value(text)
    grown = box.bounding_box()
    assert small and grown  # noqa: PT018
    assert grown["height"] > 2 * small["height"]
    assert box.evaluate(IS_WHOLE)
    box.press("End")
    box.press("Shift+Enter")
    assert box.evaluate(IS_WHOLE)
    expect(line).to_be_in_viewport(ratio=1)


def test_at_the_end_one_stays_at_the_end_when_the_window_changes(reader: Visitor) -> None:  # behaviour 25
    for width, height in ((1000, 400), (360, 700), (1000, 800)):
        reader.page.set_viewport_size({"width": width, "height": height})
        expect(reader.line(LAST)).to_be_in_viewport(ratio=1)


def test_what_is_typed_with_nothing_in_focus_goes_into_the_box(reader: Visitor) -> None:  # behaviour 8
    reader.page.locator(".log").focus()
    reader.page.keyboard.press("Control+c")
    expect(reader.box).not_to_be_focused()
    reader.page.keyboard.type("hello")
    expect(reader.box).to_be_focused()
    expect(reader.box).to_have_value("hello")


def test_control_and_enter_always_send(reader: Visitor) -> None:  # behaviour 1
    reader.box.fill("by Ctrl+Enter")
    reader.box.press("Control+Enter")
    expect(reader.line("by Ctrl+Enter")).to_be_visible()


def test_a_phone_keeps_its_keyboard_down_and_its_enter_breaks_the_line(visit: Visit, full_room: int) -> None:
    bob = visit("Bob", **PHONE)
    bob.open_room(full_room)
    expect(bob.box).not_to_be_focused()  # behaviour 8
    bob.box.tap()
    bob.page.keyboard.type("one")
    bob.page.keyboard.press("Enter")
    bob.page.keyboard.type("two")
    expect(bob.box).to_have_value("one\ntwo")  # behaviour 1
    bob.page.get_by_role("button", name="Send").tap()
    expect(bob.bodies.last).to_have_text("one two", use_inner_text=False)


def test_a_tab_with_something_unsent_asks_before_it_closes(reader: Visitor) -> None:  # behaviour 18
    reader.allow(AWAY)
    reader.context.set_offline(True)
    reader.say("from the tunnel")
    expect(reader.pending).to_have_count(1)
    with reader.page.expect_event("dialog") as asked:
        reader.page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
