"""Everything read at once, on every device."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import NewRoom, SignIn, Visit
from tests.journeys.people import AWAY, SCRIPT_NOT_RUN
from tests.journeys.test_unread import badge, post

pytestmark = pytest.mark.journey


def test_all_is_read_at_once_here_and_on_the_other_device_and_for_nobody_else(
    visit: Visit, new_room: NewRoom, sign_in: SignIn
) -> None:  # behaviour 30
    rooms = [new_room(), new_room(kind="closed")]
    for room_id in rooms:
        post(sign_in("Alice"), room_id)
        post(sign_in("Bob"), room_id)
        post(sign_in("Alice"), room_id, "after his own")
    bob, phone = visit("Bob"), visit("Bob")
    for visitor in (bob, phone):
        visitor.goto("/rooms")
        expect(badge(visitor, rooms[0])).to_contain_text("1 unread message")
    button = bob.page.get_by_role("button", name="Mark all as read")
    button.click()
    for visitor in (bob, phone):
        for room_id in rooms:
            expect(badge(visitor, room_id)).to_be_hidden()
    expect(button).to_be_hidden()
    unread = {room["id"]: room["unread"] for room in sign_in("Alice").get("/rooms").json["rooms"]}
    assert [unread[room_id] for room_id in rooms] == [0, 0]  # she spoke last
    post(sign_in("Bob"), rooms[0], "to her")
    bob.page.reload()
    assert {room["id"]: room["unread"] for room in sign_in("Alice").get("/rooms").json["rooms"]}[rooms[0]] == 1


def test_it_is_seen_also_where_no_socket_connects(visit: Visit, new_room: NewRoom, sign_in: SignIn) -> None:
    room_id = new_room()
    post(sign_in("Alice"), room_id)
    bob = visit("Bob")
    bob.allow(AWAY)
    bob.page.route_web_socket("**/socket.io/**", lambda socket: socket.close())
    bob.goto("/rooms")
    bob.page.get_by_role("button", name="Mark all as read").click()
    expect(badge(bob, room_id)).to_be_hidden()


def test_without_a_script_it_is_a_form(visit: Visit, new_room: NewRoom, sign_in: SignIn) -> None:
    room_id = new_room()
    post(sign_in("Alice"), room_id)
    bob = visit("Bob", java_script_enabled=False, locale="ko-KR")
    bob.allow(SCRIPT_NOT_RUN)
    bob.goto("/rooms")
    bob.page.get_by_role("button", name="모두 읽음으로 표시").click()
    expect(bob.page).to_have_url(f"{bob.url}/rooms")
    expect(badge(bob, room_id)).to_be_hidden()
