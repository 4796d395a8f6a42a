"""A connection that breaks, hangs, is refused or is closed: what was said arrives, and the page says how it is."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Route, WebSocketRoute, expect

from tests.journeys.conftest import NewRoom, SignIn, Visit
from tests.journeys.line import SOCKETS, Line
from tests.journeys.people import AWAY, REFUSED, Visitor
from tests.journeys.protocol import Client
from tests.journeys.server import Server

pytestmark = pytest.mark.journey

ACK_TIMEOUT_MS = 10_000  # static/js/socket.js
PROBE_TIMEOUT_MS = 5000  # static/js/room/room_link.js
BANNER_MS = 3000  # static/js/controllers/connection.js
SENDING_MS = 2000  # static/js/helpers/pending_list.js
HTTP_TIMEOUT_MS = 15_000  # static/js/helpers/http.js
REFUSED_SOCKET = re.compile(r"WebSocket")
MARK = "() => { window.isSamePage = true; }"

ASK_FOR_EVER = """async () => {
  const page = document.querySelector("script[type=module][src]").src;
  const { getJson } = await import(new URL("../js/helpers/http.js", page)); // beside the bundle, where there is one
  getJson("/unanswered").catch((error) => { window.ended = error.code; });
}"""


class Talk:
    """Bob's page with its line in our hand, and Alice, who speaks from elsewhere."""

    def __init__(self, bob: Visitor, alice: Client, room_id: int) -> None:
        self.bob = bob
        self.alice = alice
        self.room_id = room_id
        self.line = Line(bob.page)
        bob.allow(AWAY, REFUSED_SOCKET)

    def open(self) -> Visitor:
        """Bob, who has the room open."""
        self.bob.own_the_clock()
        self.bob.open_room(self.room_id)
        self.bob.page.evaluate(MARK)
        return self.bob

    def hear(self, text: str) -> None:
        """Alice says something, and Bob's page shows it; it was never loaded anew."""
        assert self.alice.post(f"/rooms/{self.room_id}/messages", {"body": text}).status == 201
        expect(self.bob.line(text)).to_be_visible()
        assert self.bob.page.evaluate("() => window.isSamePage")

    def has_said(self, text: str) -> None:
        """Bob says something, and it is stored once."""
        self.bob.say(text)
        expect(self.bob.line(text)).to_be_visible()
        expect(self.bob.pending).to_have_count(0)
        items = self.alice.get(f"/rooms/{self.room_id}/messages").json["items"]
        assert [item["body"] for item in items].count(text) == 1


@pytest.fixture
def talk(visit: Visit, new_room: NewRoom, sign_in: SignIn) -> Talk:
    return Talk(visit("Bob"), sign_in("Alice"), new_room())


def test_where_no_socket_connects_messages_come_and_go_by_http(talk: Talk) -> None:  # behaviour 17
    talk.line.cut()
    bob = talk.bob
    bob.goto(f"/rooms/{talk.room_id}")
    bob.page.evaluate(MARK)

    talk.hear("over another way")
    talk.has_said("mine too")
    banner = bob.page.get_by_text("No live connection since")
    expect(banner).to_be_visible()
    talk.hear("and again")

    talk.line.mend()
    bob.page.get_by_role("button", name="Try now").click()
    expect(banner).to_have_count(0)
    talk.hear("live")


def test_a_half_open_connection_is_noticed_by_the_first_message_and_begun_anew(talk: Talk) -> None:  # behaviour 17
    bob = talk.open()
    talk.line.silence()
    bob.say("into the void")
    bob.page.wait_for_timeout(1)  # the send has met the silence
    talk.line.mend()
    bob.let_pass(ACK_TIMEOUT_MS)

    expect(bob.line("into the void")).to_be_visible()
    talk.hear("heard again")


SIGNS = {
    "the network": "window.dispatchEvent(new Event('online'))",
    "the cache": "window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))",
    "another tab": "document.dispatchEvent(new Event('visibilitychange'))",
    "a sleep": "",  # no event tells of it
}


