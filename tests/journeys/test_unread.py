"""Unread that cannot stick: every badge equals a recount, in every tab, live."""

import random
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Response, expect

from tests.journeys.conftest import NewRoom, SignIn, Visit
from tests.journeys.people import AWAY, Visitor
from tests.journeys.protocol import Client
from tests.journeys.server import Server
from tests.journeys.test_switching import go_to
from tests.journeys.waiting import eventually

pytestmark = pytest.mark.journey

Use = Callable[[], object]
ROUNDS = 12
BADGES = """() => Object.fromEntries([...document.querySelectorAll(".room-entry")].map((entry) => {
  const badge = entry.querySelector("[data-slot=badge]");
  const count = badge.querySelector("[data-slot=count]").textContent.replace("999+", "1000"); // where the server stops
  return [entry.dataset.roomId, badge.hidden ? 0 : Number(count)];
}))"""


def badges(page: Page) -> dict[int, int]:
    """What stands on the badges of a list of rooms."""
    shown: dict[str, int] = page.evaluate(BADGES)
    return {int(room_id): count for room_id, count in shown.items()}


def recount(client: Client) -> dict[int, int]:
    """What the database counts."""
    return {room["id"]: room["unread"] for room in client.get("/rooms").json["rooms"]}


def recount_of_list(client: Client, page: Page) -> dict[int, int]:
    """The same of the rooms that stand on the page: beside a room one's own that are not archived, else all."""
    rooms, is_beside = client.get("/rooms").json["rooms"], page.locator(".sidebar").count() > 0
    here = [room for room in rooms if not is_beside or (room["is_member"] and not room["is_archived"])]
    return {room["id"]: room["unread"] for room in here}


def badge(visitor: Visitor, room_id: int) -> Any:
    return visitor.page.locator(f".room-entry[data-room-id='{room_id}'] [data-slot=badge]")


def post(client: Client, room_id: int, body: str = "hello") -> dict[str, Any]:
    """What a message became that somebody posts without a socket."""
    posted: dict[str, Any] = client.post(f"/rooms/{room_id}/messages", {"body": body}).json
    return posted


@pytest.fixture
def bob(visit: Visit) -> Visitor:
    """Bob at his list of rooms."""
    visitor = visit("Bob")
    visitor.goto("/rooms")
    return visitor


def test_badges_count_up_and_down_while_one_looks_at_them(bob: Visitor, new_room: NewRoom, sign_in: SignIn) -> None:
    room_id = new_room()  # he is put into it while he looks
    expect(badge(bob, room_id)).to_be_hidden()
    expect(badge(bob, room_id)).to_be_attached()
    alice, other_device = sign_in("Alice"), sign_in("Bob")

    ids = [post(alice, room_id)["id"] for _ in range(3)]
    expect(badge(bob, room_id)).to_contain_text("3 unread messages")
    alice.post(f"/messages/{ids[0]}/edit", {"body": "changed"})
    alice.post(f"/messages/{ids[1]}/delete")
    expect(badge(bob, room_id)).to_contain_text("2 unread messages")

    other_device.post(f"/rooms/{room_id}/read", {"number": 3, "generation": 0})
    expect(badge(bob, room_id)).to_be_hidden()
    other_device.post(f"/rooms/{room_id}/mark-unread", {"number": 3, "generation": 0})
    expect(badge(bob, room_id)).to_contain_text("1 unread message")
    post(other_device, room_id, "his own")
    expect(badge(bob, room_id)).to_be_hidden()


def test_rooms_come_go_and_change_their_name_by_themselves_but_not_under_the_pointer_or_the_focus(
    bob: Visitor, new_room: NewRoom, sign_in: SignIn, ids: dict[str, int]
) -> None:
    alice, kept = sign_in("Alice"), new_room(kind="closed")
    entry = bob.page.locator(f".room-entry[data-room-id='{kept}']")
    expect(entry).to_be_visible()
    elsewhere = bob.page.get_by_label("Go to a room")

    entry.hover()
    alice.post(f"/rooms/{kept}/rename", {"name": f"Renamed {kept}"})
    expect(entry).to_contain_text(f"Renamed {kept}")
    uses: tuple[tuple[Use, Use], ...] = ((entry.hover, elsewhere.hover), (entry.locator("a").focus, elsewhere.focus))
    for number, (begin, end) in enumerate(uses, start=1):
        begin()
        order = list(badges(bob.page))
        added = room_he_hears_of(bob, new_room, f"000 {number} {kept}")
        post(alice, kept)
        expect(badge(bob, kept)).to_contain_text(f"{number} unread message")
        assert list(badges(bob.page)) == order  # behaviour 52
        end()
        expect(bob.page.locator(f".room-entry[data-room-id='{added}']")).to_be_visible()
    alice.post(f"/rooms/{kept}/members/{ids['Bob']}/remove")
    expect(entry).to_have_count(0)


