"""The page of a room is asked for before anybody goes there."""

import pytest

from tests.journeys.conftest import NewRoom, Visit
from tests.journeys.people import Visitor
from tests.journeys.test_switching import expect_in, link_to

pytestmark = pytest.mark.journey


def last_room(visitor: Visitor) -> str | None:
    """Where one would come back to."""
    return next((cookie.get("value") for cookie in visitor.context.cookies() if cookie["name"] == "last_room"), None)


def test_a_button_that_only_goes_down_asks_for_the_room_and_a_finger_does_not(
    visit: Visit, new_room: NewRoom
) -> None:  # behaviour 66
    rooms = [new_room() for _ in range(3)]
    bob = visit("Bob")
    bob.open_room(rooms[0])
    asked: list[str] = []
    answered: list[str] = []
    bob.page.on("request", lambda request: asked.append(request.url))
    bob.page.on("response", lambda response: answered.append(response.url))
    link_to(bob, rooms[1]).dispatch_event("pointerdown", {"pointerType": "touch", "button": 0})
    link_to(bob, rooms[2]).hover()
    bob.page.mouse.down()
    bob.eventually(lambda: f"{bob.url}/rooms/{rooms[2]}" in answered, "the page was asked for")
    assert last_room(bob) == str(rooms[0])
    assert f"{bob.url}/rooms/{rooms[1]}" not in asked
    bob.page.mouse.up()
    expect_in(bob, rooms[2])
    assert last_room(bob) == str(rooms[2])
