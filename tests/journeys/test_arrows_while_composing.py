"""While a syllable is being composed arrows are the input method's: none leaves the box, or chooses from a list."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Said, Visit
from tests.journeys.people import Visitor
from tests.journeys.test_korean import InputMethod

pytestmark = pytest.mark.journey

ARROWS = ("ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight")
CHOSEN = "list => [...list.querySelectorAll('[role=option]')].findIndex((one) => one.ariaSelected === 'true')"
STEPS = ["ㅅ", "스", "슴"]


@pytest.fixture
def bob(visit: Visit, said: Said) -> Visitor:
    """Bob, who said the last line of a room, and is writing."""
    bob = visit("Bob")
    bob.open_room(said(("Alice", "hers"), ("Bob", "his")))
    bob.box.focus()
    return bob


def press_arrows(bob: Visitor, input_method: InputMethod, steps: list[str]) -> None:
    """All of them, as browsers tell of them: during the composition, and by the key code of input methods alone."""
    for arrow in ARROWS:
        input_method.compose(steps)
        bob.page.keyboard.press(arrow)
        input_method.compose(steps[:1])
        input_method.take(arrow)


def test_none_leaves_the_box_or_edits_a_message(bob: Visitor) -> None:  # behaviour 2
    input_method = InputMethod(bob)
    press_arrows(bob, input_method, STEPS)
    expect(bob.box).to_be_focused()
    expect(bob.page.locator(".edit-box")).to_have_count(0)
    expect(bob.page.locator(".message:focus-within")).to_have_count(0)
    input_method.commit("")
    bob.box.fill("")
    bob.page.keyboard.press("ArrowUp")
    expect(bob.page.locator(".edit-box textarea")).to_be_focused()  # as it does when nothing is composed


def test_none_chooses_from_the_list_of_emoji(bob: Visitor) -> None:  # behaviour 2
    bob.page.keyboard.type(":smi")
    options = bob.page.locator("[data-slot=completion]")
    expect(options.get_by_role("option").first).to_be_visible()
    steps = ["l", "le"]
    InputMethod(bob).compose(steps)
    for arrow in ARROWS[:2]:
        bob.page.keyboard.press(arrow)
        InputMethod(bob).take(arrow)
        assert options.evaluate(CHOSEN) == 0
    expect(bob.box).to_be_focused()
    InputMethod(bob).commit("le")
    bob.page.keyboard.press("ArrowDown")
    assert options.evaluate(CHOSEN) == 1
