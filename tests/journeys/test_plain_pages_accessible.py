"""The pages beside the room, and those for a browser without a script: looked at by axe-core in every look."""

from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.films import film
from tests.journeys.accessible import violations
from tests.journeys.conftest import SignIn, Visit
from tests.journeys.files import picture
from tests.journeys.people import REFUSED, Visitor
from tests.journeys.test_accessible import LOOKS

pytestmark = pytest.mark.journey

FILES = {"a.png": picture(), "b.mp4": film(), "c.ogg": b"OggS\0", "<i>d</i>.txt": b"hello"}
MAX_CHARS = 16_000


@pytest.fixture(params=LOOKS)
def look(request: pytest.FixtureRequest) -> dict[str, Any]:
    """How a browser shows pages."""
    return LOOKS[request.param]


@pytest.fixture
def message_id(room_id: int, sign_in: SignIn) -> int:
    """A message of Alice's, the first of the room, with a file of each kind."""
    alice = sign_in("Alice")
    sent = [alice.put_file(room_id, data, client_id=str(uuid4()), name=name).json for name, data in FILES.items()]
    ids = [each["upload"]["id"] for each in sent]
    with alice.connect() as socket:
        said: int = socket.post(room_id, "with files", upload_ids=ids)["id"]
    return said


def violations_at(visitor: Visitor, *paths: str) -> list[str]:
    found = []
    for path in paths:
        visitor.goto(path)
        expect(visitor.page.get_by_role("heading", level=1)).to_be_visible()
        found += [f"{path}: {each}" for each in violations(visitor.page)]
    return found


def test_the_files_of_a_room_have_no_violation(
    visit: Visit, room_id: int, message_id: int, look: dict[str, Any]
) -> None:
    bob = visit("Bob", **look)
    files = f"/rooms/{room_id}/files"
    found = violations_at(bob, f"{files}?kind=audio", files)
    expect(bob.page.locator(".file")).to_have_count(len(FILES))
    bob.page.locator(".upload--picture a").first.click()
    expect(bob.page.get_by_role("dialog")).to_be_visible()
    found += violations(bob.page)
    assert found == []


def test_changing_and_deleting_without_a_script_has_no_violation(
    visit: Visit, room_id: int, message_id: int, look: dict[str, Any]
) -> None:
    alice = visit("Alice", **look)  # with one, since axe-core is one: the pages are the same
    alice.allow(REFUSED)
    edit = f"/messages/{message_id}/edit"  # where one deletes it, too
    found = violations_at(alice, f"/rooms/{room_id}?around=1&reply=1", edit)
    alice.page.locator("#field-body").fill("x" * (MAX_CHARS + 1))
    alice.page.locator("form.stack button[type=submit]").first.click()
    expect(alice.page.locator(".field__error")).to_be_visible()
    found += [f"refused: {each}" for each in violations(alice.page)]
    assert found == []
