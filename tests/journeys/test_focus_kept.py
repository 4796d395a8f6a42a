"""What goes when it is pressed gives the focus on: it never falls out of the page."""

import re

import pytest
from playwright.sync_api import Route, expect

from tests.journeys.conftest import NewRoom, SignIn, Visit
from tests.journeys.line import Line
from tests.journeys.people import AWAY, REFUSED, Visitor
from tests.journeys.unsent import POSTS

pytestmark = pytest.mark.journey

MANY = 120  # more than a page
REFUSAL = '{"ok": false, "error": "message_too_long"}'


def talk(sign_in: SignIn, room_id: int, count: int) -> None:
    """Alice says so much."""
    with sign_in("Alice").connect() as alice:
        for number in range(1, count + 1):
            alice.post(room_id, f"message {number}\n\nof two paragraphs")


@pytest.mark.parametrize(("count", "page"), [(30, ""), (MANY, ""), (MANY, "?around=5")])
def test_the_button_to_the_newest_line_leads_the_focus_there(
    bob: Visitor, room_id: int, sign_in: SignIn, count: int, page: str
) -> None:
    talk(sign_in, room_id, count)
    bob.goto(f"/rooms/{room_id}{page}")
    bob.wait_until_live()
    jump = bob.page.locator(".log__jump")
    jump.press("Enter")
    expect(bob.message(count)).to_be_focused()
    expect(jump).to_be_hidden()
    bob.page.keyboard.press("ArrowUp")
    expect(bob.message(count - 1)).to_be_focused()


def test_a_click_on_it_brings_no_buttons_to_the_line(bob: Visitor, room_id: int, sign_in: SignIn) -> None:
    talk(sign_in, room_id, MANY)
    bob.open_room(room_id)
    bob.page.locator(".log__jump").click()
    expect(bob.page.locator(".log__jump")).to_be_hidden()
    expect(bob.message(MANY)).to_be_in_viewport()
    expect(bob.message(MANY)).not_to_be_focused()


def test_who_retries_stays_with_the_message(bob: Visitor, room_id: int) -> None:
    bob.allow(REFUSED, re.compile("WebSocket"))
    line = Line(bob.page)
    bob.open_room(room_id)
    asked: list[Route] = []
    bob.page.route(POSTS, lambda route: asked.append(route))
    line.cut()
    bob.say("tried twice")
    bob.box.fill("so that it is not given back into the box")
    bob.eventually(lambda: asked, "it is sent")
    asked.pop().fulfill(status=422, body=REFUSAL, content_type="application/json")
    bob.pending.get_by_role("button", name="Retry").press("Enter")
    expect(bob.pending.get_by_role("button", name="Retry")).to_be_hidden()
    expect(bob.pending).to_be_focused()
    bob.eventually(lambda: asked, "it is sent again")
    asked.pop().continue_()
    expect(bob.line("tried twice")).to_be_focused()


def test_who_marks_all_as_read_goes_on_in_the_list(visit: Visit, new_room: NewRoom, sign_in: SignIn) -> None:
    here, there = new_room(), new_room()
    bob = visit("Bob")
    for path, target in (("/rooms", "main .room-entry a >> nth=0"), (f"/rooms/{here}", ".sidebar [aria-current]")):
        talk(sign_in, there, 1)
        bob.goto(path)
        button = bob.page.get_by_role("button", name="Mark all as read")
        expect(button).to_be_visible()
        bob.page.wait_for_load_state("networkidle")  # without its script it is a form
        button.press("Enter")
        expect(button).to_be_hidden()
        expect(bob.page.locator(target)).to_be_focused()


def test_who_tries_to_connect_comes_back_to_the_box(bob: Visitor, room_id: int) -> None:
    bob.allow(AWAY, re.compile("WebSocket"))
    line = Line(bob.page)
    bob.open_room(room_id)
    line.cut()
    button = bob.page.get_by_role("button", name="Try now")
    button.focus()
    line.mend()
    bob.page.keyboard.press("Enter")
    expect(button).to_be_hidden()
    expect(bob.box).to_be_focused()
