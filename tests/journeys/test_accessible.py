"""No state of any page has a violation of WCAG 2.2 AA that axe-core can find, in any look."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Route, expect

from tests.journeys.accessible import violations
from tests.journeys.conftest import NewRoom, SignIn, Visit
from tests.journeys.line import Line
from tests.journeys.people import AWAY, NOT_FOUND, REFUSED, Visitor
from tests.journeys.server import Server
from tests.journeys.unsent import POSTS

pytestmark = pytest.mark.journey

LOOKS: dict[str, dict[str, Any]] = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "Korean": {"locale": "ko-KR"},
    "320 px wide": {"viewport": {"width": 320, "height": 640}},
    "forced colours": {"forced_colors": "active"},
}
PAGES = ["/rooms", "/rooms/new", "/rooms/new?kind=direct", "/people", "/account", "/help", "/admin", "/nowhere"]
SAID = [
    "Good morning! See https://example.org/orders?view=all and `code`.",
    "```python\ndef greet(name):\n    return f'hello {name}'  # once\n```",
    "> quoted\n\n1. one\n2. two\n\n| a | b |\n|---|---|\n| 1 | 2 |",
    "🎉",
    "word " * 1500,
]

State = Callable[[Visitor], object]


@pytest.fixture
def room_id(new_room: NewRoom, sign_in: SignIn) -> int:
    """A room with everything in it that a line can show."""
    room_id = new_room()
    with sign_in("Bob").connect() as bob, sign_in("Alice").connect() as alice:
        for text in SAID:
            bob.post(room_id, text)
        said = alice.post(room_id, "from Alice")
        gone = alice.post(room_id, "soon gone")
        for number in (said["number"], gone["number"]):
            answer = {"client_id": str(uuid4()), "body": "an answer", "reply_to": number}
            bob.request("message:post", {"room_id": room_id, **answer})
        alice.request("message:edit", {"message_id": said["id"], "body": "from Alice, edited"})
        alice.request("message:delete", {"message_id": gone["id"]})
        for person in (alice, bob):
            person.request("reaction:add", {"message_id": said["id"], "emoji": "👍"})
    return room_id


@pytest.fixture(params=LOOKS)
def look(request: pytest.FixtureRequest) -> dict[str, Any]:
    """How a browser shows pages."""
    return LOOKS[request.param]


def test_pages_have_no_violation(arrive: Visit, visit: Visit, server: Server, look: dict[str, Any]) -> None:
    stranger = arrive("nobody", server.url, **look)
    stranger.goto("/login")
    found = violations(stranger.page)
    alice = visit("Alice", **look)
    alice.allow(NOT_FOUND)
    for path in PAGES:
        alice.goto(path)
        expect(alice.page.get_by_role("heading", level=1)).to_be_visible()
        found += [f"{path} {each}" for each in violations(alice.page)]
    assert found == []


def test_a_room_has_no_violation_in_any_state(
    visit: Visit, new_room: NewRoom, room_id: int, look: dict[str, Any]
) -> None:
    alice = visit("Alice", **look)
    alice.open_room(new_room())
    found = [f"empty: {each}" for each in violations(alice.page)]
    alice.open_room(room_id)
    for name, state in STATES.items():
        state(alice)
        found += [f"{name}: {each}" for each in violations(alice.page)]
    for path in (f"/rooms/{room_id}/members", f"/rooms/{room_id}/messages/6/edits"):
        alice.goto(path)
        found += [f"{path}: {each}" for each in violations(alice.page)]
    assert found == []


def test_a_room_without_a_connection_has_no_violation(visit: Visit, room_id: int, look: dict[str, Any]) -> None:
    alice = visit("Alice", **look)
    alice.allow(AWAY, REFUSED, re.compile("WebSocket"))
    line = Line(alice.page)
    alice.open_room(room_id)
    asked: list[Route] = []
    alice.page.route(POSTS, lambda route: asked.append(route))
    line.cut()
    alice.say("not to be sent")
    alice.box.fill("so that it is not given back into the box")
    alice.eventually(lambda: asked, "it is sent")
    asked[0].fulfill(status=422, json={"ok": False, "error": "message_too_long"})
    expect(alice.pending.get_by_role("button")).not_to_have_count(0)
    found = [f"failed message: {each}" for each in violations(alice.page)]
    expect(alice.page.locator("[data-controller=connection] .banner__text")).to_be_visible()
    found += [f"banner: {each}" for each in violations(alice.page)]
    assert found == []


def full(_: Visitor) -> None:
    """As it was opened."""


def pointed_at(alice: Visitor) -> None:
    """The buttons of a message."""
    alice.point_at(6)


def deleting(alice: Visitor) -> None:
    """The question before a message is deleted."""
    alice.point_at(6).locator("[data-do=delete]").click()
    expect(alice.page.get_by_role("dialog")).to_be_visible()


def reacting(alice: Visitor) -> None:
    """The emoji one can react with."""
    close(alice)
    alice.point_at(6).locator("[data-do=react]").click()
    expect(alice.page.get_by_role("dialog")).to_be_visible()


def answering(alice: Visitor) -> None:
    """What one answers, above the box."""
    close(alice)
    alice.point_at(6).locator("[data-do=reply]").click()
    expect(alice.page.locator(".composer__reply")).to_be_visible()


def formatting(alice: Visitor) -> None:
    """What one may type to make a text stand out."""
    alice.page.locator(".formatting summary").click()
    expect(alice.page.locator(".formatting__panel")).to_be_visible()


def naming(alice: Visitor) -> None:
    """What a colon in the box may mean."""
    alice.box.press_sequentially(":heart")
    expect(alice.page.get_by_role("option").first).to_be_visible()


def inserting(alice: Visitor) -> None:
    """The emoji one can write, of which some were searched for."""
    alice.box.fill("")
    alice.page.locator(".composer [data-slot=emoji]").click()
    dialog = alice.page.get_by_role("dialog")
    dialog.locator("[data-slot=query]").fill("heart")
    expect(dialog.locator("[data-slot=all] button").first).to_be_visible()


def editing(alice: Visitor) -> None:
    """A message that is being edited."""
    close(alice)
    alice.point_at(6).locator("[data-do=edit]").click()
    expect(alice.page.locator(".edit-box textarea")).to_be_focused()


def menu(alice: Visitor) -> None:
    """One's own menu."""
    alice.page.locator(".edit-box textarea").press("Escape")
    alice.page.locator(".menu__button").click()


def close(alice: Visitor) -> None:
    """No dialog is open."""
    alice.page.keyboard.press("Escape")
    expect(alice.page.get_by_role("dialog")).to_have_count(0)


LOOKING = (full, pointed_at, deleting)
WRITING = (answering, formatting, naming, inserting, editing)
# All emoji there are come last: from then on they stand in the page, and to look at it takes five times as long.
STATES: dict[str, State] = {each.__name__: each for each in (*LOOKING, *WRITING, menu, reacting)}
