"""Connections that say nothing, or little, and slowly: they end, and nobody waits for them."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from urllib.parse import urlsplit

import pytest
from eventlet.greenio import GreenSocket

from chatapp.server.callers import UNREAD_SECONDS, Callers
from chatapp.server.serving import BODY_BYTES_PER_SECOND
from tests.realtime.clock import Clock
from tests.server.conftest import DEADLINE_SECONDS, Launched, eventually
from tests.server.stub import BODY_SECONDS, HEAD_SECONDS, IDLE_PER_ADDRESS, MAX_CONNECTIONS, TRUSTED_PROXIES

MOST = 40
ASKING = b"GET /pid HTTP/1.1\r\nHost: x\r\n\r\n"
ENDLESS = b"GET /endless HTTP/1.1\r\nHost: x\r\n\r\n"
RECEIVE_BYTES = 4_096  # a connection holds no more than this for one who does not read
SOON_SECONDS = 8  # less than anything here may say nothing


class Crowd:
    """Connections to a server, from addresses of one's choice."""

    def __init__(self, launched: Launched, stack: ExitStack) -> None:
        found = urlsplit(launched.url)
        self._server = (found.hostname, found.port)
        self._stack = stack

    def say(self, words: bytes, *, address: str = "127.0.0.1") -> socket.socket:
        """A connection from this address that has said so."""
        client = self._stack.enter_context(socket.socket())
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BYTES)
        client.settimeout(DEADLINE_SECONDS)
        client.bind((address, 0))
        client.connect(self._server)
        client.sendall(words)
        return client

    def ask(self, *, address: str = "127.0.0.1") -> socket.socket:
        """A connection that has had an answer."""
        client = self.say(ASKING, address=address)
        assert b" 200 " in client.recv(4096)
        return client


@pytest.fixture
def crowd() -> Iterator[Callable[[Launched], Crowd]]:
    with ExitStack() as stack:
        yield lambda launched: Crowd(launched, stack)


def is_ended(client: socket.socket) -> bool:
    """Whether the server has closed it; it has nothing to say to it."""
    client.setblocking(False)
    try:
        return client.recv(100) == b""
    except BlockingIOError:
        return False
    except ConnectionResetError:
        return True


def is_heard(client: socket.socket) -> bool:
    """Whether it may still ask."""
    client.settimeout(DEADLINE_SECONDS)
    with suppress(ConnectionError):
        client.sendall(ASKING)
        return b" 200 " in client.recv(4096)
    return False


Launch = Callable[..., Launched]
Crowded = Callable[[Launched], Crowd]


SAYING = {
    "the beginning of a line": b"G",
    "nothing after an answer": ASKING,
    "the beginning of a head": b"GET /pid HTTP/1.1\r\nX: y\r\n",
    # So much of it that it has 20 seconds more.
    "the beginning of a body": b"POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n".ljust(
        10_000, b"x"
    ),
    # More than one: of those who take nothing there may well be something that was not read yet.
    "more questions, and reads no answer": ENDLESS * 3,
}


@pytest.mark.parametrize("proxies", ["0", "1"])
@pytest.mark.parametrize("kind", SAYING)
def test_whoever_comes_is_answered_however_many_say_nothing(
    launch: Launch, crowd: Crowded, kind: str, proxies: str
) -> None:
    launched = launch(**{MAX_CONNECTIONS: str(MOST), TRUSTED_PROXIES: proxies})
    callers = crowd(launched)
    for _ in range(2 * MOST):
        callers.say(SAYING[kind], address="127.0.0.2")
    began = time.monotonic()
    assert launched.get("/pid")
    assert time.monotonic() - began < SOON_SECONDS


@pytest.mark.asvs("15.2.2")
def test_of_one_address_the_oldest_that_say_nothing_go_and_of_another_nobody(launch: Launch, crowd: Crowded) -> None:
    launched = launch(**{IDLE_PER_ADDRESS: "5"})
    callers = crowd(launched)
    other = callers.ask(address="127.0.0.3")
    silent = [callers.ask(address="127.0.0.2") for _ in range(8)]
    eventually(lambda: [is_ended(each) for each in silent] == [True] * 3 + [False] * 5)
    assert all(is_heard(each) for each in [*silent[3:], other])


