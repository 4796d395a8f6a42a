"""Ctrl+K: finding a room by a part of its name, by keys, by mouse, in Korean."""

import re
from dataclasses import dataclass
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.conftest import SignIn, Visit
from tests.journeys.people import AWAY, Visitor
from tests.journeys.protocol import Client
from tests.journeys.server import Server
from tests.journeys.test_keyboard_and_a11y import NARROW, assert_fits
from tests.journeys.test_korean import KANA, InputMethod

pytestmark = pytest.mark.journey

ON_A_MAC = "Object.defineProperty(Navigator.prototype, 'platform', { get: () => 'MacIntel' })"
STEPS = ["ㅎ", "하", "한", "한ㄱ", "한구", "한국"]


@dataclass
class House:
    """Rooms of Alice and a newcomer, by the first word of their names."""

    newcomer: Client
    alice: Client
    rooms: dict[str, int]
    arrive: Visit

    def visitor(self, **options: object) -> Visitor:
        """The newcomer at a browser, on a page whose scripts are there."""
        visitor = self.arrive("Newcomer", self.newcomer.url, **options)
        visitor.be_signed_in(self.newcomer)
        visitor.goto("/")
        expect(visitor.page.locator(".menu__button")).to_be_visible()
        return visitor

    def say(self, room: str, count: int) -> None:
        """Alice says something there."""
        with self.alice.connect() as socket:
            for number in range(count):
                socket.post(self.rooms[room], f"said {number}")


@pytest.fixture
def house(sign_in: SignIn, arrive: Visit, server: Server) -> House:
    alice = sign_in("Alice")
    newcomer = alice.invite("Newcomer", email=f"{uuid4().hex}@example.org")
    names = ("Attic", "Board", "Cellar", "한국어", "漢字")
    rooms = {
        name: alice.create_room(f"{name} {uuid4().hex[:8]}", kind="closed", members=[newcomer.id]) for name in names
    }
    rooms["Alice"] = alice.create_room("", kind="direct", members=[newcomer.id])
    return House(newcomer, alice, rooms, arrive)


def dialog(visitor: Visitor, name: str = "Find a room") -> Locator:
    return visitor.page.get_by_role("dialog", name=name)


def box(visitor: Visitor) -> Locator:
    return visitor.page.locator("#switcher-query")


def rows(visitor: Visitor) -> list[str]:
    """What is offered, each by the first word of its name."""
    visitor.page.locator("#switcher-rooms > a").first.wait_for()
    return [name.split()[0] for name in visitor.page.locator("#switcher-rooms bdi").all_inner_texts()]


def expect_chosen(visitor: Visitor, name: str) -> None:
    """The row that Enter would open has this name, for the eye and for a screen reader."""
    row = visitor.page.locator("#switcher-rooms > [aria-selected=true]")
    expect(row).to_contain_text(name)
    expect(box(visitor)).to_have_attribute("aria-activedescendant", row.get_attribute("id") or "")


def expect_room(visitor: Visitor, room_id: int) -> None:
    expect(visitor.page).to_have_url(re.compile(rf"/rooms/{room_id}$"))
    expect(visitor.page.locator(f".room[data-room-id='{room_id}']")).to_be_visible()
    expect(dialog(visitor)).to_be_hidden()


def test_a_few_letters_and_enter_lead_to_a_room_and_what_was_begun_stays(house: House) -> None:  # behaviour 63
    visitor = house.visitor()
    visitor.open_room(house.rooms["Attic"])
    visitor.box.fill("half a sentence")
    visitor.page.keyboard.press("Control+k")
    expect(box(visitor)).to_be_focused()
    visitor.page.keyboard.type("cel")
    expect_chosen(visitor, "Cellar")
    visitor.page.keyboard.press("Enter")
    expect_room(visitor, house.rooms["Cellar"])
    visitor.wait_until_live()
    visitor.page.keyboard.press("Control+k")
    visitor.page.keyboard.type("att")
    expect_chosen(visitor, "Attic")
    visitor.page.keyboard.press("Enter")
    expect_room(visitor, house.rooms["Attic"])
    expect(visitor.box).to_have_value("half a sentence")


def test_with_nothing_typed_the_unread_come_first_then_where_one_was_last(house: House) -> None:
    visitor = house.visitor()
    for room in ("Board", "Attic", "Cellar"):
        visitor.open_room(house.rooms[room])
    house.say("한국어", 2)
    house.say("Alice", 1)
    visitor.page.keyboard.press("Control+k")
    visitor.eventually(lambda: len(rows(visitor)) >= 5, "the rooms are listed")
    assert rows(visitor)[:4] == ["Alice", "한국어", "Attic", "Board"]
    assert rows(visitor)[-1] == "Cellar"  # where one is, nobody wants to go
    expect(dialog(visitor).get_by_role("option").first).to_have_accessible_name(
        re.compile(r"^Direct conversation: Alice (online|away)\s*1 unread message$")
    )


