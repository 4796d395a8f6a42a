"""A file on its way: seen, waited for, stopped, brought again after a break; and never half of a message."""

import os
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from tests.journeys.accessible import violations
from tests.journeys.conftest import NewRoom, SignIn, Visit
from tests.journeys.files import all_there, choose, file, files_said, names_staged, staged
from tests.journeys.people import REFUSED, Visitor
from tests.journeys.unsent import Wire

pytestmark = pytest.mark.journey

UPLOADS = re.compile(r"/rooms/\d+/uploads\?")
FOUND = re.compile(r"/rooms/\d+/uploads/[\w-]+$")
LOST = re.compile(r"net::ERR_")
# Every value that a bar shows.
WATCH = """() => {
    window.shown = [];
    const look = (changes) => {
        for (const { target } of changes) {
            const bar = target.matches?.("progress") ? target : target.querySelector?.(".staged progress");
            if (bar) window.shown.push(bar.value);
        }
    };
    const tray = document.querySelector("[data-slot=tray-list]");
    new MutationObserver(look).observe(tray, { attributeFilter: ["value"], childList: true, subtree: true });
}"""
NO_SPACE = '{"error": "upload_quota_full", "message": "No space for it."}'


@pytest.fixture
def alice(visit: Visit, room_id: int) -> Visitor:
    """Alice, in the room."""
    alice = visit("Alice")
    alice.open_room(room_id)
    return alice


class Gate:
    """What stands between a page and the place for its files: requests wait in it until `open()`."""

    def __init__(self, visitor: Visitor) -> None:
        self.waiting: list[Route] = []
        self._is_open = False
        visitor.page.route(UPLOADS, self._come)

    def open(self) -> None:
        """Let through what waits, and all that comes."""
        self._is_open = True
        for route in self.waiting:
            route.continue_()

    def _come(self, route: Route) -> None:
        if self._is_open:
            route.continue_()
        else:
            self.waiting.append(route)


def cut(visitor: Visitor, is_cut: Callable[[int], bool]) -> list[str]:
    """Break the line under those requests for which `is_cut(index)`; where each began, as they come."""
    starts: list[str] = []

    def come(route: Route) -> None:
        starts.append(re.findall(r"offset=(\d+)", route.request.url)[0])
        if is_cut(len(starts) - 1):
            route.abort("connectionreset")
        else:
            route.continue_()

    visitor.page.route(UPLOADS, come)
    return starts


def test_what_is_sent_waits_for_its_files_and_goes_by_itself(alice: Visitor, room_id: int, sign_in: SignIn) -> None:
    gate = Gate(alice)
    choose(alice, file("notes.txt"))
    expect(alice.page.get_by_role("progressbar", name="notes.txt")).to_be_visible()
    alice.say("with it")
    note = alice.page.locator(".tray__note")
    expect(note).to_have_text("It will be sent as soon as its files are there.")
    assert violations(alice.page) == []
    gate.open()
    expect(alice.bodies).to_have_text(["with it"])
    expect(alice.box).to_have_value("")
    assert files_said(sign_in, room_id) == [("with it", ["notes.txt"])]


def test_whoever_goes_on_writing_sends_it_themselves(alice: Visitor, room_id: int, sign_in: SignIn) -> None:
    gate = Gate(alice)
    choose(alice, file("notes.txt"))
    expect(staged(alice)).to_have_count(1)
    alice.say("with it")
    alice.box.press_sequentially(", and more")
    expect(alice.page.locator(".tray__note")).to_contain_text("Not sent yet")
    gate.open()
    all_there(alice)
    expect(alice.lines).to_have_count(0)
    alice.box.press("Enter")
    expect(alice.bodies).to_have_text(["with it, and more"])
    assert files_said(sign_in, room_id) == [("with it, and more", ["notes.txt"])]


