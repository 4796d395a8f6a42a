"""Files reach a message from the page: chosen, dropped or pasted, seen before they leave, and sent with the text."""

import re
from unicodedata import normalize

import pytest
from playwright.sync_api import Route, expect

from tests.journeys.accessible import violations
from tests.journeys.conftest import SignIn, Visit
from tests.journeys.files import choose, copy_picture, drag, file, names_staged, paste, paste_files, picture, staged
from tests.journeys.people import Visitor

pytestmark = pytest.mark.journey

LONG = "가" * 70 + ".txt"
# A script can make no folder: of what is dropped, these are.
FOLDERS = """(names) => {
    DataTransferItem.prototype.webkitGetAsEntry = function () {
        const { name } = this.getAsFile();
        return { name, isDirectory: names.includes(name) };
    };
}"""


@pytest.fixture
def alice(visit: Visit, room_id: int) -> Visitor:
    """Alice, in the room."""
    alice = visit("Alice")
    alice.open_room(room_id)
    return alice


def uploads_in(sign_in: SignIn, room_id: int) -> list[list[str]]:
    """The names of the files of each message, from the server itself."""
    items = sign_in("Alice").get(f"/rooms/{room_id}/messages").json["items"]
    return [[upload["name"] for upload in item["uploads"]] for item in items]


def all_there(visitor: Visitor) -> None:
    """Return when every file above the box has arrived."""
    expect(visitor.page.locator('.staged:not([data-state="done"])')).to_have_count(0)


def test_chosen_files_and_a_text_are_one_message_that_others_see(  # behaviour 11
    alice: Visitor, bob: Visitor, room_id: int, sign_in: SignIn
) -> None:
    bob.open_room(room_id)
    choose(alice, file("notes.txt"), file("me.png", picture()), file("notes.txt", b"other"), file("empty", b""))
    choose(alice, file(LONG))
    expect(names_staged(alice)).to_have_text(["notes.txt", "me.png", "notes.txt", "empty", LONG])
    expect(staged(alice, "empty")).to_contain_text("0 B")
    all_there(alice)
    expect(alice.box).to_be_focused()
    alice.say("look")

    expect(staged(alice)).to_have_count(0)
    for visitor in (alice, bob):
        expect(visitor.bodies).to_have_text(["look"])
        expect(visitor.lines.locator(".upload")).to_have_count(5)
        expect(visitor.lines.get_by_role("img", name="me.png")).to_be_visible()
    assert uploads_in(sign_in, room_id) == [["notes.txt", "me.png", "notes.txt", "empty", LONG]]
    url = bob.lines.get_by_role("link", name="empty").get_attribute("href")
    assert sign_in("Bob").get(str(url)).status == 200


def test_what_a_picture_shows_is_said_beside_it_and_heard_by_others(  # behaviour 58
    alice: Visitor, bob: Visitor, room_id: int
) -> None:
    bob.open_room(room_id)
    choose(alice, file("me.png", picture()), file("notes.txt"), file("you.png", picture()))
    all_there(alice)
    words = alice.page.get_by_placeholder("What it shows (optional)")
    expect(words.filter(visible=True)).to_have_count(2)
    first = alice.page.get_by_role("textbox", name="What me.png shows, for those who do not see it")
    first.fill("두 마리 고양이")
    assert violations(alice.page) == []
    first.press("Enter")
    expect(alice.box).to_be_focused()
    alice.say("look")
    for visitor in (alice, bob):
        expect(visitor.lines.get_by_role("link", name="두 마리 고양이")).to_be_visible()
        expect(visitor.lines.get_by_role("link", name="you.png")).to_be_visible()


def test_files_alone_are_a_message(alice: Visitor, bob: Visitor, room_id: int) -> None:
    bob.open_room(room_id)
    choose(alice, file("notes.txt"))
    all_there(alice)
    alice.box.press("Enter")
    expect(bob.lines.get_by_role("link", name="notes.txt")).to_be_visible()
    expect(bob.bodies).to_have_text([""])


def test_files_are_dropped_anywhere_in_sight_of_a_hint(  # behaviour 10
    alice: Visitor, bob: Visitor, room_id: int
) -> None:
    bob.open_room(room_id)
    hint = alice.page.get_by_text("Drop the files here")
    expect(hint).to_be_hidden()
    files = [file("a.txt"), file("b.txt")]
    drag(alice, files, "dragenter")
    alice.eventually(lambda: not drag(alice, files, "dragover") and hint.is_visible(), "it says where to drop")
    assert not drag(alice, files, "drop")
    expect(hint).to_be_hidden()
    expect(names_staged(alice)).to_have_text(["a.txt", "b.txt"])
    all_there(alice)
    alice.say("dropped")
    expect(bob.lines.locator(".upload")).to_have_count(2)


