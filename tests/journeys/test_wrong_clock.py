"""A browser whose clock is days off: the server says what was said when, and which day is today."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from chatapp.models import Message
from tests.journeys.conftest import NewRoom, SignIn, Visit
from tests.journeys.long_room import writing
from tests.journeys.people import Visitor
from tests.journeys.server import Server

pytestmark = pytest.mark.journey

ZONE = "Europe/Berlin"
LOOK_MS = 61_000  # static/js/room/midnight.js


def at(visitor: Visitor, off: timedelta) -> None:
    """From the next page on the browser's clock is so much off."""
    visitor.page.clock.install(time=datetime.now(UTC) + off)


def is_off(visitor: Visitor, off: timedelta) -> bool:
    """Whether the page believes it."""
    seconds: float = visitor.page.evaluate("() => Date.now() / 1000")
    return abs(seconds - (datetime.now(UTC) + off).timestamp()) < 3600


@pytest.mark.parametrize("days", [3, -3])
def test_a_browser_whose_clock_is_days_off_shows_order_times_and_days_by_the_server(
    visit: Visit, new_room: NewRoom, sign_in: SignIn, server: Server, days: int
) -> None:  # behaviour 32, 33
    room_id, alice, bob = new_room(), sign_in("Alice"), visit("Bob", timezone_id=ZONE)
    yesterday = alice.post(f"/rooms/{room_id}/messages", {"body": "yesterday's"}).json["id"]
    with writing(server) as connection:
        moment = datetime.now(UTC) - timedelta(days=1)
        connection.execute(update(Message).where(Message.id == yesterday).values(created_at=moment))
    at(bob, timedelta(days=days))
    bob.open_room(room_id)
    assert is_off(bob, timedelta(days=days))

    bob.say("Bob's first")
    expect(bob.bodies).to_have_text(["yesterday's", "Bob's first"])
    alice.post(f"/rooms/{room_id}/messages", {"body": "Alice's"})
    expect(bob.line("Alice's")).to_be_visible()
    bob.say("Bob's last")
    said = ["yesterday's", "Bob's first", "Alice's", "Bob's last"]
    expect(bob.bodies).to_have_text(said)

    items = alice.get(f"/rooms/{room_id}/messages").json["items"]
    assert [item["body"] for item in items] == said
    clock = [datetime.fromisoformat(item["created_at"]).astimezone(ZoneInfo(ZONE)).strftime("%H:%M") for item in items]
    expect(bob.lines.locator(".message__time")).to_have_text(clock)
    expect(bob.page.locator(".day__name")).to_have_text(["Yesterday", "Today"])


def test_a_clock_that_is_set_right_meanwhile_is_noticed_with_the_next_answer(visit: Visit, room_id: int) -> None:
    bob = visit("Bob", timezone_id=ZONE)  # behaviour 32
    at(bob, timedelta(days=-3))
    bob.open_room(room_id)
    bob.say("what day is it?")
    day = bob.page.locator(".day__name")
    expect(day).to_have_text("Today")

    bob.let_pass(3 * 24 * 3600 * 1000)  # right now, and the page asks the server as after a sleep
    assert is_off(bob, timedelta())

    def is_today() -> bool:
        bob.let_pass(LOOK_MS)
        return day.text_content() == "Today"

    bob.eventually(is_today, "it has looked which day it is, by what an answer said")
