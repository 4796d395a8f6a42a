"""An edit whose answer was lost may arrive late, or twice: it undoes nothing newer."""

import pytest
from playwright.sync_api import Locator, WebSocketRoute, expect

from tests.journeys.conftest import NewRoom, SignIn, Visit
from tests.journeys.line import SOCKETS
from tests.journeys.people import REFUSED, Visitor
from tests.journeys.unsent import said_in

pytestmark = pytest.mark.journey


class Holding:
    """A socket on which edits are kept back until they are let go."""

    def __init__(self, visitor: Visitor) -> None:
        self.holds = False
        self.held: list[str | bytes] = []
        self._servers: list[WebSocketRoute] = []
        visitor.page.route_web_socket(SOCKETS, self._connect)

    def let_go(self) -> None:
        """They arrive now, late, by a socket that is open."""
        self.holds = False
        for packet in self.held:
            self._servers[-1].send(packet)

    def _connect(self, route: WebSocketRoute) -> None:
        server = route.connect_to_server()
        self._servers.append(server)
        route.on_message(lambda packet: self._up(server, packet))
        server.on_message(route.send)

    def _up(self, server: WebSocketRoute, packet: str | bytes) -> None:
        if self.holds and '"message:edit"' in str(packet):
            self.held.append(packet)
        else:
            server.send(packet)


@pytest.fixture
def room_id(new_room: NewRoom, sign_in: SignIn) -> int:
    """A room in which Alice said something."""
    room_id = new_room()
    with sign_in("Alice").connect() as alice:
        alice.post(room_id, "first")
    return room_id


def edit_box(visitor: Visitor) -> Locator:
    return visitor.page.locator(".edit-box textarea")


def begin_to_edit(visitor: Visitor) -> None:
    """Open the box. It takes the focus last: what is filled in before would have its caret moved meanwhile."""
    visitor.box.press("ArrowUp")
    expect(edit_box(visitor)).to_be_focused()


def edit(visitor: Visitor, text: str) -> None:
    begin_to_edit(visitor)
    edit_box(visitor).fill(text)
    edit_box(visitor).press("Enter")


def test_an_edit_that_arrives_after_a_newer_one_undoes_nothing(visit: Visit, room_id: int, sign_in: SignIn) -> None:
    alice = visit("Alice")
    wire = Holding(alice)
    alice.open_room(room_id)
    wire.holds = True
    edit(alice, "second")
    expect(alice.line("second")).to_be_visible()  # after the socket's patience, by HTTP
    expect(edit_box(alice)).to_have_count(0)
    alice.wait_until_live()
    wire.holds = False
    edit(alice, "third")
    expect(alice.line("third")).to_be_visible()

    wire.let_go()
    alice.say("and on")
    expect(alice.line("and on")).to_be_visible()  # one socket's events are answered in order
    assert said_in(sign_in, room_id) == ["third", "and on"]


def test_an_edit_over_one_from_elsewhere_is_refused_once_with_the_text_kept(
    visit: Visit, room_id: int, sign_in: SignIn
) -> None:
    alice = visit("Alice")
    alice.allow(REFUSED)
    alice.open_room(room_id)
    message = sign_in("Alice").get(f"/rooms/{room_id}/messages/1").json
    begin_to_edit(alice)
    edit_box(alice).fill("second")
    with sign_in("Alice").connect() as elsewhere:
        assert elsewhere.request("message:edit", {"message_id": message["id"], "body": "from my phone"})["ok"]
    expect(alice.page.locator(".message__body")).to_have_text("from my phone", use_inner_text=False)
    edit_box(alice).press("Enter")
    expect(alice.page.locator(".edit-box__error")).to_contain_text("changed in another place")
    expect(edit_box(alice)).to_have_value("second")
    edit_box(alice).press("Enter")
    expect(alice.line("second")).to_be_visible()
    assert said_in(sign_in, room_id) == ["second"]
