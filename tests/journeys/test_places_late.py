"""Where one was in a room comes late over a reload: who has moved on by then stays, and nothing is read meanwhile."""

import pytest
from playwright.sync_api import Route, expect

from tests.journeys.conftest import SignIn
from tests.journeys.people import Visitor
from tests.journeys.test_places_kept import LONG, OLDER_PAGE, bob, go_far_up, long_room, place

__all__ = ["bob", "long_room"]
pytestmark = pytest.mark.journey

A_MOMENT_MS = 500  # static/js/helpers/reading.js


@pytest.fixture
def held(bob: Visitor) -> list[Route]:
    """Bob was far up and has loaded the page again: he is at the newest line, and what stood there is on its way."""
    bob.own_the_clock()
    bob.page.reload()
    bob.wait_until_live()
    go_far_up(bob, 150)
    held: list[Route] = []
    bob.page.route(OLDER_PAGE, lambda route: held.append(route))
    bob.page.reload()
    bob.eventually(lambda: held, "what stood there is asked for")
    bob.wait_until_live()
    return held


def let_it_come(visitor: Visitor, held: list[Route]) -> None:
    """What was held comes to the page, and the page has had the time to show it."""
    with visitor.page.expect_response(OLDER_PAGE) as answer:
        held[0].continue_()
    answer.value.finished()
    visitor.let_pass(A_MOMENT_MS)
    visitor.page.evaluate(
        "() => new Promise((resolve) => { const { port1, port2 } = new MessageChannel();"
        " port1.onmessage = resolve; port2.postMessage(null); })"
    )


@pytest.mark.parametrize("act", ["wheel", "key", "post"])
def test_who_has_moved_on_is_not_dragged_away(bob: Visitor, held: list[Route], act: str) -> None:  # behaviour 27
    log = bob.page.locator(".log")
    log.hover()
    if act == "wheel":
        bob.page.mouse.wheel(0, -200)
        bob.eventually(lambda: log.evaluate("log => log.scrollTop < -100"), "it has scrolled")
    elif act == "key":
        bob.message(LONG).focus()
        bob.page.keyboard.press("ArrowUp")
    else:
        bob.say("mine")
        expect(bob.line("mine")).to_be_in_viewport()
    there = place(bob)
    let_it_come(bob, held)
    expect(bob.message(LONG)).to_be_attached()
    assert place(bob) == there


def test_what_comes_before_one_is_back_is_counted(
    bob: Visitor, held: list[Route], long_room: int, sign_in: SignIn
) -> None:  # behaviour 23, behaviour 27
    with sign_in("Alice").connect() as alice:
        alice.post(long_room, "new")
    expect(bob.line("new")).to_be_in_viewport()
    let_it_come(bob, held)
    bob.eventually(lambda: place(bob)[0] == 150, "one is back")
    bob.page.get_by_role("button", name="New messages: 1").click()
    expect(bob.line("new")).to_be_in_viewport()


def test_nothing_is_read_before_one_is_back(bob: Visitor, held: list[Route], long_room: int, sign_in: SignIn) -> None:
    # behaviour 29
    read: list[str] = []
    bob.page.on("request", lambda request: read.append(request.url) if request.url.endswith("/read") else None)
    with sign_in("Alice").connect() as alice:
        alice.post(long_room, "new")
    expect(bob.line("new")).to_be_in_viewport()
    bob.let_pass(2 * A_MOMENT_MS)
    bob.page.evaluate("() => fetch('/ready')")  # whatever was asked before was asked by now
    assert read == []
    bob.line("new").click()
    bob.let_pass(2 * A_MOMENT_MS)
    bob.eventually(lambda: len(read) == 1, "who stays there has read it")
    let_it_come(bob, held)
    expect(bob.line("new")).to_be_in_viewport()
