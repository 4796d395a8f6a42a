"""The keys of the box one writes in: Up edits one's last message, and the key that sends is one's own choice."""

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.conftest import Enter, NewRoom, Said, SignIn, Visit
from tests.journeys.people import SCRIPT_NOT_RUN, Visitor
from tests.journeys.test_korean import InputMethod

pytestmark = pytest.mark.journey

CHOOSE_CTRL_ENTER = "() => { document.documentElement.dataset.sendKey = 'ctrl-enter'; }"


@pytest.fixture
def room_id(said: Said) -> int:
    """A room in which Bob said two things, and Alice the last."""
    return said(("Bob", "first"), ("Bob", "second"), ("Alice", "not Bob's"))


@pytest.fixture
def bob(enter: Enter) -> Visitor:
    bob = enter("Bob")
    bob.box.focus()
    return bob


def edit_box(visitor: Visitor) -> Locator:
    return visitor.page.locator(".edit-box textarea")


def test_up_in_an_empty_box_edits_ones_last_message_and_escape_goes_back(bob: Visitor, visit: Visit) -> None:
    # behaviour 6
    bob.box.press("ArrowUp")
    expect(edit_box(bob)).to_have_value("second")
    expect(edit_box(bob)).to_be_focused()
    bob.page.keyboard.press("Escape")
    expect(edit_box(bob)).to_have_count(0)
    expect(bob.box).to_be_focused()

    bob.box.press("ArrowUp")
    edit_box(bob).fill("second, mended")
    edit_box(bob).press("Enter")
    expect(bob.line("second, mended")).to_be_visible()
    expect(bob.box).to_be_focused()


def test_up_moves_the_caret_where_a_text_stands_and_a_draft_stays(bob: Visitor) -> None:  # behaviour 6
    bob.box.fill("one\ntwo")
    bob.box.press("ArrowUp")
    bob.box.press("Home")
    bob.page.keyboard.type("zero ")
    expect(bob.box).to_have_value("zero one\ntwo")
    expect(edit_box(bob)).to_have_count(0)
    for key in ("Control+ArrowUp", "Shift+ArrowUp", "Alt+ArrowUp"):
        bob.box.fill("")
        bob.box.press(key)
    expect(edit_box(bob)).to_have_count(0)


def test_up_does_nothing_where_ones_last_message_is_not_there(
    visit: Visit, sign_in: SignIn, new_room: NewRoom
) -> None:  # behaviour 6
    room_id = new_room()
    with sign_in("Alice").connect() as alice, sign_in("Bob").connect() as writer:
        writer.post(room_id, "of the past")
        for number in range(160):
            alice.post(room_id, f"filler {number}")
        writer.request("room:read", {"room_id": room_id, "number": 161})  # so that it opens at its end
    bob = visit("Bob")
    bob.open_room(room_id)
    expect(bob.line("filler 159")).to_be_in_viewport()
    bob.box.press("ArrowUp")
    bob.page.keyboard.type("x")
    expect(bob.box).to_have_value("x")
    expect(edit_box(bob)).to_have_count(0)


def test_up_passes_over_what_was_deleted_and_waits_for_what_is_composed(
    bob: Visitor, room_id: int, sign_in: SignIn
) -> None:  # behaviour 6
    with sign_in("Bob").connect() as writer:
        message = sign_in("Bob").get(f"/rooms/{room_id}/messages/2").json
        writer.request("message:delete", {"message_id": message["id"]})
    expect(bob.page.locator("#message-2")).to_have_class("message message--deleted message--continued")
    InputMethod(bob).compose(["ㅎ"])
    bob.page.keyboard.press("ArrowUp")
    expect(edit_box(bob)).to_have_count(0)
    InputMethod(bob).commit("")
    bob.box.fill("")
    bob.box.press("ArrowUp")
    expect(edit_box(bob)).to_have_value("first")


def test_with_the_setting_enter_breaks_the_line_and_ctrl_enter_sends(bob: Visitor) -> None:  # behaviour 1
    expect(bob.page.locator("#composer-hint")).to_have_text(
        "Enter sends, Shift + Enter starts a new line", use_inner_text=True
    )
    bob.page.evaluate(CHOOSE_CTRL_ENTER)
    expect(bob.page.locator("#composer-hint")).to_have_text(
        "Ctrl + Enter sends, Enter starts a new line", use_inner_text=True
    )
    bob.page.keyboard.type("one")
    bob.page.keyboard.press("Enter")
    bob.page.keyboard.type("two")
    expect(bob.box).to_have_value("one\ntwo")
    bob.page.keyboard.press("Control+Enter")
    expect(bob.line("one\ntwo")).to_be_visible()

    bob.box.press("ArrowUp")
    expect(edit_box(bob)).to_have_value("one\ntwo")
    expect(edit_box(bob)).to_be_focused()
    bob.page.keyboard.press("Enter")
    bob.page.keyboard.type("three")
    expect(bob.page.locator(".edit-box__hint")).to_contain_text("Ctrl + Enter saves", use_inner_text=True)
    bob.page.keyboard.press("Control+Enter")
    expect(bob.line("one\ntwo\nthree")).to_be_visible()


def test_ctrl_b_and_ctrl_i_put_stars_around_what_is_selected_and_undo_takes_them_away(bob: Visitor) -> None:
    keyboard = bob.page.keyboard
    keyboard.type("well done")
    keyboard.press("Control+Shift+ArrowLeft")
    keyboard.press("Control+b")
    expect(bob.box).to_have_value("well **done**")
    keyboard.press("Control+i")
    expect(bob.box).to_have_value("well ***done***")
    keyboard.press("Control+b")
    expect(bob.box).to_have_value("well *done*")
    keyboard.press("Control+i")
    expect(bob.box).to_have_value("well done")
    for _ in range(4):
        keyboard.press("Control+z")
    expect(bob.box).to_have_value("well done")
    keyboard.press("Control+a")
    keyboard.press("Control+i")
    keyboard.press("Enter")
    expect(bob.page.locator(".message__body em")).to_have_text("well done")


def test_what_one_may_type_is_shown_beside_the_box_by_keys_and_without_a_script(visit: Visit, room_id: int) -> None:
    for name, options in (("Bob", {}), ("Alice", {"java_script_enabled": False})):
        visitor = visit(name, **options)
        visitor.allow(SCRIPT_NOT_RUN)
        visitor.goto(f"/rooms/{room_id}")
        panel = visitor.page.locator(".formatting__panel")
        expect(panel).to_be_hidden()
        visitor.page.locator(".formatting summary").press("Enter")
        expect(panel).to_contain_text("**bold**")
    bob = visit("Bob", locale="ko-KR")
    bob.open_room(room_id)
    bob.page.locator(".formatting summary").click()
    expect(bob.page.locator(".formatting__panel")).to_contain_text("**굵게**")
    bob.page.keyboard.press("Escape")
    expect(bob.page.locator(".formatting__panel")).to_be_hidden()
