"""Where one was in a room, over a reload and for as long as the tab is there."""

import pytest
from playwright.sync_api import Route, expect

from tests.journeys.conftest import NewRoom, SignIn, Visit
from tests.journeys.long_room import fill_room
from tests.journeys.people import REFUSED, Visitor
from tests.journeys.server import Server

pytestmark = pytest.mark.journey

LONG = 400
# The first line in sight, and how far below the log's upper edge it stands.
FIRST = """() => {
  const { top } = document.querySelector(".log").getBoundingClientRect();
  const lines = [...document.querySelectorAll("[data-slot=messages] > .message")];
  const first = lines.find((line) => line.getBoundingClientRect().bottom > top);
  return [Number(first.dataset.number), Math.round(first.getBoundingClientRect().top - top)];
}"""
TO_THE_TOP = "log => { log.scrollTop = -log.scrollHeight; }"
A_LITTLE_UP = "log => { log.scrollTop = -700; }"
IS_AT_END = "log => Math.abs(log.scrollTop) < 5"
OLDER_PAGE = "**/messages?after=*"


@pytest.fixture
def long_room(server: Server, new_room: NewRoom, ids: dict[str, int]) -> int:
    room_id = new_room()
    fill_room(server, room_id, [ids["Alice"], ids["Bob"]], LONG)
    return room_id


@pytest.fixture
def bob(visit: Visit, long_room: int) -> Visitor:
    """Bob at the end of the long room."""
    bob = visit("Bob")
    bob.open_room(long_room)
    expect(bob.message(LONG)).to_be_in_viewport()
    return bob


def place(visitor: Visitor) -> tuple[int, int]:
    """The number of the first line in sight, and where it stands."""
    number, below = visitor.page.evaluate(FIRST)
    return number, below


def go_far_up(visitor: Visitor, number: int) -> tuple[int, int]:
    """Scroll up until this message is there, and to a place in the middle of a line; the place."""
    log = visitor.page.locator(".log")

    def is_there() -> bool:
        log.evaluate(TO_THE_TOP)
        return visitor.message(number).is_visible()

    visitor.eventually(is_there, f"message {number} is there")
    visitor.message(number).evaluate("line => line.scrollIntoView({ block: 'start' })")
    log.evaluate("log => { log.scrollTop += 30; }")
    return place(visitor)


def expect_at(visitor: Visitor, there: tuple[int, int]) -> None:
    """The same line stands where it did, and goes on standing there when the room is live."""
    for _ in range(2):
        visitor.eventually(lambda: place(visitor)[0] == there[0], f"message {there[0]} is the first in sight again")
        assert abs(place(visitor)[1] - there[1]) <= 2
        visitor.wait_until_live()


def test_a_reload_keeps_ones_place_far_up_in_a_room(bob: Visitor, long_room: int) -> None:  # behaviour 27
    there = go_far_up(bob, 150)
    assert there[0] < LONG - 200
    bob.page.reload()
    expect_at(bob, there)
    expect(bob.page).to_have_url(f"{bob.url}/rooms/{long_room}")
    bob.page.reload()  # there it was fetched, and no page of the server's had it
    expect_at(bob, there)

    bob.page.get_by_role("button", name="Newest messages").click()
    expect(bob.message(LONG)).to_be_in_viewport()
    bob.page.reload()
    bob.wait_until_live()
    expect(bob.message(LONG)).to_be_in_viewport()
    assert bob.page.locator(".log").evaluate(IS_AT_END)


def test_what_is_new_meanwhile_is_counted_and_does_not_move_it(
    bob: Visitor, long_room: int, sign_in: SignIn
) -> None:  # behaviour 27
    there = go_far_up(bob, 150)
    with sign_in("Alice").connect() as alice:
        alice.post(long_room, "new")
        bob.page.reload()
        expect_at(bob, there)
        alice.post(long_room, "newer")
    bob.page.get_by_role("button", name="New messages: 2").click()
    expect(bob.line("newer")).to_be_in_viewport()


