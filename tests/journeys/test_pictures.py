"""Pictures of the log, shown large: by mouse and by keys, and to nobody else."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.journeys.accessible import violations
from tests.journeys.conftest import NewRoom, SignIn, Visit
from tests.journeys.files import picture
from tests.journeys.people import Visitor
from tests.journeys.waiting import eventually

pytestmark = pytest.mark.journey

NAMES = ("하나.png", "two & 2.png", "three.png")


def room_with_pictures(sign_in: SignIn, new_room: NewRoom) -> tuple[int, list[str]]:
    """A closed room of Alice and Bob with a message of two pictures and one of another; their addresses."""
    room_id, alice, urls = new_room(kind="closed"), sign_in("Alice"), []
    for text, names in (("both", NAMES[:2]), ("last", NAMES[2:])):
        ids = []
        for name in names:
            upload = alice.put_file(room_id, picture(), client_id=str(uuid4()), name=name).json["upload"]
            ids.append(upload["id"])
            urls.append(upload["url"])
        assert alice.post(f"/rooms/{room_id}/messages", {"body": text, "upload_ids": ids}).status == 201
    # A page of the past, such as the one of all files, shows what was looked at when it was asked for.
    eventually(lambda: not any(each["is_held"] for each in alice.get(f"/rooms/{room_id}/files").json["items"]))
    return room_id, urls


def focused(visitor: Visitor) -> str:
    """Where the link leads that has the focus."""
    path: str = visitor.page.evaluate("() => document.activeElement.pathname ?? document.activeElement.localName")
    return path


def test_a_walk_through_the_pictures_by_keys(visit: Visit, sign_in: SignIn, new_room: NewRoom) -> None:  # behaviour 58
    room_id, urls = room_with_pictures(sign_in, new_room)
    bob = visit("Bob", color_scheme="dark", viewport={"width": 390, "height": 700})
    bob.open_room(room_id)
    links, dialog = bob.page.locator(".upload__open"), bob.page.get_by_role("dialog")
    expect(links).to_have_count(3)
    links.first.press("Enter")
    expect(dialog.get_by_role("img", name=NAMES[0])).to_be_visible()
    expect(dialog.locator(".gallery__about")).to_have_text(f"{NAMES[0]} 1 of 3")
    assert violations(bob.page) == []

    foot = dialog.locator(".gallery__steps").bounding_box()
    assert foot
    assert foot["y"] > 600  # the buttons are at the foot of the dialog, not in its middle

    bob.page.keyboard.press("ArrowLeft")
    for index, name in enumerate(NAMES):
        expect(dialog.locator(".gallery__about")).to_have_text(f"{name} {index + 1} of 3")
        bob.eventually(
            lambda: dialog.get_by_role("img").evaluate("image => image.complete && image.naturalWidth"), "it is shown"
        )
        if index < 2:
            bob.page.keyboard.press("ArrowRight")
    bob.page.keyboard.press("ArrowRight")
    expect(dialog.locator(".gallery__place")).to_have_text("3 of 3")
    bob.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    bob.eventually(lambda: focused(bob) == urls[2], "where one left off has the focus")


def test_what_others_do_with_the_message_meanwhile_leads_nobody_astray(  # behaviour 58
    visit: Visit, sign_in: SignIn, new_room: NewRoom
) -> None:
    room_id, urls = room_with_pictures(sign_in, new_room)
    alice, bob = sign_in("Alice"), visit("Bob")
    bob.open_room(room_id)
    message_id = bob.message(1).get_attribute("data-message-id")
    dialog = bob.page.get_by_role("dialog")
    bob.page.locator(".upload__open").first.press("Enter")
    expect(dialog.locator(".gallery__place")).to_have_text("1 of 3")
    assert alice.post(f"/messages/{message_id}/reactions", {"emoji": "👍", "do": "add"}).status == 200
    expect(bob.message(1).locator(".reaction")).to_be_attached()
    bob.page.keyboard.press("ArrowRight")
    expect(dialog.locator(".gallery__place")).to_have_text("2 of 3")

    assert alice.post(f"/messages/{message_id}/edit", {"body": "changed"}).status == 200
    expect(bob.message(1).locator(".message__body")).to_have_text("changed")
    bob.message(1).evaluate("line => line.replaceWith(line.cloneNode(true))")  # as when the log is read anew
    bob.page.keyboard.press("ArrowLeft")
    expect(dialog.locator(".gallery__place")).to_have_text("1 of 3")
    bob.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    bob.eventually(lambda: focused(bob) == urls[0], "where one left off has the focus")


def test_who_looks_at_a_picture_while_it_is_deleted_comes_back_to_the_page(
    visit: Visit, sign_in: SignIn, new_room: NewRoom
) -> None:
    room_id, _ = room_with_pictures(sign_in, new_room)
    bob = visit("Bob")
    bob.open_room(room_id)
    message_id = bob.message(2).get_attribute("data-message-id")
    bob.page.locator(".upload__open").last.press("Enter")
    expect(bob.page.locator(".gallery__place")).to_have_text("3 of 3")
    assert sign_in("Alice").post(f"/messages/{message_id}/delete").status == 200
    expect(bob.page.locator(".upload__open")).to_have_count(2)
    bob.page.keyboard.press("Escape")
    expect(bob.page.get_by_role("dialog")).to_be_hidden()
    expect(bob.page.locator("main")).to_be_focused()


def test_by_mouse_and_saved_under_its_name(visit: Visit, sign_in: SignIn, new_room: NewRoom) -> None:
    room_id, _ = room_with_pictures(sign_in, new_room)
    bob = visit("Bob")
    bob.open_room(room_id)
    dialog = bob.page.get_by_role("dialog")
    bob.page.locator(".upload__open").nth(1).click()
    dialog.get_by_role("button", name="Next picture").click()
    expect(dialog.locator(".gallery__about")).to_have_text("three.png 3 of 3")
    dialog.get_by_role("button", name="Previous picture").click()
    with bob.page.expect_download() as download:
        dialog.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename == NAMES[1]
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()
    expect(bob.page).to_have_url(re.compile(rf"/rooms/{room_id}$"))


def test_the_page_of_files_shows_them_too_and_charlie_sees_none(
    visit: Visit, sign_in: SignIn, new_room: NewRoom
) -> None:
    room_id, urls = room_with_pictures(sign_in, new_room)
    alice = visit("Alice", locale="ko-KR")
    alice.goto(f"/rooms/{room_id}/files")
    alice.page.wait_for_load_state("networkidle")  # without its script a click leads to the picture itself
    alice.page.locator(".upload__open").first.click()
    expect(alice.page.locator(".gallery__about")).to_have_text("three.png 3장 중 1번째")
    charlie = sign_in("Charlie")
    assert [charlie.get(url).status for url in urls] == [404] * 3