def test_a_file_is_stopped_on_its_way_and_another_removed(  # behaviour 57
    alice: Visitor, room_id: int, sign_in: SignIn
) -> None:
    alice.allow(LOST)
    choose(alice, file("there.txt"))
    all_there(alice)
    gate = Gate(alice)
    choose(alice, file("slow.txt"))
    alice.eventually(lambda: gate.waiting, "it is on its way")
    alice.page.get_by_role("button", name="Remove slow.txt").press("Enter")
    expect(alice.page.get_by_role("button", name="Remove there.txt")).to_be_focused()
    alice.page.keyboard.press("Enter")
    expect(staged(alice)).to_have_count(0)
    expect(alice.box).to_be_focused()
    alice.say("without")
    expect(alice.bodies).to_have_text(["without"])
    assert files_said(sign_in, room_id) == [("without", [])]


def test_the_bar_of_a_file_grows_with_what_has_left(alice: Visitor) -> None:  # behaviour 57
    alice.page.evaluate(WATCH)
    choose(alice, file("film.bin", bytes(12_000_000)))
    expect(staged(alice)).to_have_attribute("data-state", "done", timeout=30_000)
    shown = [float(value) for value in alice.page.evaluate("() => window.shown")]
    assert shown == sorted(shown)
    # Three parts: at the end of each at the latest.
    assert len(set(shown)) >= 4
    assert (shown[0], shown[-1]) == (0, 1)


def test_of_a_large_file_that_is_stopped_no_space_is_taken(alice: Visitor, sign_in: SignIn) -> None:
    alice.allow(LOST)
    before = sign_in("Alice").get("/uploads/space").json
    announced: list[str] = []
    held: list[Route] = []

    def come(route: Route) -> None:
        announced.append(route.request.url)
        # Announced, and then the first part stands still.
        route.continue_() if len(announced) == 1 else held.append(route)

    alice.page.route(UPLOADS, come)
    choose(alice, file("film.bin", bytes(9_000_000)))
    alice.eventually(lambda: held, "its first part is on its way")
    assert sign_in("Alice").get("/uploads/space").json["share"] == before["share"] - 9_000_000
    alice.page.get_by_role("button", name="Remove film.bin").click()
    expect(staged(alice)).to_have_count(0)
    alice.eventually(lambda: sign_in("Alice").get("/uploads/space").json == before, "its space is free")


def test_a_large_file_goes_on_where_the_line_was_cut(  # behaviour 71
    alice: Visitor, bob: Visitor, room_id: int
) -> None:
    alice.allow(LOST)
    bob.open_room(room_id)
    data = os.urandom(9_000_000)
    starts = cut(alice, lambda index: index == 2)
    choose(alice, file("film.bin", data))
    expect(staged(alice)).to_have_attribute("data-state", "done", timeout=30_000)
    assert starts == ["0", "0", "4194304", "4194304", "6291456", "8388608"]
    alice.say("whole")
    link = bob.lines.get_by_role("link", name="film.bin")
    with bob.page.expect_download() as download:
        link.click()
    assert download.value.path().read_bytes() == data


def test_what_the_server_refuses_is_said_and_can_be_tried_again(alice: Visitor, room_id: int, sign_in: SignIn) -> None:
    alice.allow(REFUSED, re.compile("status of 507"))
    alice.page.route(UPLOADS, lambda route: route.fulfill(status=507, body=NO_SPACE, content_type="application/json"))
    choose(alice, file("notes.txt"))
    expect(staged(alice)).to_contain_text("No space for it.")
    alice.say("look")
    expect(alice.page.get_by_text("A file has not arrived: try it again, or remove it.")).to_be_visible()
    expect(alice.lines).to_have_count(0)
    alice.page.unroute(UPLOADS)
    alice.page.get_by_role("button", name="Try notes.txt again").press("Enter")
    all_there(alice)
    alice.box.press("Enter")
    expect(alice.bodies).to_have_text(["look"])
    assert files_said(sign_in, room_id) == [("look", ["notes.txt"])]


def test_too_large_and_too_many_is_said_before_a_byte_leaves(alice: Visitor) -> None:
    form = alice.page.locator("form.composer")
    form.evaluate("form => { form.dataset.uploadMaxBytes = 2048; form.dataset.maxUploads = 2; }")
    choose(alice, file("large.bin", bytes(2049)), file("a"), file("b"), file("c"))
    expect(names_staged(alice)).to_have_text(["a", "b"])
    expect(form.get_by_role("alert").first).to_have_text(
        "large.bin is too large: a file may have at most 2 kB. A message may have at most 2 files."
    )


