"""Wherever the keys bring the focus, one sees that it is there: something looks otherwise than without it."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import NewRoom, SignIn, Visit
from tests.journeys.people import Visitor

pytestmark = pytest.mark.journey

TAB_STOPS = 12
LOOKS = [{"color_scheme": "light"}, {"color_scheme": "dark"}, {"forced_colors": "active"}]
# How all that may have the focus looks, while it is elsewhere: itself, and the box around it.
REMEMBER = """() => {
  const look = (element) => {
    const { outlineStyle, outlineWidth, outlineColor, boxShadow, borderColor } = getComputedStyle(element);
    const isOutlined = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
    return [isOutlined ? `${outlineStyle} ${outlineWidth} ${outlineColor}` : "", boxShadow, borderColor].join();
  };
  const around = (element) => [element, element.closest(".composer__row")].filter(Boolean);
  const all = document.querySelectorAll(":is(a, button, input, textarea, select, summary, pre, table, [tabindex])," +
    ".message, .composer__row");
  const others = [...all].filter((each) => !each.matches(":focus, :focus-within"));
  const without = new Map(others.map((each) => [each, look(each)]));
  window.isFocusShown = () => around(document.activeElement)
    .some((each) => without.has(each) && without.get(each) !== look(each));
}"""
FOCUSED = """() => {
  const { activeElement } = document;
  return activeElement === document.body ? "" : activeElement.className.split(" ")[0] || activeElement.localName;
}"""


def tab(visitor: Visitor, key: str = "Tab") -> str:
    """Press it; what has the focus then, which is to be seen."""
    visitor.page.evaluate(REMEMBER)
    visitor.page.keyboard.press(key)
    focused: str = visitor.page.evaluate(FOCUSED)
    assert not focused or visitor.page.evaluate("() => window.isFocusShown()"), f"{visitor.page.url}: {focused}"
    return focused


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: next(iter(look.values())))
def test_the_focus_is_to_be_seen_on_every_page(visit: Visit, new_room: NewRoom, look: dict[str, str]) -> None:
    bob = visit("Bob", **look)
    for path in (f"/rooms/{new_room()}", "/rooms", "/people", "/rooms/new", "/account"):
        bob.goto(path)
        expect(bob.page.locator(".menu__button")).to_be_visible()
        assert len({tab(bob) for _ in range(TAB_STOPS)}) > 2


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: next(iter(look.values())))
def test_the_focus_is_to_be_seen_all_through_a_full_room(
    visit: Visit, room_id: int, sign_in: SignIn, look: dict[str, str]
) -> None:
    bob = visit("Bob", **look)
    with sign_in("Alice").connect() as alice:
        first = alice.post(room_id, "see https://example.org/ and\n\n```py\nprint()\n```")
        alice.request("reaction:add", {"message_id": first["id"], "emoji": "👍"})
        for number in range(30):
            alice.post(room_id, f"message {number}\n\nof two paragraphs")
        sign_in("Bob").post(f"/rooms/{room_id}/read", {"number": 31, "generation": 0})
        bob.open_room(room_id)
        seen: set[str] = set()
        bob.box.focus()
        while "message" not in seen:
            seen.add(tab(bob, "Shift+Tab"))
        seen.add(tab(bob, "Home"))
        expect(bob.message(1)).to_be_focused()
        alice.post(room_id, "one more")
    expect(bob.page.locator(".log__jump")).to_be_visible()
    while "composer__input" not in seen:
        seen.add(tab(bob))
    log = {
        "message",
        "message__link",
        "a",
        "pre",
        "code-block__copy",
        "reaction",
        "message-actions__button",
        "log__jump",
    }
    assert seen >= log
