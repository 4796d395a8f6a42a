"""The Content-Security-Policy has nothing to refuse on any page of ours, and refuses what is not ours."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.films import film
from tests.journeys.conftest import SignIn, Visit
from tests.journeys.files import picture
from tests.journeys.people import NOT_FOUND, Visitor
from tests.journeys.server import Server

pytestmark = pytest.mark.journey

REFUSED_BY_POLICY = re.compile(r"Content[- ]Security[- ]Policy", re.IGNORECASE)
LISTEN = """addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) => {
  (window.violations ??= []).push(`${effectiveDirective} ${blockedURI}`);
}, { capture: true })"""
INLINE = """() => {
  const script = document.createElement("script");
  script.textContent = "window.hasRun = true";
  document.body.append(script);
}"""
HANDLER = """() => {
  const button = document.createElement("button");
  button.setAttribute("onclick", "window.hasRun = true");
  document.body.append(button);
  button.click();
}"""
STYLE = "() => document.body.setAttribute('style', 'color: red')"
ELSEWHERE = """() => {
  const script = document.createElement("script");
  script.src = "https://example.org/a.js";
  document.body.append(script);
}"""
PAGES = ("/", "/rooms", "/rooms/new", "/rooms/new?kind=direct", "/people", "/account", "/help", "/admin", "/nowhere")
FILES = {"a.png": picture(), "b.mp4": film(), "c.txt": b"hello"}


def refused(visitor: Visitor) -> list[str]:
    """What the policy has refused on this page."""
    found: list[str] = visitor.page.evaluate("() => window.violations ?? []")
    return found


def settle(visitor: Visitor) -> None:
    """Return when the page has its scripts, and a room that is live there its socket."""
    visitor.page.wait_for_load_state("networkidle")
    if visitor.page.locator("[data-controller=room] [data-controller=composer]").count():
        visitor.wait_until_live()


def refused_at(visitor: Visitor, *paths: str) -> list[str]:
    found = []
    for path in paths:
        visitor.goto(path)
        expect(visitor.page.get_by_role("heading", level=1)).to_be_visible()
        settle(visitor)
        found += [f"{path}: {each}" for each in refused(visitor)]
    return found


@pytest.fixture
def alice(visit: Visit) -> Visitor:
    """Alice, on whose pages a listener hears of each violation."""
    alice = visit("Alice")
    alice.context.add_init_script(LISTEN)
    return alice


def test_no_page_asks_for_what_is_refused(
    alice: Visitor, arrive: Visit, server: Server, room_id: int, sign_in: SignIn
) -> None:
    client = sign_in("Alice")
    sent = [client.put_file(room_id, data, client_id=str(uuid4()), name=name).json for name, data in FILES.items()]
    with client.connect() as socket:
        text = "see https://example.org/ and\n\n```py\nprint()\n```"
        said = socket.post(room_id, text, upload_ids=[each["upload"]["id"] for each in sent])
    alice.allow(NOT_FOUND)
    beside = [f"/rooms/{room_id}{path}" for path in ("?around=1", "/members", "/files", "/messages/1/edits")]
    found = refused_at(alice, *PAGES, *beside, f"/messages/{said['id']}/edit")

    alice.open_room(room_id)
    alice.say("and more")
    expect(alice.line("and more")).to_be_visible()
    alice.box.press_sequentially(":smi")
    expect(alice.page.get_by_role("option").first).to_be_visible()
    alice.page.keyboard.press("Escape")
    alice.page.locator(".upload--picture a").first.click()
    expect(alice.page.get_by_role("dialog")).to_be_visible()
    alice.page.keyboard.press("Escape")
    for keys in ("Control+k", "Control+/"):
        alice.page.keyboard.press(keys)
        expect(alice.page.get_by_role("dialog")).to_be_visible()
        alice.page.keyboard.press("Escape")
    found += [f"the room: {each}" for each in refused(alice)]

    stranger = arrive("nobody", server.url)
    stranger.context.add_init_script(LISTEN)
    assert found + refused_at(stranger, "/login") == []


@pytest.mark.parametrize(
    ("strange", "what"),
    [
        (INLINE, "script-src-elem inline"),
        (HANDLER, "script-src-attr inline"),
        (ELSEWHERE, "script-src-elem https://example.org/a.js"),
        (STYLE, "style-src-attr inline"),
    ],
    ids=["inline", "handler", "elsewhere", "style"],
)
def test_what_is_not_ours_is_refused_and_heard_of(alice: Visitor, room_id: int, strange: str, what: str) -> None:
    alice.allow(REFUSED_BY_POLICY, re.compile(r"request failed: GET https://example\.org/a\.js"))
    alice.open_room(room_id)
    alice.page.evaluate(strange)
    alice.eventually(lambda: refused(alice) == [what], "it is heard of")
    assert alice.page.evaluate("() => window.hasRun") is None


def test_what_is_refused_after_the_page_is_there_is_heard_of_too(alice: Visitor) -> None:
    alice.allow(REFUSED_BY_POLICY)
    late = f"addEventListener('load', () => ask().then(ask).then(ask).then({STYLE}))"
    ask = "const ask = async () => (await fetch('/people')).text(); "
    alice.context.add_init_script(ask + late)
    assert refused_at(alice, "/help") == ["/help: style-src-attr inline"]
