"""What a message looks like: coloured code and its button, a few emoji, a very tall one, and nothing too wide."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.conftest import NewRoom, SignIn, Visit
from tests.journeys.people import SCRIPT_NOT_RUN, Visitor
from tests.journeys.test_keyboard_and_a11y import WIDE_THINGS, WIDER_THAN_THE_SCREEN

pytestmark = pytest.mark.journey

CODE = "def greet(name):\n    return name  # say it\n"
TALL = "\n\n".join(f"paragraph {number}" for number in range(40)) + "\n\nthe [needle](https://a.example) at the end"
ZALGO = "Z" + "\u0321\u0352\u0363\u0336\u0489" * 60 + "algo " + "\u0e49" * 200
NASTY = [
    *WIDE_THINGS,
    ZALGO,
    "한" * 300,
    "\u202e" + "turned " * 60,
    "\u0645\u0631\u062d\u0628\u0627 " * 60,
    "\U0001f1f0\U0001f1f7" * 5,
    "```python\n" + "x = '" + "y" * 600 + "'\n```",
    "`" + "inline" * 100 + "`",
    "- `" + "a" * 200 + "`\n  > " + "b" * 200,
    "| a |\n|---|\n| " + "c" * 400 + " |",
]
HEIGHT = "body => body.offsetHeight"
FOLDED = 24 * 16  # --fold-height
FITS = """() => [document.documentElement, document.querySelector(".log")]
  .every((box) => box.scrollWidth <= box.clientWidth)"""
Say = Callable[..., int]


@pytest.fixture
def said(new_room: NewRoom, sign_in: SignIn) -> Say:
    """`said(*texts)`: a room in which Alice said these; its id."""

    def say(*texts: str) -> int:
        room_id = new_room()
        with sign_in("Alice").connect() as alice:
            for text in texts:
                alice.post(room_id, text)
        return room_id

    return say


def fold_of(visitor: Visitor) -> Locator:
    return visitor.page.locator(".message__fold")


def height_of(visitor: Visitor, number: int) -> int:
    """The height of a message's text."""
    return int(body_of(visitor, number).evaluate(HEIGHT))


def body_of(visitor: Visitor, number: int) -> Locator:
    return visitor.page.locator(f"#message-{number} .message__body")


