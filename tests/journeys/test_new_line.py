"""Where a room opens, and the line "New": it stands where it was on entering."""

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.conftest import NewRoom, SignIn, Visit
from tests.journeys.line import Line
from tests.journeys.people import AWAY, SCRIPT_NOT_RUN, Visitor
from tests.journeys.protocol import Client

pytestmark = pytest.mark.journey

# How far down the log the top of a line stands: 0 is its upper edge, 1 its lower one.
HEIGHT_OF = """line => {
  const log = line.closest(".log").getBoundingClientRect();
  return (line.getBoundingClientRect().top - log.top) / log.height;
}"""
WHAT_STANDS_AFTER = "line => line.nextElementSibling.id"
COLOUR = "line => getComputedStyle(line).backgroundColor"
ENDED = "line => Promise.all(line.getAnimations().map((each) => { each.finish(); return each.finished; }))"


@pytest.fixture
def alice(sign_in: SignIn) -> Client:
    return sign_in("Alice")


@pytest.fixture
def room_id(new_room: NewRoom) -> int:
    return new_room()


def said(alice: Client, room_id: int, first: int, last: int) -> None:
    """Alice says `message 1` and so on, each of two paragraphs."""
    with alice.connect() as socket:
        for number in range(first, last + 1):
            socket.post(room_id, f"message {number}\n\nof two paragraphs")


def read(person: Client, room_id: int, number: int) -> None:
    assert person.post(f"/rooms/{room_id}/read", {"number": number}).status == 200


def new_line(visitor: Visitor) -> Locator:
    return visitor.page.locator(".unread-line")


def assert_it_stands_before(visitor: Visitor, number: int) -> None:
    assert new_line(visitor).evaluate(WHAT_STANDS_AFTER) == f"message-{number}"


def test_a_room_opens_at_the_first_unread_line_a_third_from_the_top(
    visit: Visit, sign_in: SignIn, alice: Client, room_id: int
) -> None:  # behaviour 21, 22
    said(alice, room_id, 1, 40)
    read(sign_in("Bob"), room_id, 10)
    bob = visit("Bob")
    bob.open_room(room_id)
    expect(new_line(bob)).to_have_text("New")
    expect(new_line(bob)).to_be_in_viewport()
    assert_it_stands_before(bob, 11)
    assert 0.25 < new_line(bob).evaluate(HEIGHT_OF) < 0.4
    expect(bob.page.get_by_role("button", name="New messages: 30")).to_be_visible()
    expect(bob.page.locator("#message-11")).not_to_have_class("message--continued")  # behaviour 31

    bob.page.get_by_role("button", name="New messages: 30").click()
    expect(bob.page.locator("#message-40")).to_be_in_viewport()
    expect(bob.page.locator(".log__jump")).to_be_hidden()


def test_the_line_stays_while_one_reads_and_is_gone_when_one_comes_back(
    visit: Visit, alice: Client, room_id: int
) -> None:  # behaviour 22
    said(alice, room_id, 1, 3)
    bob = visit("Bob")
    bob.open_room(room_id)
    assert_it_stands_before(bob, 1)
    said(alice, room_id, 4, 5)
    bob.say("his own")
    expect(bob.line("his own")).to_be_visible()
    expect(new_line(bob)).to_have_count(1)
    assert_it_stands_before(bob, 1)

    bob.open_room(room_id)
    expect(new_line(bob)).to_have_count(0)
    said(alice, room_id, 7, 7)
    expect(bob.page.locator("#message-7")).to_be_visible()  # it comes while he is there
    expect(new_line(bob)).to_have_count(0)


def test_what_comes_while_the_page_loads_was_unread_on_entering(visit: Visit, alice: Client, room_id: int) -> None:
    bob = visit("Bob")
    bob.allow(AWAY)
    line = Line(bob.page)
    line.cut()
    bob.goto(f"/rooms/{room_id}")
    said(alice, room_id, 1, 40)
    line.mend()
    bob.wait_until_live()
    assert_it_stands_before(bob, 1)
    expect(new_line(bob)).to_be_in_viewport()


