"""The title and the icon say what waits, on every page, until it was read anywhere."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import NewRoom, SignIn, Visit
from tests.journeys.people import Visitor
from tests.journeys.protocol import Client
from tests.journeys.server import Server

pytestmark = pytest.mark.journey

WATCHED_BADGE = """
  navigator.setAppBadge = async (...given) => { window.badge = given.length ? given[0] : "flag"; };
  navigator.clearAppBadge = async () => { window.badge = "none"; };
"""


@pytest.fixture
def newcomer(sign_in: SignIn) -> Client:
    """Somebody whom nothing waits for yet."""
    return sign_in("Alice").invite("Newcomer", email=f"{uuid4().hex}@example.org")


@pytest.fixture
def visitor(arrive: Visit, server: Server, newcomer: Client) -> Visitor:
    visitor = arrive("Newcomer", server.url)
    visitor.context.add_init_script(WATCHED_BADGE)
    visitor.be_signed_in(newcomer)
    return visitor


@pytest.fixture
def rooms(newcomer: Client, sign_in: SignIn) -> tuple[int, int]:
    """A room of Alice and the newcomer, and a conversation of the two."""
    alice = sign_in("Alice")
    shared = alice.create_room(f"Room {uuid4().hex[:6]}", members=[newcomer.id])
    return shared, alice.create_room("", kind="direct", members=[newcomer.id])


def expect_title(visitor: Visitor, pattern: str, *, icon: str, badge: object) -> None:
    """What stands in the tab, and on the icon of an app."""
    expect(visitor.page).to_have_title(re.compile(pattern))
    expect(visitor.page.locator("link[rel=icon]")).to_have_attribute("href", re.compile(rf"/{icon}\.svg$"))
    visitor.eventually(lambda: visitor.page.evaluate("() => window.badge") == badge, f"the badge is {badge}")


@pytest.mark.parametrize("path", ["/rooms", "/people"])
def test_they_say_what_waits_and_are_plain_when_it_was_read_elsewhere(
    visitor: Visitor, newcomer: Client, rooms: tuple[int, int], sign_in: SignIn, path: str
) -> None:  # behaviour 53
    shared, direct = rooms
    visitor.goto(path)
    expect_title(visitor, r"^(Rooms|People) - ", icon="icon", badge="none")
    with sign_in("Alice").connect() as alice:
        alice.post(shared, "for all")
        expect_title(visitor, r"^• (Rooms|People) - ", icon="icon-other", badge="flag")
        for number in range(3):
            alice.post(direct, f"for you {number}")
        expect_title(visitor, r"^\(3\) (Rooms|People) - ", icon="icon-direct-3", badge=3)
        for number in range(7):
            alice.post(direct, f"and more {number}")
        expect_title(visitor, r"^\(10\) (Rooms|People) - ", icon="icon-direct-more", badge=10)
    for room_id, number in ((direct, 10), (shared, 1)):
        read = newcomer.post(f"/rooms/{room_id}/read", {"number": number, "generation": 0})
        assert read.status == 200
    expect_title(visitor, r"^(Rooms|People) - ", icon="icon", badge="none")


def test_in_a_room_too_and_a_new_name_of_the_room_keeps_the_count(
    visitor: Visitor, rooms: tuple[int, int], sign_in: SignIn
) -> None:
    shared, direct = rooms
    visitor.open_room(shared)
    alice = sign_in("Alice")
    with alice.connect() as socket:
        socket.post(direct, "psst")
        expect(visitor.page).to_have_title(re.compile(r"^\(1\) Room \w+ - "))
        assert alice.post(f"/rooms/{shared}/rename", {"name": f"Attic {uuid4().hex[:6]}"}).status == 200
        expect(visitor.page).to_have_title(re.compile(r"^\(1\) Attic \w+ - "))


def test_the_icons_are_there(visitor: Visitor) -> None:
    visitor.goto("/rooms")
    icons = [visitor.page.locator("link[rel=icon]").get_attribute(f"data-{name}") or "" for name in ("plain", "other")]
    numbered = visitor.page.locator("link[rel=icon]").get_attribute("data-direct") or ""
    for url in icons + [numbered.format(number=number) for number in (*range(1, 10), "more")]:
        answer = visitor.page.request.get(f"{visitor.url}{url}")
        assert (answer.status, answer.headers["content-type"].split(";")[0]) == (200, "image/svg+xml")


def test_who_is_not_in_the_room_is_told_nothing(visit: Visit, new_room: NewRoom, sign_in: SignIn) -> None:
    charlie, room_id = visit("Charlie"), new_room(kind="closed")
    charlie.goto("/rooms")
    before = charlie.page.title()
    with sign_in("Alice").connect() as alice, sign_in("Bob").connect() as bob:
        alice.post(room_id, "not for Charlie")
        bob.wait_for("room:advanced")
    charlie.page.reload()
    assert charlie.page.title().split("- ")[-1] == before.split("- ")[-1]
    assert "not for Charlie" not in charlie.page.content()
    assert not charlie.page.title().startswith("(")
