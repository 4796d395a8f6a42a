"""How one's own message looks while it is on its way."""

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.conftest import NewRoom, Visit
from tests.journeys.line import Line
from tests.journeys.long_room import fill_room
from tests.journeys.people import AWAY, Visitor
from tests.journeys.server import Server
from tests.journeys.unsent import POSTS, Wire

pytestmark = pytest.mark.journey

FADED = 0.9  # of its text, and below
WORD_MS = 2_000  # static/js/helpers/pending_list.js
LIMIT_MS = 10_000
OPACITY = "body => Number(getComputedStyle(body).opacity)"
NO_CONNECTION, NO_ANSWER = "There is no connection to the server.", "The server has not answered yet."
KNOCK_MS = 1500  # static/js/room/outbox.js: the longest before the first try that follows


def test_it_is_dimmed_at_once_then_said_to_be_sending_then_not_sent_yet(
    bob: Visitor, room_id: int
) -> None:  # behaviour 14
    wire = Wire(bob)
    wire.loses_posts = True  # also by HTTP, which comes to help after the wait for an ack
    bob.own_the_clock()
    bob.open_room(room_id)
    bob.say("on its way")
    retry = bob.pending.get_by_role("button", name="Retry")
    state, body = bob.pending.locator("[data-slot=state]"), bob.pending.locator(".message__body")
    expect(body).to_have_text("on its way")
    assert body.evaluate(OPACITY) < FADED
    expect(state).to_have_text("")
    expect(retry).to_be_hidden()

    bob.let_pass(WORD_MS)
    expect(state).to_have_text("sending …")
    expect(retry).to_be_hidden()
    bob.let_pass(LIMIT_MS - WORD_MS)
    expect(state).to_have_text("not sent yet")
    expect(retry).to_be_visible()
    expect(reason_of(bob)).to_have_text(NO_CONNECTION)
    assert body.evaluate(OPACITY) < FADED

    wire.loses_posts = False
    retry.click()
    expect(bob.line("on its way")).to_be_visible()
    expect(bob.pending).to_have_count(0)
    assert bob.lines.locator(".message__body").evaluate(OPACITY) == 1


def reason_of(visitor: Visitor) -> Locator:
    """What is said beside the buttons of the one that waits."""
    return visitor.pending.get_by_role("group").locator("[data-slot=reason]")


@pytest.mark.parametrize("locale", ["en-GB", "ko-KR"])
def test_what_waits_says_that_there_is_no_connection(visit: Visit, room_id: int, locale: str) -> None:
    bob = visit("Bob", locale=locale)  # behaviour 14
    bob.allow(AWAY)
    line = Line(bob.page)
    bob.own_the_clock()
    bob.open_room(room_id)
    bob.context.set_offline(True)
    line.cut()
    bob.say("written on a train")
    expect(bob.pending).to_have_count(1)
    bob.let_pass(LIMIT_MS)
    words = {"en-GB": NO_CONNECTION, "ko-KR": "서버에 연결되어 있지 않습니다."}
    expect(reason_of(bob)).to_have_text(words[locale])
    expect(reason_of(bob)).to_be_visible()

    line.mend()
    bob.context.set_offline(False)
    expect(bob.line("written on a train")).to_be_visible()
    expect(bob.pending).to_have_count(0)


def test_what_waits_says_that_nobody_has_answered(bob: Visitor, room_id: int) -> None:  # behaviour 14
    line = Line(bob.page)
    bob.own_the_clock()
    bob.open_room(room_id)
    bob.page.route(POSTS, lambda _: None)
    line.silence()
    bob.say("into the void")
    expect(bob.pending).to_have_count(1)
    bob.let_pass(LIMIT_MS)
    expect(reason_of(bob)).to_have_text(NO_ANSWER)
    expect(reason_of(bob)).to_be_visible()
    line.mend()


def test_a_tab_that_only_looks_on_gives_no_reason_of_its_own(bob: Visitor, room_id: int) -> None:
    line = Line(bob.page)
    bob.open_room(room_id)
    here, there = bob.page, bob.context.new_page()
    bob.page = there
    bob.own_the_clock()
    bob.open_room(room_id)
    line.silence()
    here.route(POSTS, lambda _: None)
    bob.page = here
    bob.say("sent by the other tab")
    bob.page = there
    expect(bob.pending).to_have_count(1)
    bob.let_pass(LIMIT_MS)
    expect(bob.pending.locator("[data-slot=state]")).to_have_text("not sent yet")
    expect(reason_of(bob)).to_have_text("")  # what the server said to the other tab is not known here


def test_another_reason_takes_nobody_away_from_what_they_read(
    bob: Visitor, server: Server, new_room: NewRoom, ids: dict[str, int]
) -> None:
    room_id = new_room()
    fill_room(server, room_id, [ids["Alice"]], 60)
    wire = Wire(bob)
    wire.loses_posts = True
    bob.open_room(room_id)
    bob.stop_the_clock()
    for text in ("one", "two"):
        bob.say(text)
    expect(bob.pending).to_have_count(2)
    bob.page.locator(".log").evaluate("log => { log.scrollTop = -400; }")

    bob.page.clock.run_for(LIMIT_MS)  # no ack has come, and HTTP fails at once
    expect(reason_of(bob)).to_have_text([NO_CONNECTION, NO_CONNECTION])
    assert bob.page.locator(".log").evaluate("log => log.scrollTop") < -300
    wire.loses_posts = False
    bob.page.clock.run_for(KNOCK_MS)
    expect(bob.pending).to_have_count(0)
