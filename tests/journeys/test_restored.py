"""The server was restored while pages were open: what they know by number may be something else now."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import NewRoom, SignIn, Visit
from tests.journeys.line import Line
from tests.journeys.people import AWAY, REFUSED, Visitor
from tests.journeys.server import Server
from tests.journeys.unsent import Wire, kept, said_in

pytestmark = pytest.mark.journey

RESTORED = "The server was restored to an earlier state"


@pytest.fixture
def alice(visit: Visit) -> Visitor:
    alice = visit("Alice")
    alice.allow(AWAY, REFUSED)
    return alice


@pytest.mark.parametrize("way", ["socket", "http"])
def test_a_page_that_keeps_its_draft_deletes_nobody_elses_message(
    alice: Visitor, room_id: int, sign_in: SignIn, server: Server, way: str
) -> None:
    sign_in("Bob").post(f"/rooms/{room_id}/messages", {"body": "another by now"})
    line = Line(alice.page)
    alice.open_room(room_id)
    alice.box.fill("half a sentence")
    server.command("new-epoch")
    line.cut()
    if way == "socket":
        line.mend()
    expect(alice.page.get_by_text(RESTORED)).to_be_visible()

    alice.point_at(1).get_by_role("button", name="Delete message").click()
    alice.page.get_by_role("dialog").get_by_role("button", name="Delete message").click()

    expect(alice.page.get_by_text(RESTORED)).to_have_count(2)
    assert said_in(sign_in, room_id) == ["another by now"]
    expect(alice.box).to_have_value("half a sentence")


def test_what_waits_on_an_open_page_goes_into_no_other_room(
    visit: Visit, new_room: NewRoom, sign_in: SignIn, server: Server
) -> None:
    bob, room_id = visit("Bob"), new_room()
    bob.allow(AWAY, REFUSED)
    wire = Wire(bob)
    bob.open_room(room_id)
    wire.loses_posts = True
    bob.context.set_offline(True)
    bob.say("for the room of before")
    expect(bob.pending).to_have_count(1)
    server.command("new-epoch")
    wire.loses_posts = False
    bob.context.set_offline(False)

    bob.eventually(lambda: RESTORED in bob.page.locator(".room").inner_text(), "it says so")
    assert said_in(sign_in, room_id) == []
    assert kept(bob) == 1
