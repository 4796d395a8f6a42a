"""Where something has ended, is refused or on its way: looked at by axe-core in every look."""

import re
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Route, expect

from tests.journeys.accessible import violations
from tests.journeys.conftest import NewRoom, SignIn, Visit, email_of
from tests.journeys.files import choose_by_input, file, picture
from tests.journeys.people import AWAY, NOT_FOUND, REFUSED, Visitor
from tests.journeys.test_accessible import LOOKS
from tests.journeys.test_sign_in_again import end_sign_ins
from tests.journeys.unsent import Wire
from tests.support import PASSWORD

pytestmark = pytest.mark.journey

UPLOADS = re.compile(r"/rooms/\d+/uploads\?")
NO_SPACE = '{"error": "upload_quota_full", "message": "No space for it."}'


@pytest.fixture(params=LOOKS)
def look(request: pytest.FixtureRequest) -> dict[str, Any]:
    """How a browser shows pages."""
    return LOOKS[request.param]


class Findings:
    """What is wrong with the states of a page, each by its name."""

    def __init__(self, visitor: Visitor) -> None:
        self.page = visitor.page
        self.all: list[str] = []

    def look_at(self, state: str) -> None:
        """As the page stands now."""
        self.all += [f"{state}: {each}" for each in violations(self.page)]


def test_signing_out_with_something_unsent_has_no_violation(visit: Visit, room_id: int, look: dict[str, Any]) -> None:
    bob = visit("Bob", **look)
    wire = Wire(bob)
    wire.loses_posts = True
    bob.open_room(room_id)
    bob.say("kept")
    expect(bob.pending).to_have_count(1)
    bob.box.fill("a draft")
    bob.page.locator(".menu__button").click()
    bob.page.locator("[data-sign-out] button").click()
    expect(bob.page.get_by_role("dialog").get_by_role("listitem")).to_have_count(2)
    assert violations(bob.page) == []


def test_an_ended_sign_in_has_no_violation(visit: Visit, room_id: int, sign_in: SignIn, look: dict[str, Any]) -> None:
    bob = visit("Bob", **look)
    bob.allow(REFUSED)
    found = Findings(bob)
    bob.open_room(room_id)
    bob.say("before")
    expect(bob.line("before")).to_be_visible()
    end_sign_ins(bob, sign_in)
    again = bob.page.locator("[data-controller=connection] [data-slot=login]")
    expect(again).to_be_visible()
    bob.say("after")
    expect(bob.pending).to_have_count(1)
    found.look_at("banner")

    again.click()
    dialog = bob.page.get_by_role("dialog")
    expect(dialog.locator("input[name=password]")).to_be_focused()
    found.look_at("dialog")
    dialog.locator("input[name=password]").fill("not the password")
    dialog.locator("[type=submit]").click()
    expect(dialog.locator("[data-slot=error]")).not_to_be_empty()
    found.look_at("wrong password")
    dialog.locator("input[name=email]").evaluate("(field, email) => { field.value = email; }", email_of("Alice"))
    dialog.locator("input[name=password]").fill(PASSWORD)
    dialog.locator("[type=submit]").click()
    expect(dialog.locator("[data-action=reload]")).to_be_visible()
    found.look_at("somebody else")
    assert found.all == []


def test_a_room_in_which_one_may_not_write_has_no_violation(
    visit: Visit, new_room: NewRoom, sign_in: SignIn, ids: dict[str, int], look: dict[str, Any]
) -> None:
    alice, bob = sign_in("Alice"), visit("Bob", **look)
    bob.allow(NOT_FOUND, AWAY)
    found = Findings(bob)
    bob.open_room(new_room(members=()))
    expect(bob.page.locator(".room__notice form")).to_be_visible()
    found.look_at("not a member")

    room_id = new_room(kind="closed")
    bob.open_room(room_id)
    bob.say("mine")
    expect(bob.line("mine")).to_be_visible()
    alice.post(f"/rooms/{room_id}/archive")
    expect(bob.page.locator(".room__notice")).to_be_visible()
    found.look_at("archived")
    bob.page.reload()
    bob.wait_until_live()
    found.look_at("archived before")
    alice.post(f"/rooms/{room_id}/restore")
    expect(bob.box).to_be_editable()

    bob.box.fill("half a sentence")
    alice.post(f"/rooms/{room_id}/members/{ids['Bob']}/remove")
    expect(bob.page.locator("[data-slot=change] .banner__text")).to_be_visible()
    found.look_at("removed while writing")
    assert found.all == []


def test_what_cannot_be_reached_has_no_violation(visit: Visit, new_room: NewRoom, look: dict[str, Any]) -> None:
    bob = visit("Bob", **look)
    bob.allow(AWAY)
    other = new_room()
    bob.open_room(new_room())
    bob.context.set_offline(True)
    if bob.page.locator(".room__rooms").is_visible():
        bob.page.locator(".room__rooms").click()
    bob.page.locator(f".room-entry[data-room-id='{other}'] a").click()
    expect(bob.page.locator("[data-slot=unreachable] .banner__text")).to_be_visible()
    assert violations(bob.page) == []


def test_files_on_their_way_have_no_violation(visit: Visit, room_id: int, look: dict[str, Any]) -> None:
    alice = visit("Alice", **look)
    alice.allow(REFUSED, re.compile("status of 507"))
    found = Findings(alice)
    alice.open_room(room_id)
    choose_by_input(alice, file("there.png", picture()))
    expect(alice.page.locator(".staged[data-state=done]")).to_have_count(1)
    alice.page.route(UPLOADS, lambda route: route.fulfill(status=507, body=NO_SPACE, content_type="application/json"))
    choose_by_input(alice, file("failed.txt"))
    expect(alice.page.locator(".staged[data-state=failed]")).to_have_count(1)
    alice.page.unroute(UPLOADS)
    waiting: list[Route] = []
    alice.page.route(UPLOADS, lambda route: waiting.append(route))
    choose_by_input(alice, file("running.txt"))
    expect(alice.page.locator(".staged[data-state=running]")).to_have_count(1)
    alice.eventually(lambda: waiting, "it is on its way")
    found.look_at("there, failed and running")
    alice.say("with them")
    expect(alice.page.locator(".composer__error")).not_to_be_empty()
    found.look_at("refused")
    waiting[0].continue_()
    expect(alice.page.locator(".staged[data-state=done]")).to_have_count(2)
    assert found.all == []


def test_a_picture_shown_large_has_no_violation(
    visit: Visit, sign_in: SignIn, room_id: int, look: dict[str, Any]
) -> None:
    alice = sign_in("Alice")
    ids = [
        alice.put_file(room_id, picture(), client_id=str(uuid4()), name=name).json["upload"]["id"]
        for name in ("one.png", "two.png")
    ]
    alice.post(f"/rooms/{room_id}/messages", {"body": "both", "upload_ids": ids})
    bob = visit("Bob", **look)
    found = Findings(bob)
    bob.open_room(room_id)
    bob.page.locator(".upload__open").first.press("Enter")
    expect(bob.page.get_by_role("dialog").get_by_role("img")).to_be_visible()
    found.look_at("picture")
    assert found.all == []
