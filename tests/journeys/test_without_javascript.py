"""The whole talk with JavaScript off: plain pages and forms."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import NewRoom, Said, SignIn, Visit, email_of
from tests.journeys.people import REFUSED, SCRIPT_NOT_RUN, Visitor
from tests.journeys.server import Server

pytestmark = pytest.mark.journey

MAX_CHARS = 16_000


@pytest.fixture
def visit(visit: Visit) -> Visit:
    """The same, by browsers that run no script."""

    def come(name: str, **options: str) -> Visitor:
        visitor = visit(name, java_script_enabled=False, **options)
        visitor.allow(SCRIPT_NOT_RUN)
        return visitor

    return come


@pytest.fixture
def bob(visit: Visit) -> Visitor:
    return visit("Bob")


def send(visitor: Visitor, text: str) -> None:
    """Write and press the button: no script listens for Enter."""
    visitor.box.fill(text)
    visitor.page.get_by_role("button", name="Send").click()


def test_signing_in_leads_to_the_room_that_was_asked_for(
    arrive: Visit, server: Server, new_room: NewRoom, ids: dict[str, int]
) -> None:
    room_id = new_room()
    bob = arrive("Bob", server.url, java_script_enabled=False)
    bob.allow(SCRIPT_NOT_RUN)
    bob.goto(f"/rooms/{room_id}")
    expect(bob.page.get_by_role("heading", name="Sign in to")).to_be_visible()

    bob.sign_in(email_of("Bob"))
    expect(bob.page).to_have_url(f"{server.url}/rooms/{room_id}")


def test_the_name_box_asks_before_it_makes_a_room(bob: Visitor, visit: Visit) -> None:
    name = f"Lunch {uuid4().hex[:6]}"
    go_to_room_named(bob, name)
    expect(bob.page.get_by_role("heading", name="New room")).to_be_visible()
    expect(bob.page.get_by_label("Name of the room")).to_have_value(name)
    bob.goto("/rooms")
    expect(bob.page.get_by_text(name)).to_have_count(0)

    go_to_room_named(bob, name)
    bob.page.get_by_role("button", name="Create").click()
    expect(bob.page.get_by_role("heading", name=name)).to_be_visible()

    charlie = visit("Charlie")
    go_to_room_named(charlie, name.upper())
    expect(charlie.page).to_have_url(bob.page.url)


def go_to_room_named(visitor: Visitor, name: str) -> None:
    """Type a room's name into the box on top of the list."""
    visitor.goto("/rooms")
    visitor.page.get_by_label("Go to a room").fill(name)
    visitor.page.get_by_role("button", name="Open").click()


def test_what_is_sent_stands_in_the_room_for_everybody(bob: Visitor, visit: Visit, new_room: NewRoom) -> None:
    room_id = new_room()
    bob.goto(f"/rooms/{room_id}")
    send(bob, "first line\nsecond **line**")
    send(bob, "and another")

    expect(bob.box).to_have_value("")
    assert bob.bodies.all_inner_texts() == ["first line\nsecond line", "and another"]
    expect(bob.line("and another")).to_be_in_viewport()
    alice = visit("Alice")
    alice.goto(f"/rooms/{room_id}")
    assert alice.bodies.all_inner_texts() == bob.bodies.all_inner_texts()