def test_coming_back_to_a_connection_is_no_entering(visit: Visit, alice: Client, room_id: int) -> None:
    bob = visit("Bob")
    bob.allow(AWAY)
    line = Line(bob.page)
    bob.open_room(room_id)
    said(alice, room_id, 1, 1)
    expect(bob.page.locator("#message-1")).to_be_visible()
    line.cut()
    bob.eventually(lambda: bob.worker == 0, "the connection is gone")
    line.mend()
    bob.wait_until_live()
    said(alice, room_id, 2, 2)
    expect(bob.page.locator("#message-2")).to_be_visible()
    expect(new_line(bob)).to_have_count(0)


def test_more_than_a_page_unread_opens_around_the_first_of_them(
    visit: Visit, sign_in: SignIn, alice: Client, room_id: int
) -> None:  # behaviour 21, 23
    said(alice, room_id, 1, 120)
    read(sign_in("Bob"), room_id, 20)
    bob = visit("Bob")
    bob.open_room(room_id)
    assert_it_stands_before(bob, 21)
    expect(new_line(bob)).to_be_in_viewport()
    assert 0.25 < new_line(bob).evaluate(HEIGHT_OF) < 0.4
    assert bob.lines.count() < 60
    jump = bob.page.get_by_role("button", name="New messages: 100")
    expect(jump).to_be_visible()
    assert {room["id"]: room["unread"] for room in sign_in("Bob").get("/rooms").json["rooms"]}[room_id] == 100

    jump.click()
    expect(bob.page.locator("#message-120")).to_be_in_viewport()
    expect(bob.page.locator(".log__jump")).to_be_hidden()
    expect(new_line(bob)).to_have_count(0)  # it stands further up


def test_marking_unread_puts_the_line_there_and_ones_own_never_have_one(
    visit: Visit, alice: Client, room_id: int
) -> None:  # behaviour 22
    bob = visit("Bob")
    bob.open_room(room_id)
    bob.say("his own")
    said(alice, room_id, 2, 4)
    expect(bob.page.locator("#message-4")).to_be_visible()
    expect(new_line(bob)).to_have_count(0)
    bob.page.locator("#message-3").hover()
    bob.page.locator("#message-3").get_by_role("button", name="Mark unread from here").click()
    assert_it_stands_before(bob, 3)


def test_a_permalink_is_marked_and_the_mark_fades(visit: Visit, alice: Client, room_id: int) -> None:  # behaviour 21
    said(alice, room_id, 1, 30)
    bob = visit("Bob", reduced_motion="no-preference")
    bob.goto(f"/rooms/{room_id}/messages/5")
    line = bob.page.locator("#message-5")
    expect(line).to_be_in_viewport()
    marked, plain = line.evaluate(COLOUR), bob.page.locator("#message-7").evaluate(COLOUR)
    assert marked != plain
    line.evaluate(ENDED)
    assert line.evaluate(COLOUR) == plain


def test_with_reduced_motion_the_mark_of_a_permalink_stands_still(visit: Visit, alice: Client, room_id: int) -> None:
    said(alice, room_id, 1, 30)
    bob = visit("Bob", reduced_motion="reduce")
    bob.goto(f"/rooms/{room_id}/messages/5")
    assert bob.page.locator("#message-5").evaluate("line => line.getAnimations().length") == 0
    assert bob.page.locator("#message-5").evaluate(COLOUR) != bob.page.locator("#message-7").evaluate(COLOUR)


def test_without_a_script_the_line_is_there_and_a_way_to_the_newest(
    visit: Visit, sign_in: SignIn, alice: Client, room_id: int
) -> None:
    said(alice, room_id, 1, 120)
    read(sign_in("Bob"), room_id, 20)
    bob = visit("Bob", java_script_enabled=False, locale="ko-KR")
    bob.allow(SCRIPT_NOT_RUN)
    bob.goto(f"/rooms/{room_id}")
    expect(new_line(bob)).to_have_text("새 메시지")
    bob.page.locator("[data-slot=newer] a").last.click()
    expect(bob.page.locator("#message-120")).to_be_visible()