def room_he_hears_of(bob: Visitor, new_room: NewRoom, name: str) -> int:
    """A room of this name, once his page has been told of it."""
    answers: list[Response] = []
    bob.page.on("response", lambda answer: answers.append(answer))
    room_id = new_room(name=name)
    bob.eventually(
        lambda: any(name in each.text() for each in answers if each.url.endswith("/rooms")), "he hears of it"
    )
    return room_id


def test_after_being_away_the_badges_are_right_again(bob: Visitor, new_room: NewRoom, sign_in: SignIn) -> None:
    bob.allow(AWAY)
    room_id = new_room()
    expect(badge(bob, room_id)).to_be_attached()
    bob.context.set_offline(True)
    for _ in range(4):
        post(sign_in("Alice"), room_id)
    bob.context.set_offline(False)
    expect(badge(bob, room_id)).to_contain_text("4 unread messages")


def test_a_room_is_read_when_its_last_line_was_on_screen_and_not_before(
    visit: Visit, bob: Visitor, new_room: NewRoom, sign_in: SignIn
) -> None:  # behaviour 23, 29
    room_id, alice = new_room(), sign_in("Alice")
    post_tall(alice, room_id, 40)
    expect(badge(bob, room_id)).to_contain_text("40")
    tab = bob.context.new_page()
    tab.goto(f"{bob.url}/rooms/{room_id}?around=20")  # a page of the past: the newest line is not on it
    tab.locator(".log").focus()
    expect(tab.locator("#message-20")).to_be_visible()
    tab.goto(f"{bob.url}/rooms/{room_id}")
    tab.get_by_role("button", name="New messages: 40").click()
    expect(badge(bob, room_id)).to_be_hidden()

    tab.locator(".log").evaluate("log => { log.scrollTop = -600; }")
    post(alice, room_id, "below what he reads")
    expect(tab.get_by_role("button", name="New messages: 1")).to_be_visible()
    expect(badge(bob, room_id)).to_contain_text("1 unread message")
    tab.get_by_role("button", name="New messages: 1").click()
    expect(badge(bob, room_id)).to_be_hidden()


def test_the_button_to_the_newest_goes_on_counting_in_a_room_one_comes_back_to(
    visit: Visit, new_room: NewRoom, sign_in: SignIn
) -> None:  # behaviour 23
    room_id, elsewhere, alice = new_room(), new_room(), sign_in("Alice")
    post_tall(alice, room_id, 20)
    sign_in("Bob").post(f"/rooms/{room_id}/read", {"number": 20, "generation": 0})
    bob = visit("Bob")
    bob.open_room(room_id)
    scroll_up, jump = "log => { log.scrollTop = -400; }", bob.page.locator(".log__jump")
    bob.page.locator(".log").evaluate(scroll_up)
    post_tall(alice, room_id, 20)
    expect(jump).to_have_text("New messages: 20")
    go_to(bob, elsewhere)
    expect(jump).to_be_hidden()
    post_tall(alice, room_id, 3)
    expect(badge(bob, room_id)).to_contain_text("23 unread messages")
    go_to(bob, room_id)
    expect(jump).to_have_text("New messages: 23")

    jump.click()
    expect(jump).to_be_hidden()
    expect(badge(bob, room_id)).to_be_hidden()
    bob.page.locator(".log").evaluate(scroll_up)
    go_to(bob, elsewhere)
    go_to(bob, room_id)
    expect(jump).to_be_hidden()


def post_tall(client: Client, room_id: int, count: int) -> None:
    for number in range(count):
        post(client, room_id, f"line {number}\n\nof two paragraphs")


