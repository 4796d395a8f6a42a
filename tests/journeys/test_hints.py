"""Who reacted, and on which day and to the second something was said: not only beside a pointer."""

import re
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Locator, expect

from tests.journeys.accessible import violations
from tests.journeys.conftest import Enter, Said, SignIn, Visit
from tests.journeys.people import Visitor

pytestmark = pytest.mark.journey

PHONE: dict[str, Any] = {"has_touch": True, "is_mobile": True, "viewport": {"width": 390, "height": 800}}
DATE = re.compile(r"^\w+day,? \d+ \w+ 20\d\d at \d\d:\d\d:\d\d$")
DATES = re.compile(
    r"^\w+day,? \d+ \w+ 20\d\d at [\d:]+\s+edited \d\d:\d\d · \w+day,? \d+ \w+ 20\d\d at \d\d:\d\d:\d\d$"
)
PATIENT_MS = 1000  # longer than anything waits (static/js/helpers/hints.js)
WHO = "👍 2: Alice, Bob"


@pytest.fixture
def room_id(said: Said, sign_in: SignIn) -> int:
    """A room in which Alice said something, and she and Bob reacted to the second."""
    room_id = said(("Alice", "first"), ("Alice", "second"))
    for name in ("Alice", "Bob"):
        client = sign_in(name)
        message_id = client.get(f"/rooms/{room_id}/messages").json["items"][1]["id"]
        with client.connect() as socket:
            socket.request("reaction:add", {"message_id": message_id, "emoji": "👍"})
    return room_id


@pytest.fixture
def bob(enter: Enter) -> Visitor:
    return enter("Bob")


def hint(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("tooltip")


def chip(visitor: Visitor) -> Locator:
    return visitor.message(2).locator(".reaction")


def walk_to(visitor: Visitor, element: Locator) -> None:
    """By the keys alone, from the box."""
    visitor.box.focus()
    visitor.page.keyboard.press("Shift+Tab")
    expect(visitor.message(2)).to_be_focused()
    for _ in range(3):
        visitor.page.keyboard.press("Tab")
        if element.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError("the Tab key does not lead there")


def test_the_focus_shows_who_reacted_and_escape_takes_it_away_alone(bob: Visitor) -> None:
    walk_to(bob, chip(bob))
    expect(hint(bob)).to_have_text(WHO)
    expect(chip(bob)).to_have_accessible_name(WHO)
    expect(chip(bob)).to_have_accessible_description("")  # it would be spoken twice
    bob.page.keyboard.press("Escape")
    expect(hint(bob)).to_be_hidden()
    expect(chip(bob)).to_be_focused()
    bob.page.keyboard.press("Escape")
    expect(bob.message(2)).to_be_focused()


def test_the_focus_shows_the_whole_date_and_a_screen_reader_speaks_it(bob: Visitor) -> None:  # behaviour 32
    link = bob.message(2).locator(".message__link")
    walk_to(bob, link)
    expect(hint(bob)).to_have_text(DATE)
    expect(link).to_have_accessible_description(DATE)
    bob.page.keyboard.press("Tab")
    expect(hint(bob)).to_have_text(WHO)
    bob.page.keyboard.press("Shift+Tab")
    bob.page.keyboard.press("Shift+Tab")
    expect(hint(bob)).to_be_hidden()
    expect(link).not_to_have_attribute("aria-describedby", re.compile(""))


def test_with_the_date_stands_when_it_was_changed(bob: Visitor, room_id: int, sign_in: SignIn) -> None:
    alice = sign_in("Alice")
    with alice.connect() as socket:
        message_id = alice.get(f"/rooms/{room_id}/messages").json["items"][1]["id"]
        socket.request("message:edit", {"message_id": message_id, "body": "the second"})
    expect(bob.line("the second")).to_be_visible()  # behaviour 40
    walk_to(bob, bob.message(2).locator(".message__link"))
    expect(hint(bob)).to_have_text(DATES, use_inner_text=True)


def test_the_pointer_may_go_to_what_it_shows(visit: Visit, room_id: int) -> None:
    bob = visit("Bob")
    bob.own_the_clock()
    bob.open_room(room_id)
    chip(bob).hover()

    def is_shown() -> bool:
        bob.let_pass(PATIENT_MS)
        return hint(bob).is_visible()

    bob.eventually(is_shown, "it is shown")
    expect(hint(bob)).to_have_text(WHO)
    expect(chip(bob)).not_to_have_attribute("title", re.compile(""))  # the browser would show it as well
    hint(bob).hover()
    bob.let_pass(PATIENT_MS)
    expect(hint(bob)).to_be_visible()
    bob.page.keyboard.press("Escape")
    expect(hint(bob)).to_be_hidden()
    bob.box.hover()
    chip(bob).hover()
    bob.let_pass(PATIENT_MS)
    expect(hint(bob)).to_be_visible()
    bob.box.hover()
    bob.let_pass(PATIENT_MS)
    expect(hint(bob)).to_be_hidden()


def finger(visitor: Visitor) -> CDPSession:
    return visitor.context.new_cdp_session(visitor.page)


def put_down(touch: CDPSession, element: Locator) -> None:
    """And leave it there."""
    box = element.bounding_box()
    assert box
    point = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})


def lift(touch: CDPSession) -> None:
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_finger_that_stays_shows_it_and_does_not_press(enter: Enter) -> None:
    bob = enter("Bob", **PHONE)
    touch = finger(bob)
    for element, said in ((chip(bob), WHO), (bob.message(1).locator(".message__link"), DATE)):
        put_down(touch, element)
        expect(hint(bob)).to_have_text(said)
        lift(touch)
        expect(hint(bob)).to_be_visible()
        bob.page.locator(".room__title").tap()
        expect(hint(bob)).to_be_hidden()
    expect(chip(bob)).to_have_attribute("aria-pressed", "true")
    assert bob.page.url.endswith(f"/rooms/{bob.page.locator('.room').get_attribute('data-room-id')}")
    chip(bob).tap()
    expect(chip(bob)).to_have_attribute("aria-pressed", "false")
    expect(hint(bob)).to_be_hidden()


@pytest.mark.parametrize(
    "look",
    [{}, {"color_scheme": "dark"}, {"locale": "ko-KR"}, {"viewport": {"width": 320, "height": 640}}],
    ids=["light", "dark", "Korean", "narrow"],
)
def test_it_has_no_violation_and_stays_in_the_window(enter: Enter, look: dict[str, Any]) -> None:
    bob = enter("Bob", **look)
    for element in (bob.message(2).locator(".message__link"), chip(bob)):
        walk_to(bob, element)
        expect(hint(bob)).to_be_visible()
        box, size = hint(bob).bounding_box(), bob.page.evaluate("() => [innerWidth, innerHeight]")
        assert box
        assert min(box["x"], box["y"]) >= 0
        assert box["x"] + box["width"] <= size[0]
        assert box["y"] + box["height"] <= size[1]
        assert violations(bob.page) == []