@pytest.mark.parametrize("sign", SIGNS.values(), ids=SIGNS.keys())
def test_a_half_open_connection_is_noticed_on_coming_back(talk: Talk, sign: str) -> None:  # behaviour 46, 47
    bob = talk.open()
    talk.line.silence()
    bob.page.evaluate(f"() => {sign}") if sign else bob.sleep()
    bob.page.wait_for_timeout(1)
    talk.line.mend()
    bob.let_pass(PROBE_TIMEOUT_MS)

    talk.hear("said in the meantime")


def test_a_goodbye_of_the_server_is_followed_by_a_new_connection(talk: Talk) -> None:  # behaviour 69
    bob = talk.open()
    talk.line.say_goodbye()
    bob.eventually(lambda: talk.line.connections == 2, "it connects by itself")
    talk.hear("here again")


def test_a_connection_that_is_being_made_is_not_begun_twice(visit: Visit, new_room: NewRoom) -> None:
    bob, here, there = visit("Bob"), new_room(), new_room()
    said: list[str | bytes] = []
    held: list[Callable[[], None]] = []

    def come_between(route: WebSocketRoute) -> None:
        server = route.connect_to_server()

        def answer(packet: str | bytes) -> None:
            # The answer to the page's own 40, which lets it in, takes its time.
            held.append(lambda: route.send(packet)) if str(packet).startswith("40") else route.send(packet)

        route.on_message(lambda packet: (said.append(packet), server.send(packet)))
        server.on_message(answer)

    bob.page.route_web_socket(SOCKETS, come_between)
    bob.goto(f"/rooms/{here}")
    bob.eventually(lambda: held, "the server lets the page in")
    bob.page.locator(f".sidebar .room-entry[data-room-id='{there}'] a").click()
    expect(bob.page.locator(".room")).to_have_attribute("data-room-id", str(there))
    held[0]()
    bob.wait_until_live()
    assert len([packet for packet in said if str(packet).startswith("40")]) == 1


def test_the_banner_says_since_when_and_what_is_kept_and_goes_away_by_itself(talk: Talk) -> None:  # behaviour 45
    bob = talk.open()
    bob.box.fill("half a sentence")
    banner = bob.page.get_by_role("status").filter(
        has_text=re.compile(r"No connection since \d\d:\d\d\. What you write is kept")
    )

    bob.context.set_offline(True)
    talk.line.cut()
    expect(banner).to_be_visible()
    bob.box.press("Enter")
    expect(bob.pending).to_have_text(re.compile("half a sentence.*sending", re.DOTALL))

    talk.line.mend()
    bob.context.set_offline(False)
    expect(banner).to_have_count(0)
    expect(bob.line("half a sentence")).to_be_visible()
    talk.hear("welcome back")


@pytest.mark.parametrize("has_timeouts", [True, False])
def test_a_network_that_swallows_everything_is_told_of_after_3_seconds(talk: Talk, has_timeouts: bool) -> None:
    bob = talk.bob  # behaviour 45
    if not has_timeouts:
        bob.page.add_init_script("delete AbortSignal.timeout;")
    talk.open()
    asked: list[Route] = []
    bob.page.route(re.compile(r"/(rooms|changes.*)$"), lambda route: asked.append(route))
    bob.stop_the_clock()
    banner = bob.page.locator("[data-controller=connection] .banner__text")
    talk.line.cut()
    bob.eventually(lambda: bob.worker == 0, "the socket is gone")
    bob.page.clock.run_for(BANNER_MS - 100)
    expect(banner).to_have_count(0)
    bob.page.clock.run_for(100)
    expect(banner).to_contain_text("No connection since")
    bob.eventually(lambda: asked, "it asks over HTTP")
    for route in asked:
        route.continue_()
    expect(banner).to_contain_text("No live connection since")


def test_an_end_that_the_server_announced_is_told_of_after_3_seconds_too(talk: Talk) -> None:  # behaviour 45
    bob = talk.open()
    bob.stop_the_clock()
    banner = bob.page.locator("[data-controller=connection] .banner__text")
    talk.line.announce_end()
    talk.line.cut()
    bob.eventually(lambda: bob.worker == 0, "the socket is gone")
    bob.page.clock.run_for(BANNER_MS - 100)
    expect(banner).to_have_count(0)
    bob.page.clock.run_for(100)
    expect(banner).to_contain_text("connection since")