def top_of(element: Locator) -> float:
    box = element.bounding_box()
    assert box
    return box["y"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_code_has_colours(visit: Visit, said: Say, scheme: str) -> None:  # behaviour 36
    bob = visit("Bob", color_scheme=scheme)
    bob.open_room(said(f"```python\n{CODE}```"))
    colour = "part => getComputedStyle(part).color"
    parts = {bob.page.locator(f".code-{name}").first.evaluate(colour) for name in ("keyword", "name", "comment")}
    parts.add(bob.page.locator(".prose pre").evaluate(colour))
    assert len(parts) == 4


def test_the_button_beside_code_copies_it(visit: Visit, said: Say) -> None:  # behaviour 36
    bob = visit("Bob", permissions=["clipboard-read", "clipboard-write"])
    bob.open_room(said(f"before\n```python\n{CODE}```\nafter"))
    bob.page.locator(".code-block").hover()
    bob.page.get_by_role("button", name="Copy code").click()
    expect(bob.page.get_by_role("status").filter(has_text="Copied")).to_be_visible()
    assert bob.page.evaluate("() => navigator.clipboard.readText()") == CODE

    bob.box.focus()
    expect(bob.page.locator(".code-block__said")).to_be_empty()
    assert bob.bodies.first.evaluate("body => body.textContent.replace(/\\s+/g, ' ').trim()") == (
        "before def greet(name): return name # say it after"
    )


def test_the_button_beside_code_is_reached_by_the_keyboard_and_large_enough(visit: Visit, said: Say) -> None:
    bob = visit("Bob", permissions=["clipboard-read", "clipboard-write"])
    bob.open_room(said(f"```python\n{CODE}```"))
    bob.page.locator(".message__link").focus()
    for _ in ("the code, which scrolls", "its button"):
        bob.page.keyboard.press("Tab")
    button = bob.page.get_by_role("button", name="Copy code")
    expect(button).to_be_focused()
    expect(button).to_have_css("opacity", "1")
    box = button.bounding_box()
    assert box
    assert min(box["width"], box["height"]) >= 24
    bob.page.keyboard.press("Enter")
    expect(bob.page.get_by_role("status").filter(has_text="Copied")).to_be_visible()


def test_the_button_beside_code_is_not_under_those_of_the_message(visit: Visit, said: Say) -> None:
    bob = visit("Bob")
    bob.open_room(said("first", "```py\nshort\n```"))
    bob.page.locator("#message-2 .code-block").hover()
    copy, actions = bob.page.locator(".code-block__copy"), bob.page.locator(".message-actions")
    expect(actions).to_be_visible()
    box = actions.bounding_box()
    assert box
    assert top_of(copy) >= box["y"] + box["height"]


def test_every_line_of_a_group_is_as_wide_as_its_first(visit: Visit, said: Say) -> None:
    bob = visit("Bob")
    bob.open_room(said("first", "second"))
    assert len(set(bob.bodies.evaluate_all("bodies => bodies.map(body => body.getBoundingClientRect().right)"))) == 1


def test_a_code_block_that_arrives_or_changes_has_its_button(visit: Visit, said: Say, sign_in: SignIn) -> None:
    room_id = said("nothing yet")
    bob = visit("Bob")
    bob.open_room(room_id)
    alice = sign_in("Alice")
    with alice.connect() as socket:
        socket.post(room_id, f"```py\n{CODE}```")
    expect(bob.page.locator(".code-block__copy")).to_have_count(1)
    message_id = bob.lines.first.get_attribute("data-message-id")
    assert alice.post(f"/messages/{message_id}/edit", {"body": f"```py\n{CODE}```"}).status == 200
    expect(bob.page.locator(".code-block__copy")).to_have_count(2)


def test_a_few_emoji_are_larger_also_when_they_arrive(visit: Visit, said: Say) -> None:  # behaviour 37
    bob = visit("Bob")
    bob.open_room(said("\U0001f469\U0001f3fd\u200d\U0001f4bb \U0001f1f0\U0001f1f7", "1 2 3"))
    bob.say("\U0001f44d\U0001f3fd")
    expect(bob.lines).to_have_count(3)
    sizes = [body.locator("p").evaluate("p => parseFloat(getComputedStyle(p).fontSize)") for body in bob.bodies.all()]
    assert sizes[0] == sizes[2] >= 2 * sizes[1]


def test_a_very_tall_message_is_folded_and_opens_in_its_place(visit: Visit, said: Say) -> None:  # behaviour 35
    bob = visit("Bob")
    bob.open_room(said("short", TALL, "last"))
    assert height_of(bob, 2) == FOLDED
    expect(fold_of(bob)).to_have_count(1)
    expect(fold_of(bob)).to_have_text("Show more")
    fold_of(bob).focus()  # which brings it into sight
    before = top_of(body_of(bob, 2))

    bob.page.keyboard.press("Enter")
    expect(fold_of(bob)).to_have_text("Show less")
    assert height_of(bob, 2) > 2 * FOLDED
    assert abs(top_of(body_of(bob, 2)) - before) < 1

    fold_of(bob).scroll_into_view_if_needed()
    before = top_of(fold_of(bob))
    fold_of(bob).click()
    assert height_of(bob, 2) == FOLDED
    assert abs(top_of(fold_of(bob)) - before) < 1 or bob.page.locator(".log").evaluate("log => log.scrollTop") == 0


def test_what_is_looked_for_in_a_fold_is_brought_into_sight_and_opens_it(visit: Visit, said: Say) -> None:
    # behaviour 28, 35: finding in the page cannot be driven from here; it scrolls to what it found, as this does.
    bob = visit("Bob")
    bob.open_room(said(TALL, "last"))
    assert height_of(bob, 1) == FOLDED
    bob.page.get_by_text("needle").evaluate("needle => needle.scrollIntoView({ block: 'nearest' })")
    expect(fold_of(bob)).to_have_text("Show less")
    expect(bob.page.get_by_text("needle")).to_be_in_viewport()


def test_what_gets_the_focus_opens_its_fold(visit: Visit, said: Say) -> None:
    bob = visit("Bob")
    bob.open_room(said(TALL, "last"))
    bob.page.locator("#message-1 .message__link").focus()
    bob.page.keyboard.press("Tab")
    expect(bob.page.get_by_role("link", name="needle")).to_be_focused()
    expect(fold_of(bob)).to_have_text("Show less")
    expect(bob.page.get_by_role("link", name="needle")).to_be_in_viewport()


def test_who_follows_a_link_to_a_tall_message_sees_all_of_it(visit: Visit, said: Say) -> None:
    bob = visit("Bob")
    bob.goto(f"/rooms/{said(TALL, TALL)}/messages/1")
    bob.wait_until_live()
    expect(fold_of(bob)).to_have_text(["Show less", "Show more"])
    assert height_of(bob, 1) > 2 * FOLDED
    assert height_of(bob, 2) == FOLDED


def test_what_was_opened_stays_open_when_the_message_changes(visit: Visit, said: Say, sign_in: SignIn) -> None:
    bob = visit("Bob")
    bob.open_room(said(TALL))
    fold_of(bob).click()
    message_id = bob.lines.first.get_attribute("data-message-id")
    alice = sign_in("Alice")
    assert alice.post(f"/messages/{message_id}/edit", {"body": f"changed\n\n{TALL}"}).status == 200
    expect(bob.page.get_by_text("changed")).to_be_attached()
    expect(fold_of(bob)).to_have_text("Show less")
    assert alice.post(f"/messages/{message_id}/edit", {"body": "short now"}).status == 200
    expect(bob.line("short now")).to_be_visible()
    expect(fold_of(bob)).to_have_count(0)


def test_what_stands_in_a_selection_is_not_folded(visit: Visit, said: Say, sign_in: SignIn) -> None:
    bob = visit("Bob")
    bob.open_room(said("from here", "short", "to here"))
    body_of(bob, 1).evaluate(
        "body => getSelection().setBaseAndExtent(body, 0, document.querySelector('#message-3 p'), 1)"
    )
    message_id = bob.page.locator("#message-2").get_attribute("data-message-id")
    assert sign_in("Alice").post(f"/messages/{message_id}/edit", {"body": TALL}).status == 200
    expect(fold_of(bob)).to_have_text("Show less")
    assert height_of(bob, 2) > 2 * FOLDED


def test_on_paper_and_without_a_script_nothing_is_folded(visit: Visit, said: Say) -> None:
    room_id = said(f"{TALL}\n```py\n{CODE}```")
    bob = visit("Bob")
    bob.open_room(room_id)
    assert height_of(bob, 1) == FOLDED
    bob.page.emulate_media(media="print")
    assert height_of(bob, 1) > 2 * FOLDED
    expect(fold_of(bob)).to_be_hidden()

    alice = visit("Alice", java_script_enabled=False)
    alice.allow(SCRIPT_NOT_RUN)
    alice.goto(f"/rooms/{room_id}")
    box = body_of(alice, 1).bounding_box()
    assert box
    assert box["height"] > 2 * FOLDED
    expect(fold_of(alice)).to_have_count(0)
    expect(alice.page.locator(".code-block__copy")).to_have_count(0)


def test_who_reads_korean_gets_korean_words_for_it(visit: Visit, said: Say) -> None:
    bob = visit("Bob", locale="ko-KR")
    bob.open_room(said(TALL, f"```py\n{CODE}```"))
    fold_of(bob).click()
    expect(fold_of(bob)).to_have_text("접기")
    expect(bob.page.get_by_role("button", name="코드 복사")).to_have_count(1)


@pytest.mark.parametrize("width", [320, 820, 1280, 1920])
def test_no_text_widens_the_page(visit: Visit, said: Say, width: int) -> None:  # behaviour 34, 35
    bob = visit("Bob", viewport={"width": width, "height": 720})
    bob.open_room(said(*NASTY))
    assert bob.page.evaluate(FITS)
    assert bob.page.evaluate(WIDER_THAN_THE_SCREEN) == []


def test_a_tower_of_marks_stays_in_its_own_message(visit: Visit, said: Say) -> None:  # behaviour 35
    bob = visit("Bob")
    bob.open_room(said("above", ZALGO, "below"))
    body = body_of(bob, 2)
    # How high the marks stand is up to the fonts of a machine, so not their picture is looked at.
    expect(body).to_have_css("overflow", "clip")
    margin = body.evaluate("body => parseFloat(getComputedStyle(body).overflowClipMargin)")
    line = body.evaluate("body => parseFloat(getComputedStyle(body).lineHeight)")
    assert 0 <= margin < line / 2  # an accent may stand out of its line, and not reach the letters of the next


def test_text_and_names_choose_their_own_direction(visit: Visit, said: Say) -> None:  # behaviour 41
    bob = visit("Bob")
    bob.open_room(said("\u0645\u0631\u062d\u0628\u0627\n\nhello"))
    directions = "parts => parts.map(part => getComputedStyle(part).direction)"
    assert bob.bodies.first.locator("p").evaluate_all(directions) == ["rtl", "ltr"]
    bob.box.fill("\u0645\u0631\u062d\u0628\u0627")
    expect(bob.box).to_have_css("direction", "rtl")
    names = bob.page.locator(".message__author")
    assert set(names.evaluate_all("names => names.map(name => name.localName)")) == {"bdi"}
    expect(bob.page.locator("#composer-body")).to_have_attribute("dir", re.compile("^auto$"))
