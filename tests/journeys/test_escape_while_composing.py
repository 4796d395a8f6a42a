"""Escape that ends a composition ends nothing else: no dialog, no edit, no reply, no list."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.conftest import Said, Visit
from tests.journeys.people import Visitor
from tests.journeys.test_korean import HANGUL, KANA, Composed, InputMethod

pytestmark = pytest.mark.journey


@dataclass
class Place:
    """A box one composes in, and what Escape would take away."""

    box: Locator
    open: Locator


def switcher(alice: Visitor) -> Place:
    alice.page.keyboard.press("Control+k")
    return Place(alice.page.locator("#switcher-query"), alice.page.locator("dialog.switcher"))


def emoji_picker(alice: Visitor) -> Place:
    alice.page.locator(".composer [data-slot=emoji]").click()
    return Place(alice.page.locator("#emoji-query"), alice.page.locator("dialog.emoji-picker"))


def edit_box(alice: Visitor) -> Place:
    alice.point_at(1).locator("[data-do=edit]").click()
    return Place(alice.page.locator(".edit-box textarea"), alice.page.locator(".edit-box"))


def reply(alice: Visitor) -> Place:
    alice.point_at(1).locator("[data-do=reply]").click()
    return Place(alice.box, alice.page.locator(".composer__reply"))


def completion(alice: Visitor) -> Place:
    alice.box.press_sequentially(":heart")
    return Place(alice.box, alice.page.locator(".completion"))


PLACES: tuple[Callable[[Visitor], Place], ...] = (switcher, emoji_picker, edit_box, reply)


@pytest.fixture
def alice(visit: Visit, said: Said) -> Visitor:
    """Alice, in a room in which she said something."""
    alice = visit("Alice")
    alice.open_room(said(("Alice", "from Alice")))
    return alice


@pytest.mark.parametrize("composed", [HANGUL, KANA], ids=["hangul", "kana"])
@pytest.mark.parametrize("open_place", PLACES, ids=lambda place: place.__name__)
def test_it_closes_and_throws_away_nothing(  # behaviour 2
    alice: Visitor, open_place: Callable[[Visitor], Place], composed: Composed
) -> None:
    place = open_place(alice)
    expect(place.open).to_be_visible()
    place.box.fill("")
    place.box.focus()
    input_method = InputMethod(alice)
    input_method.compose(composed[0])
    input_method.take("Escape")
    expect(place.box).to_have_value(composed[0][-1])
    expect(place.open).to_be_visible()
    input_method.commit(composed[1])
    input_method.take("Escape")  # as Safari reports it: after the composition
    expect(place.box).to_have_value(composed[1])
    expect(place.open).to_be_visible()
    alice.page.keyboard.press("Escape")
    expect(place.open).to_be_hidden()


def test_it_leaves_the_list_of_emoji_open(alice: Visitor) -> None:  # behaviour 2
    place = completion(alice)
    expect(place.open).to_be_visible()
    InputMethod(alice).take("Escape")
    expect(place.open).to_be_visible()
    alice.page.keyboard.press("Escape")
    expect(place.open).to_be_hidden()
