"""Alice and Bob talk, in two browsers on two different workers."""

import re
import statistics
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import NewRoom, Said, SignIn, Visit
from tests.journeys.people import AWAY, Visitor
from tests.journeys.server import Server

pytestmark = pytest.mark.journey

PAGE = 50
CLICKED = """() => document.querySelector(".composer").addEventListener(
    "submit", () => { window.clickedAt = Date.now(); }, { capture: true })"""
# The moment in which a line stands in the page, by the page's own clock: ours would also measure this test.
SEEN = """() => {
  window.seenAt = {};
  const look = () => {
    for (const body of document.querySelectorAll("[data-slot=messages] .message__body"))
      window.seenAt[body.textContent.trim()] ??= Date.now();
  };
  new MutationObserver(look).observe(document.querySelector("[data-slot=messages]"), { childList: true });
}"""
# In one breath: the next page may come at any moment after the scroll.
SCROLL_AND_MEASURE = """text => {
  document.querySelector(".log").scrollTop = -1e6;
  const bodies = [...document.querySelectorAll("[data-slot=messages] .message__body")];
  return bodies.find((body) => body.textContent.trim() === text).closest(".message").getBoundingClientRect().top;
}"""
STRANGE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[click](javascript:alert(1))",
    '"><svg onload=alert(1)>',
    "<a href='javascript:alert(1)'>click</a>",
    "{{ 7 * 7 }} ${7 * 7}",
]


@pytest.fixture
def talk(visit: Visit, new_room: NewRoom) -> tuple[Visitor, Visitor, int]:
    """Alice on worker 1 and Bob on worker 2, in one room."""
    alice, bob, room_id = visit("Alice"), visit("Bob"), new_room()
    alice.open_room(room_id, worker=1)
    bob.open_room(room_id, worker=2)
    return alice, bob, room_id


Talk = tuple[Visitor, Visitor, int]


def test_each_sees_what_the_other_says_within_a_second(
    talk: Talk, record_property: Callable[[str, object], None]
) -> None:
    alice, bob, _ = talk
    for visitor in (alice, bob):
        visitor.page.evaluate(CLICKED)
        visitor.page.evaluate(SEEN)

    delays = [
        delay_ms(writer, reader, f"{writer.name} says {turn}")
        for turn in range(5)
        for writer, reader in ((alice, bob), (bob, alice))
    ]

    record_property("delay_p50_ms", statistics.median(delays))
    assert max(delays) < 1000, delays


def delay_ms(writer: Visitor, reader: Visitor, text: str) -> int:
    """From the click on "Send" to the line on the other's page."""
    writer.box.fill(text)
    writer.page.get_by_role("button", name="Send").click()
    expect(reader.line(text)).to_be_visible()
    seen: int = reader.page.evaluate("text => window.seenAt[text]", text)
    clicked: int = writer.page.evaluate("() => window.clickedAt")
    return seen - clicked


def test_both_see_one_order_and_a_reload_keeps_it(talk: Talk) -> None:  # behaviour 16
    alice, bob, _ = talk
    for turn in range(6):
        alice.say(f"Alice {turn}")
        bob.say(f"Bob {turn}")
    for visitor in (alice, bob):
        expect(visitor.lines).to_have_count(12)

    order = alice.bodies.all_inner_texts()
    assert bob.bodies.all_inner_texts() == order
    assert [text for text in order if text.startswith("Bob")] == [f"Bob {turn}" for turn in range(6)]

    for visitor in (alice, bob):
        visitor.page.reload()
        assert visitor.bodies.all_inner_texts() == order
        expect(visitor.pending).to_have_count(0)


def test_markdown_becomes_formatted_text_live_and_after_a_reload(talk: Talk) -> None:
    alice, bob, _ = talk
    alice.say("**bold** and `code`, see https://example.org/a_(b).")
    bold, code, link = (bob.bodies.locator(tag) for tag in ("strong", "code", "a"))

    for _ in ("live", "after a reload"):
        expect(bold).to_have_text("bold")
        expect(code).to_have_text("code")
        expect(link).to_have_attribute("href", "https://example.org/a_(b)")
        assert "noopener" in (link.get_attribute("rel") or "")
        bob.page.reload()


def test_what_looks_like_a_script_stays_text(talk: Talk) -> None:
    alice, bob, _ = talk
    for text in STRANGE:
        alice.say(text)
    # A dialog, or a request for what stands in there, would fail this journey.
    for _ in ("live", "after a reload"):
        expect(bob.lines).to_have_count(len(STRANGE))
        assert bob.bodies.locator("script, img, svg, a[href^=javascript]").count() == 0
        assert bob.bodies.all_inner_texts()[:2] == STRANGE[:2]
        assert "49" not in bob.bodies.all_inner_texts()[-1]
        bob.page.reload()


