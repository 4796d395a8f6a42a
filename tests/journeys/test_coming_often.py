"""Somebody who comes often, in a real browser, at a server as it is delivered: nobody honest is kept out."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Visit, email_of, running
from tests.journeys.people import Visitor
from tests.journeys.protocol import Client
from tests.journeys.server import Server

pytestmark = pytest.mark.journey

RELOADS = 20
REFUSED = re.compile("WebSocket connection to .* failed.* 429")


def small(folder: Path, **settings: str) -> Iterator[Server]:
    server = Server("often", DATABASE_URL=f"sqlite:///{folder / 'often.db'}", **settings)
    server.migrate()
    yield from running(server)


@pytest.fixture
def as_delivered(tmp_path: Path) -> Iterator[Server]:
    yield from small(tmp_path)


@pytest.fixture
def of_two_sockets(tmp_path: Path) -> Iterator[Server]:
    """Each person may come twice for each socket they may have, and then once in a second."""
    yield from small(tmp_path, SOCKETS_PER_PERSON="2", HANDSHAKES_PER_PERSON="1")


def somebody(server: Server, arrive: Visit) -> tuple[Visitor, int]:
    server.create_user("Alice", email=email_of("Alice"), is_admin=True)
    client = Client(server.url, email_of("Alice"))
    visitor = arrive("Alice", server.url)
    visitor.be_signed_in(client)
    return visitor, client.create_room("Often")


def come_again(visitor: Visitor) -> None:
    visitor.worker = 0
    with visitor.page.expect_event("websocket"):
        visitor.page.reload()


def test_a_page_may_be_loaded_anew_twenty_times_in_a_row(as_delivered: Server, arrive: Visit) -> None:
    alice, room_id = somebody(as_delivered, arrive)
    alice.open_room(room_id)
    for _ in range(RELOADS):
        come_again(alice)
    alice.wait_until_live()
    alice.say("still let in")
    expect(alice.line("still let in")).to_be_visible()


def test_who_came_too_often_is_let_in_a_little_later_by_itself(of_two_sockets: Server, arrive: Visit) -> None:
    alice, room_id = somebody(of_two_sockets, arrive)
    alice.allow(REFUSED)
    refused: list[str] = []
    alice.page.on("console", lambda message: refused.append(message.text) if REFUSED.search(message.text) else None)
    alice.open_room(room_id)
    while not refused:
        come_again(alice)
    alice.wait_until_live()
    alice.say("let in after all")
    expect(alice.line("let in after all")).to_be_visible()
