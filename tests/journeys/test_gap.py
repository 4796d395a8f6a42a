"""Bob comes back after a thousand messages and more."""

import json
import re
from collections.abc import Callable
from itertools import pairwise
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import NewRoom, SignIn, Visit
from tests.journeys.line import Line
from tests.journeys.long_room import fill_room
from tests.journeys.people import AWAY, Visitor
from tests.journeys.protocol import Client, Socket
from tests.journeys.server import Server

pytestmark = pytest.mark.journey

MANY = 1050  # changes; above a thousand a page reads anew what it shows
BATCH = 25
FAR_ABOVE = 300  # messages; more than any page brings along
SCROLL_UP = "log => { log.scrollTop = -(log.scrollHeight - log.clientHeight) * 0.4; }"


class Away:
    """Bob's page, and what can be done while it is away."""

    def __init__(self, bob: Visitor, alice: Client, room_id: int) -> None:
        self.bob = bob
        self.alice = alice
        self.room_id = room_id
        self.line = Line(bob.page)
        bob.allow(AWAY)
        bob.open_room(room_id)
        bob.go_to_newest()

    def miss(self, happenings: Callable[[Socket], None]) -> None:
        """Cut Bob off, let this happen, and let him come back."""
        self.bob.context.set_offline(True)
        self.line.cut()
        with self.alice.connect() as socket:
            happenings(socket)
        self.line.mend()
        self.bob.context.set_offline(False)

    def post_many(self, socket: Socket) -> None:
        """More messages than a page takes one by one."""
        for number in range(1, MANY + 1):
            if number % BATCH == 0:
                socket.post(self.room_id, f"new {number}")
                continue
            message = {"room_id": self.room_id, "body": f"new {number}", "client_id": str(uuid4())}
            socket.send(f"42{json.dumps(['message:post', message])}")  # not awaited: a socket's order is kept

    def numbers(self) -> list[int]:
        """The messages that stand in Bob's log."""
        return [int(each) for each in self.bob.lines.evaluate_all("lines => lines.map(line => line.dataset.number)")]


@pytest.fixture
def away(visit: Visit, new_room: NewRoom, sign_in: SignIn) -> Away:
    room_id, alice = new_room(), sign_in("Alice")
    with alice.connect() as socket:
        for number in range(1, 41):
            socket.post(room_id, f"old {number}")
    return Away(visit("Bob"), alice, room_id)


def test_after_a_very_long_gap_the_newest_page_stands_there_and_the_rest_comes_by_paging_back(away: Away) -> None:
    bob = away.bob
    bob.box.fill("half a sentence")
    bob.page.evaluate("() => { window.isSamePage = true; }")

    away.miss(away.post_many)

    expect(bob.line(f"new {MANY}")).to_be_in_viewport()
    assert away.numbers() == list(range(MANY - 9, MANY + 41))
    expect(bob.page.locator("[data-log=announcer]")).to_have_text(f"New messages: {MANY}")
    bob.page.locator(".log").evaluate("log => { log.scrollTop = -1e6; }")
    expect(bob.line(f"new {MANY - 55}")).to_be_attached()
    assert all(later == earlier + 1 for earlier, later in pairwise(away.numbers()))
    away.alice.post(f"/rooms/{away.room_id}/messages", {"body": "live again"})
    expect(bob.line("live again")).to_be_attached()
    assert bob.page.evaluate("() => window.isSamePage")
    expect(bob.box).to_have_value("half a sentence")


def test_who_reads_further_up_keeps_the_place_and_sees_what_was_deleted_there(away: Away) -> None:
    bob = away.bob
    message_id = int(bob.line("old 20").get_attribute("data-message-id") or 0)
    bob.page.locator(".log").evaluate(SCROLL_UP)
    bob.page.wait_for_function("() => document.querySelector('.log').scrollTop < -200")
    place = bob.line("old 25").bounding_box()

    def happenings(socket: Socket) -> None:
        socket.request("message:delete", {"message_id": message_id})
        away.post_many(socket)

    away.miss(happenings)

    expect(bob.page.get_by_role("button", name=re.compile(rf"New messages: {MANY}"))).to_be_visible()
    expect(bob.page.locator(f"[data-message-id='{message_id}']")).to_have_text(re.compile("This message was deleted"))
    expect(bob.line("new 1")).to_be_attached()  # what follows is near, and comes by paging
    assert away.numbers()[:41] == list(range(1, 42))
    after = bob.line("old 25").bounding_box()
    assert place
    assert after
    assert abs(place["y"] - after["y"]) < 2

    bob.page.get_by_role("button", name=re.compile("New messages")).click()
    expect(bob.line(f"new {MANY}")).to_be_in_viewport()
    assert away.numbers() == list(range(MANY - 9, MANY + 41))


def test_who_reads_a_reply_sees_that_what_it_quotes_far_above_was_deleted(
    visit: Visit, server: Server, new_room: NewRoom, sign_in: SignIn, ids: dict[str, int]
) -> None:  # behaviour 39
    room_id, alice = new_room(), sign_in("Alice")
    fill_room(server, room_id, [ids["Alice"]], FAR_ABOVE)
    quoted = alice.get(f"/rooms/{room_id}/messages/1").json
    with alice.connect() as socket:
        socket.post(room_id, "I like it", reply_to=1)
        for number in range(1, 31):
            socket.post(room_id, f"old {number}")
    away = Away(visit("Bob"), alice, room_id)
    bob, quote = away.bob, away.bob.line("I like it").locator(".quote")
    expect(quote).to_contain_text(quoted["body"])
    quote.scroll_into_view_if_needed()
    bob.page.wait_for_function("() => document.querySelector('.log').scrollTop < -200")

    def happenings(socket: Socket) -> None:
        socket.request("message:delete", {"message_id": quoted["id"]})
        away.post_many(socket)

    away.miss(happenings)

    expect(bob.page.get_by_role("button", name=re.compile(rf"New messages: {MANY}"))).to_be_visible()
    expect(quote).to_be_in_viewport()
    expect(quote).to_have_text(re.compile("^Alice This message was deleted"))
    expect(quote).to_have_attribute("aria-label", "In reply to Alice: This message was deleted.")
    expect(bob.message(1)).to_have_count(0)
