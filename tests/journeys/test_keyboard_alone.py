"""A whole visit without a mouse: sign in, go to a room, write, react, reply, edit, delete, sign out."""

from uuid import uuid4

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.conftest import SignIn, Visit
from tests.journeys.people import Visitor
from tests.journeys.server import Server
from tests.support import PASSWORD

pytestmark = pytest.mark.journey


def press(visitor: Visitor, *keys: str) -> None:
    for key in keys:
        visitor.page.keyboard.press(key)


def focused(visitor: Visitor) -> Locator:
    return visitor.page.locator(":focus")


def go_to(visitor: Visitor, key: str, target: Locator) -> None:
    """Press the key until the target has the focus."""
    for _ in range(30):
        if target.count() and target.evaluate("element => element === document.activeElement"):
            return
        press(visitor, key)
    raise AssertionError(f"{key} does not reach {target}")


def test_a_visit_by_keys_alone(arrive: Visit, server: Server, sign_in: SignIn, ids: dict[str, int]) -> None:
    bob, email = sign_in("Bob"), f"{uuid4().hex}@example.org"
    newcomer = sign_in("Alice").invite("Alice", email=email)  # in no other rooms
    first, second = (bob.create_room(f"Keys {name} {email[:6]}", members=[newcomer.id]) for name in ("first", "second"))
    with bob.connect() as socket:
        socket.post(second, "from Bob")
    alice = arrive("Alice", server.url)
    keys = alice.page.keyboard

    alice.goto(f"/rooms/{first}")
    expect(alice.page.get_by_label("E-mail")).to_be_focused()
    keys.type(email)
    press(alice, "Tab")
    keys.type(PASSWORD)
    press(alice, "Enter")
    expect(alice.page.get_by_role("heading", name="Keys first")).to_be_visible()
    alice.wait_until_live()

    press(alice, "Control+k")
    expect(alice.page.get_by_role("dialog")).to_be_visible()
    keys.type("keys sec")
    expect(alice.page.locator("#switcher-rooms > [aria-selected=true]")).to_contain_text("Keys second")
    press(alice, "Enter")
    expect(alice.page.get_by_role("heading", name="Keys second")).to_be_visible()
    expect(alice.box).to_be_focused()
    keys.type("from Alice")
    press(alice, "Enter")
    expect(alice.line("from Alice")).to_be_visible()

    press(alice, "Shift+Tab", "Home")
    expect(alice.line("from Bob")).to_be_focused()
    press(alice, "Enter")
    expect(focused(alice)).to_have_accessible_name("Add a reaction")
    press(alice, "Enter")
    expect(alice.page.get_by_role("dialog")).to_be_visible()
    go_to(alice, "Tab", alice.page.get_by_role("dialog").get_by_role("button", name="thumbs up").first)
    press(alice, "Enter")
    expect(alice.line("from Bob").locator(".reaction")).to_contain_text("1")

    go_to(alice, "Shift+Tab", alice.line("from Bob"))
    press(alice, "r")
    expect(alice.box).to_be_focused()
    keys.type("an answer")
    press(alice, "Enter")
    expect(alice.line("an answer").locator(".quote")).to_contain_text("from Bob")

    press(alice, "ArrowUp")
    expect(focused(alice)).to_have_value("an answer")
    keys.type(", edited")
    press(alice, "Enter")
    expect(alice.line("an answer, edited").locator(".message__edited")).to_be_visible()
    expect(alice.box).to_be_focused()

    press(alice, "Shift+Tab", "End", "Delete")
    dialog = alice.page.get_by_role("dialog", name="Delete message")
    expect(dialog).to_be_visible()
    go_to(alice, "Tab", dialog.get_by_role("button", name="Delete message"))
    press(alice, "Enter")
    expect(alice.bodies.last).to_have_text("This message was deleted.")

    go_to(alice, "Shift+Tab", alice.page.locator(".menu__button"))
    press(alice, "Enter")
    go_to(alice, "Tab", alice.page.get_by_role("button", name="Sign out"))
    press(alice, "Enter")
    expect(alice.page.get_by_label("E-mail")).to_be_visible()
