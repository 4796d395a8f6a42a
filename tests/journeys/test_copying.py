"""What one copies of the log reads like talk."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import NewRoom, SignIn, Visit
from tests.journeys.people import Visitor

pytestmark = pytest.mark.journey

# From a word of one message to a word of another, as a pointer would draw it.
SELECT = """([first, from, last, to]) => {
  const textOf = (number) => {
    const walker = document.createTreeWalker(document.querySelector(`#message-${number} .message__body`), 4);
    const found = [];
    while (walker.nextNode()) found.push(walker.currentNode);
    return found;
  };
  const begin = textOf(first).find((node) => node.data.includes(from));
  const end = textOf(last).find((node) => node.data.includes(to));
  getSelection().setBaseAndExtent(begin, begin.data.indexOf(from), end, end.data.indexOf(to) + to.length);
}"""


@pytest.fixture
def bob(visit: Visit, new_room: NewRoom, sign_in: SignIn) -> Visitor:
    """Bob before a talk, with a clipboard."""
    room_id = new_room()
    for name, text in (("Alice", "one **bold** word"), ("Alice", "two\n\nparagraphs"), ("Bob", "```\ncode\n```")):
        sign_in(name).post(f"/rooms/{room_id}/messages", {"body": text})
    visitor = visit("Bob", permissions=["clipboard-read", "clipboard-write"])
    visitor.open_room(room_id)
    return visitor


def copied(bob: Visitor, *selected: object) -> str:
    bob.page.evaluate(SELECT, list(selected))
    chosen = bob.page.evaluate("() => getSelection().toString()")
    bob.page.keyboard.press("ControlOrMeta+c")
    assert bob.page.evaluate("() => getSelection().toString()") == chosen  # it stays selected
    text: str = bob.page.evaluate("() => navigator.clipboard.readText()")
    return re.sub(r"\d\d:\d\d", "00:00", text)


def test_several_messages_are_copied_with_name_and_time_and_without_buttons(bob: Visitor) -> None:  # behaviour 28
    bob.page.locator("#message-2").hover()
    expect(bob.page.locator(".message-actions")).to_be_visible()
    text = "Alice [00:00]: bold word\nAlice [00:00]: two\n\nparagraphs\nBob [00:00]: code"
    assert copied(bob, 1, "bold", 3, "code") == text


def test_a_part_of_one_message_is_copied_as_it_is(bob: Visitor) -> None:  # behaviour 28
    assert copied(bob, 1, "one", 1, "bold") == "one bold"


def test_the_time_that_is_copied_is_the_readers(visit: Visit, bob: Visitor) -> None:  # behaviour 28, 33
    shown = bob.page.locator("#message-1 .message__time").inner_text()
    bob.page.evaluate(SELECT, [1, "one", 2, "paragraphs"])
    bob.page.keyboard.press("ControlOrMeta+c")
    assert bob.page.evaluate("() => navigator.clipboard.readText()").startswith(f"Alice [{shown}]: one bold word\n")
