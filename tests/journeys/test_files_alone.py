"""A message of files without a word: wherever a text would be spoken or shown, what they are called."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import SignIn, Visit
from tests.journeys.files import picture
from tests.journeys.people import Visitor
from tests.journeys.protocol import Client

pytestmark = pytest.mark.journey

FILES = {"notes.txt": b"hello", "발표.png": picture()}


def send(client: Client, room_id: int, body: str = "") -> None:
    """A message with a text file and a picture."""
    sent = [client.put_file(room_id, data, client_id=str(uuid4()), name=name).json for name, data in FILES.items()]
    ids = [each["upload"]["id"] for each in sent]
    assert client.post(f"/rooms/{room_id}/messages", {"body": body, "upload_ids": ids}).status == 201


def test_they_are_announced_by_their_names(bob: Visitor, room_id: int, sign_in: SignIn) -> None:
    bob.open_room(room_id)
    announcer = bob.page.locator("[data-log=announcer]")
    send(sign_in("Alice"), room_id)
    expect(announcer).to_have_text("Alice: notes.txt, 발표.png")
    send(sign_in("Alice"), room_id, "look at **these**")
    expect(announcer).to_have_text("Alice: look at these notes.txt, 발표.png")


def test_the_name_of_their_line_has_them(bob: Visitor, room_id: int, sign_in: SignIn) -> None:
    send(sign_in("Alice"), room_id)
    bob.open_room(room_id)
    bob.page.keyboard.press("Shift+Tab")
    line = bob.message(1)
    expect(line).to_be_focused()
    expect(line).to_have_accessible_name(re.compile(r"^Alice .*notes\.txt .*발표\.png \d\d:\d\d$"))


def test_the_question_before_they_are_deleted_shows_them(visit: Visit, room_id: int, sign_in: SignIn) -> None:
    send(sign_in("Alice"), room_id)
    alice = visit("Alice")
    alice.open_room(room_id)
    alice.point_at(1).get_by_role("button", name="Delete message").click()
    dialog = alice.page.get_by_role("dialog")
    expect(dialog.locator("[data-slot=text]")).to_have_text("notes.txt, 발표.png")
    dialog.get_by_role("button", name="Delete message").click()
    alice.eventually(lambda: "notes.txt" not in alice.page.content(), "the page forgets it")
