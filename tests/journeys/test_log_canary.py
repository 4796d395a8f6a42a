"""What people write, are called and sign in with stands in no line of the log, and each line is JSON."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from tests.journeys.protocol import Client
from tests.journeys.server import Server
from tests.journeys.waiting import eventually
from tests.parts.postgresql import PostgreSQL
from tests.parts.redis import Redis
from tests.support import PASSWORD

pytestmark = pytest.mark.journey

CANARY = "canary7f3a"  # in all that somebody types
ALICE = f"{CANARY}.alice@example.org"


@pytest.fixture
def server(postgresql_server: PostgreSQL, redis_server: Redis) -> Iterator[Server]:
    """A company of its own, whose log is as in production."""
    database = postgresql_server.create_database(f"canary_{uuid4().hex[:12]}")
    settings = {"DATABASE_URL": database, "REDIS_URL": redis_server.url, "LOG_FORMAT": "json", "TRUSTED_PROXIES": "1"}
    server = Server("canary", **settings)
    server.migrate()
    server.create_user("Alice", email=ALICE, is_admin=True)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def live_and_let_write(server: Server) -> Client:
    """A day at work: everything that somebody types has the canary in it, and everything secret comes by."""
    alice = Client(server.url, ALICE)
    bob = alice.invite("Bob", email=f"{CANARY}.bob@example.org")
    room_id = alice.create_room(f"Room {CANARY}", members=[bob.id])
    with bob.open_room(room_id) as socket:
        socket.post(room_id, f"by socket {CANARY}\r\nlevel=INFO")
        assert alice.post(f"/rooms/{room_id}/messages", {"body": f"by form {CANARY}"}).status == 201
        socket.wait_for_body(f"by form {CANARY}")
        assert not socket.request(f"{CANARY}:event", {"body": CANARY})["ok"]
    sent = bob.put_file(room_id, b"x" * 10, client_id=str(uuid4()), name=f"{CANARY}.txt", start=0, size=10)
    assert sent.status in (200, 201), sent
    refuse_strangers(alice)
    return bob


def refuse_strangers(alice: Client) -> None:
    """What goes wrong is logged too, and by whoever comes."""
    wrong = {"email": f"{CANARY}@example.org", "password": f"{CANARY} {PASSWORD}"}
    assert alice.post("/login", wrong).status == 401
    assert alice.get(f"/join/{CANARY}").status == 404
    assert alice.get(f"/{CANARY}?q={CANARY}").status == 404
    assert alice.post("/rooms", {"name": f"{CANARY}\a"}).status == 400


def lines_of(server: Server) -> list[dict[str, Any]]:
    """The log; a line that is no JSON fails."""
    return [json.loads(line) for line in server.log.splitlines()]


def test_no_line_says_what_somebody_wrote_and_each_is_json(server: Server) -> None:
    bob = live_and_let_write(server)
    eventually(lambda: "socket ended" in server.log, what="the line of the socket's end")
    lines = lines_of(server)
    said = server.log
    assert CANARY not in said
    assert PASSWORD not in said
    assert not [value for _, value in bob.cookies() if value in said]

    requests = [line for line in lines if line["event"] == "request"]
    assert {"/login", "/join/<token>", "/rooms/<int:room_id>/messages"} <= {line["rule"] for line in requests}
    assert all(line["request"] for line in requests)
    assert {line["person"] for line in requests} >= {bob.id, None}
    (ended,) = [line for line in lines if line["event"] == "socket ended"]
    assert (ended["person"], ended["level"]) == (bob.id, "INFO")
    assert ended["seconds"] > 0
    assert [line["socket"] for line in lines if line["event"] == "socket connected"] == [ended["socket"]]
    assert {line["process"] for line in lines} == {"master", "worker-1", "worker-2"}
