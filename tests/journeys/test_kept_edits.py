"""A change of a message that is being written is there again: after a crash, a reload, and in another room."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.accessible import violations
from tests.journeys.conftest import Enter, NewRoom, Said, SignIn, Visit
from tests.journeys.people import AWAY, REFUSED, Visitor
from tests.journeys.test_message_actions import edit_box, press
from tests.journeys.test_outbox import close_tab, kill_tab
from tests.journeys.test_sign_in_again import sign_out
from tests.journeys.unsent import said_in

pytestmark = pytest.mark.journey

KEPT = "() => Object.keys(localStorage).filter((key) => key.startsWith('chatapp:edit:'))"


@pytest.fixture
def room_id(said: Said) -> int:
    """A room in which Alice said two things and Bob one."""
    return said(("Alice", "from Alice"), ("Bob", "from Bob"), ("Alice", "**last** from Alice"))


@pytest.fixture
def alice(enter: Enter) -> Visitor:
    return enter("Alice")


def kept(visitor: Visitor) -> int:
    """How many edits the browser keeps."""
    return len(visitor.page.evaluate(KEPT))


def begin(visitor: Visitor, number: int, text: str) -> None:
    """Begin to change a message, and let the browser keep what is written."""
    press(visitor, number, "edit")
    expect(edit_box(visitor)).to_be_focused()
    edit_box(visitor).fill(text)
    visitor.eventually(lambda: kept(visitor) == 1, "it is kept")


def link_to_edit(visitor: Visitor) -> Locator:
    """The way to an edit whose message is not in the log."""
    return visitor.page.locator(".kept-edit").get_by_role("link", name="Go to it")


def test_who_is_thrown_out_while_editing_finds_the_text_where_it_stood(
    alice: Visitor, room_id: int, sign_in: SignIn
) -> None:  # behaviour 5
    begin(alice, 3, "half a better\n  thought")
    kill_tab(alice)
    alice.open_room(room_id)
    expect(edit_box(alice)).to_have_value("half a better\n  thought")
    expect(edit_box(alice)).not_to_be_focused()
    expect(alice.message(3).locator(".edit-box")).to_be_visible()

    edit_box(alice).press("Enter")
    expect(alice.message(3).locator(".message__body")).to_contain_text("half a better")
    expect(edit_box(alice)).to_have_count(0)
    assert kept(alice) == 0
    assert said_in(sign_in, room_id)[2] == "half a better\n  thought"


def test_a_reload_keeps_also_what_was_typed_in_the_last_moment_and_does_not_ask(alice: Visitor) -> None:
    asked: list[str] = []
    alice.page.on("dialog", lambda dialog: asked.append(dialog.type))
    press(alice, 1, "edit")
    edit_box(alice).press_sequentially(", 다시")
    alice.page.reload()
    expect(edit_box(alice)).to_have_value("from Alice, 다시")
    assert asked == []


def test_escape_gives_it_up_for_good(alice: Visitor) -> None:
    begin(alice, 1, "not after all")
    alice.page.reload()
    edit_box(alice).press("Escape")
    expect(edit_box(alice)).to_have_count(0)
    expect(alice.line("from Alice").first).to_be_focused()
    alice.page.reload()
    alice.wait_until_live()
    expect(alice.lines).to_have_count(3)
    expect(edit_box(alice)).to_have_count(0)
    assert kept(alice) == 0


def test_what_was_put_back_as_it_was_is_no_edit(alice: Visitor) -> None:
    begin(alice, 1, "another")
    edit_box(alice).fill("from Alice")
    alice.eventually(lambda: kept(alice) == 0, "nothing is kept")


def test_one_that_is_typed_offline_waits_for_the_network_though_its_tab_was_closed(
    alice: Visitor, room_id: int, sign_in: SignIn
) -> None:
    alice.allow(AWAY)
    press(alice, 1, "edit")
    expect(edit_box(alice)).to_be_focused()  # its script is there
    alice.context.set_offline(True)
    edit_box(alice).fill("typed offline")
    edit_box(alice).press("Enter")
    expect(alice.page.get_by_role("alert").filter(has_text="could not be saved")).to_be_visible()
    alice.eventually(lambda: kept(alice) == 1, "it is kept")
    close_tab(alice)
    alice.context.set_offline(False)
    alice.open_room(room_id)
    expect(edit_box(alice)).to_have_value("typed offline")
    edit_box(alice).press("Enter")
    expect(alice.line("typed offline")).to_be_visible()
    assert said_in(sign_in, room_id)[0] == "typed offline"


def test_one_that_was_saved_while_its_answer_was_lost_has_nothing_more_to_say(
    alice: Visitor, room_id: int, sign_in: SignIn
) -> None:
    begin(alice, 1, "saved after all")
    message_id = alice.message(1).get_attribute("data-message-id")
    kill_tab(alice)
    assert sign_in("Alice").post(f"/messages/{message_id}/edit", {"body": "saved after all"}).status == 200
    alice.open_room(room_id)
    expect(alice.line("saved after all")).to_be_visible()
    alice.eventually(lambda: kept(alice) == 0, "nothing is kept")
    expect(edit_box(alice)).to_have_count(0)


def test_one_that_was_changed_elsewhere_meanwhile_says_so_before_it_undoes_that(
    alice: Visitor, room_id: int, sign_in: SignIn
) -> None:
    alice.allow(REFUSED)
    begin(alice, 1, "from here")
    message_id = alice.message(1).get_attribute("data-message-id")
    kill_tab(alice)
    assert sign_in("Alice").post(f"/messages/{message_id}/edit", {"body": "from elsewhere"}).status == 200
    alice.open_room(room_id)
    edit_box(alice).press("Enter")
    expect(alice.page.locator(".edit-box").get_by_role("alert")).to_contain_text("Save again to replace")
    edit_box(alice).press("Enter")
    expect(alice.line("from here")).to_be_visible()


def test_where_the_message_was_deleted_the_text_can_still_be_copied(
    alice: Visitor, room_id: int, sign_in: SignIn
) -> None:
    begin(alice, 1, "worth keeping")
    message_id = alice.message(1).get_attribute("data-message-id")
    kill_tab(alice)
    assert sign_in("Alice").post(f"/messages/{message_id}/delete").status == 200
    alice.open_room(room_id)
    expect(edit_box(alice)).to_have_value("worth keeping")
    expect(alice.page.locator(".edit-box").get_by_role("alert")).to_contain_text("This message was deleted")
    edit_box(alice).press("Escape")
    assert kept(alice) == 0


def test_who_is_writing_as_the_message_is_deleted_is_told_at_once_and_keeps_the_text(
    alice: Visitor, sign_in: SignIn
) -> None:
    begin(alice, 1, "worth keeping")
    edit_box(alice).press("End")
    message_id = alice.message(1).get_attribute("data-message-id")
    assert sign_in("Alice").post(f"/messages/{message_id}/delete").status == 200
    expect(alice.page.locator(".edit-box").get_by_role("alert")).to_contain_text("This message was deleted")
    expect(edit_box(alice)).to_be_focused()
    expect(edit_box(alice)).to_have_value("worth keeping")


def test_a_message_further_up_is_named_with_the_way_to_it_and_its_room_has_a_pencil(
    alice: Visitor, room_id: int, sign_in: SignIn, new_room: NewRoom
) -> None:  # behaviour 5
    begin(alice, 1, "from long ago")
    kill_tab(alice)
    with sign_in("Bob").connect() as bob:
        for number in range(4, 64):
            bob.post(room_id, f"later {number}")
    alice.goto(f"/rooms/{room_id}?before=64")
    expect(link_to_edit(alice)).to_be_visible()
    expect(edit_box(alice)).to_have_count(0)
    assert violations(alice.page) == []

    alice.goto(f"/rooms/{new_room()}")
    pencil = alice.page.locator(f".sidebar [data-room-id='{room_id}'] [data-slot=draft]")
    expect(pencil).to_be_visible()
    expect(link_to_edit(alice)).to_be_hidden()

    alice.goto(f"/rooms/{room_id}?before=64")
    link_to_edit(alice).click()
    expect(edit_box(alice)).to_have_value("from long ago")
    expect(link_to_edit(alice)).to_be_hidden()
    edit_box(alice).press("Escape")
    expect(pencil).to_be_hidden()


def test_another_tab_ends_it_here_too_and_takes_nobodys_focus(alice: Visitor, room_id: int) -> None:  # behaviour 50
    begin(alice, 1, "in two tabs")
    here, there = alice.page, alice.context.new_page()
    alice.page = there
    alice.open_room(room_id)
    expect(edit_box(alice)).to_have_value("in two tabs")
    alice.box.focus()
    here.locator("[data-slot=messages] .edit-box textarea").press("Escape")
    expect(edit_box(alice)).to_have_count(0)
    expect(alice.box).to_be_focused()


def test_what_was_typed_on_in_this_tab_is_not_lost_with_the_other(alice: Visitor, room_id: int) -> None:
    begin(alice, 1, "in two tabs")
    here, there = alice.page, alice.context.new_page()
    alice.page = there
    alice.open_room(room_id)
    expect(edit_box(alice)).to_have_value("in two tabs")
    alice.page.clock.install()
    alice.page.clock.pause_at(alice.page.evaluate("() => Date.now()") / 1000 + 1)  # what is typed is not kept yet
    edit_box(alice).press("End")
    edit_box(alice).press_sequentially(", and on")
    here.locator("[data-slot=messages] .edit-box textarea").press("Escape")
    expect(here.locator("[data-slot=messages] .edit-box")).to_have_count(0)
    expect(edit_box(alice)).to_have_value("in two tabs, and on")
    alice.page.clock.run_for(1000)
    alice.eventually(lambda: kept(alice) == 1, "it is kept again")


def test_it_is_for_its_writer_alone(alice: Visitor, room_id: int) -> None:
    begin(alice, 1, "for Alice alone")
    alice.page.reload()
    expect(edit_box(alice)).to_be_visible()
    alice.lose_sign_in()
    alice.sign_in("bob@example.org")
    alice.open_room(room_id)
    expect(edit_box(alice)).to_have_count(0)
    expect(link_to_edit(alice)).to_be_hidden()
    assert kept(alice) == 1


def test_signing_out_asks_and_takes_it_along(alice: Visitor) -> None:
    begin(alice, 1, "half an edit")
    sign_out(alice)
    dialog = alice.page.get_by_role("dialog")
    expect(dialog).to_contain_text("1 change of a message is not saved.")
    dialog.get_by_role("button", name="Delete and sign out").click()
    expect(alice.page.get_by_role("heading", name="Sign in to")).to_be_visible()
    assert kept(alice) == 0


def test_a_browser_that_keeps_nothing_asks_before_it_is_left(visit: Visit, room_id: int) -> None:  # behaviour 18
    alice = visit("Alice")
    alice.page.add_init_script(
        "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };"
    )
    alice.open_room(room_id)
    press(alice, 1, "edit")
    edit_box(alice).fill("nowhere else")
    edit_box(alice).blur()
    asked: list[str] = []
    alice.page.on("dialog", lambda dialog: asked.append(dialog.type))
    alice.page.reload()
    assert asked == ["beforeunload"]


def test_it_is_said_in_korean(visit: Visit, room_id: int, sign_in: SignIn) -> None:
    alice = visit("Alice", locale="ko-KR")
    alice.open_room(room_id)
    alice.point_at(1).get_by_role("button", name=re.compile("^메시지 수정$")).click()
    edit_box(alice).fill("반쯤 고친 말")
    alice.eventually(lambda: kept(alice) == 1, "it is kept")
    with sign_in("Bob").connect() as bob:
        for number in range(4, 64):
            bob.post(room_id, f"later {number}")
    alice.goto(f"/rooms/{room_id}?before=64")
    expect(alice.page.locator(".kept-edit")).to_contain_text("저장하지 않은 수정 내용이 있습니다.")
    alice.page.locator(".kept-edit").get_by_role("link", name="이동").click()
    expect(edit_box(alice)).to_have_value("반쯤 고친 말")