def test_a_request_that_nobody_answers_ends_where_the_browser_has_no_time_limit_of_its_own(talk: Talk) -> None:
    bob = talk.bob
    bob.page.add_init_script("delete AbortSignal.timeout;")
    talk.open()
    bob.allow(re.compile("ERR_ABORTED|net::ERR"))
    bob.page.route(re.compile("/unanswered$"), lambda _: None)
    bob.stop_the_clock()
    bob.page.evaluate(ASK_FOR_EVER)
    bob.page.clock.run_for(HTTP_TIMEOUT_MS - 100)
    assert bob.page.evaluate("() => window.ended") is None
    bob.page.clock.run_for(100)
    bob.page.wait_for_function("() => window.ended === 'timeout'")


def test_what_has_not_gone_out_after_2_seconds_says_that_it_is_being_sent(talk: Talk) -> None:  # behaviour 14
    bob = talk.open()
    bob.stop_the_clock()
    talk.line.silence()
    bob.say("slowly")
    expect(bob.pending).to_have_count(1)
    bob.page.clock.run_for(SENDING_MS - 100)
    expect(bob.pending).not_to_contain_text("sending")
    bob.page.clock.run_for(100)
    expect(bob.pending).to_contain_text("sending")


def test_a_short_break_is_not_worth_a_banner(talk: Talk) -> None:
    bob = talk.open()
    bob.page.evaluate(
        """() => {
          window.said = [];
          const banner = document.querySelector("[data-controller=connection]");
          new MutationObserver(() => window.said.push(banner.textContent)).observe(banner, { childList: true });
        }"""
    )
    talk.line.cut()
    talk.line.mend()
    bob.eventually(lambda: talk.line.connections == 2, "it is back")
    talk.hear("that was quick")
    assert [said for said in bob.page.evaluate("() => window.said") if "connection" in said] == []


OTHER_RELEASE = """() => { document.querySelector(".room").dataset.assets = "/static/v-other/"; }"""
LOOK_AWAY = """() => {
  Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def test_a_page_of_an_earlier_release_is_loaded_anew_when_nobody_looks_and_nothing_waits(talk: Talk) -> None:
    bob = talk.open()  # behaviour 48
    bob.page.evaluate(OTHER_RELEASE)
    bob.box.fill("half a sentence")
    talk.line.cut()
    talk.line.mend()
    bob.eventually(lambda: talk.line.connections == 2, "it is back")
    talk.hear("after the deployment")

    bob.page.evaluate(LOOK_AWAY)
    talk.hear("the text keeps the page")
    bob.box.fill("")
    bob.page.evaluate(LOOK_AWAY)
    bob.page.wait_for_function("() => !window.isSamePage")


def test_a_restored_database_loads_the_page_once_and_never_throws_a_text_away(talk: Talk, server: Server) -> None:
    bob = talk.open()
    bob.allow(REFUSED)  # a cursor of another time
    bob.box.fill("not finished")
    server.command("new-epoch")
    talk.line.cut()
    talk.line.mend()
    expect(bob.page.get_by_text("The server was restored to an earlier state")).to_be_visible()
    expect(bob.box).to_have_value("not finished")
    assert bob.page.evaluate("() => window.isSamePage")

    bob.page.get_by_role("link", name="Reload the page").click()
    bob.wait_until_live()
    bob.box.fill("")
    bob.page.evaluate(MARK)
    loads: list[str] = []
    bob.page.on("load", lambda page: loads.append(page.url))
    server.command("new-epoch")
    talk.line.cut()
    talk.line.mend()
    bob.eventually(lambda: loads, "the page is loaded anew")
    bob.wait_until_live()
    assert not bob.page.evaluate("() => window.isSamePage")
    bob.page.evaluate(MARK)
    talk.hear("all is well")
    assert len(loads) == 1
