"""How one's own message looks while it is on its way."""

import pytest
from playwright.sync_api import expect

from tests.journeys.people import Visitor
from tests.journeys.unsent import Wire

pytestmark = pytest.mark.journey

FADED = 0.9  # of its text, and below
WORD_MS = 2_000  # static/js/helpers/pending_list.js
LIMIT_MS = 10_000
OPACITY = "body => Number(getComputedStyle(body).opacity)"


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
    assert body.evaluate(OPACITY) < FADED

    wire.loses_posts = False
    retry.click()
    expect(bob.line("on its way")).to_be_visible()
    expect(bob.pending).to_have_count(0)
    assert bob.lines.locator(".message__body").evaluate(OPACITY) == 1
