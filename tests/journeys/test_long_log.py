"""A log of thousands of messages: the page holds a few hundred, and what is in use stays."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import NewRoom, SignIn, Visit
from tests.journeys.long_room import fill_room
from tests.journeys.people import Visitor
from tests.journeys.server import Server
from tests.journeys.test_sound import PLAY, STATE, post_sound

pytestmark = pytest.mark.journey

POSTS = 700
LINES_MAX = 400 + 50  # static/js/room/log_window.js, and the page that is let be


@pytest.fixture
def long_room(server: Server, new_room: NewRoom, ids: dict[str, int]) -> int:
    room_id = new_room()
    fill_room(server, room_id, list(ids.values()), POSTS)
    return room_id


@pytest.fixture
def alice(visit: Visit, long_room: int) -> Visitor:
    visitor = visit("Alice")
    visitor.open_room(long_room)
    return visitor


def numbers(visitor: Visitor) -> list[int]:
    return [int(each) for each in visitor.lines.evaluate_all("lines => lines.map(line => line.dataset.number)")]


def go_back_to(visitor: Visitor, number: int) -> None:
    """Scroll to the top, again and again, until this message stands there."""

    def is_there() -> bool:
        visitor.page.locator(".log").evaluate("log => { log.scrollTop = -1e6; }")
        return visitor.page.locator(f"#message-{number}").count() > 0

    visitor.eventually(is_there, f"message {number} is there")


def test_the_log_keeps_a_few_hundred_lines_and_goes_back_to_the_newest(
    alice: Visitor, sign_in: SignIn, long_room: int
) -> None:  # behaviour 26
    go_back_to(alice, 1)
    shown = numbers(alice)
    assert len(shown) <= LINES_MAX
    assert shown == list(range(1, shown[-1] + 1))
    jump = alice.page.get_by_role("button", name="Newest messages")
    expect(jump).to_be_visible()
    sign_in("Bob").post(f"/rooms/{long_room}/messages", {"body": "far below"})
    alice.page.get_by_role("button", name="New messages: 1").click()
    expect(alice.line("far below")).to_be_in_viewport()
    assert numbers(alice) == list(range(POSTS - 48, POSTS + 2))
    expect(alice.page.locator(".log__jump")).to_be_hidden()


def test_what_was_cut_comes_back_by_scrolling_on(alice: Visitor) -> None:  # behaviour 26
    go_back_to(alice, 1)

    def is_there() -> bool:
        alice.page.locator(".log").evaluate("log => { log.scrollTop = 0; }")
        return alice.page.locator(f"#message-{POSTS}").count() > 0

    alice.eventually(is_there, "the newest is there")
    shown = numbers(alice)
    assert shown == list(range(shown[0], POSTS + 1))
    assert len(shown) <= LINES_MAX


def test_what_is_being_edited_or_selected_is_not_cut(alice: Visitor) -> None:  # behaviour 26
    line = alice.page.locator(f"#message-{POSTS - 20}")
    line.scroll_into_view_if_needed()
    line.locator(".message__body").select_text()
    go_back_to(alice, 1)
    expect(line).to_have_count(1)
    assert numbers(alice)[-1] == POSTS - 20
    alice.page.evaluate("() => getSelection().removeAllRanges()")
    go_back_to(alice, 1)


def test_what_plays_is_not_cut(visit: Visit, long_room: int, sign_in: SignIn) -> None:  # behaviour 26
    post_sound(sign_in("Bob"), long_room)
    alice = visit("Alice")
    alice.open_room(long_room)
    alice.go_to_newest()
    player = alice.lines.locator("audio")
    player.evaluate(PLAY)
    go_back_to(alice, 1)
    assert numbers(alice)[-1] == POSTS + 1
    assert player.evaluate(STATE)[:2] == [True, False]
    player.evaluate("sound => sound.pause()")
    go_back_to(alice, 1)
