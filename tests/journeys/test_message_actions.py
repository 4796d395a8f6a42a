"""The buttons for one message: editing where it stands, deleting, marking unread, earlier versions, its link."""

import re

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.journeys.conftest import Enter, Said, SignIn, Visit
from tests.journeys.people import AWAY, SCRIPT_NOT_RUN, Visitor
from tests.journeys.test_korean import HANGUL, KANA, Composed, InputMethod

pytestmark = pytest.mark.journey

BUTTONS = {"edit": "Edit message", "delete": "Delete message", "unread": "Mark unread from here", "copy": "Copy link"}


@pytest.fixture
def room_id(said: Said) -> int:
    """A room in which Alice said two things and Bob one."""
    return said(("Alice", "from Alice"), ("Bob", "from Bob"), ("Alice", "**last** from Alice"))


@pytest.fixture
def alice(enter: Enter) -> Visitor:
    return enter("Alice", worker=1)


@pytest.fixture
def bob(enter: Enter) -> Visitor:
    return enter("Bob", worker=2)


def press(visitor: Visitor, number: int, button: str) -> None:
    """Go over a message with the pointer and press one of its buttons."""
    visitor.point_at(number).get_by_role("button", name=BUTTONS[button]).click()


def edit_box(visitor: Visitor) -> Locator:
    return visitor.page.locator("[data-slot=messages] .edit-box textarea")


def hold_back(visitor: Visitor, address: str) -> list[Route]:
    """What the page asks for at this address from here on, to be answered when the test likes."""
    asked: list[Route] = []

    def keep(route: Route) -> None:
        asked.append(route)

    visitor.page.route(address, keep)
    return asked


def offered(visitor: Visitor, number: int) -> set[str]:
    """The buttons that stand in the line when the pointer is over it."""
    line = visitor.point_at(number)
    return {key for key, name in BUTTONS.items() if line.get_by_role("button", name=name).count()}


def test_an_edit_where_the_message_stands_is_seen_live_by_others(alice: Visitor, bob: Visitor) -> None:  # behaviour 40
    press(alice, 3, "edit")
    expect(edit_box(alice)).to_have_value("**last** from Alice")
    expect(edit_box(alice)).to_be_focused()
    edit_box(alice).fill("changed")
    edit_box(alice).press("Shift+Enter")
    edit_box(alice).press_sequentially("by Alice")
    edit_box(alice).press("Enter")

    for visitor in (alice, bob):
        expect(visitor.message(3).locator(".message__body")).to_have_text(re.compile(r"changed\s*by Alice"))
        expect(visitor.message(3).locator(".message__edited")).to_have_text(re.compile(r"^edited \d\d:\d\d$"))
    expect(edit_box(alice)).to_have_count(0)
    bob.point_at(3).get_by_role("link", name="Earlier versions").click()
    expect(bob.page.get_by_text("**last** from Alice")).to_be_visible()


def test_an_edited_line_says_when_also_where_the_name_is_not_said_again(alice: Visitor) -> None:  # behaviour 40
    for text in ("one line", "its next"):
        alice.say(text)
        expect(alice.line(text)).to_be_visible()
    press(alice, 5, "edit")
    edit_box(alice).fill("its next, changed")
    edit_box(alice).press("Enter")
    alice.page.mouse.move(0, 0)
    line = alice.line("its next, changed")
    expect(line).to_contain_class("message--continued")
    mark = line.locator(".message__edited:visible")
    expect(mark).to_have_text(re.compile(r"^edited \d\d:\d\d$"))
    expect(mark).to_have_attribute("title", re.compile(r"20\d\d"))


def test_a_double_click_opens_one_box(alice: Visitor) -> None:
    answers = hold_back(alice, "**/messages/3")
    alice.point_at(3).get_by_role("button", name=BUTTONS["edit"]).dblclick()
    alice.eventually(lambda: len(answers) == 2, "both clicks ask for the text")
    for answer in answers:
        answer.continue_()
    expect(edit_box(alice)).to_be_focused()
    expect(edit_box(alice)).to_have_count(1)


def test_a_message_that_was_deleted_while_its_text_came_is_not_edited(alice: Visitor, sign_in: SignIn) -> None:
    answers = hold_back(alice, "**/messages/3")
    press(alice, 3, "edit")
    alice.eventually(lambda: answers, "the text is asked for")
    answer = answers[0].fetch()
    message_id = alice.message(3).get_attribute("data-message-id")
    assert sign_in("Alice").post(f"/messages/{message_id}/delete").status == 200
    expect(alice.message(3).locator(".message__body")).to_have_text("This message was deleted.")
    with alice.page.expect_response("**/messages/3"):
        answers[0].fulfill(response=answer)
    expect(edit_box(alice)).to_have_count(0)