def test_what_was_marked_unread_stays_so_until_its_reader_does_something_there(
    bob: Visitor, new_room: NewRoom, sign_in: SignIn
) -> None:  # behaviour 30
    room_id, alice = new_room(), sign_in("Alice")
    for number in range(3):
        post(alice, room_id, f"line {number}")
    tab = bob.context.new_page()
    tab.goto(f"{bob.url}/rooms/{room_id}")
    expect(badge(bob, room_id)).to_be_hidden()

    line = tab.locator("#message-2")
    line.hover()
    line.get_by_role("button", name="Mark unread from here").click()
    expect(badge(bob, room_id)).to_contain_text("2 unread messages")
    post(alice, room_id, "one more")
    expect(tab.get_by_text("one more", exact=True)).to_be_visible()
    expect(badge(bob, room_id)).to_contain_text("3 unread messages")

    tab.mouse.wheel(0, 10)
    expect(badge(bob, room_id)).to_be_hidden()


def test_reading_arrives_while_no_socket_can_connect(
    visit: Visit, new_room: NewRoom, sign_in: SignIn, server: Server
) -> None:
    room_id = new_room()
    post(sign_in("Alice"), room_id)
    bob = visit("Bob")
    bob.allow(AWAY)
    bob.page.route_web_socket("**/socket.io/**", lambda socket: socket.close())
    bob.goto(f"/rooms/{room_id}")
    eventually(
        lambda: recount(sign_in("Bob"))[room_id] == 0,
        pause=lambda: bob.page.wait_for_timeout(200),
        what="read over HTTP",
    )


def something(chance: random.Random, person: Client, room_id: int, said: list[int]) -> None:
    """Somebody says, reads, marks, edits or deletes something, on whichever worker."""
    room = next(room for room in person.get("/rooms").json["rooms"] if room["id"] == room_id)
    number = chance.randint(1, max(room["last_number"], 1))
    reading = {"number": number, "generation": chance.randint(0, room["generation"])}
    match chance.choice(["say", "say", "say", "read", "read", "mark-unread", "edit", "delete"]):
        case "say":
            said.append(post(person, room_id)["id"])
        case "read" | "mark-unread" as way:
            person.post(f"/rooms/{room_id}/{way}", reading)
        case way:
            person.post(f"/messages/{chance.choice(said or [0])}/{way}", {"body": f"changed {chance.random()}"})


@pytest.mark.parametrize("seed", [1, 2])
def test_two_people_with_two_tabs_each_end_every_round_with_what_a_recount_gives(
    visit: Visit, new_room: NewRoom, sign_in: SignIn, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311
    rooms = [new_room(), new_room(kind="closed")]
    clients = {name: sign_in(name) for name in ("Alice", "Bob")}
    of_no_list = {new_room(members=()), new_room()}  # beside a room: what one may join, and what is archived
    for room_id in of_no_list:
        post(clients["Alice"], room_id)
    clients["Alice"].post(f"/rooms/{max(of_no_list)}/archive")
    tabs = {name: [visitor.page, visitor.context.new_page()] for name, visitor in visitors(visit).items()}
    reads: list[str] = []
    for name, (in_list, in_room) in tabs.items():
        in_list.goto(f"{clients[name].url}/rooms")
        in_room.on("request", lambda request: reads.append(request.url) if request.url.endswith("/read") else None)
        in_room.goto(f"{clients[name].url}/rooms/{rooms[0]}")
    said: dict[int, list[int]] = {room_id: [] for room_id in rooms}

    for number in range(ROUNDS):
        for _ in range(5):
            room_id = chance.choice(rooms)
            something(chance, clients[chance.choice(["Alice", "Bob"])], room_id, said[room_id])
        # Who scrolls is there again: what was marked unread elsewhere is read from now on.
        tabs[chance.choice(["Alice", "Bob"])][1].locator(".log").dispatch_event("wheel")
        for name, pages in tabs.items():
            for page in pages:
                equals(page, clients[name], f"round {number}, {name}, {page.url}")
    assert reads  # by the pages themselves


def visitors(visit: Visit) -> dict[str, Visitor]:
    return {name: visit(name) for name in ("Alice", "Bob")}


def equals(page: Page, person: Client, what: str) -> None:
    """Return when the page shows what a recount gives, for every room: it may be about to read its own."""
    eventually(
        lambda: badges(page) == recount_of_list(person, page), pause=lambda: page.wait_for_timeout(20), what=what
    )