def test_a_message_survives_a_restart_and_open_pages_come_back(talk: Talk, server: Server) -> None:
    alice, bob, _ = talk
    alice.allow(AWAY)
    bob.allow(AWAY)
    alice.say("before the restart")
    expect(bob.line("before the restart")).to_be_visible()

    server.restart()

    alice.say("after the restart")
    expect(bob.line("after the restart")).to_be_visible()
    bob.page.reload()
    assert bob.bodies.all_inner_texts() == ["before the restart", "after the restart"]


@pytest.fixture
def long_room(new_room: NewRoom, sign_in: SignIn) -> int:
    """A room of Alice and Bob in which 130 messages stand, in turns, so that each takes its own two lines."""
    room_id = new_room()
    with sign_in("Alice").connect() as alice, sign_in("Bob").connect() as bob:
        for number in range(1, 131):
            (alice if number % 2 else bob).post(room_id, f"message {number}")
    return room_id


def test_the_newest_fifty_stand_there_and_older_ones_come_by_scrolling(visit: Visit, long_room: int) -> None:
    bob = visit("Bob")
    bob.open_room(long_room)
    assert bob.bodies.all_inner_texts() == [f"message {number}" for number in range(81, 131)]
    expect(bob.line("message 130")).to_be_in_viewport()

    while (shown := bob.lines.count()) < 130:
        scroll_to_oldest(bob)
        expect(bob.lines).not_to_have_count(shown)

    assert bob.bodies.all_inner_texts() == [f"message {number}" for number in range(1, 131)]
    expect(bob.page.locator("[data-slot=older]")).to_be_hidden()


def scroll_to_oldest(visitor: Visitor) -> None:
    """Bring the oldest line into sight."""
    visitor.page.locator(".log").evaluate("log => { log.scrollTop = -1e6; }")


def test_the_line_under_the_eye_stays_where_it_is_while_older_ones_come(visit: Visit, long_room: int) -> None:
    # behaviour 24
    bob = visit("Bob")
    bob.open_room(long_room)
    read = bob.line("message 84")

    before = bob.page.evaluate(SCROLL_AND_MEASURE, "message 84")
    expect(bob.line("message 31")).to_be_attached()
    after = read.bounding_box()

    assert after
    assert abs(before - after["y"]) < 1


def test_a_permalink_opens_in_the_middle_with_history_on_both_sides(visit: Visit, long_room: int) -> None:
    # behaviour 21
    bob = visit("Bob")
    bob.goto(f"/rooms/{long_room}/messages/60")
    bob.wait_until_live()
    line = bob.page.locator(":target")

    expect(line.locator(".message__body")).to_have_text("message 60")
    box, log = line.bounding_box(), bob.page.locator(".log").bounding_box()
    assert box
    assert log
    assert 0.2 < (box["y"] - log["y"]) / log["height"] < 0.8
    expect(bob.line("message 59")).to_be_in_viewport()
    expect(bob.line("message 61")).to_be_in_viewport()
    expect(bob.page.get_by_role("link", name="Newer messages")).to_be_attached()


@pytest.mark.parametrize(
    ("locale", "clock"),
    [("en-GB", r"^\d\d:\d\d$"), ("en-US", r"^\d{1,2}:\d\d\s[AP]M$"), ("ko-KR", r"^오[전후] \d{1,2}:\d\d$")],
)
def test_times_are_told_as_the_reader_tells_them(visit: Visit, new_room: NewRoom, locale: str, clock: str) -> None:
    # behaviour 33
    bob = visit("Bob", locale=locale)
    bob.open_room(new_room())
    bob.say("what time is it?")

    expect(bob.lines.locator(".message__time")).to_have_text(re.compile(clock))  # behaviour 33


def test_earlier_versions_tell_the_readers_time_too(visit: Visit, said: Said) -> None:  # behaviour 33
    bob = visit("Bob")
    bob.goto(f"/rooms/{said(('Bob', 'what time is it?'))}/messages/1/edits")

    expect(bob.page.locator(".message__time")).to_have_text(re.compile(r"^\d{1,2} \w+ \d{4}, \d\d:\d\d$"))


# A page that has loaded slowly: its socket is still connecting when `pageshow` comes.
SHOWN_WHILE_CONNECTING = """() => {
  const Native = WebSocket;
  window.connections = 0;
  window.WebSocket = class extends Native {
    constructor(...address) {
      super(...address);
      window.connections += 1;
      if (window.connections === 1) window.dispatchEvent(new PageTransitionEvent("pageshow"));
    }
  };
}"""


def test_a_page_that_loads_slowly_keeps_its_first_connection(visit: Visit, new_room: NewRoom) -> None:
    bob = visit("Bob")
    bob.page.add_init_script(f"({SHOWN_WHILE_CONNECTING})()")
    bob.open_room(new_room())

    assert bob.page.evaluate("() => window.connections") == 1
