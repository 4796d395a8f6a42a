"""A socket that sends without waiting for acks, where nothing else makes its greenlet wait: one worker and SQLite."""

import json
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import websocket

from tests.journeys.conftest import email_of, running
from tests.journeys.protocol import Client
from tests.journeys.server import UNTHROTTLED, Server

pytestmark = pytest.mark.journey

POSTS = 400
PINGS = 20_000
EVENTS = 2_000  # in far less than a minute; 440 of them are borne with


@pytest.fixture
def small_server(tmp_path: Path) -> Iterator[Server]:
    """As `make run` serves: one worker, SQLite, no Redis; but nobody is told to slow down."""
    yield from flooded(tmp_path, **UNTHROTTLED)


@pytest.fixture
def strict_server(tmp_path: Path) -> Iterator[Server]:
    """The same, as it is delivered."""
    yield from flooded(tmp_path)


def flooded(folder: Path, **settings: str) -> Iterator[Server]:
    server = Server("flood", DATABASE_URL=f"sqlite:///{folder / 'flood.db'}", **settings)
    server.migrate()
    yield from running(server)


def test_others_are_answered_while_somebody_floods(small_server: Server) -> None:
    small_server.create_user("Alice", email=email_of("Alice"), is_admin=True)
    alice = Client(small_server.url, email_of("Alice"))
    room_id = alice.create_room("Flood")

    with alice.open_room(room_id) as flooding, alice.open_room(room_id) as other:
        for number in range(POSTS):
            message = {"room_id": room_id, "client_id": str(uuid4()), "body": str(number)}
            flooding.send(f"42{json.dumps(['message:post', message])}")
        numbers_seen = [other.request("room:open", {"room_id": room_id})["last_number"] for _ in range(3)]

        assert numbers_seen[0] < POSTS
        assert numbers_seen == sorted(numbers_seen)
        flooding.wait_for("message:posted", count=POSTS)
        assert flooding.bodies() == [str(number) for number in range(POSTS)]


def test_a_flood_is_refused_and_then_sent_away_while_others_are_answered(strict_server: Server) -> None:
    strict_server.create_user("Alice", email=email_of("Alice"), is_admin=True)
    alice = Client(strict_server.url, email_of("Alice"))
    room_id = alice.create_room("Flood")

    with alice.open_room(room_id) as flooding, alice.open_room(room_id) as other:
        assert other.post(room_id, "a post has an allowance of its own")["number"] == 1
        for _ in range(EVENTS):
            flooding.send(f'42["room:read",{{"room_id":{room_id},"number":1,"generation":0}}]')
        flooding.wait_until_closed()
        assert flooding.ending == (1008, "too many events")
        assert other.request("room:open", {"room_id": room_id})["last_number"] == 1
        with alice.open_room(room_id) as again:  # who comes back is counted anew
            assert again.request("room:read", {"room_id": room_id, "number": 1, "generation": 0})["ok"]
    assert "socket ended for a flood" in strict_server.log


def test_who_sends_pings_without_end_is_sent_away_while_others_are_answered(strict_server: Server) -> None:
    strict_server.create_user("Alice", email=email_of("Alice"), is_admin=True)
    alice = Client(strict_server.url, email_of("Alice"))
    room_id = alice.create_room("Flood")

    with alice.open_room(room_id) as other, alice.open_room(room_id) as flooding:
        ping = websocket.ABNF.create_frame(b"?", websocket.ABNF.OPCODE_PING).format()
        flooding.connection.sock.sendall(ping * PINGS)
        flooding.wait_until_closed()
        assert flooding.ending == (1008, "Too many frames.")
        assert other.post(room_id, "still here")["number"] == 1
    assert f"person={alice.id} reason='Too many frames.'" in strict_server.log
