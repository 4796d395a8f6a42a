"""Who asks the system for less motion sees nothing move: not in any state of a room, and not by the scripts."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Said, SignIn, Visit
from tests.journeys.people import Visitor

pytestmark = pytest.mark.journey

NARROW = {"width": 390, "height": 700}
# What would move: each element with a transition or an animation that takes time. One in a single step moves nothing;
# it only shows a thing later (static/css/sidebar.css).
MOVING = """() => {
  const parts = [null, "::before", "::after", "::backdrop", "::placeholder", "::marker"];
  const takesTime = (list) => list.split(",").some((each) => parseFloat(each) > 0);
  const isStep = (list) => /^steps\\(1(, end)?\\)$|^step-end$/.test(list);
  return [...document.querySelectorAll("*")].flatMap((element) => parts.flatMap((part) => {
    const { transitionDuration, animationName, animationDuration, animationTimingFunction, scrollBehavior } =
      getComputedStyle(element, part);
    const moves = takesTime(transitionDuration)
      || (animationName !== "none" && takesTime(animationDuration) && !isStep(animationTimingFunction))
      || scrollBehavior === "smooth";
    return moves ? [`${element.localName}.${element.className} ${part ?? ""} ${animationName}`] : [];
  }));
}"""


def states(visitor: Visitor, sign_in: SignIn, room_id: int) -> list[str]:
    """What moves as one goes through a room, each with the state in which it does."""
    found: list[str] = []

    def look(state: str) -> None:
        found.extend(f"{state}: {each}" for each in visitor.page.evaluate(MOVING))

    visitor.goto(f"/rooms/{room_id}/messages/1")
    visitor.wait_until_live()
    look("a permalink")
    visitor.message(2).locator(".quote").click()
    look("what is answered")
    with sign_in("Alice").connect() as alice:
        alice.post(room_id, "and one more")
        alice.request("typing:start", {"room_id": room_id})
        expect(visitor.line("and one more")).to_be_visible()
        expect(visitor.page.locator(".typing")).not_to_be_empty()
        look("a new message, and somebody types")
    visitor.page.locator(".composer__send").hover()
    look("pointed at")
    visitor.page.keyboard.press("Control+k")
    expect(visitor.page.get_by_role("dialog")).to_be_visible()
    look("a dialog")
    visitor.page.keyboard.press("Escape")
    visitor.page.set_viewport_size(NARROW)
    visitor.page.locator(".room__rooms").click()
    expect(visitor.page.locator("dialog.drawer")).to_be_visible()
    look("the drawer")
    return found


@pytest.fixture
def room_id(said: Said, sign_in: SignIn) -> int:
    """A room with a message and an answer to it."""
    room_id = said(("Alice", "the first"))
    with sign_in("Alice").connect() as alice:
        alice.post(room_id, "an answer", reply_to=1)
    return room_id


def test_nothing_moves_where_less_motion_is_asked_for(visit: Visit, room_id: int, sign_in: SignIn) -> None:
    assert states(visit("Bob", reduced_motion="reduce"), sign_in, room_id) == []


def test_what_would_move_is_found_where_it_is_not(visit: Visit, room_id: int, sign_in: SignIn) -> None:
    found = states(visit("Bob", reduced_motion="no-preference"), sign_in, room_id)
    assert {each.partition(":")[0] for each in found} >= {"a permalink", "what is answered", "pointed at", "the drawer"}
