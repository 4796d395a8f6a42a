"""A picture has its place before it is there: a box that it fills later, while nothing around it moves."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, expect
from sqlalchemy import delete, insert

from chatapp import db
from chatapp.actions.held_files import AT_ONCE
from chatapp.models import Upload
from chatapp.models.upload import UploadState
from tests.journeys.conftest import NewRoom, SignIn, Visit
from tests.journeys.long_room import writing
from tests.journeys.people import Visitor
from tests.journeys.protocol import Client
from tests.journeys.server import Server
from tests.pictures import SECRETS, animation, bomb, photo

pytestmark = pytest.mark.journey

WATCH = """() => {
    window.shifts = 0;
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) window.shifts += entry.value;
    }).observe({ type: "layout-shift" });
}"""
BOXES = """() => {
    const all = [...document.querySelectorAll(".message, .upload, .upload__picture")];
    const boxes = all.map((each) => each.getBoundingClientRect());
    return boxes.map(({ x, y, width, height }) => [x, y - boxes[0].y, width, height].map(Math.round));
}"""
IS_SHOWN = "image => image.complete && image.naturalWidth > 0"


@contextmanager
def nobody_looks(server: Server, room_id: int, author_id: int) -> Iterator[None]:
    """While this lasts every picture waits, as if others took all the time there is."""
    row = {"room_id": room_id, "author_id": author_id, "name": "other", "size": 1, "state": UploadState.HELD}
    rows = [row | {"client_id": str(uuid4()), "leased_until": db.now() + timedelta(hours=1)} for _ in range(AT_ONCE)]
    with writing(server) as connection:
        connection.execute(insert(Upload), rows)
    try:
        yield
    finally:
        with writing(server) as connection:
            connection.execute(delete(Upload).where(Upload.name == "other", Upload.room_id == room_id))


def post(client: Client, room_id: int, body: str, *files: tuple[str, bytes]) -> None:
    """A message with these files."""
    sent = [client.put_file(room_id, data, client_id=str(uuid4()), name=name) for name, data in files]
    ids = [each.json["upload"]["id"] for each in sent]
    assert client.post(f"/rooms/{room_id}/messages", {"body": body, "upload_ids": ids}).status == 201


def boxes(visitor: Visitor) -> list[object]:
    """Where all lines and pictures stand, from the first line on: how far the log is scrolled is its reader's."""
    found: list[object] = visitor.page.evaluate(BOXES)
    return found


def pictures(visitor: Visitor) -> Locator:
    return visitor.lines.locator("img.upload__picture")


@pytest.mark.parametrize("viewport", [{"width": 1000, "height": 800}, {"width": 360, "height": 640}])
def test_nothing_moves_when_it_appears(  # behaviour 24, 58
    visit: Visit,
    sign_in: SignIn,
    new_room: NewRoom,
    server: Server,
    ids: dict[str, int],
    viewport: dict[str, int],
) -> None:
    room_id, alice, bob = new_room(kind="closed"), sign_in("Alice"), visit("Bob", viewport=viewport)
    with nobody_looks(server, room_id, ids["Alice"]):
        files = [("하나.jpg", photo(size=(1600, 1200))), ("wide.png", photo("PNG", (900, 60), turned=1))]
        post(alice, room_id, "look", *files, ("small.gif", animation()))
        post(alice, room_id, "and what comes after")
        bob.open_room(room_id)
        expect(bob.bodies).to_have_text(["look", "and what comes after"])
        expect(bob.lines.get_by_role("img", name="하나.jpg")).to_be_visible()
        expect(pictures(bob)).to_have_count(0)
        before = boxes(bob)
        bob.page.evaluate(WATCH)
    alice.put_file(room_id, b"wakes a worker", client_id=str(uuid4()), name="a.txt")
    expect(pictures(bob)).to_have_count(3)
    for picture in pictures(bob).all():
        picture.scroll_into_view_if_needed()
        bob.eventually(lambda picture=picture: picture.evaluate(IS_SHOWN), "it is there")
    assert boxes(bob) == before
    assert bob.page.evaluate("() => window.shifts") == 0
    expect(bob.page.locator(".message__edited")).to_have_count(0)
    expect(bob.lines.get_by_role("img", name="하나.jpg")).to_have_js_property("naturalWidth", 432)


def test_what_cannot_be_shown_is_a_file_to_be_saved_and_others_go_on(
    visit: Visit, sign_in: SignIn, new_room: NewRoom
) -> None:
    room_id, alice, bob = new_room(kind="closed"), sign_in("Alice"), visit("Bob")
    bob.open_room(room_id)
    data = photo()
    for name, each in (("bomb.png", bomb()), ("broken.jpg", data[:3_000]), ("me.jpg", data)):
        post(alice, room_id, name, (name, each))
    expect(pictures(bob)).to_have_count(1)
    for name in ("bomb.png", "broken.jpg"):
        expect(bob.lines.get_by_role("link", name=name)).to_be_visible()
    expect(bob.page.locator(".upload__waiting")).to_have_count(0)
    with bob.page.expect_download() as download:
        bob.lines.get_by_role("link", name="broken.jpg").click()
    saved = download.value.path().read_bytes()
    assert [secret for secret in SECRETS if secret in saved] == []


def test_who_wants_nothing_to_move_plays_an_animation_when_it_is_wanted(
    visit: Visit, sign_in: SignIn, new_room: NewRoom
) -> None:
    room_id, alice = new_room(kind="closed"), sign_in("Alice")
    post(
        alice,
        room_id,
        "look",
        ("moves.gif", animation()),
        ("moves.webp", animation(kind="WEBP")),
        ("still.webp", photo("WEBP")),
    )
    still, usual = visit("Bob", reduced_motion="reduce"), visit("Alice")
    for visitor in (still, usual):
        visitor.open_room(room_id)
        expect(pictures(visitor)).to_have_count(3)
        # In the log nothing moves, for anybody: what stands there is a small copy of its first picture.
        for shown in pictures(visitor).all():
            assert (shown.get_attribute("src") or "").endswith("?thumbnail=1")
        pictures(visitor).first.click()
    dialog, shown = still.page.get_by_role("dialog"), still.page.locator(".gallery__picture")
    play, stop = (dialog.get_by_role("button", name=name, exact=True) for name in ("Play", "Stop"))
    for name in ("moves.gif", "moves.webp"):
        expect(dialog.locator(".gallery__name")).to_have_text(name)
        expect(shown).to_have_attribute("src", re.compile(r"\?thumbnail=1$"))
        play.press("Enter")
        expect(shown).to_have_attribute("src", re.compile(f"/{name}$"))
        stop.press("Enter")
        expect(shown).to_have_attribute("src", re.compile(r"\?thumbnail=1$"))
        expect(play).to_be_focused()
        still.page.keyboard.press("ArrowRight")
    expect(dialog.locator(".gallery__name")).to_have_text("still.webp")
    expect(shown).to_have_attribute("src", re.compile(r"/still\.webp$"))
    expect(play).to_be_hidden()
    still.page.keyboard.press("ArrowLeft")  # the focus is in the dialog still
    expect(dialog.locator(".gallery__name")).to_have_text("moves.webp")
    expect(usual.page.locator(".gallery__picture")).to_have_attribute("src", re.compile(r"/moves\.gif$"))
    expect(usual.page.locator("[data-slot=play]")).to_be_hidden()
