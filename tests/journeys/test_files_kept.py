"""Files that have come for a message which is not sent yet: still there after a reload, and gone after a sign-out."""

import json

import pytest
from playwright.sync_api import Route, expect

from tests.journeys.conftest import NewRoom, SignIn, Visit
from tests.journeys.files import all_there, choose, file, files_said, names_staged, picture, staged
from tests.journeys.people import NOT_FOUND, Visitor

pytestmark = pytest.mark.journey

KEPT = """() => Object.entries(sessionStorage)
    .filter(([key]) => key.startsWith("chatapp:staged:")).map(([, value]) => value)"""


@pytest.fixture
def alice(visit: Visit, room_id: int) -> Visitor:
    """Alice, in the room."""
    alice = visit("Alice")
    alice.open_room(room_id)
    return alice


def test_what_has_come_stands_there_again_after_a_reload(
    alice: Visitor, room_id: int, new_room: NewRoom, sign_in: SignIn
) -> None:
    choose(alice, file("me.png", picture()), file("gone.txt"), file("notes.txt"))
    expect(staged(alice)).to_have_count(3)
    all_there(alice)
    alice.page.get_by_placeholder("What it shows (optional)").first.fill("두 마리 고양이")
    alice.page.reload()
    expect(names_staged(alice)).to_have_text(["me.png", "gone.txt", "notes.txt"])
    expect(alice.page.get_by_placeholder("What it shows (optional)").first).to_have_value("두 마리 고양이")
    alice.page.get_by_role("button", name="Remove gone.txt").click()
    expect(staged(alice)).to_have_count(2)
    # Another room has none of them, and another tab has not either.
    alice.open_room(new_room())
    expect(staged(alice)).to_have_count(0)
    alice.open_room(room_id)
    expect(names_staged(alice)).to_have_text(["me.png", "notes.txt"])
    alice.say("with them")
    expect(alice.bodies).to_have_text(["with them"])
    assert files_said(sign_in, room_id) == [("with them", ["me.png", "notes.txt"])]
    alice.page.reload()
    alice.wait_until_live()
    expect(alice.bodies).to_have_text(["with them"])
    expect(staged(alice)).to_have_count(0)


def test_what_is_gone_meanwhile_is_said_after_a_reload_and_a_sign_out_forgets_all(
    alice: Visitor, room_id: int, sign_in: SignIn
) -> None:
    alice.allow(NOT_FOUND)
    choose(alice, file("gone.txt"))
    expect(staged(alice)).to_have_count(1)
    all_there(alice)
    (kept,) = alice.page.evaluate(KEPT)
    for each in json.loads(kept):
        assert sign_in("Alice").delete(f"/rooms/{room_id}/uploads/{each['id']}").status == 200
    alice.page.reload()
    expect(alice.page.get_by_text("Not all files that stood here are still there.")).to_be_visible()
    expect(staged(alice)).to_have_count(0)
    choose(alice, file("notes.txt"))
    expect(staged(alice)).to_have_count(1)
    all_there(alice)
    assert len(alice.page.evaluate(KEPT)) == 1
    alice.page.locator(".menu__button").click()
    alice.page.get_by_role("button", name="Sign out", exact=True).click()
    expect(alice.page.get_by_label("Password")).to_be_visible()
    assert alice.page.evaluate(KEPT) == []


def test_what_is_refused_after_a_reload_can_only_be_removed(alice: Visitor, room_id: int, sign_in: SignIn) -> None:
    """Its bytes went with the page before: there is nothing that could be tried again."""
    alice.allow(NOT_FOUND)
    choose(alice, file("me.png", picture()))
    expect(staged(alice)).to_have_count(1)
    all_there(alice)
    (kept,) = alice.page.evaluate(KEPT)
    (each,) = json.loads(kept)
    address = f"/rooms/{room_id}/uploads/{each['id']}"

    def unscanned(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json=answer.json() | {"is_unscanned": True})

    alice.page.route(f"**{address}", unscanned, times=1)  # as if the scanner were away
    alice.page.reload()
    expect(staged(alice, "me.png").get_by_role("alert")).to_contain_text("being checked")
    assert sign_in("Alice").delete(address).status == 200
    expect(staged(alice, "me.png").get_by_role("alert")).to_have_text("It did not arrive.")
    expect(alice.page.get_by_role("button", name="Try me.png again")).to_have_count(0)
    alice.page.get_by_role("button", name="Remove me.png").click()
    expect(staged(alice)).to_have_count(0)
    alice.say("without it")
    expect(alice.bodies).to_have_text(["without it"])
