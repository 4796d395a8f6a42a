"""Somebody's account ends while others look at what they said."""

import re
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.conftest import NewRoom, SignIn, Visit, email_of
from tests.journeys.line import Line
from tests.journeys.people import AWAY, SCRIPT_NOT_RUN, Visitor
from tests.journeys.protocol import Client, Socket
from tests.journeys.waiting import eventually

pytestmark = pytest.mark.journey


class Leaver:
    """Eve, whom Alice let in, and whose account Alice ends."""

    def __init__(self, alice: Client) -> None:
        self.alice = alice
        self.email = email_of(f"Eve{uuid4().hex[:8]}")
        self.client = alice.invite("Eve", email=self.email)

    def become(self, verb: str) -> None:
        """Alice deactivates or reactivates her."""
        assert self.alice.post(f"/admin/people/{self.client.id}/{verb}").status == 200


@pytest.fixture
def eve(sign_in: SignIn) -> Leaver:
    return Leaver(sign_in("Alice"))


@pytest.fixture
def room_id(eve: Leaver, ids: dict[str, int]) -> int:
    """A closed room of Alice, Bob and Eve, in which Eve said something."""
    room_id = eve.alice.create_room(f"Board {uuid4().hex[:6]}", kind="closed", members=[ids["Bob"], eve.client.id])
    eve.alice.post(f"/rooms/{room_id}/messages", {"body": "hers"})
    for text in ("one", "two"):
        eve.client.post(f"/rooms/{room_id}/messages", {"body": text})
    return room_id


@pytest.fixture
def bob(visit: Visit, room_id: int) -> Visitor:
    """Bob, with the room open."""
    bob = visit("Bob")
    bob.open_room(room_id)
    return bob


def mark_of(visitor: Visitor, text: str) -> Locator:
    return visitor.line(text).locator(".message__deactivated")


def test_what_somebody_said_is_marked_as_soon_as_they_are_gone_and_until_they_are_back(
    bob: Visitor, eve: Leaver
) -> None:  # behaviour 43
    bob.line("two").focus()
    eve.become("deactivate")
    for text in ("one", "two"):
        expect(mark_of(bob, text)).to_have_text("deactivated")
    expect(bob.line("one").locator(".message__author")).to_have_text("Eve")
    expect(mark_of(bob, "hers")).to_have_count(0)
    expect(mark_of(bob, "one")).to_be_in_viewport()
    expect(bob.line("two")).to_be_focused()
    expect(bob.line("two")).to_have_accessible_name(re.compile("^Eve deactivated two"))

    heads = bob.lines.locator(".message__head")
    shown = heads.all_inner_texts()
    bob.page.reload()
    bob.wait_until_live()
    expect(heads).to_have_text(shown, use_inner_text=True)
    expect(bob.line("two")).to_have_accessible_name(re.compile("^Eve deactivated two"))

    eve.become("reactivate")
    expect(bob.page.locator(".message__deactivated")).to_have_count(0)
    expect(bob.line("two")).to_have_accessible_name(re.compile("^Eve two"))


def test_a_change_keeps_the_mark_and_a_room_out_of_the_page_gets_it(
    bob: Visitor, eve: Leaver, room_id: int, new_room: NewRoom
) -> None:  # behaviour 43
    elsewhere = new_room()
    go_to(bob, elsewhere)
    eve.become("deactivate")
    go_to(bob, room_id)
    expect(mark_of(bob, "two")).to_have_text("deactivated")

    eve.alice.post(f"/messages/{message_id(eve.alice, room_id, 3)}/reactions", {"emoji": "👍", "do": "add"})
    expect(bob.line("two").get_by_role("button", name="👍 1: Alice")).to_be_visible()
    expect(mark_of(bob, "two")).to_have_text("deactivated")


def test_who_had_no_connection_learns_of_it_on_coming_back(visit: Visit, eve: Leaver, room_id: int) -> None:
    bob = visit("Bob")  # behaviour 43
    bob.allow(AWAY)
    line = Line(bob.page)
    bob.open_room(room_id)
    for verb, marks in (("deactivate", 2), ("reactivate", 0)):
        line.cut()
        bob.eventually(lambda: bob.worker == 0, "the socket is gone")
        eve.become(verb)
        line.mend()
        expect(bob.page.locator(".message__deactivated")).to_have_count(marks)


def test_so_does_a_room_that_was_out_of_the_page_then(
    visit: Visit, eve: Leaver, room_id: int, new_room: NewRoom
) -> None:  # behaviour 43
    bob, elsewhere = visit("Bob"), new_room()
    bob.allow(AWAY)
    line = Line(bob.page)
    bob.open_room(room_id)
    go_to(bob, elsewhere)
    line.cut()
    bob.eventually(lambda: bob.worker == 0, "the socket is gone")
    eve.become("deactivate")
    line.mend()
    bob.wait_until_live()
    go_to(bob, room_id)
    expect(mark_of(bob, "two")).to_have_text("deactivated")
    expect(mark_of(bob, "hers")).to_have_count(0)


def go_to(visitor: Visitor, room_id: int) -> None:
    """By the list beside the room, in place."""
    visitor.page.locator(f".sidebar a[href='/rooms/{room_id}']").click()
    expect(visitor.page.locator(f".room[data-room-id='{room_id}'] .composer")).to_be_visible()


def message_id(client: Client, room_id: int, number: int) -> int:
    found: int = client.get(f"/rooms/{room_id}/messages/{number}").json["id"]
    return found


def test_the_mark_is_said_in_korean(visit: Visit, eve: Leaver, room_id: int) -> None:  # behaviour 43
    bob = visit("Bob", locale="ko-KR")
    bob.open_room(room_id)
    eve.become("deactivate")
    expect(mark_of(bob, "one")).to_have_text("비활성")
    expect(bob.line("two")).to_have_accessible_name(re.compile("^Eve 비활성 two"))


def test_without_a_script_the_name_itself_shows_it(visit: Visit, eve: Leaver, room_id: int) -> None:  # behaviour 43
    bob = visit("Bob", java_script_enabled=False)
    bob.allow(SCRIPT_NOT_RUN)
    eve.become("deactivate")
    bob.goto(f"/rooms/{room_id}")
    for text, line in (("one", "line-through"), ("hers", "none")):
        expect(bob.line(text).locator(".message__author")).to_have_css("text-decoration-line", line)


def test_who_is_not_in_the_room_hears_of_the_person_alone_and_who_is_gone_of_nothing(
    eve: Leaver, sign_in: SignIn, room_id: int
) -> None:  # behaviour 43
    with sign_in("Charlie").connect() as charlie, eve.client.open_room(room_id) as herself:
        eve.become("deactivate")
        eventually(lambda: herself.is_closed, what="her socket is closed")
        eventually(lambda: of_her(charlie, eve), what="Charlie hears of it")
        (fact,) = of_her(charlie, eve)
        assert (fact["name"], fact["is_deactivated"], fact["version"] - fact["prev"]) == ("Eve", True, 1)
        assert of_her(herself, eve) == []
        assert not [fact for _, fact in charlie.events if fact.get("room_id") == room_id]


def of_her(socket: Socket, eve: Leaver) -> list[dict[str, Any]]:
    return [fact for name, fact in socket.events if name == "person:changed" and fact["id"] == eve.client.id]
