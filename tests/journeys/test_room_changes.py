"""What happens to a room while somebody looks at it takes effect in place, and no text is lost. (behaviour 49)"""

import re

import pytest
from playwright.sync_api import APIResponse, Route, expect

from tests.journeys.conftest import NewRoom, SignIn, Visit
from tests.journeys.line import Line
from tests.journeys.people import AWAY, NOT_FOUND, Visitor
from tests.journeys.protocol import Client

pytestmark = pytest.mark.journey

REFUSED_SOCKET = re.compile("WebSocket")
LOST = re.compile("ERR_FAILED")
ARCHIVED = "This room is archived"


class Room:
    """A room that Bob looks at; Alice changes it."""

    def __init__(self, bob: Visitor, alice: Client, room_id: int) -> None:
        self.bob = bob
        self.alice = alice
        self.path = f"/rooms/{room_id}"
        self.line = Line(bob.page)
        bob.allow(NOT_FOUND, AWAY)
        bob.open_room(room_id)
        bob.page.evaluate("() => { window.isSamePage = true; }")

    def change(self, what: str, **fields: object) -> None:
        """Alice does this to the room."""
        assert self.alice.post(f"{self.path}/{what}", fields).status == 200

    def assert_same_page(self) -> None:
        """It was not loaded anew."""
        assert self.bob.page.evaluate("() => window.isSamePage")


@pytest.fixture
def room(visit: Visit, new_room: NewRoom, sign_in: SignIn) -> Room:
    return Room(visit("Bob"), sign_in("Alice"), new_room())


@pytest.fixture
def closed_room(visit: Visit, new_room: NewRoom, sign_in: SignIn) -> Room:
    return Room(visit("Bob"), sign_in("Alice"), new_room(kind="closed"))


def test_a_new_name_stands_everywhere_on_the_page(room: Room) -> None:  # behaviour 43
    bob, name = room.bob, f"Garden <b>{room.path[7:]}</b>"
    bob.box.fill("half a sentence")
    room.change("rename", name=name)

    expect(bob.page.get_by_role("heading", level=1)).to_have_text(name)
    expect(bob.page).to_have_title(re.compile(f"^{re.escape(name)} - "))
    expect(bob.page.get_by_role("region", name=f"Messages in {name}")).to_be_visible()
    expect(bob.page.get_by_role("textbox", name=name)).to_have_value("half a sentence")
    room.assert_same_page()
    shown = [
        bob.page.title(),
        bob.page.locator(".log").get_attribute("aria-label"),
        bob.box.get_attribute("placeholder"),
    ]
    bob.page.reload()
    assert shown == [
        bob.page.title(),
        bob.page.locator(".log").get_attribute("aria-label"),
        bob.box.get_attribute("placeholder"),
    ]


def test_an_archived_room_keeps_the_text_and_takes_nothing_until_it_is_restored(room: Room) -> None:
    bob = room.bob
    bob.box.fill("half a sentence")
    room.change("archive")
    expect(bob.page.get_by_text(ARCHIVED)).to_be_visible()
    expect(bob.box).to_have_value("half a sentence")
    expect(bob.box).not_to_be_editable()
    expect(bob.page.get_by_role("button", name="Send")).to_be_disabled()

    room.change("restore")
    expect(bob.page.get_by_text(ARCHIVED)).to_have_count(0)
    expect(bob.box).to_be_editable()
    bob.box.press("Enter")
    expect(bob.line("half a sentence")).to_be_visible()
    room.assert_same_page()


def test_a_page_that_was_loaded_while_the_room_was_archived_gets_its_box(room: Room) -> None:
    bob = room.bob
    room.change("archive")
    bob.page.reload()
    bob.wait_until_live()
    expect(bob.box).to_have_count(0)

    room.change("restore")
    expect(bob.page.get_by_text(ARCHIVED)).to_have_count(0)
    bob.say("here I am")
    expect(bob.line("here I am")).to_be_visible()


def test_the_number_of_members_follows_who_comes_and_goes(room: Room, sign_in: SignIn) -> None:
    members, charlie = room.bob.page.locator(".room__members"), sign_in("Charlie")
    expect(members).to_have_accessible_name(re.compile("2 members"))
    charlie.post(f"{room.path}/join")
    expect(members).to_have_accessible_name(re.compile("3 members"))
    charlie.post(f"{room.path}/leave")
    expect(members).to_have_accessible_name(re.compile("2 members"))
    room.assert_same_page()


def test_what_changed_while_one_was_away_is_seen_on_coming_back(room: Room, sign_in: SignIn) -> None:
    bob = room.bob
    bob.context.set_offline(True)
    room.line.cut()
    sign_in("Charlie").post(f"{room.path}/join")
    room.change("rename", name=f"Elsewhere {room.path[7:]}")
    room.line.mend()
    bob.context.set_offline(False)

    expect(bob.page.get_by_role("heading", level=1)).to_have_text(f"Elsewhere {room.path[7:]}")
    expect(bob.page.locator(".room__members")).to_have_accessible_name(re.compile("3 members"))
    room.assert_same_page()


