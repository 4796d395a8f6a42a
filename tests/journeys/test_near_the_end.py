"""Who stands within 80 px of the log's end goes along with what is new; who stands further up does not."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import SignIn, Visit
from tests.journeys.people import Visitor

pytestmark = pytest.mark.journey

MANY = 30
PLACE = "log => Math.round(-log.scrollTop)"


@pytest.fixture
def bob(visit: Visit, room_id: int, sign_in: SignIn) -> Visitor:
    """Bob at the end of a room that is taller than his window, all of it read."""
    with sign_in("Alice").connect() as alice:
        for number in range(MANY):
            alice.post(room_id, f"message {number}\n\nof two paragraphs")
    sign_in("Bob").post(f"/rooms/{room_id}/read", {"number": MANY, "generation": 0})
    bob = visit("Bob")
    bob.open_room(room_id)
    expect(bob.message(MANY)).to_be_in_viewport()
    return bob


@pytest.mark.parametrize("pixels", [0, 40, 79])
def test_near_the_end_what_is_new_comes_into_sight(
    bob: Visitor, room_id: int, sign_in: SignIn, pixels: int
) -> None:  # behaviour 23
    log = bob.page.locator(".log")
    log.evaluate("(log, pixels) => { log.scrollTop = -pixels; }", pixels)
    with sign_in("Alice").connect() as alice:
        alice.post(room_id, "and one more\n\nof two paragraphs")
    expect(bob.message(MANY + 1)).to_be_in_viewport(ratio=0.99)
    assert log.evaluate(PLACE) == 0
    expect(bob.page.locator(".log__jump")).to_be_hidden()


@pytest.mark.parametrize("pixels", [81, 120])
def test_further_up_the_line_under_the_eye_stays_and_a_button_counts(
    bob: Visitor, room_id: int, sign_in: SignIn, pixels: int
) -> None:  # behaviour 23, 24
    log, read = bob.page.locator(".log"), bob.message(MANY - 4)
    log.evaluate("(log, pixels) => { log.scrollTop = -pixels; }", pixels)
    before = read.bounding_box()
    with sign_in("Alice").connect() as alice:
        alice.post(room_id, "and one more\n\nof two paragraphs")
    expect(bob.page.get_by_role("button", name="New messages: 1")).to_be_visible()
    after = read.bounding_box()
    assert before
    assert after
    assert abs(after["y"] - before["y"]) <= 1
    assert log.evaluate(PLACE) > pixels
