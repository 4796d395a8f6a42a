"""A company's own network without certificates: browsers hide there what is for secure pages alone."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import SignIn, email_of
from tests.journeys.people import REFUSED, Visitor
from tests.journeys.protocol import Client
from tests.journeys.server import Server
from tests.journeys.unsent import kept, said_in

pytestmark = pytest.mark.journey

HOST = "chat.test"  # a name: browsers trust 127.0.0.1 like https
NOT_FOR_PLAIN_HTTP = re.compile("Cross-Origin-Opener-Policy header has been ignored")
HIDDEN = "() => [isSecureContext, typeof navigator.locks, typeof crypto.randomUUID]"


@pytest.fixture
def bob(browser: Browser, chromium_path: str, server: Server, ids: dict[str, int]) -> Iterator[Visitor]:
    """Bob, signed in at a server that is called by a name."""
    assert "Bob" in ids
    rule = f"--host-resolver-rules=MAP *{HOST} 127.0.0.1"
    arguments = ["--no-sandbox", "--no-proxy-server", rule]
    plain = browser.browser_type.launch(executable_path=chromium_path, args=arguments)
    bob = Visitor("Bob", plain.new_context(locale="en-GB"), f"http://{HOST}:{server.port}")
    bob.allow(NOT_FOR_PLAIN_HTTP)
    bob.be_signed_in(Client(server.url, email_of("Bob")))
    yield bob
    plain.close()
    assert bob.unexpected_troubles() == []


@pytest.mark.parametrize("way", ["keys", "mouse"])
def test_the_link_of_a_message_is_copied_and_said_to_be_over_plain_http(bob: Visitor, room_id: int, way: str) -> None:
    bob.open_room(room_id)
    bob.say("worth a link")
    expect(bob.line("worth a link")).to_be_visible()
    button = bob.message(1).get_by_role("button", name="Copy link")
    if way == "keys":
        bob.page.mouse.move(0, 0)
        for key in ("Shift+Tab", "Enter", "End", "ArrowLeft"):
            bob.page.keyboard.press(key)
        expect(button).to_be_focused()
        bob.page.keyboard.press("Enter")
    else:
        bob.point_at(1)
        button.click()
    expect(bob.page.get_by_role("status").filter(has_text="Link copied")).to_be_visible()
    expect(button).to_be_focused()
    expect(bob.page.locator("textarea")).to_have_count(1)

    bob.box.focus()
    bob.page.keyboard.press("Control+v")
    expect(bob.box).to_have_value(f"{bob.url}/rooms/{room_id}/messages/1")


def test_two_tabs_send_and_a_reload_loses_nothing_over_plain_http(bob: Visitor, room_id: int, sign_in: SignIn) -> None:
    bob.open_room(room_id)
    assert bob.page.evaluate(HIDDEN) == [False, "undefined", "undefined"]
    tabs = [bob.page, bob.context.new_page()]
    bob.page = tabs[1]
    bob.open_room(room_id)
    said = [f"message {number}" for number in range(6)]
    for number, text in enumerate(said):
        bob.page = tabs[number % 2]
        bob.say(text)
    bob.page.reload()

    for bob.page in tabs:
        expect(bob.lines).to_have_count(len(said))
        expect(bob.pending).to_have_count(0)
    assert sorted(said_in(sign_in, room_id)) == said
    assert kept(bob) == 0


def test_a_form_is_taken_over_plain_http(bob: Visitor) -> None:
    bob.lose_sign_in()
    bob.sign_in(email_of("Bob"))  # its Origin is the name that was typed, and no other header says whose page it is


@pytest.mark.parametrize("policy", ["same-origin", "unsafe-url"])
def test_the_form_of_another_site_is_refused_over_plain_http(bob: Visitor, policy: str) -> None:
    evil, headers = bob.url.replace(HOST, f"evil.{HOST}"), {"Referrer-Policy": policy}
    form = f'<form method="post" action="{bob.url}/logout"><button>Win a prize</button></form>'
    bob.context.route(f"{evil}/", lambda route: route.fulfill(content_type="text/html", body=form, headers=headers))
    bob.allow(REFUSED)
    bob.page.goto(f"{evil}/")
    with bob.page.expect_response(f"{bob.url}/logout") as sent:
        bob.page.get_by_role("button").click()
    request = sent.value.request.all_headers()
    assert request["origin"] == ("null" if policy == "same-origin" else evil)
    assert "sec-fetch-site" not in request
    assert sent.value.status == 403
    assert sent.value.text() == f"Pages of other sites may not send anything to {bob.url}.\n"
