"""500 people behind one address, as a server without a proxy sees an office: all are signed in, at once."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
import websocket

from bench.contenders.company import Founded, found
from chatapp.server.serving import connection_limit
from tests.journeys.conftest import running
from tests.journeys.server import Server
from tests.journeys.waiting import DEADLINE_SECONDS

pytestmark = pytest.mark.journey

PEOPLE = 500
IDLE_PER_ADDRESS = 200  # the setting's default: of so many the connections stay
AT_ONCE = 50
LISTENING = 10  # every tenth of them: all that 500 are told of each other takes long to read
ROOM = (1, PEOPLE)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Server:
    """A small server, with all limits that it is delivered with; it does not run yet."""
    return Server("large-office", DATABASE_URL=f"sqlite:///{tmp_path_factory.mktemp('office') / 'office.db'}")


@pytest.fixture(scope="module")
def founded(office: Server) -> Iterator[Founded]:
    """Everybody, signed in, and in one room, while it runs."""
    known = office.environment
    founded = found(known["DATABASE_URL"], known["SECRET_KEY"], [ROOM])
    connection_limit(2 * PEOPLE)  # of ours: each of them has two
    for _ in running(office):
        yield founded


@dataclass
class Colleague:
    """Somebody with a browser: a connection by HTTP that stays, and a socket."""

    url: str
    cookie: str

    def __post_init__(self) -> None:
        where = urlsplit(self.url)
        self.http = HTTPConnection(where.hostname or "", where.port, timeout=DEADLINE_SECONDS)
        self.connections = 1

    def ask(self) -> int:
        """The status of an answer. Where an idle connection was ended a browser asks on another."""
        try:
            return self._ask()
        except (OSError, HTTPException):
            self.http.close()
            self.connections += 1
            return self._ask()

    def come(self) -> websocket.WebSocket:
        """A socket that is let in."""
        address = self.url.replace("http", "ws", 1) + "/socket.io/?EIO=4&transport=websocket"
        socket = websocket.create_connection(address, timeout=DEADLINE_SECONDS, origin=self.url, cookie=self.cookie)
        socket.send("40")
        while not socket.recv().startswith("40"):
            pass
        return socket

    def _ask(self) -> int:
        self.http.request("GET", "/csrf-token", headers={"Cookie": self.cookie})
        with self.http.getresponse() as answer:
            answer.read()
            return answer.status


def hears(socket: websocket.WebSocket, body: str) -> bool:
    """Whether this comes, whatever else does."""
    while body not in (packet := socket.recv()):
        if packet == "2":
            socket.send("3")
    return True


def test_of_500_people_behind_one_address_everybody_is_heard(office: Server, founded: Founded) -> None:
    people = [Colleague(office.url, cookie) for cookie in founded.cookies]
    with ExitStack() as stack, ThreadPoolExecutor(AT_ONCE) as pool:
        for person in people:
            stack.enter_context(closing(person.http))
        assert set(pool.map(Colleague.ask, people)) == {200}
        sockets = list(pool.map(Colleague.come, people))
        for socket in sockets:
            stack.callback(socket.shutdown)
        # Their connections said nothing for a while, and of 200 of them alone that is allowed.
        assert set(pool.map(Colleague.ask, people)) == {200}
        assert sum(person.connections == 2 for person in people) >= PEOPLE - IDLE_PER_ADDRESS
        (room_id,) = founded.rooms[ROOM]
        message = {"room_id": room_id, "client_id": str(uuid4()), "body": "to all of the office"}
        sockets[0].send(f"421{json.dumps(['message:post', message])}")
        assert all(hears(socket, message["body"]) for socket in sockets[::LISTENING])