class Waits:
    """Connections of one house, each of which is read by nobody, and who of them was ended."""

    def __init__(self, stack: ExitStack, *, per_network: int) -> None:
        self.clock = Clock()
        self._callers = Callers(most=1_000, per_network=per_network, clock=self.clock)
        self._stack = stack
        self.near: list[GreenSocket] = []
        self.far: list[socket.socket] = []

    def one_more(self) -> None:
        near, far = (self._stack.enter_context(each) for each in socket.socketpair())
        near.setblocking(False)
        with suppress(BlockingIOError):
            while near.send(bytes(65_536)):
                pass
        connection = GreenSocket(near)
        self.near.append(connection)
        self.far.append(far)
        self._stack.enter_context(self._callers.present(connection))
        self._stack.enter_context(self._callers.unread(connection, "127.0.0.2"))

    def read(self, number: int) -> None:
        """All that has come to this one."""
        self.far[number].setblocking(False)
        with suppress(BlockingIOError):
            while self.far[number].recv(65_536):
                pass

    def ended(self) -> list[int]:
        """Which."""
        return [number for number, near in enumerate(self.near) if is_cut(near.fd)]


def is_cut(near: socket.socket) -> bool:
    try:
        near.send(b"x")
    except BlockingIOError:
        return False
    except OSError:
        return True
    return False


@pytest.fixture
def waits() -> Iterator[Waits]:
    with ExitStack() as stack:
        yield Waits(stack, per_network=3)


def test_of_one_address_the_oldest_go_that_read_nothing_for_long(waits: Waits) -> None:
    for _ in range(6):
        waits.one_more()
    assert waits.ended() == []  # the line of a house may be busy

    waits.clock.go_on(UNREAD_SECONDS + 0.1)
    waits.read(0)
    waits.one_more()
    assert waits.ended() == [1]
    waits.one_more()
    assert waits.ended() == [1, 2]


def test_behind_a_proxy_all_have_one_address_and_none_goes_for_it(launch: Launch, crowd: Crowded) -> None:
    launched = launch(**{IDLE_PER_ADDRESS: "5", TRUSTED_PROXIES: "1"})
    callers = crowd(launched)
    silent = [callers.ask() for _ in range(8)]
    assert all(is_heard(each) for each in silent)


def test_a_websocket_is_none_of_them(launch: Launch, crowd: Crowded) -> None:
    launched = launch(**{IDLE_PER_ADDRESS: "2", MAX_CONNECTIONS: "4"})
    callers = crowd(launched)
    sockets = [launched.websocket() for _ in range(6)]
    silent = [callers.ask() for _ in range(2)]
    assert all(is_heard(each) for each in silent)
    for each in sockets:
        each.ping("still there?")
        assert each.recv_data(control_frame=True)[1] == b"still there?"


def test_a_first_request_has_seconds_and_who_was_answered_may_be_idle(launch: Launch, crowd: Crowded) -> None:
    launched = launch(**{HEAD_SECONDS: "1"})
    callers = crowd(launched)
    idle, slow = callers.ask(), callers.say(b"GET /")
    eventually(lambda: drips(slow, b"x"))
    assert is_heard(idle)


def test_a_line_and_headers_share_the_seconds_of_a_first_request(launch: Launch, crowd: Crowded) -> None:
    launched = launch(**{HEAD_SECONDS: "2"})
    slow = crowd(launched).say(b"G")
    began = time.monotonic()
    time.sleep(1.5)
    slow.sendall(b"ET /pid HTTP/1.1\r\n")
    eventually(lambda: drips(slow, b"X: y\r\n"))
    assert time.monotonic() - began < 1.5 + 1.9  # not two whole seconds more


def test_a_body_that_trickles_is_given_up_and_a_slow_one_is_not(launch: Launch, crowd: Crowded) -> None:
    launched = launch(**{BODY_SECONDS: "1"})
    callers = crowd(launched)
    head = b"POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n"
    trickling, slow = callers.say(head % 500_000), callers.say(head % (3 * BODY_BYTES_PER_SECOND))
    for _ in range(6):  # twice as long as anybody waits for the first
        slow.sendall(b"x" * (BODY_BYTES_PER_SECOND // 2))
        time.sleep(0.4)
        with suppress(OSError):
            trickling.sendall(b"x")
    assert slow.recv(4096).endswith(b"1500")
    eventually(lambda: trickles(trickling))


def drips(client: socket.socket, words: bytes) -> bool:
    """Whether it has ended, though it says something more."""
    try:
        client.sendall(words)
    except OSError:
        return True
    return is_ended(client)


def trickles(client: socket.socket) -> bool:
    """Whether it has ended, though a byte comes, and whatever it was told before."""
    try:
        client.setblocking(False)
        client.send(b"x")
        while client.recv(4096):
            pass
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True
