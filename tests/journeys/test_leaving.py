"""Sockets that leave by a word, and connections that are nobody's: both are closed, and hear nothing more."""

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
import websocket

from tests.journeys.conftest import email_of, running
from tests.journeys.protocol import Client
from tests.journeys.server import Server

pytestmark = pytest.mark.journey

TABS = 20  # of a person: the setting's default
PATIENCE_SECONDS = 8  # for the first word: long, to tell what is closed at once from what is closed then


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    database = f"sqlite:///{tmp_path_factory.mktemp('leaving') / 'leaving.db'}"
    server = Server("leaving", DATABASE_URL=database, CONNECT_SECONDS=str(PATIENCE_SECONDS))
    server.migrate()
    yield from running(server)


@pytest.fixture(scope="module")
def people(office: Server) -> dict[str, Client]:
    for name in ("Alice", "Bob", "Charlie"):
        office.create_user(name, email=email_of(name), is_admin=name == "Alice")
    return {name: Client(office.url, email_of(name)) for name in ("Alice", "Bob", "Charlie")}


@contextmanager
def opened(person: Client) -> Iterator[websocket.WebSocket]:
    """A connection that has said nothing."""
    connection = person.wire()
    try:
        assert connection.recv().startswith("0{")
        yield connection
    finally:
        connection.shutdown()


@contextmanager
def entered(person: Client) -> Iterator[websocket.WebSocket]:
    """A socket, by its bare connection."""
    with opened(person) as connection:
        connection.send("40")
        assert connection.recv().startswith("40{")
        yield connection


def last_words(connection: websocket.WebSocket, seconds: float = 4) -> tuple[list[str], int, str]:
    """What it still hears, and the status and the words of the good-bye, which must come so soon."""
    connection.settimeout(seconds)
    heard: list[str] = []
    while True:
        opcode, data = connection.recv_data()
        if opcode == websocket.ABNF.OPCODE_CLOSE:
            return heard, int.from_bytes(data[:2]), data[2:].decode()
        heard.append(data.decode())


def test_who_leaves_is_closed_and_so_is_everybody_who_tries_to_stay_that_way(people: dict[str, Client]) -> None:
    with ExitStack() as stack:
        for _ in range(TABS + 1):
            leaving = stack.enter_context(entered(people["Bob"]))
            leaving.send("41")
            _, status, _ = last_words(leaving)
            assert status == 1000


def test_who_leaves_and_comes_in_again_hears_nothing_and_is_closed(people: dict[str, Client]) -> None:
    room_id = people["Alice"].create_room("Here")
    with entered(people["Bob"]) as again:
        again.send("41")
        again.send("40")
        again.send(f"421{json.dumps(['room:open', {'room_id': room_id}])}")
        heard, _, _ = last_words(again)
        assert not [word for word in heard if word.startswith(("40", "431"))]


@pytest.mark.asvs("7.4.1")
def test_who_is_signed_out_and_stays_on_the_line_is_closed(office: Server, people: dict[str, Client]) -> None:
    leaving = Client(office.url, email_of("Charlie"))
    with entered(leaving) as deaf:
        leaving.post("/logout")
        heard, status, _ = last_words(deaf)
        assert ("41" in heard, status) == (True, 1000)


def test_who_was_refused_does_not_ask_twice_on_one_connection(people: dict[str, Client]) -> None:
    with opened(people["Bob"]) as somebody_else:
        asked = f"40{json.dumps({'user_id': people['Alice'].id})}"
        somebody_else.send(asked)
        somebody_else.send(asked)
        heard, status, reason = last_words(somebody_else)
        assert [word[:2] for word in heard] == ["44", "44"]
        assert (status, reason) == (1008, "came in twice")


@pytest.mark.parametrize("word", ['42["room:open",{"room_id":1}]', "41", "41/other,", '42/other,["room:open"]'])
def test_who_says_something_before_they_came_in_is_closed_at_once(people: dict[str, Client], word: str) -> None:
    with opened(people["Bob"]) as early:
        began = time.monotonic()
        early.send(word)
        assert last_words(early) == ([], 1008, "nobody came in")
        assert time.monotonic() - began < PATIENCE_SECONDS / 2