def test_who_comes_back_while_the_page_without_them_is_on_its_way_is_in_the_room(room: Room, sign_in: SignIn) -> None:
    bob, other_tab = room.bob, sign_in("Bob")
    on_its_way: list[tuple[Route, APIResponse]] = []

    def hold_the_first(route: Route) -> None:
        if on_its_way:
            route.continue_()
        else:
            on_its_way.append((route, route.fetch()))

    bob.page.route(re.compile(f"{room.path}$"), hold_the_first)
    other_tab.post(f"{room.path}/leave")
    bob.eventually(lambda: on_its_way, "the page without him is made")
    other_tab.post(f"{room.path}/join")
    room.alice.post(f"{room.path}/messages", {"body": "welcome back"})
    expect(bob.line("welcome back")).to_be_visible()
    route, without_him = on_its_way[0]
    route.fulfill(response=without_him)
    expect(bob.page.get_by_role("button", name="Join")).to_have_count(0)
    bob.say("back again")
    expect(bob.line("back again")).to_be_visible()
    room.assert_same_page()


def test_what_is_told_while_a_page_of_before_is_on_its_way_stands(room: Room, sign_in: SignIn) -> None:
    bob, name, asked = room.bob, f"New {room.path[7:]}", list[Route]()
    of_before: list[APIResponse] = []

    def hold_the_first(route: Route) -> None:
        asked.append(route)
        if len(asked) > 1:
            route.continue_()
        else:
            of_before.append(route.fetch())

    bob.page.route(re.compile(f"{room.path}$"), hold_the_first)
    room.change("archive")
    room.change("restore")
    bob.eventually(lambda: of_before, "the page under the former name is made")
    sign_in("Charlie").post(f"{room.path}/join")
    room.change("rename", name=name)
    expect(bob.page.get_by_role("heading", level=1)).to_have_text(name)
    asked[0].fulfill(response=of_before[0])
    bob.eventually(lambda: len(asked) > 1, "the page is asked for again")
    expect(bob.page.get_by_role("heading", level=1)).to_have_text(name)
    expect(bob.page.locator(".room__members")).to_have_accessible_name(re.compile("3 members"))
    room.assert_same_page()


def test_who_came_before_the_last_page_of_what_one_missed_is_counted(room: Room, sign_in: SignIn) -> None:
    bob = room.bob
    bob.allow(REFUSED_SOCKET)
    bob.page.route(re.compile("/changes"), lambda route: route.continue_(url=f"{route.request.url}&limit=1"))
    bob.context.set_offline(True)
    room.line.cut()
    sign_in("Charlie").post(f"{room.path}/join")
    for body in ("one", "two"):
        room.alice.post(f"{room.path}/messages", {"body": body})
    bob.context.set_offline(False)

    expect(bob.line("two")).to_be_visible()
    expect(bob.page.locator(".room__members")).to_have_accessible_name(re.compile("3 members"))
    room.assert_same_page()


def test_a_page_that_did_not_come_is_asked_for_again_with_the_next_answer(room: Room, sign_in: SignIn) -> None:
    bob, lost = room.bob, list[str]()
    bob.allow(LOST)
    bob.page.route(
        re.compile(f"{room.path}$"), lambda route: route.continue_() if lost else (lost.append("page"), route.abort())
    )
    bob.context.set_offline(True)
    room.line.cut()
    sign_in("Charlie").post(f"{room.path}/join")
    room.line.mend()
    bob.context.set_offline(False)
    bob.eventually(lambda: lost, "the page is asked for, and lost")
    expect(bob.page.locator(".room__members")).to_have_accessible_name(re.compile("2 members"))

    room.line.cut()
    room.line.mend()
    expect(bob.page.locator(".room__members")).to_have_accessible_name(re.compile("3 members"))
    room.assert_same_page()


def test_who_leaves_an_open_room_in_another_tab_reads_on_and_may_come_back(room: Room, sign_in: SignIn) -> None:
    bob, other_tab = room.bob, sign_in("Bob")
    other_tab.post(f"{room.path}/leave")
    expect(bob.page.get_by_role("button", name="Join")).to_be_visible()
    expect(bob.box).to_be_hidden()
    room.alice.post(f"{room.path}/messages", {"body": "still to be read"})
    expect(bob.line("still to be read")).to_be_visible()

    other_tab.post(f"{room.path}/join")
    expect(bob.page.get_by_role("button", name="Join")).to_have_count(0)
    bob.say("back again")
    expect(bob.line("back again")).to_be_visible()
    room.assert_same_page()


def test_who_is_removed_is_told_and_keeps_a_text_to_copy(closed_room: Room, ids: dict[str, int]) -> None:
    bob = closed_room.bob
    bob.box.fill("half a sentence")
    closed_room.change(f"members/{ids['Bob']}/remove")

    expect(bob.page.get_by_role("status").filter(has_text="You are no longer in this room")).to_be_visible()
    expect(bob.box).to_have_value("half a sentence")
    expect(bob.box).not_to_be_editable()
    closed_room.assert_same_page()


def test_who_is_removed_and_wrote_nothing_is_told_and_shown_nothing_more(
    closed_room: Room, ids: dict[str, int]
) -> None:
    bob = closed_room.bob
    bob.say("mine")
    expect(bob.line("mine")).to_be_visible()
    closed_room.change(f"members/{ids['Bob']}/remove")

    expect(bob.page.get_by_role("status").filter(has_text="You are no longer in this room")).to_be_visible()
    expect(bob.page.locator(".log, .composer")).to_have_count(0)
    expect(bob.page.get_by_role("link", name="All rooms").last).to_be_visible()