@pytest.mark.parametrize(("locale", "words"), [("en-GB", "Times are in UTC."), ("ko-KR", "협정 세계시(UTC)")])
def test_times_say_in_which_zone_they_are_told(
    visit: Visit, said: Said, locale: str, words: str
) -> None:  # behaviour 33
    room_id = said(("Alice", "one"))
    bob = visit("Bob", locale=locale)
    for path in (f"/rooms/{room_id}", f"/rooms/{room_id}/messages/1/edits"):
        bob.goto(path)
        expect(bob.page.locator(".message__time")).to_have_text(re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d$"))
        zone = bob.page.locator(".log-zone")  # by its text nothing is found in a <noscript>
        expect(zone).to_contain_text(words)
        expect(zone).to_be_in_viewport()


def test_older_messages_are_a_link_away_and_newer_ones_too(bob: Visitor, new_room: NewRoom, sign_in: SignIn) -> None:
    room_id = new_room()
    with sign_in("Bob").connect() as himself:  # what others say would be unread, and the room open there
        for number in range(1, 71):
            himself.post(room_id, f"message {number}")
    bob.goto(f"/rooms/{room_id}")
    newest = bob.bodies.all_inner_texts()
    assert (len(newest), newest[-1]) == (50, "message 70")

    bob.page.get_by_role("link", name="Older messages").click()
    expect(bob.bodies).to_have_text([f"message {number}" for number in range(1, 21)])
    expect(bob.page.get_by_text("This is the beginning of the room.")).to_be_visible()
    bob.page.get_by_role("link", name="Newer messages").click()
    expect(bob.bodies).to_have_text(newest)


def test_one_joins_an_open_room_and_leaves_it(visit: Visit, new_room: NewRoom) -> None:
    room_id = new_room()
    charlie = visit("Charlie")
    charlie.goto(f"/rooms/{room_id}")
    expect(charlie.box).to_have_count(0)

    charlie.page.get_by_role("button", name="Join this room").click()
    send(charlie, "here I am")
    expect(charlie.line("here I am")).to_be_visible()

    charlie.page.get_by_role("link", name="About this room").click()
    charlie.page.get_by_role("button", name="Leave this room").click()
    expect(charlie.page).to_have_url(f"{charlie.url}/rooms")
    charlie.goto(f"/rooms/{room_id}")
    expect(charlie.line("here I am")).to_be_visible()
    expect(charlie.box).to_have_count(0)


def test_two_people_have_one_direct_conversation(bob: Visitor, visit: Visit) -> None:
    start_talking_to(bob, "Charlie")
    expect(bob.page.get_by_role("heading", name="Charlie")).to_be_visible()
    send(bob, "between us")

    charlie = visit("Charlie")
    start_talking_to(charlie, "Bob")
    expect(charlie.page).to_have_url(re.compile(re.escape(bob.page.url.partition("#")[0])))
    expect(charlie.line("between us")).to_be_visible()


def start_talking_to(visitor: Visitor, name: str) -> None:
    """From the list of people to the conversation with one of them."""
    visitor.goto("/people")
    visitor.page.get_by_role("link", name=re.compile(rf"Write\b.*{name}")).click()
    visitor.page.get_by_role("button", name="Create").click()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("가" * (MAX_CHARS + 1), "A message may have at most 16000 characters."),
        ("   ", "There is nothing to send yet."),
        ("a bell \x07 rings", "The message holds control characters"),
    ],
    ids=["too long", "blank", "control characters"],
)
def test_a_text_that_is_refused_stays_in_the_box(bob: Visitor, new_room: NewRoom, text: str, reason: str) -> None:
    bob.allow(REFUSED)
    bob.goto(f"/rooms/{new_room()}")
    send(bob, text)

    expect(bob.page.get_by_role("alert")).to_contain_text(reason)
    expect(bob.box).to_have_value(text)
    expect(bob.lines).to_have_count(0)


def test_after_signing_out_the_rooms_are_closed(bob: Visitor, new_room: NewRoom) -> None:
    room_id = new_room()
    bob.goto(f"/rooms/{room_id}")
    bob.page.locator(".menu__button").click()
    bob.page.get_by_role("button", name="Sign out").click()
    expect(bob.page.get_by_role("heading", name="Sign in to")).to_be_visible()

    bob.goto(f"/rooms/{room_id}")
    expect(bob.page.get_by_role("heading", name="Sign in to")).to_be_visible()
    expect(bob.lines).to_have_count(0)