def test_arrows_choose_and_escape_gives_the_focus_back(house: House) -> None:
    visitor = house.visitor()
    visitor.open_room(house.rooms["Attic"])
    keyboard = visitor.page.keyboard
    keyboard.press("Control+k")
    assert len(rows(visitor)) >= 5
    first, last = rows(visitor)[0], rows(visitor)[-1]
    expect_chosen(visitor, first)
    keyboard.press("ArrowUp")
    expect_chosen(visitor, last)
    keyboard.press("ArrowDown")
    keyboard.press("ArrowDown")
    expect_chosen(visitor, rows(visitor)[1])
    keyboard.press("Escape")
    expect(dialog(visitor)).to_be_hidden()
    expect(visitor.box).to_be_focused()
    keyboard.press("Control+k")
    keyboard.press("Control+k")
    expect(dialog(visitor)).to_be_hidden()


@pytest.mark.parametrize(("steps", "end", "room", "offered"), [(STEPS, "한국", "한국어", True), (*KANA, "漢字", False)])
def test_enter_while_composing_opens_nothing_and_the_box_is_left_alone(
    house: House, steps: list[str], end: str, room: str, offered: bool
) -> None:  # behaviour 2, 3
    visitor = house.visitor()
    visitor.open_room(house.rooms["Attic"])
    visitor.page.keyboard.press("Control+k")
    input_method = InputMethod(visitor)
    for text in steps:
        input_method.compose([text])
        expect(box(visitor)).to_have_value(text)
        assert not offered or rows(visitor)[0] == room
    input_method.take_enter()
    visitor.page.keyboard.press("ArrowDown")
    expect(dialog(visitor)).to_be_visible()
    input_method.commit(end)
    expect(box(visitor)).to_have_value(end)
    input_method.take_enter()  # as Safari reports it: after the composition
    expect(dialog(visitor)).to_be_visible()
    visitor.page.keyboard.press("Enter")
    expect_room(visitor, house.rooms[room])


def test_initial_consonants_are_enough_for_who_reads_korean(house: House) -> None:
    visitor = house.visitor(locale="ko-KR", viewport=NARROW)
    visitor.goto("/people")
    visitor.page.get_by_role("link", name="대화방 찾기").click()
    box(visitor).fill("ㅎㄱㅇ")
    expect(dialog(visitor, "대화방 찾기").get_by_role("option")).to_have_count(1)
    expect(dialog(visitor, "대화방 찾기").get_by_role("status")).to_have_text("대화방 1개")
    assert_fits(visitor, "the switcher")
    dialog(visitor, "대화방 찾기").get_by_role("option").click()
    expect_room(visitor, house.rooms["한국어"])


def test_what_one_may_not_see_is_not_found(house: House, visit: Visit) -> None:
    hidden = f"Hidden{uuid4().hex[:8]}"
    house.alice.create_room(hidden, kind="closed", members=[house.newcomer.id])
    visitor, charlie = house.visitor(), visit("Charlie")
    for each, found in ((visitor, hidden), (charlie, None)):
        each.goto("/people")
        each.page.get_by_role("link", name="Find a room").click()
        box(each).fill(hidden)
        if found:
            expect_chosen(each, found)
        else:
            expect(dialog(each).get_by_role("status")).to_have_text("No room of yours has such a name.")
            expect(box(each)).to_have_attribute("aria-expanded", "false")


def test_without_a_connection_it_says_so_and_the_rooms_of_before_will_do(house: House) -> None:
    visitor = house.visitor()
    visitor.allow(AWAY)
    visitor.open_room(house.rooms["Attic"])
    visitor.context.set_offline(True)
    visitor.page.keyboard.press("Control+k")
    expect(dialog(visitor).get_by_role("status")).to_have_text("The rooms cannot be loaded just now.")
    visitor.page.keyboard.press("Escape")
    visitor.context.set_offline(False)
    visitor.page.keyboard.press("Control+k")
    assert "Cellar" in rows(visitor)


def test_signing_out_takes_along_where_one_was(house: House) -> None:
    visitor = house.visitor()
    visitor.open_room(house.rooms["Attic"])
    kept = "() => Object.keys(localStorage).filter((key) => key.startsWith('chatapp:recent:'))"
    assert visitor.page.evaluate(kept) == [f"chatapp:recent:{house.newcomer.id}:list"]
    visitor.page.locator(".menu__button").click()
    visitor.page.get_by_role("button", name="Sign out").click()
    expect(visitor.page.get_by_label("E-mail")).to_be_visible()
    assert visitor.page.evaluate(kept) == []


def test_on_a_mac_it_is_cmd_k_and_ctrl_k_is_for_editing(house: House) -> None:  # behaviour 63
    visitor = house.visitor()
    visitor.context.add_init_script(ON_A_MAC)
    visitor.open_room(house.rooms["Attic"])
    keyboard = visitor.page.keyboard
    keyboard.press("Control+k")
    expect(visitor.box).to_be_focused()
    keyboard.press("Meta+k")
    expect(dialog(visitor)).to_be_visible()
    expect(box(visitor)).to_be_focused()
    keyboard.press("Meta+k")
    expect(dialog(visitor)).to_be_hidden()
    expect(visitor.box).to_be_focused()
    keyboard.press("Meta+Control+k")
    expect(dialog(visitor)).to_be_hidden()


def test_elsewhere_cmd_k_is_no_key_of_ours(house: House) -> None:
    visitor = house.visitor()
    visitor.open_room(house.rooms["Attic"])
    visitor.page.keyboard.press("Meta+k")
    visitor.page.keyboard.press("Control+k")
    expect(dialog(visitor)).to_be_visible()  # the second would have closed what the first opened
