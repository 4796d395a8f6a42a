"""The edge of the real server, seen by programs: who gets a socket, and what becomes of one that nobody uses."""

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
import websocket

from tests.journeys.conftest import email_of, running
from tests.journeys.protocol import Client
from tests.journeys.server import Server
from tests.journeys.waiting import DEADLINE_SECONDS

pytestmark = pytest.mark.journey

PATH = "/socket.io/?EIO=4&transport=websocket"
PEOPLE = ("Alice", "Bob", "Charlie")
TABS = 20  # of each, at once: the setting's default
STRANGERS = 100
PATIENCE_SECONDS = 2


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that takes one handshake a second of those it does not know, and waits 2 s for the first word."""
    settings = {"HANDSHAKES_PER_SECOND": "1", "CONNECT_SECONDS": str(PATIENCE_SECONDS)}
    database = f"sqlite:///{tmp_path_factory.mktemp('office') / 'office.db'}"
    server = Server("office", DATABASE_URL=database, **settings)
    server.migrate()
    yield from running(server)


@pytest.fixture(scope="module")
def people(office: Server) -> list[Client]:
    """Everybody, signed in."""
    for name in PEOPLE:
        office.create_user(name, email=email_of(name), is_admin=name == "Alice")
    return [Client(office.url, email_of(name)) for name in PEOPLE]


def status_of(server: Server, path: str = PATH, **options: object) -> int:
    """What a handshake without a cookie of ours is answered with."""
    given = {"origin": server.url, "timeout": DEADLINE_SECONDS, **options}
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        websocket.create_connection(server.url.replace("http", "ws", 1) + path, **given)
    return refused.value.status_code


def cookie_of(person: Client) -> str:
    return "; ".join(f"{name}={value}" for name, value in person.cookies())


@contextmanager
def silent(person: Client) -> Iterator[websocket.WebSocket]:
    """A connection that has not said who it is for."""
    connection = person.wire()
    try:
        assert connection.recv().startswith("0{")
        yield connection
    finally:
        connection.shutdown()


def ending_of(connection: websocket.WebSocket) -> tuple[int, str]:
    """The status and the words of the server's good-bye."""
    while True:
        opcode, data = connection.recv_data()
        if opcode == websocket.ABNF.OPCODE_CLOSE:
            return int.from_bytes(data[:2]), data[2:].decode()


@pytest.mark.asvs("4.4.2")
@pytest.mark.parametrize(
    "options",
    [
        {"suppress_origin": True},
        {"origin": "null"},
        {"origin": "http://evil.example"},
        {"origin": "http://sub.127.0.0.1"},
        {"origin": "http://evil.example", "header": ["X-Forwarded-Host: evil.example"]},
        {"origin": "http://evil.example", "header": ["X-Forwarded-Host: evil.example", "X-Forwarded-Proto: http"]},
        {"origin": "http://evil.example", "header": ["Forwarded: host=evil.example;proto=http"]},
    ],
)
def test_with_a_good_cookie_another_site_still_gets_no_socket(
    office: Server, people: list[Client], options: dict[str, object]
) -> None:
    assert status_of(office, cookie=cookie_of(people[0]), **options) == 403


@pytest.mark.asvs("3.5.1")
@pytest.mark.parametrize("more", ["&j=0", "&j=", "&sid=guess"])
def test_nor_does_another_way_in(office: Server, people: list[Client], more: str) -> None:
    assert status_of(office, PATH + more, cookie=cookie_of(people[0])) == 400
    polling = PATH.replace("websocket", "polling") + more
    assert people[0].get(polling).status == people[0].post(polling).status == 400


def test_strangers_are_refused_at_once_while_a_whole_office_returns(office: Server, people: list[Client]) -> None:
    refused = [status_of(office) for _ in range(STRANGERS)]
    assert refused[0] == 401
    assert set(refused[1:]) <= {401, 429}
    assert refused.count(429) > STRANGERS / 2
    with ExitStack() as stack:
        sockets = [stack.enter_context(person.connect()) for person in people for _ in range(TABS)]
        assert len(sockets) == len(people) * TABS
        assert status_of(office, cookie=cookie_of(people[0])) == 429  # one too many
        room_id = people[0].create_room("Office")
        for socket in sockets:
            assert socket.request("room:open", {"room_id": room_id})["ok"]


@pytest.mark.asvs("7.4.1")
def test_after_signing_out_the_same_cookie_opens_nothing(office: Server) -> None:
    leaving = Client(office.url, email_of("Bob"))
    cookie = cookie_of(leaving)
    leaving.post("/logout")
    time.sleep(1)  # those of the test before have had their try
    assert status_of(office, cookie=cookie) == 401


def test_a_socket_that_never_says_who_it_is_is_closed(office: Server, people: list[Client]) -> None:
    room_id = people[1].create_room("Still here")
    with people[1].connect() as using, silent(people[1]) as waiting:
        began = time.monotonic()
        assert ending_of(waiting) == (1008, "nobody came in")
        assert time.monotonic() - began >= PATIENCE_SECONDS - 1
        assert using.request("room:open", {"room_id": room_id})["ok"]


@pytest.mark.asvs("8.3.1")
def test_what_is_said_before_one_came_in_is_not_handled(office: Server, people: list[Client]) -> None:
    room_id = people[0].create_room("Early")
    message = {"room_id": room_id, "client_id": "c0ffee00-0000-4000-8000-000000000000", "body": "too early"}
    with silent(people[0]) as early:
        early.send(f"421{json.dumps(['message:post', message])}")
        early.send(f"422{json.dumps(['room:open', {'room_id': room_id}])}")
        assert ending_of(early) == (1008, "nobody came in")
    assert people[0].get(f"/rooms/{room_id}/messages").json["items"] == []
