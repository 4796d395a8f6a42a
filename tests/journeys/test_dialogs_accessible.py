"""The dialogs that every page has, looked at by axe-core in every look."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.accessible import violations
from tests.journeys.conftest import NewRoom, SignIn, Visit
from tests.journeys.test_accessible import LOOKS

pytestmark = pytest.mark.journey


@pytest.mark.parametrize("look", LOOKS)
def test_the_keys_and_the_switcher_have_no_violation(
    visit: Visit, new_room: NewRoom, sign_in: SignIn, look: str
) -> None:
    options: dict[str, Any] = LOOKS[look]
    unread = new_room()
    with sign_in("Alice").connect() as alice:
        alice.post(unread, "for all")
    bob = visit("Bob", **options)
    bob.open_room(new_room())
    bob.page.keyboard.press("Control+/")
    expect(bob.page.locator("dialog.help")).to_be_visible()
    found = [f"keys: {each}" for each in violations(bob.page)]
    bob.page.keyboard.press("Escape")
    bob.page.keyboard.press("Control+k")
    expect(bob.page.locator("#switcher-rooms .badge").first).to_be_visible()
    found += [f"switcher: {each}" for each in violations(bob.page)]
    bob.page.keyboard.type("no such room")
    expect(bob.page.locator("#switcher-rooms > a")).to_have_count(0)
    found += [f"nothing found: {each}" for each in violations(bob.page)]
    assert found == []
