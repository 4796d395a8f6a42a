"""The box one writes in: what sends, what does not, and that nothing is sent twice or lost."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import SignIn, Visit
from tests.journeys.people import AWAY, Visitor
from tests.journeys.server import Server

pytestmark = pytest.mark.journey

MAX_CHARS = 16_000
END = "the end"  # sent after what must not be there: when it stands there, nothing else will come


@pytest.fixture
def bob(visit: Visit, room_id: int) -> Visitor:  # behaviour 8
    """Bob in an empty room, with the box in focus."""
    bob = visit("Bob")
    bob.open_room(room_id)
    expect(bob.box).to_be_focused()
    return bob


def everything_said(visitor: Visitor) -> list[str]:
    """All messages of the room, after one more that comes last."""
    visitor.say(END)
    expect(visitor.line(END)).to_be_visible()
    visitor.page.reload()
    said = visitor.bodies.all_inner_texts()
    assert said.pop() == END
    return said


def test_enter_sends_and_shift_enter_breaks_the_line(bob: Visitor) -> None:  # behaviour 1
    keys = bob.page.keyboard
    keys.type("one")
    keys.press("Shift+Enter")
    keys.type("two")
    expect(bob.box).to_have_value("one\ntwo")
    keys.press("Enter")

    expect(bob.box).to_have_value("")
    expect(bob.box).to_be_focused()
    assert everything_said(bob) == ["one\ntwo"]


def test_holding_enter_sends_once(bob: Visitor) -> None:  # behaviour 19
    keys = bob.page.keyboard
    keys.type("once")
    for _ in range(5):  # without `up` in between the browser calls them repeated
        keys.down("Enter")
    keys.up("Enter")
    keys.press("Enter")

    assert everything_said(bob) == ["once"]


def test_a_double_click_on_send_sends_once(bob: Visitor) -> None:  # behaviour 19
    bob.box.fill("once")
    bob.page.get_by_role("button", name="Send").dblclick()

    assert everything_said(bob) == ["once"]


def test_a_blank_box_sends_nothing(bob: Visitor) -> None:
    bob.say(" \n ")
    bob.page.get_by_role("button", name="Send").click()

    assert everything_said(bob) == []


def test_a_text_over_the_limit_is_counted_kept_and_not_sent(bob: Visitor) -> None:  # behaviour 4
    count = bob.page.locator("#composer-count")
    bob.box.fill("가" * (MAX_CHARS - 3))
    expect(count).to_have_text("Characters left: 3")

    too_long = "가" * (MAX_CHARS + 2)
    bob.say(too_long)
    expect(bob.page.get_by_role("alert")).to_contain_text("Too long by 2 characters.")
    expect(count).to_contain_text("Too long by 2 characters.")
    expect(bob.box).to_have_value(too_long)

    expect(bob.lines).to_have_count(0)
    assert everything_said(bob) == []


def test_what_the_server_refuses_comes_back_into_the_box(bob: Visitor) -> None:
    bob.say("a bell \x07 rings")

    expect(bob.page.get_by_role("alert").first).to_contain_text("The message holds control characters")
    expect(bob.box).to_have_value("a bell \x07 rings")
    assert everything_said(bob) == []


def test_what_is_written_without_a_connection_goes_out_when_it_is_back(bob: Visitor, sign_in: SignIn) -> None:
    # behaviour 15
    bob.allow(AWAY)
    bob.context.set_offline(True)
    for number in range(3):
        bob.say(f"from the tunnel {number}")
    expect(bob.pending).to_have_count(3)

    bob.context.set_offline(False)
    expect(bob.pending).to_have_count(0)
    assert everything_said(bob) == [f"from the tunnel {number}" for number in range(3)]


def test_after_its_worker_was_killed_a_page_gets_what_it_missed_in_order_and_once(
    visit: Visit, room_id: int, sign_in: SignIn, server: Server
) -> None:
    bob = visit("Bob")
    bob.allow(AWAY)
    bob.open_room(room_id, worker=1)
    said = [f"message {number}" for number in range(30)]

    with sign_in("Alice").open_room(room_id, worker=2) as alice:
        for number, text in enumerate(said):
            if number == 10:
                server.kill_worker(1)
            alice.post(room_id, text)

    expect(bob.line(said[-1])).to_be_visible()
    assert bob.bodies.all_inner_texts() == said
    assert everything_said(bob) == said


def test_what_one_sends_while_the_worker_dies_is_said_once(visit: Visit, room_id: int, server: Server) -> None:
    bob = visit("Bob")
    bob.allow(AWAY)
    bob.open_room(room_id, worker=1)
    said = [f"message {number}" for number in range(6)]

    for number, text in enumerate(said):
        bob.say(text)
        if number == 2:
            server.kill_worker(1)

    expect(bob.lines).to_have_count(len(said))
    expect(bob.pending).to_have_count(0)
    assert everything_said(bob) == said