@pytest.mark.parametrize(
    ("space", "whose"),
    [({"company": 2048, "share": 9000}, "the company's"), ({"company": 9000, "share": 2048}, "your own")],
)
def test_what_no_space_is_left_for_is_said_before_a_byte_leaves(
    alice: Visitor, space: dict[str, int], whose: str
) -> None:
    asked: list[str] = []
    alice.page.on("request", lambda request: asked.append(request.url))
    alice.page.route("**/uploads/space", lambda route: route.fulfill(json=space))
    choose(alice, file("large.bin", bytes(2049)), file("a"))
    expect(names_staged(alice)).to_have_text(["a"])
    expect(alice.page.locator("form.composer").get_by_role("alert").first).to_have_text(
        f"large.bin does not fit: of {whose} space for files 2 kB is left."
    )
    all_there(alice)
    assert not any("large.bin" in url for url in asked)


def test_what_is_still_checked_for_viruses_says_so_and_may_be_refused_later(alice: Visitor) -> None:
    alice.allow(REFUSED, re.compile("status of 422"))
    upload = {"id": 1, "name": "notes.txt", "size": 5, "url": "/uploads/1/notes.txt"}
    told = {"offset": 5, "size": 5, "upload": upload, "is_unscanned": True}
    found = {"error": "upload_infected", "message": "Something was found."}
    alice.page.route(UPLOADS, lambda route: route.fulfill(status=201, json=told))
    alice.page.route(FOUND, lambda route: route.fulfill(status=422, json=found))
    choose(alice, file("notes.txt"))
    expect(staged(alice)).to_contain_text("It is being checked for viruses.")
    expect(staged(alice)).to_have_attribute("data-state", "done")
    expect(staged(alice)).to_contain_text("Something was found.")
    expect(staged(alice)).to_have_attribute("data-state", "failed")


def test_who_leaves_the_page_is_asked_while_a_file_waits(alice: Visitor) -> None:  # behaviour 18
    alice.box.click()  # a browser asks for nobody who has not touched the page
    choose(alice, file("notes.txt"))
    all_there(alice)
    with alice.page.expect_event("dialog") as asked:
        alice.page.evaluate("() => { setTimeout(() => location.assign('/rooms')); }")
    assert asked.value.type == "beforeunload"


def test_files_wait_in_their_room_while_one_looks_at_another(
    alice: Visitor, room_id: int, new_room: NewRoom, sign_in: SignIn
) -> None:
    other = new_room()
    alice.open_room(room_id)
    gate = Gate(alice)
    choose(alice, file("notes.txt"))
    alice.eventually(lambda: gate.waiting, "it is on its way")
    alice.page.locator(f'.sidebar a[href="/rooms/{other}"]').first.click()
    expect(staged(alice)).to_have_count(0)
    gate.open()
    alice.say("elsewhere")
    expect(alice.bodies).to_have_text(["elsewhere"])
    alice.page.locator(f'.sidebar a[href="/rooms/{room_id}"]').first.click()
    all_there(alice)
    alice.say("with it")
    expect(alice.bodies).to_have_text(["with it"])
    assert files_said(sign_in, room_id) == [("with it", ["notes.txt"])]
    assert files_said(sign_in, other) == [("elsewhere", [])]


def test_a_message_that_was_lost_comes_after_a_reload_with_its_files_once(
    alice: Visitor, room_id: int, sign_in: SignIn
) -> None:
    alice.allow(LOST)
    wire = Wire(alice)
    alice.open_room(room_id)
    choose(alice, file("notes.txt"))
    all_there(alice)
    wire.loses_posts = True
    alice.say("once")
    expect(alice.pending).to_contain_text("notes.txt")
    alice.eventually(lambda: wire.posts > 0, "it has left")
    wire.loses_posts = False
    alice.page.reload()
    expect(alice.bodies).to_have_text(["once"])
    expect(alice.pending).to_have_count(0)
    assert files_said(sign_in, room_id) == [("once", ["notes.txt"])]
