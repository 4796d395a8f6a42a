"""The pictures: two for the README, and with SCREENSHOTS=1 (`make screenshots`) every main state in every look."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys import harbour
from tests.journeys.conftest import Visit
from tests.journeys.people import NOT_FOUND, Visitor
from tests.journeys.server import ARTEFACTS, ROOT, Server

pytestmark = pytest.mark.journey

IS_ASKED = os.environ.get("SCREENSHOTS") == "1"
README = ROOT / "docs" / "images" if IS_ASKED else ARTEFACTS
FOLDER = ARTEFACTS / "screenshots"

DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}, "color_scheme": "light"}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 780},
    "device_scale_factor": 2,
    "color_scheme": "light",
    "is_mobile": True,
    "has_touch": True,
}
DARK = {"color_scheme": "dark"}
KOREAN = {"locale": "ko-KR"}
TABLET = PHONE | {"viewport": {"width": 820, "height": 1180}}
WIDE = DESK | {"viewport": {"width": 1920, "height": 1080}}
LOOKS = {
    "light": DESK,
    "dark": DESK | DARK,
    "phone": PHONE,
    "tablet": TABLET,
    "wide": WIDE,
    "korean": DESK | KOREAN,
}

State = Callable[[Visitor, int], object]


@pytest.fixture(scope="module", params=["sqlite"])
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, int]]:
    """A server on which four people have talked, and the room in which they did."""
    database = tmp_path_factory.mktemp("screenshots") / "chatapp.db"
    server = Server("screenshots", DATABASE_URL=f"sqlite:///{database}")
    server.migrate()
    try:
        room_id, sockets = harbour.found(server, database)
        yield server, room_id
        for socket in sockets.values():
            socket.close()
    finally:
        server.stop()
    assert "Traceback" not in server.log


def come(arrive: Visit, company: tuple[Server, int], options: dict[str, Any]) -> Visitor:
    """Alice with the room open, on the day of the talk."""
    server, room_id = company
    alice = arrive("Alice Kim", server.url, **options)
    alice.allow(NOT_FOUND)
    alice.sign_in(harbour.email_of("Alice Kim"))
    alice.open_room(room_id)
    expect(alice.lines).to_have_count(len(harbour.TALK))
    return alice


def take(alice: Visitor, path: Path) -> None:
    """A picture of what she sees."""
    path.parent.mkdir(parents=True, exist_ok=True)
    alice.page.screenshot(path=path, animations="disabled", caret="hide")
    assert path.stat().st_size > 10_000


@pytest.mark.parametrize(("file", "options"), [("room.png", DESK), ("room-dark-phone.png", PHONE | DARK | KOREAN)])
def test_a_room_as_the_readme_shows_it(
    arrive: Visit, company: tuple[Server, int], file: str, options: dict[str, Any]
) -> None:
    alice = come(arrive, company, options)
    expect(alice.page.locator(".day__name").last).to_have_text("오늘" if "locale" in options else "Today")
    alice.page.mouse.move(0, 0)
    take(alice, README / file)


@pytest.mark.parametrize("look", LOOKS)
def test_every_main_state_has_its_picture(arrive: Visit, company: tuple[Server, int], look: str) -> None:
    alice = come(arrive, company, LOOKS[look])
    for name, state in (STATES if IS_ASKED else {"room": room}).items():
        alice.goto(f"/rooms/{company[1]}")
        alice.wait_until_live()
        state(alice, company[1])
        take(alice, FOLDER / f"{name}-{look}.png")


def room(_alice: Visitor, _room_id: int) -> None:
    """As it opens."""


def actions(alice: Visitor, _room_id: int) -> None:
    """The buttons of a message."""
    alice.point_at(8)


def react(alice: Visitor, _room_id: int) -> None:
    """Emoji to react with."""
    alice.point_at(5).locator("[data-do=react]").click()
    expect(alice.page.get_by_role("dialog")).to_be_visible()


def edit(alice: Visitor, _room_id: int) -> None:
    """A message of one's own while it is changed."""
    alice.point_at(8).locator("[data-do=edit]").click()
    expect(alice.page.locator(".edit-box textarea")).to_be_focused()


def reply(alice: Visitor, _room_id: int) -> None:
    """An answer that is being written."""
    alice.point_at(7).locator("[data-do=reply]").click()
    alice.box.fill("It does. Cake at four?")


def switch(alice: Visitor, _room_id: int) -> None:
    """The quick switcher."""
    alice.page.keyboard.press("Control+k")
    expect(alice.page.get_by_role("dialog")).to_be_visible()
    alice.page.wait_for_load_state("networkidle")


def keys(alice: Visitor, _room_id: int) -> None:
    """The help."""
    alice.page.keyboard.press("Control+/")
    expect(alice.page.get_by_role("dialog")).to_be_visible()


def drawer(alice: Visitor, _room_id: int) -> None:
    """The rooms over the room, on a phone."""
    if alice.page.locator(".room__rooms").is_visible():
        alice.page.locator(".room__rooms").click()
        expect(alice.page.get_by_role("dialog")).to_be_visible()


def page(path: str) -> State:
    """Another page than the room's."""

    def open_page(alice: Visitor, room_id: int) -> None:
        alice.goto(path.format(room_id=room_id))
        alice.page.wait_for_load_state("networkidle")

    return open_page


STATES: dict[str, State] = {each.__name__: each for each in (room, actions, react, edit, reply, switch, keys)} | {
    "drawer": drawer,
    "rooms": page("/rooms"),
    "new": page("/rooms/new"),
    "members": page("/rooms/{room_id}/members"),
    "people": page("/people"),
    "account": page("/account"),
    "company": page("/admin"),
    "missing": page("/nowhere"),
}
