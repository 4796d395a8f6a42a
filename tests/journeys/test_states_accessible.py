"""What one is writing, what is on its way and what is new: looked at by axe-core in every look."""

from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.accessible import violations
from tests.journeys.conftest import NewRoom, SignIn, Visit
from tests.journeys.people import AWAY, Visitor
from tests.journeys.test_accessible import LOOKS
from tests.journeys.test_composer import MAX_CHARS
from tests.journeys.test_outbox import kill_tab
from tests.journeys.test_trouble_accessible import Findings
from tests.journeys.unsent import Wire

pytestmark = pytest.mark.journey

SCREENS_FULL = 40  # messages
SENDING_MS = 2_000  # static/js/helpers/pending_list.js
LIMIT_MS = 10_000
TOO_LONG = "word " * (MAX_CHARS // 5 + 1)


@pytest.fixture(params=LOOKS)
def look(request: pytest.FixtureRequest) -> dict[str, Any]:
    """How a browser shows pages."""
    return LOOKS[request.param]


def talk(sign_in: SignIn, room_id: int, count: int) -> None:
    """Bob says so much."""
    with sign_in("Bob").connect() as bob:
        for number in range(count):
            bob.post(room_id, f"message {number}\n\nof two paragraphs")


def edit(visitor: Visitor, number: int) -> Locator:
    """The box in which this message is changed from here on."""
    visitor.point_at(number).locator("[data-do=edit]").click()
    box = visitor.page.locator(".edit-box textarea")
    expect(box).to_be_focused()
    return box


def test_what_one_writes_has_no_violation(visit: Visit, room_id: int, sign_in: SignIn, look: dict[str, Any]) -> None:
    talk(sign_in, room_id, 1)
    alice = visit("Alice", **look)
    found = Findings(alice)
    alice.open_room(room_id)
    alice.point_at(1).locator("[data-do=reply]").click()
    alice.say("an answer")
    expect(alice.line("an answer").locator(".quote")).to_be_visible()
    box = edit(alice, 2)
    found.look_at("editing an answer")
    box.fill(TOO_LONG)
    box.press("Control+Enter")
    expect(alice.page.locator(".edit-box__error")).not_to_be_empty()
    found.look_at("an edit over the limit")
    box.press("Escape")
    alice.box.fill(TOO_LONG)
    found.look_at("over the limit")
    alice.box.press("Control+Enter")
    expect(alice.page.locator(".composer__error")).not_to_be_empty()
    found.look_at("refused for it")
    assert found.all == []


def test_what_is_on_its_way_has_no_violation(visit: Visit, room_id: int, look: dict[str, Any]) -> None:
    bob = visit("Bob", **look)
    bob.allow(AWAY)
    wire, found = Wire(bob), Findings(bob)
    wire.loses_posts = True
    bob.own_the_clock()
    bob.open_room(room_id)
    bob.say("on its way")
    expect(bob.pending.locator(".message__body")).to_have_text("on its way")
    found.look_at("just sent")
    bob.let_pass(SENDING_MS)
    expect(bob.pending.locator("[data-slot=state]")).not_to_be_empty()
    found.look_at("sending")
    bob.let_pass(LIMIT_MS - SENDING_MS)
    expect(bob.pending.locator("[data-action=retry]")).to_be_visible()
    found.look_at("not sent yet")
    wire.loses_posts = False
    bob.pending.locator("[data-action=retry]").click()
    expect(bob.pending).to_have_count(0)
    assert found.all == []


def test_where_something_is_new_has_no_violation(
    visit: Visit, room_id: int, sign_in: SignIn, look: dict[str, Any]
) -> None:
    talk(sign_in, room_id, SCREENS_FULL)
    alice = visit("Alice", **look)
    found = Findings(alice)
    alice.open_room(room_id)
    expect(alice.page.locator(".unread-line")).to_be_in_viewport()
    expect(alice.page.locator(".log__jump")).to_be_visible()
    found.look_at("new lines, and the button to the newest")
    assert found.all == []


def test_an_edit_of_a_message_further_up_has_no_violation(
    visit: Visit, new_room: NewRoom, sign_in: SignIn, look: dict[str, Any]
) -> None:
    room_id = new_room()
    alice = visit("Alice", **look)
    alice.open_room(room_id)
    alice.say("from long ago")
    expect(alice.line("from long ago")).to_be_visible()
    edit(alice, 1).fill("half a change")
    alice.eventually(lambda: "half a change" in alice.page.evaluate("() => JSON.stringify(localStorage)"), "it is kept")
    kill_tab(alice)
    talk(sign_in, room_id, 2 * SCREENS_FULL)
    alice.goto(f"/rooms/{room_id}?before={2 * SCREENS_FULL}")
    expect(alice.page.locator(".kept-edit a")).to_be_visible()
    assert violations(alice.page) == []
