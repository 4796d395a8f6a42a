"""From room to room without another page: as the server shows it, and as one left it."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.conftest import NewRoom, SignIn, Visit
from tests.journeys.people import AWAY, NOT_FOUND, Visitor
from tests.journeys.unsent import Wire

pytestmark = pytest.mark.journey

MARK = "() => { window.isTheSamePage = true; }"
IS_MARKED = "() => window.isTheSamePage === true"
PLACE = "() => Math.round(document.querySelector('.log').scrollTop)"
FIRST = """() => {
  const { top } = document.querySelector(".log").getBoundingClientRect();
  const lines = [...document.querySelectorAll("[data-slot=messages] > .message")];
  const first = lines.find((line) => line.getBoundingClientRect().bottom > top);
  return `${first.dataset.number} ${Math.round(first.getBoundingClientRect().top - top)}`;
}"""
ACK_TIMEOUT_MS = 10_000  # static/js/socket.js
MANY = 90
KEPT_ROOMS = 5
AT_THE_END = 5  # pixels


@pytest.fixture
def rooms(new_room: NewRoom) -> list[int]:
    """Three rooms of Alice and Bob."""
    return [new_room() for _ in range(3)]


@pytest.fixture
def bob(visit: Visit, rooms: list[int]) -> Iterator[Visitor]:
    """Bob in the first of them. Whatever he does, it stays the same page."""
    bob = visit("Bob")
    bob.open_room(rooms[0])
    bob.page.evaluate(MARK)
    yield bob
    assert bob.page.evaluate(IS_MARKED)


def link_to(visitor: Visitor, room_id: int) -> Locator:
    """The room in the list beside the log."""
    return visitor.page.locator(f".sidebar .room-entry[data-room-id='{room_id}'] a")


def go_to(visitor: Visitor, room_id: int) -> None:
    """Click on the room in the list."""
    link_to(visitor, room_id).click()
    expect_in(visitor, room_id)


def expect_in(visitor: Visitor, room_id: int) -> None:
    """This room stands in the page, and the page says so."""
    room = visitor.page.locator(".room")
    expect(room).to_have_attribute("data-room-id", str(room_id))
    expect(link_to(visitor, room_id)).to_have_attribute("aria-current", "page")
    expect(visitor.page.locator("[aria-current=page]")).to_have_count(1)
    name = room.locator(".room__title").inner_text()
    expect(visitor.page).to_have_title(re.compile(rf"^(• |\(\d+\) )?{re.escape(name)} - "))
    expect(visitor.page).to_have_url(re.compile(rf"/rooms/{room_id}(\D|$)"))


def said(sign_in: SignIn, room_id: int, count: int) -> None:
    """Alice has said so much there."""
    with sign_in("Alice").connect() as alice:
        for number in range(1, count + 1):
            alice.post(room_id, f"line {number} of {room_id}")


def test_a_click_changes_the_room_and_not_the_page(bob: Visitor, rooms: list[int], sign_in: SignIn) -> None:
    said(sign_in, rooms[1], 2)
    go_to(bob, rooms[1])
    expect(bob.bodies).to_have_text([f"line 1 of {rooms[1]}", f"line 2 of {rooms[1]}"])
    expect(bob.box).to_be_focused()
    bob.say("from Bob")
    expect(bob.line("from Bob")).to_be_visible()
    expect(bob.pending).to_have_count(0)

    go_to(bob, rooms[0])
    expect(bob.lines).to_have_count(0)
    go_to(bob, rooms[1])  # as it was left
    expect(bob.line("from Bob")).to_be_visible()


def test_what_is_said_in_one_room_is_not_seen_in_another_and_there_when_one_comes_back(
    bob: Visitor, rooms: list[int], sign_in: SignIn
) -> None:
    go_to(bob, rooms[1])
    with sign_in("Alice").connect() as alice:
        number = alice.post(rooms[0], "while Bob is elsewhere")
        alice.post(rooms[0], "and more")
        alice.post(rooms[1], "where Bob is")
        expect(bob.bodies).to_have_text(["where Bob is"])
        expect(link_to(bob, rooms[0]).locator("[data-slot=badge]")).to_contain_text("2 unread messages")
        go_to(bob, rooms[0])
        expect(bob.bodies).to_have_text(["while Bob is elsewhere", "and more"])
        expect(link_to(bob, rooms[0]).locator("[data-slot=badge]")).to_be_hidden()

        go_to(bob, rooms[1])
        alice.request("message:edit", {"message_id": number["id"], "body": "changed meanwhile"})
        go_to(bob, rooms[0])
        expect(bob.bodies).to_have_text(["changed meanwhile", "and more"])


def test_back_and_forward_go_from_room_to_room_and_a_reload_stays(bob: Visitor, rooms: list[int]) -> None:
    go_to(bob, rooms[1])
    go_to(bob, rooms[2])
    bob.page.go_back()
    expect_in(bob, rooms[1])
    bob.page.go_back()
    expect_in(bob, rooms[0])
    bob.page.go_forward()
    expect_in(bob, rooms[1])

    bob.page.reload()
    expect_in(bob, rooms[1])
    bob.page.evaluate(MARK)
    bob.page.go_back()
    expect_in(bob, rooms[0])
    bob.say("still alive")
    expect(bob.line("still alive")).to_be_visible()


def test_each_room_keeps_its_place_and_its_draft(bob: Visitor, rooms: list[int], sign_in: SignIn) -> None:
    # behaviour 5, 27
    said(sign_in, rooms[0], MANY)
    said(sign_in, rooms[1], MANY)
    mark_all_read(sign_in, keep=rooms[0])  # else it would open at the first unread line
    expect(bob.line(f"line {MANY} of {rooms[0]}")).to_be_in_viewport()
    bob.page.locator(".log").evaluate("log => { log.scrollTop = -700; }")
    place = bob.page.evaluate(PLACE)
    bob.box.fill("half a thought")

    go_to(bob, rooms[1])
    expect(bob.box).to_have_value("")
    expect(bob.line(f"line {MANY} of {rooms[1]}")).to_be_in_viewport()
    expect(link_to(bob, rooms[0]).get_by_text("Draft")).to_be_attached()
    with sign_in("Alice").connect() as alice:
        alice.post(rooms[1], "the newest")
    expect(bob.line("the newest")).to_be_in_viewport()

    go_to(bob, rooms[0])
    expect(bob.box).to_have_value("half a thought")
    assert abs(bob.page.evaluate(PLACE) - place) < AT_THE_END
    go_to(bob, rooms[1])
    assert abs(bob.page.evaluate(PLACE)) < AT_THE_END


def test_a_room_that_is_not_kept_any_more_keeps_its_place_too(
    bob: Visitor, rooms: list[int], new_room: NewRoom, sign_in: SignIn
) -> None:  # behaviour 27
    said(sign_in, rooms[0], MANY)
    expect(bob.line(f"line {MANY} of {rooms[0]}")).to_be_in_viewport()
    bob.eventually(lambda: unread_in(sign_in, rooms[0]) == 0, "it is read: nothing new is to be come to")
    others = [new_room() for _ in range(KEPT_ROOMS + 1)]
    expect(link_to(bob, others[-1])).to_be_visible()
    bob.page.locator(".log").evaluate("log => { log.scrollTop = -700; }")
    first = bob.page.evaluate(FIRST)
    for room_id in others:
        go_to(bob, room_id)
    go_to(bob, rooms[0])
    assert bob.page.evaluate(FIRST) == first
    expect(bob.page).to_have_url(f"{bob.url}/rooms/{rooms[0]}")

    link_to(bob, rooms[0]).click()  # where one is already: to its newest line
    expect(bob.line(f"line {MANY} of {rooms[0]}")).to_be_in_viewport()


def test_keys_go_to_the_next_room_and_to_the_next_unread_one(
    bob: Visitor, rooms: list[int], sign_in: SignIn
) -> None:  # behaviour 63
    in_order = bob.page.locator(".sidebar .room-entry").evaluate_all("all => all.map((one) => one.dataset.roomId)")
    here = in_order.index(str(rooms[0]))
    before, after = in_order[here - 1], in_order[(here + 1) % len(in_order)]
    bob.box.press("Alt+ArrowDown")
    expect_in(bob, int(after))
    bob.box.press("Alt+ArrowUp")
    expect_in(bob, rooms[0])
    bob.page.keyboard.press("Alt+ArrowUp")
    expect_in(bob, int(before))

    go_to(bob, rooms[0])
    mark_all_read(sign_in, keep=rooms[2])
    with sign_in("Alice").connect() as alice:
        alice.post(rooms[2], "unread")
    expect(link_to(bob, rooms[2]).locator("[data-slot=badge]")).to_be_visible()
    expect(bob.page.locator(".sidebar .room-entry--unread")).to_have_count(1)
    bob.page.keyboard.press("Alt+Shift+ArrowUp")
    expect_in(bob, rooms[2])


def unread_in(sign_in: SignIn, room_id: int) -> int:
    """How many messages of this room Bob has not read."""
    unread = {room["id"]: room["unread"] for room in sign_in("Bob").get("/rooms").json["rooms"]}
    return int(unread[room_id])


def mark_all_read(sign_in: SignIn, *, keep: int) -> None:
    """Bob has read everything, on another device."""
    bob = sign_in("Bob")
    for room in bob.get("/rooms").json["rooms"]:
        if room["id"] != keep and room["is_member"]:
            fields = {"number": room["last_number"], "generation": room["generation"]}
            bob.post(f"/rooms/{room['id']}/read", fields)


def test_while_composing_no_key_leaves_the_room(bob: Visitor, rooms: list[int]) -> None:  # behaviour 2
    keys = "new KeyboardEvent('keydown', { key: 'ArrowDown', altKey: true, bubbles: true, %s })"
    for sign in ("isComposing: true", "keyCode: 229"):
        bob.box.evaluate(f"box => box.dispatchEvent({keys % sign})")
    expect_in(bob, rooms[0])


def test_a_message_on_its_way_arrives_though_its_writer_has_gone_on(
    visit: Visit, rooms: list[int], sign_in: SignIn
) -> None:
    bob = visit("Bob")
    wire = Wire(bob)
    bob.own_the_clock()
    bob.open_room(rooms[0])
    wire.loses_acks = True
    bob.say("and off")
    bob.eventually(lambda: wire.posts > 0, "it has left")
    go_to(bob, rooms[1])
    expect(bob.pending).to_have_count(0)
    wire.loses_acks = False
    bob.let_pass(ACK_TIMEOUT_MS)

    bob.eventually(lambda: bob.page.evaluate("() => !JSON.stringify(localStorage).includes('and off')"), "it is sent")
    go_to(bob, rooms[0])
    expect(bob.bodies).to_have_text(["and off"])
    expect(bob.pending).to_have_count(0)


def test_a_room_that_cannot_be_reached_is_said_and_nothing_is_lost(bob: Visitor, rooms: list[int]) -> None:
    bob.allow(AWAY)
    go_to(bob, rooms[1])
    bob.box.fill("not sent yet")
    bob.context.set_offline(True)
    link_to(bob, rooms[2]).click()
    expect(bob.page.get_by_text("This room cannot be reached now.")).to_be_visible()
    expect_in(bob, rooms[1])
    expect(bob.box).to_have_value("not sent yet")

    go_to(bob, rooms[0])  # as it was left: that needs nobody
    bob.context.set_offline(False)
    go_to(bob, rooms[2])
    expect(bob.page.get_by_text("This room cannot be reached now.")).to_have_count(0)


def test_who_is_removed_from_a_room_while_in_another_does_not_see_it_again(
    visit: Visit, new_room: NewRoom, sign_in: SignIn, ids: dict[str, int]
) -> None:
    shared, closed = new_room(), new_room(kind="closed")
    said(sign_in, closed, 2)
    bob = visit("Bob")
    bob.allow(NOT_FOUND)
    bob.open_room(closed)
    go_to(bob, shared)
    sign_in("Alice").post(f"/rooms/{closed}/members/{ids['Bob']}/remove")
    bob.box.hover()
    expect(link_to(bob, closed)).to_have_count(0)

    bob.page.go_back()
    expect(bob.page.get_by_role("heading", name="There is no such room, or you may not see it.")).to_be_visible()
    expect(bob.page.get_by_text(f"line 1 of {closed}")).to_have_count(0)


def test_an_edit_that_is_not_saved_waits_where_it_stands(bob: Visitor, rooms: list[int]) -> None:
    bob.say("as first written")
    line = bob.line("as first written")
    expect(line).to_be_visible()
    line.hover()
    line.get_by_role("button", name="Edit").click()
    box = bob.page.locator(".edit-box textarea")
    box.fill("as it should be")

    go_to(bob, rooms[1])
    go_to(bob, rooms[0])
    expect(box).to_have_value("as it should be")
    box.press("Enter")
    expect(bob.bodies).to_have_text(["as it should be"])
    expect(box).to_have_count(0)


def test_with_a_key_held_down_a_link_opens_a_tab_as_ever(bob: Visitor, rooms: list[int]) -> None:
    with bob.context.expect_page() as opened:
        link_to(bob, rooms[1]).click(modifiers=["Control"])
    expect(opened.value).to_have_url(f"{bob.url}/rooms/{rooms[1]}")
    expect_in(bob, rooms[0])
