"""Alt with Up or Down, pressed faster than rooms come."""

import pytest
from playwright.sync_api import Route, expect

from tests.journeys.conftest import NewRoom, Visit
from tests.journeys.people import AWAY, Visitor
from tests.journeys.test_switching import expect_in

pytestmark = pytest.mark.journey

IN_ORDER = "all => all.map((one) => Number(one.dataset.roomId))"


@pytest.fixture
def bob(visit: Visit, new_room: NewRoom) -> Visitor:
    """Bob in the first of four rooms."""
    rooms = [new_room() for _ in range(4)]
    bob = visit("Bob")
    bob.open_room(rooms[0])
    return bob


def rooms_from_here(visitor: Visitor) -> list[int]:
    """The rooms beside the log in their order, from the one on that one is in."""
    rooms: list[int] = visitor.page.locator(".sidebar .room-entry").evaluate_all(IN_ORDER)
    here = rooms.index(int(visitor.page.locator(".room").get_attribute("data-room-id") or 0))
    return rooms[here:] + rooms[:here]


@pytest.mark.parametrize("keys", ["Down Down", "Down Down Down Up", "Down Up Down Down"])
def test_a_key_means_the_room_after_the_one_that_is_on_its_way(bob: Visitor, keys: str) -> None:  # behaviour 63
    _, first, second, *_ = rooms_from_here(bob)
    bob.page.route(f"**/rooms/{first}", lambda _: None)
    for key in keys.split():
        bob.page.keyboard.press(f"Alt+Arrow{key}")
    expect_in(bob, second)
    bob.page.unroute(f"**/rooms/{first}")  # which lets it come, too late
    bob.page.keyboard.press("Alt+ArrowUp")
    expect_in(bob, first)


def test_the_way_back_to_where_one_is_leaves_nothing_on_its_way(bob: Visitor) -> None:
    here, first, *_ = rooms_from_here(bob)
    held: list[Route] = []
    bob.page.route(f"**/rooms/{first}", lambda route: held.append(route))
    bob.page.keyboard.press("Alt+ArrowDown")
    bob.eventually(lambda: held, "the next room is asked for")
    bob.page.keyboard.press("Alt+ArrowUp")
    expect(bob.page.locator("[data-controller=stage]")).not_to_have_attribute("aria-busy", "true")
    with bob.page.expect_response(f"**/rooms/{first}"):
        held[0].continue_()
    expect_in(bob, here)


def test_after_one_that_led_nowhere_a_key_goes_on_from_the_room_that_stays(bob: Visitor) -> None:
    bob.allow(AWAY)
    _, first, *_ = rooms_from_here(bob)
    bob.context.set_offline(True)
    bob.page.keyboard.press("Alt+ArrowDown")
    expect(bob.page.get_by_text("This room cannot be reached now.")).to_be_visible()
    bob.context.set_offline(False)
    bob.page.keyboard.press("Alt+ArrowDown")
    expect_in(bob, first)