def test_other_rooms_keep_theirs_over_a_reload_too(bob: Visitor, long_room: int, room_id: int) -> None:  # behaviour 27
    there = go_far_up(bob, 150)
    entry = bob.page.locator(f".sidebar .room-entry[data-room-id='{room_id}'] a")
    entry.click()
    expect(bob.page.locator(".room")).to_have_attribute("data-room-id", str(room_id))
    bob.page.reload()
    bob.wait_until_live()
    bob.page.locator(f".sidebar .room-entry[data-room-id='{long_room}'] a").click()
    expect(bob.message(there[0])).to_be_in_viewport()
    expect_at(bob, there)


@pytest.mark.parametrize("way", ["link", "back"])
def test_by_a_link_one_comes_to_what_is_new_and_by_back_to_ones_place(
    bob: Visitor, long_room: int, room_id: int, sign_in: SignIn, way: str
) -> None:  # behaviour 21, behaviour 27
    there = go_far_up(bob, 150)
    bob.page.locator(f".sidebar .room-entry[data-room-id='{room_id}'] a").click()
    expect(bob.page.locator(".room")).to_have_attribute("data-room-id", str(room_id))
    bob.page.reload()  # the room one was in is not kept any more
    bob.wait_until_live()
    with sign_in("Alice").connect() as alice:
        alice.post(long_room, "new")
    entry = bob.page.locator(f".sidebar .room-entry--unread[data-room-id='{long_room}'] a")
    expect(entry).to_be_visible()
    if way == "link":
        entry.click()
        expect(bob.line("new")).to_be_in_viewport()
        bob.wait_until_live()
        expect(bob.page.locator(".unread-line")).to_be_in_viewport()
        expect(bob.message(there[0])).not_to_be_in_viewport()
    else:
        bob.page.go_back()
        expect(bob.page.locator(".room")).to_have_attribute("data-room-id", str(long_room))
        expect_at(bob, there)


@pytest.mark.parametrize("asks", [False, True], ids=["at-once", "asked-first"])
def test_who_signs_out_leaves_no_place_behind(bob: Visitor, *, asks: bool) -> None:
    go_far_up(bob, 300)
    bob.page.reload()  # it is kept by now
    bob.wait_until_live()
    assert bob.page.evaluate("() => sessionStorage.length") > 0
    if asks:
        bob.box.fill("a draft")
    bob.page.locator(".menu__button").click()
    bob.page.get_by_role("button", name="Sign out").click()
    if asks:
        bob.page.get_by_role("dialog").get_by_role("button", name="Delete and sign out").click()
    expect(bob.page.get_by_label("Password")).to_be_visible()
    assert bob.page.evaluate("() => Object.keys(sessionStorage)") == []


def test_a_page_between_changes_nothing_and_another_tab_has_none(bob: Visitor, long_room: int) -> None:
    # behaviour 27
    bob.page.locator(".log").evaluate(A_LITTLE_UP)
    there = place(bob)
    bob.goto("/people")
    bob.goto(f"/rooms/{long_room}")
    expect_at(bob, there)
    bob.goto("/people")
    bob.page.go_back()
    expect_at(bob, there)
    bob.goto(f"/rooms/{long_room}/messages/20")
    expect(bob.message(20)).to_be_in_viewport()

    bob.page = bob.context.new_page()
    bob.open_room(long_room)
    expect(bob.message(LONG)).to_be_in_viewport()
    assert bob.page.locator(".log").evaluate(IS_AT_END)


def test_who_loads_it_twice_in_a_hurry_still_has_it(bob: Visitor) -> None:  # behaviour 27
    there = go_far_up(bob, 150)
    held: list[Route] = []
    bob.page.route(OLDER_PAGE, lambda route: held.append(route))
    bob.page.reload()
    bob.eventually(lambda: held, "what stood there is asked for")
    bob.page.unroute(OLDER_PAGE)
    bob.page.reload()
    expect_at(bob, there)


def test_who_gets_no_answer_and_loads_it_again_still_has_it(bob: Visitor) -> None:  # behaviour 27
    bob.allow(REFUSED)
    there = go_far_up(bob, 150)
    refused: list[Route] = []

    def refuse(route: Route) -> None:
        route.fulfill(status=409, json={"error": "conflict"})
        refused.append(route)

    bob.page.route(OLDER_PAGE, refuse)
    bob.page.reload()
    bob.eventually(lambda: refused, "what stood there is asked for")
    expect(bob.page.locator(".log:not([aria-busy])")).to_be_visible()
    bob.page.unroute(OLDER_PAGE)
    bob.page.reload()
    expect_at(bob, there)