def test_everyone_is_offered_what_they_may_do(alice: Visitor, bob: Visitor, visit: Visit, room_id: int) -> None:
    charlie = visit("Charlie")
    charlie.open_room(room_id)

    assert offered(alice, 1) == {"edit", "delete", "unread", "copy"}
    assert offered(alice, 2) == {"delete", "unread", "copy"}  # an administrator who is in the room
    assert offered(bob, 1) == {"unread", "copy"}
    assert offered(bob, 2) == {"edit", "delete", "unread", "copy"}
    assert offered(charlie, 1) == {"copy"}


def test_a_deletion_asks_first_and_then_vanishes_everywhere_also_where_one_was_away(
    alice: Visitor, bob: Visitor
) -> None:  # behaviour 40
    bob.allow(AWAY)
    bob.context.set_offline(True)
    press(alice, 1, "delete")
    dialog = alice.page.get_by_role("dialog")
    expect(dialog.get_by_text("from Alice")).to_be_visible()
    alice.page.keyboard.press("Enter")  # by habit: it is the harmless button that has the focus
    expect(dialog).to_be_hidden()
    expect(alice.line("from Alice")).to_be_visible()

    press(alice, 1, "delete")
    dialog.get_by_role("button", name="Delete message").click()
    expect(alice.message(1).locator(".message__body")).to_have_text("This message was deleted.")
    expect(dialog).to_be_hidden()
    expect(alice.message(1)).to_be_focused()

    bob.context.set_offline(False)
    expect(bob.message(1).locator(".message__body")).to_have_text("This message was deleted.")
    assert offered(bob, 1) == {"unread", "copy"}


def test_all_of_it_is_reached_by_the_keyboard(alice: Visitor) -> None:
    keyboard = alice.page.keyboard
    alice.message(3).locator(".message__link").focus()
    for key in ("Tab", "ArrowRight", "ArrowRight"):  # past reacting and replying
        keyboard.press(key)
    expect(alice.message(3).get_by_role("button", name=BUTTONS["edit"])).to_be_focused()
    keyboard.press("Escape")
    expect(alice.message(3)).to_be_focused()
    expect(alice.page.locator(".message-actions")).to_be_hidden()

    alice.message(1).locator(".message__link").focus()
    for key in ("Tab", "ArrowRight", "ArrowRight", "Enter"):
        keyboard.press(key)
    expect(edit_box(alice)).to_be_focused()
    keyboard.press("Escape")
    expect(edit_box(alice)).to_have_count(0)
    expect(alice.message(1)).to_be_focused()
    expect(alice.line("from Alice")).to_be_visible()


def test_the_buttons_are_large_enough_to_hit(alice: Visitor) -> None:
    alice.message(3).hover()
    for button in alice.message(3).get_by_role("button").all():
        box = button.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 24


def test_on_a_touch_screen_a_tap_shows_the_buttons(visit: Visit, room_id: int) -> None:
    bob = visit("Bob", has_touch=True, is_mobile=True, viewport={"width": 390, "height": 800})
    bob.open_room(room_id)
    expect(bob.page.locator(".message-actions")).to_be_hidden()
    bob.message(2).locator(".message__body").tap()
    bob.message(2).get_by_role("button", name=BUTTONS["edit"]).tap()
    edit_box(bob).fill("from a phone")
    bob.page.get_by_role("button", name="Save").tap()
    expect(bob.line("from a phone")).to_be_visible()


def test_an_edit_that_cannot_be_saved_stays_with_its_reason_and_is_tried_again(alice: Visitor, bob: Visitor) -> None:
    alice.allow(AWAY)
    press(alice, 1, "edit")
    edit_box(alice).fill("a long thought")
    alice.context.set_offline(True)
    edit_box(alice).press("Enter")
    expect(alice.page.get_by_role("alert").filter(has_text="could not be saved")).to_be_visible()
    expect(edit_box(alice)).to_have_value("a long thought")

    alice.context.set_offline(False)
    alice.page.locator(".edit-box").get_by_role("button", name="Retry").click()
    expect(bob.line("a long thought")).to_be_visible()
    expect(alice.line("a long thought")).to_be_visible()


def test_an_edit_that_is_refused_stays_with_the_servers_reason(alice: Visitor, sign_in: SignIn, room_id: int) -> None:
    press(alice, 1, "edit")
    edit_box(alice).fill("a long thought")
    assert sign_in("Alice").post(f"/rooms/{room_id}/leave").status == 200
    edit_box(alice).press("Enter")
    expect(alice.page.locator(".edit-box").get_by_role("alert")).to_contain_text("Join the room")
    expect(edit_box(alice)).to_have_value("a long thought")


