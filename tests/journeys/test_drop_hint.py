"""Where files can be dropped is said while some are held over the page, and only then."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Visit
from tests.journeys.files import names_staged
from tests.journeys.people import Visitor

pytestmark = pytest.mark.journey

Held = Callable[..., None]
# Everything that the hint does from here on, and whatever is held over the page tells its elements.
WATCH = """() => {
    const hint = document.querySelector("[data-slot=drop-hint]");
    window.turns = [];
    window.left = new Set();
    new MutationObserver(() => window.turns.push(hint.hidden)).observe(hint, { attributeFilter: ["hidden"] });
    addEventListener("dragleave", ({ target }) => window.left.add(target), { capture: true });
}"""

IS_LOADED = """() => performance.getEntriesByType("resource").some(({ name }) => name.includes("attachments"))
    && [...document.styleSheets].some(({ href }) => href?.includes("attachments"))"""


@pytest.fixture
def alice(visit: Visit, room_id: int) -> Visitor:
    """Alice, in the room."""
    alice = visit("Alice")
    alice.open_room(room_id)
    alice.say("a line to be crossed")
    expect(alice.bodies).to_have_count(1)
    alice.page.evaluate(WATCH)
    return alice


def over(visitor: Visitor, what: dict[str, object]) -> Held:
    """The system's own drag of these over the page, as the browser is told it by its window."""
    session = visitor.context.new_cdp_session(visitor.page)
    data = {"items": [], "files": [], "dragOperationsMask": 1, **what}

    def go(kind: str, x: float = 400, y: float = 300) -> None:
        session.send("Input.dispatchDragEvent", {"type": kind, "x": x, "y": y, "data": data})

    return go


def test_it_is_there_while_files_are_over_the_window_whatever_they_cross(  # behaviour 10
    alice: Visitor, tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").write_bytes(b"hello")
    hint, drag = alice.page.locator(".drop-hint"), over(alice, {"files": [str(tmp_path / "notes.txt")]})
    drag("dragEnter")
    alice.eventually(lambda: (drag("dragOver"), hint.is_visible())[1], "it says where to drop")
    for x, y in ((40, 40), (120, 200), (600, 100), (700, 600), (900, 690), (400, 300)):
        drag("dragOver", x, y)
    assert alice.page.evaluate("() => window.left.size") > 1  # elements were left, the window was not
    assert alice.page.evaluate("() => window.turns") == [False]
    # The protocol lets nothing leave the window. A browser tells it so: of nothing that is gone to.
    alice.page.evaluate('() => document.body.dispatchEvent(new DragEvent("dragleave", { bubbles: true }))')
    expect(hint).to_be_hidden()
    drag("dragEnter")
    drag("dragOver")
    expect(hint).to_be_visible()
    drag("drop")
    expect(hint).to_be_hidden()
    expect(names_staged(alice)).to_have_text(["notes.txt"])


def test_a_text_that_is_held_over_the_page_is_none_of_its_business(alice: Visitor) -> None:  # behaviour 10
    drag = over(alice, {"items": [{"mimeType": "text/plain", "data": "a word"}]})
    drag("dragEnter")
    alice.eventually(lambda: (drag("dragOver"), alice.page.evaluate(IS_LOADED))[1], "what gives the hint is there")
    drag("dragOver", 120, 200)
    expect(alice.page.locator(".drop-hint")).to_be_hidden()
    assert alice.page.evaluate("() => window.turns") == []