def test_two_drops_one_after_the_other_are_one_message_however_soon_one_sends_it(
    alice: Visitor, room_id: int, sign_in: SignIn
) -> None:
    asked: list[Route] = []

    def come(route: Route) -> None:
        asked.append(route)
        if len(asked) > 1:
            route.continue_()

    alice.page.route("**/uploads/space", come)
    for name in ("a.txt", "b.txt"):
        drag(alice, [file(name)], "drop")
    alice.say("both")
    alice.eventually(lambda: asked, "it is asked whether there is space")
    # The second drop waits for the first.
    asked[0].continue_()
    expect(alice.bodies).to_have_text(["both"])
    assert uploads_in(sign_in, room_id) == [["a.txt", "b.txt"]]


def test_a_folder_is_refused_with_a_reason_and_the_files_beside_it_are_taken(alice: Visitor) -> None:
    reason = alice.page.get_by_text("A folder cannot be sent as it is")
    alice.page.evaluate(FOLDERS, ["photos"])
    hint = alice.page.get_by_text("Drop the files here")
    drag(alice, [file("photos")], "dragenter")
    alice.eventually(
        lambda: not drag(alice, [file("photos")], "dragover") and hint.is_visible(), "it says where to drop"
    )
    drag(alice, [file("photos")], "drop")
    expect(reason).to_be_visible()
    drag(alice, [file("photos"), file("a.txt")], "drop")
    expect(names_staged(alice)).to_have_text(["a.txt"])
    expect(reason).to_be_visible()
    all_there(alice)
    alice.box.fill("!")
    expect(reason).to_be_hidden()


def test_where_no_message_can_be_written_a_dropped_file_leads_nowhere(alice: Visitor) -> None:  # behaviour 10
    alice.goto("/account")
    alice.page.wait_for_load_state("networkidle")
    assert not drag(alice, [file("a.txt")], "dragover", "drop")


def test_a_pasted_picture_is_called_by_the_minute_and_a_text_beside_it_wins(alice: Visitor) -> None:  # behaviour 9
    alice.box.focus()
    copy_picture(alice, picture())
    alice.page.keyboard.press("Control+v")
    expect(names_staged(alice)).to_have_text([re.compile(r"^pasted-\d{4}-\d\d-\d\d-\d{4}\.png$")])
    expect(alice.box).to_have_value("")

    copy_picture(alice, picture(), text="only words")
    alice.page.keyboard.press("Control+v")
    expect(alice.box).to_have_value("only words")
    expect(names_staged(alice)).to_have_count(1)
    all_there(alice)


def test_files_whose_names_lie_beside_them_on_the_clipboard_are_what_is_meant(alice: Visitor) -> None:  # behaviour 9
    # As a Mac's Finder copies them: it writes a syllable as its letters.
    files = [file("a.txt"), file("나.txt")]
    assert not paste_files(alice, files, normalize("NFD", "a.txt\r나.txt"))
    expect(names_staged(alice)).to_have_text(["a.txt", "나.txt"])
    assert paste_files(alice, files[:1], "a.txt is the one")
    assert paste_files(alice, files[:1], "b.txt")
    expect(names_staged(alice)).to_have_count(2)
    all_there(alice)


def test_a_long_pasted_text_may_become_a_file(alice: Visitor, bob: Visitor, room_id: int) -> None:  # behaviour 9
    bob.open_room(room_id)
    offer = alice.page.get_by_role("button", name="Attach the long text as a file instead")
    text = "A line of a report.\n" * 110
    paste(alice, "x" * 1999)
    expect(alice.box).to_have_value("x" * 1999)
    expect(offer).to_be_hidden()
    alice.box.fill("Here it is: ")

    paste(alice, text)
    expect(alice.box).to_have_value("Here it is: " + text)
    expect(alice.page.get_by_role("status").filter(has_text="You pasted a long text.")).to_have_count(1)
    offer.click()
    expect(alice.box).to_have_value("Here it is: ")
    expect(names_staged(alice)).to_have_text([re.compile(r"^pasted-\d{4}-\d\d-\d\d-\d{4}\.txt$")])
    expect(offer).to_be_hidden()
    all_there(alice)
    alice.page.keyboard.press("Enter")
    expect(bob.bodies).to_have_text(["Here it is:"])
    expect(bob.lines.locator(".upload")).to_contain_text(["2.1 kB"])


def test_a_long_pasted_text_that_is_changed_or_sent_is_no_file_any_more(alice: Visitor) -> None:  # behaviour 9
    offer = alice.page.get_by_role("button", name="Attach the long text as a file instead")
    paste(alice, "long " * 500)
    expect(offer).to_be_visible()
    assert not violations(alice.page)
    alice.page.keyboard.press("Control+a")
    alice.page.keyboard.press("Backspace")
    expect(offer).to_be_hidden()

    paste(alice, "long " * 500)
    expect(offer).to_be_visible()
    alice.page.keyboard.press("Enter")
    expect(alice.lines).to_have_count(1)
    expect(offer).to_be_hidden()