def test_a_change_from_elsewhere_does_not_touch_what_is_being_written(
    alice: Visitor, sign_in: SignIn, room_id: int
) -> None:
    press(alice, 1, "edit")
    edit_box(alice).fill("from here")
    edit_box(alice).evaluate("box => box.setSelectionRange(4, 4)")
    message_id = alice.message(1).get_attribute("data-message-id")
    assert sign_in("Alice").post(f"/messages/{message_id}/edit", {"body": "from elsewhere"}).status == 200

    expect(alice.message(1).locator(".message__body").get_by_text("from elsewhere")).to_be_attached()
    expect(edit_box(alice)).to_be_focused()
    expect(edit_box(alice)).to_have_value("from here")
    assert edit_box(alice).evaluate("box => box.selectionStart") == 4
    edit_box(alice).press("Enter")
    expect(alice.page.locator(".edit-box").get_by_role("alert")).to_contain_text("Save again to replace")
    edit_box(alice).press("Enter")
    expect(alice.line("from here")).to_be_visible()


@pytest.mark.parametrize("composed", [HANGUL, KANA], ids=["hangul", "kana"])
def test_a_syllable_that_is_being_composed_is_neither_saved_nor_thrown_away(
    alice: Visitor, composed: Composed
) -> None:  # behaviour 2
    press(alice, 1, "edit")
    edit_box(alice).fill("")
    input_method = InputMethod(alice)
    input_method.compose(composed[0])
    input_method.take_enter()
    expect(edit_box(alice)).to_be_focused()
    input_method.commit(composed[1])
    alice.page.keyboard.press("Enter")
    expect(alice.line(composed[1])).to_be_visible()


def test_who_reads_korean_gets_korean_buttons(visit: Visit, room_id: int) -> None:
    bob = visit("Bob", locale="ko-KR")
    bob.open_room(room_id)
    bob.point_at(2).get_by_role("button", name="메시지 수정").click()
    expect(bob.page.get_by_role("button", name="저장")).to_be_visible()
    edit_box(bob).press("Escape")
    bob.message(2).get_by_role("button", name="메시지 삭제").click()
    expect(bob.page.get_by_role("dialog").get_by_role("button", name="취소")).to_be_focused()


def test_the_link_of_a_message_is_copied(visit: Visit, room_id: int) -> None:
    bob = visit("Bob", permissions=["clipboard-read", "clipboard-write"])
    bob.open_room(room_id)
    press(bob, 2, "copy")
    expect(bob.page.get_by_role("status").filter(has_text="Link copied")).to_be_visible()
    assert bob.page.evaluate("() => navigator.clipboard.readText()") == f"{bob.url}/rooms/{room_id}/messages/2"


def test_without_a_script_the_page_of_a_message_has_what_the_buttons_do(visit: Visit, room_id: int) -> None:
    alice = visit("Alice", java_script_enabled=False)
    alice.allow(SCRIPT_NOT_RUN)
    alice.goto(f"/rooms/{room_id}")
    alice.message(1).locator(".message__link").click()
    alice.page.get_by_role("link", name="Edit message").click()
    alice.page.get_by_label("Text of the message").fill("edited plainly")
    alice.page.get_by_role("button", name="Save").click()
    expect(alice.line("edited plainly")).to_be_visible()
    alice.page.get_by_role("link", name="Earlier versions").click()
    expect(alice.page.get_by_text("from Alice", exact=True)).to_be_visible()

    alice.page.get_by_role("link", name="Back to the message").click()
    alice.page.get_by_role("region", name="Message of Alice").get_by_text("Delete message", exact=True).click()
    alice.page.get_by_role("button", name="Yes, delete it for good").click()
    expect(alice.line("edited plainly")).to_have_count(0)
    alice.page.get_by_role("button", name=BUTTONS["unread"]).click()
    expect(alice.page).to_have_url(f"{alice.url}/rooms")
    expect(alice.page.locator(f"[data-room-id='{room_id}'] .badge")).to_contain_text("1")


def test_a_begun_edit_stays(alice: Visitor, bob: Visitor, sign_in: SignIn, room_id: int) -> None:  # behaviour 23
    with sign_in("Bob").connect() as socket:
        for number in range(4, 124):
            socket.post(room_id, f"later {number}")
    alice.goto(f"/rooms/{room_id}?before=5")
    expect(alice.line("later 54")).to_be_attached()
    press(alice, 1, "edit")
    edit_box(alice).fill("half an edit")
    # Who posts leaves the past; a page that came only when the edit is over would be free to do so.
    with alice.page.expect_response(lambda answer: "/messages?limit=" in answer.url):
        alice.say("meanwhile")
    expect(bob.line("meanwhile")).to_be_visible()
    bob.say("an answer")
    alice.page.locator("[data-log=jump]").click()
    expect(edit_box(alice)).to_have_value("half an edit")
    edit_box(alice).press("Enter")
    expect(alice.line("half an edit")).to_be_attached()
