"""Without a mouse, without seeing the screen, and on a narrow one."""

from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import NewRoom, SignIn, Visit, email_of
from tests.journeys.people import Visitor
from tests.journeys.server import Server
from tests.support import PASSWORD

pytestmark = pytest.mark.journey

NARROW = {"width": 320, "height": 640}
WIDE_THINGS = [
    "w" * 300,
    "https://example.org/" + "path/" * 60,
    "```\n" + "code that does not end " * 20 + "\n```",
    "| " + " | ".join(f"column {number}" for number in range(15)) + " |\n|" + "---|" * 15,
    "# " + "Überschriften " * 12,
    "> > > > > > > > quoted " + "x" * 80,
    "1. a\n   1. b\n      1. c\n         1. d " + "y" * 60,
]
LONG_TALK = 90  # more than a page of the log
ANNOUNCED_MS = 1000  # a burst is waited for, static/js/helpers/announcer.js
WIDER_THAN_THE_SCREEN = """() => [...document.querySelectorAll("body *")]
  .filter((element) => !element.closest("pre, table, .visually-hidden, .skip-link, .room__title"))
  .filter((element) => element.checkVisibility()) // what is folded away has no layout that counts
  .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
  .map((element) => `${element.localName}.${element.className}`)"""


def test_from_sign_in_to_a_message_by_keys_alone(arrive: Visit, server: Server, ids: dict[str, int]) -> None:
    alice, room = arrive("Alice", server.url), f"Keys {uuid4().hex[:6]}"
    keys = alice.page.keyboard
    alice.goto("/login")

    expect(alice.page.get_by_label("E-mail")).to_be_focused()
    keys.type(email_of("Alice"))
    keys.press("Tab")
    keys.type(PASSWORD)
    keys.press("Enter")
    expect(alice.page.get_by_role("heading", name="Rooms", exact=True)).to_be_visible()

    tab_to(alice.page, alice.page.get_by_label("Go to a room"))
    keys.type(room)
    keys.press("Enter")
    expect(alice.page.get_by_role("heading", name="New room")).to_be_visible()
    tab_to(alice.page, alice.page.get_by_role("button", name="Create"))
    keys.press("Enter")

    expect(alice.page.get_by_role("heading", name=room)).to_be_visible()
    expect(alice.box).to_be_focused()
    keys.type("without a mouse")
    keys.press("Enter")
    expect(alice.line("without a mouse")).to_be_visible()


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus."""
    for _ in range(40):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {target}")


def test_the_first_tab_offers_to_skip_to_the_content(visit: Visit) -> None:
    bob = visit("Bob")
    bob.goto("/rooms")
    bob.page.keyboard.press("Tab")
    skip = bob.page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()

    bob.page.keyboard.press("Enter")
    expect(bob.page.locator("main")).to_be_focused()
    bob.page.keyboard.press("Tab")
    expect(bob.page.get_by_label("Go to a room")).to_be_focused()


def test_new_messages_are_announced_and_history_is_not(visit: Visit, new_room: NewRoom, sign_in: SignIn) -> None:
    room_id = new_room()
    with sign_in("Bob").connect() as bob:
        bob.post(room_id, "from before")
        alice = visit("Alice")
        alice.open_room(room_id)
        announcer = alice.page.locator("[data-log=announcer]")
        alice.say("my own")
        expect(alice.line("my own")).to_be_visible()

        bob.post(room_id, "is **anybody** there?")
        expect(announcer).to_have_text("Bob: is anybody there?")
        for number in range(5):
            bob.post(room_id, f"hello {number}")
        expect(alice.line("hello 4")).to_be_visible()
        expect(announcer).to_contain_text("5")
    expect(announcer).to_have_attribute("aria-live", "polite")


def test_what_was_said_before_one_came_is_never_announced(visit: Visit, new_room: NewRoom, sign_in: SignIn) -> None:
    here, there = new_room(), new_room()
    with sign_in("Bob").connect() as bob:
        for number in range(LONG_TALK):
            bob.post(here, f"from before {number}")
        sign_in("Alice").post(f"/rooms/{here}/read", {"number": LONG_TALK, "generation": 0})
        alice = visit("Alice")
        alice.own_the_clock()
        alice.open_room(here)
        expect_silence(alice)
        alice.page.locator(".log").evaluate("log => { log.scrollTop = -log.scrollHeight; }")
        expect(alice.line("from before 0")).to_be_attached()
        expect_silence(alice)

        room = alice.page.locator(".room")
        for room_id in (there, here):
            if room_id == here:
                bob.post(here, "said meanwhile")
            alice.page.locator(f".sidebar .room-entry[data-room-id='{room_id}'] a").click()
            expect(room).to_have_attribute("data-room-id", str(room_id))
        expect(alice.line("said meanwhile")).to_be_attached()
        expect_silence(alice)
        bob.post(here, "and now")
        expect(alice.line("and now")).to_be_attached()
        alice.let_pass(ANNOUNCED_MS)
        expect(alice.page.locator("[data-log=announcer]")).to_have_text("Bob: and now")


def expect_silence(visitor: Visitor) -> None:
    """Nothing is announced, nor about to be."""
    visitor.let_pass(ANNOUNCED_MS)
    expect(visitor.page.locator("[data-log=announcer]")).to_have_text("")


def test_a_deleted_text_is_nowhere_in_the_page(visit: Visit, new_room: NewRoom, sign_in: SignIn) -> None:
    room_id = new_room()
    alice = visit("Alice")
    alice.open_room(room_id)
    with sign_in("Bob").connect() as bob:
        bob.post(room_id, "my password")
        expect(alice.page.locator("[data-log=announcer]")).to_have_text("Bob: my password")
    alice.line("my password").hover()
    alice.page.get_by_role("button", name="Delete message").click()
    alice.page.get_by_role("dialog").get_by_role("button", name="Delete message").click()
    expect(alice.bodies).to_have_text("This message was deleted.")
    expect(alice.page.get_by_role("dialog")).to_be_hidden()
    alice.eventually(lambda: "my password" not in alice.page.content(), "the page forgets it")


def test_escape_closes_the_menu_and_gives_the_focus_back(visit: Visit) -> None:
    bob = visit("Bob")
    bob.goto("/rooms")
    button = bob.page.locator(".menu__button")
    button.focus()
    bob.page.keyboard.press("Enter")
    bob.page.keyboard.press("Tab")
    expect(bob.page.get_by_role("link", name="Your account")).to_be_focused()

    bob.page.keyboard.press("Escape")
    expect(bob.page.get_by_role("link", name="Your account")).to_be_hidden()
    expect(button).to_be_focused()


@pytest.mark.parametrize("locale", ["en-GB", "ko-KR"])
def test_nothing_is_wider_than_a_narrow_screen(visit: Visit, new_room: NewRoom, sign_in: SignIn, locale: str) -> None:
    # behaviour 35
    room_id = new_room(name=f"Room with a name as long as they get {uuid4().hex}")
    with sign_in("Alice").connect() as alice:
        for text in WIDE_THINGS:
            alice.post(room_id, text)
    bob = visit("Bob", viewport=NARROW, locale=locale)

    for path in (f"/rooms/{room_id}", f"/rooms/{room_id}/members", "/rooms", "/rooms/new", "/people", "/account"):
        bob.goto(path)
        assert_fits(bob, path)


def assert_fits(visitor: Visitor, path: str) -> None:
    """Nothing needs scrolling sideways but code and tables inside their own box."""
    assert visitor.page.evaluate("() => document.documentElement.scrollWidth") <= NARROW["width"], path
    assert visitor.page.evaluate(WIDER_THAN_THE_SCREEN) == [], path
