"""The wire breaks as it says it does."""

import socket
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from tests.faults.background import Background
from tests.faults.proxy import BlackHole, Delay, Proxy, Reset, Trickle

PATIENCE_SECONDS = 20
A_MOMENT_SECONDS = 0.2  # nothing came in so long: it is held back


class Echo(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        with suppress(OSError):
            while data := self.request.recv(65_536):
                self.request.sendall(data)


class EchoServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


@pytest.fixture
def echo() -> Iterator[EchoServer]:
    with EchoServer(("127.0.0.1", 0), Echo) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def proxy(echo: EchoServer) -> Iterator[Proxy]:
    with Background() as background:
        proxy = Proxy(background, lambda: ("127.0.0.1", echo.server_address[1]))
        yield proxy
        proxy.close()


@pytest.fixture
def connect(proxy: Proxy) -> Iterator[Callable[[], socket.socket]]:
    connections: list[socket.socket] = []

    def new() -> socket.socket:
        connections.append(socket.create_connection(proxy.address, timeout=PATIENCE_SECONDS))
        return connections[-1]

    yield new
    for connection in connections:
        connection.close()


Connect = Callable[[], socket.socket]


def said_back(connection: socket.socket, data: bytes) -> bytes:
    connection.sendall(data)
    return heard(connection, len(data))


def heard(connection: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count and (piece := connection.recv(count - len(data))):
        data += piece
    return data


def is_silent(connection: socket.socket) -> bool:
    connection.settimeout(A_MOMENT_SECONDS)
    try:
        return not connection.recv(1) and False
    except TimeoutError:
        return True
    finally:
        connection.settimeout(PATIENCE_SECONDS)


def is_cut(connection: socket.socket) -> bool:
    with connection:
        try:
            return connection.recv(1) == b""
        except ConnectionError:
            return True


def is_refused(connect: Connect) -> bool:
    """Whether a new connection is cut, while it is being made or just after."""
    try:
        return is_cut(connect())
    except ConnectionError:
        return True


def test_a_sound_wire_carries_everything_in_order(connect: Connect) -> None:
    data = bytes(range(256)) * 2000
    connection = connect()
    sender = threading.Thread(target=connection.sendall, args=(data,))
    sender.start()
    assert heard(connection, len(data)) == data
    sender.join()


def test_one_side_may_end_before_the_other(connect: Connect) -> None:
    connection = connect()
    connection.sendall(b"last words")
    connection.shutdown(socket.SHUT_WR)

    assert heard(connection, 100) == b"last words"


def test_a_slow_wire_takes_its_time_in_each_direction(proxy: Proxy, connect: Connect) -> None:
    connection = connect()
    said_back(connection, b"warm")
    proxy.switch(Delay(0.1))
    began = time.monotonic()

    assert said_back(connection, b"hello") == b"hello"
    assert time.monotonic() - began >= 0.2


def test_in_a_black_hole_nothing_moves_and_after_it_nothing_is_missing(proxy: Proxy, connect: Connect) -> None:
    connection = connect()
    said_back(connection, b"warm")
    proxy.switch(BlackHole())
    connection.sendall(b"held")
    assert is_silent(connection)

    proxy.heal()
    assert heard(connection, 4) == b"held"


def test_a_black_hole_hides_that_the_other_side_has_gone(proxy: Proxy, connect: Connect, echo: EchoServer) -> None:
    connection = connect()
    said_back(connection, b"warm")
    proxy.switch(BlackHole())
    connection.shutdown(socket.SHUT_WR)  # the echo would end too, and we would hear of it
    assert is_silent(connection)

    proxy.heal()
    assert is_cut(connection)


def test_a_connection_made_in_a_black_hole_waits_for_its_end(proxy: Proxy, connect: Connect) -> None:
    proxy.switch(BlackHole())
    connection = connect()
    connection.sendall(b"early")
    assert is_silent(connection)

    proxy.heal()
    assert heard(connection, 5) == b"early"


def test_a_reset_cuts_what_runs_and_what_comes(proxy: Proxy, connect: Connect) -> None:
    connection = connect()
    said_back(connection, b"warm")
    proxy.switch(Reset())

    assert is_cut(connection)
    assert is_refused(connect)
    proxy.heal()
    assert said_back(connect(), b"again") == b"again"


def test_a_cut_is_a_reset_that_is_over(proxy: Proxy, connect: Connect) -> None:
    connection = connect()
    said_back(connection, b"warm")
    proxy.cut()

    assert is_cut(connection)
    assert said_back(connect(), b"again") == b"again"


def test_a_trickle_slows_only_what_comes_to_the_client(proxy: Proxy, connect: Connect) -> None:
    connection = connect()
    said_back(connection, b"warm")
    proxy.switch(Trickle(bytes=2, every_seconds=0.1))
    began = time.monotonic()

    assert said_back(connection, b"12345678") == b"12345678"
    assert time.monotonic() - began >= 0.3


def test_what_a_trickle_still_holds_flows_at_once_when_the_wire_heals(proxy: Proxy, connect: Connect) -> None:
    connection = connect()
    said_back(connection, b"warm")
    proxy.switch(Trickle(bytes=1, every_seconds=60))
    connection.sendall(b"12345678")
    assert heard(connection, 1) == b"1"

    proxy.heal()
    assert heard(connection, 7) == b"2345678"


def test_a_wire_that_was_slow_is_as_fast_as_another_when_it_heals(proxy: Proxy, connect: Connect) -> None:
    connection, much = connect(), bytes(4 * 2**20)
    said_back(connection, b"warm")
    proxy.switch(Trickle(bytes=1, every_seconds=60))
    threading.Thread(target=connection.sendall, args=(much,), daemon=True).start()
    heard(connection, 1)

    began = time.monotonic()
    proxy.heal()
    heard(connection, len(much) - 1)
    # With the small buffer of a slow reader it took a minute and more.
    assert time.monotonic() - began < PATIENCE_SECONDS


def test_where_nobody_listens_the_client_is_cut() -> None:
    with Background() as background:
        nobody = Proxy(background, lambda: ("127.0.0.1", 1))
        assert is_refused(lambda: socket.create_connection(nobody.address, timeout=PATIENCE_SECONDS))
        nobody.close()
