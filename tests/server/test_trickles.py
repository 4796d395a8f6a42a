"""Requests that trickle: whoever sends a byte now and then is given up, and nobody else waits meanwhile."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from eventlet import wsgi

from tests.server.conftest import Launched, eventually
from tests.server.stub import BODY_SECONDS, HEAD_SECONDS


@contextmanager
def slow(launched: Launched, first: bytes, more: bytes) -> Iterator[Callable[[], bool]]:
    """Whether one who says `more` at each look has been given up."""
    address = urlsplit(launched.url)
    with socket.create_connection((address.hostname, address.port), timeout=30) as slow:
        slow.sendall(first)
        slow.setblocking(False)

        def is_closed() -> bool:
            try:
                slow.send(more)
                while slow.recv(4096):
                    pass
            except BlockingIOError:
                return False
            except OSError:
                return True
            return True

        yield is_closed


def test_headers_that_trickle_end_in_time_and_nobody_else_waits(launch: Callable[..., Launched]) -> None:
    launched = launch(**{HEAD_SECONDS: "1"})
    with slow(launched, b"GET /pid HTTP/1.1\r\n", b"X: y\r\n") as is_closed:
        began = time.monotonic()
        assert launched.get("/pid")
        eventually(is_closed)
        assert time.monotonic() - began < 20


@pytest.mark.parametrize("path", ["/length", "/page/1"])  # read by the application, or thrown away
def test_a_body_that_trickles_ends_in_time_and_nobody_else_waits(launch: Callable[..., Launched], path: str) -> None:
    launched = launch(**{BODY_SECONDS: "1"})
    with slow(launched, f"POST {path} HTTP/1.1\r\nContent-Length: 1999\r\n\r\n".encode(), b"y") as is_closed:
        began = time.monotonic()
        assert launched.get("/pid")
        eventually(is_closed)
        assert time.monotonic() - began < 20


def test_a_body_on_a_slow_line_comes_whole(launch: Callable[..., Launched]) -> None:
    launched = launch(**{BODY_SECONDS: "0.1"})
    address, body = urlsplit(launched.url), b"y" * 10_000
    with socket.create_connection((address.hostname, address.port), timeout=30) as client:
        client.sendall(b"POST /length HTTP/1.1\r\nConnection: close\r\nContent-Length: 10000\r\n\r\n")
        for start in range(0, len(body), 1_000):
            client.sendall(body[start : start + 1_000])
            time.sleep(0.1)  # the line: five times as fast as the slowest that is borne with
        answer = b"".join(iter(lambda: client.recv(4096), b""))
    assert answer.endswith(b"\r\n\r\n10000")


def test_eventlet_still_reads_a_body_where_we_wait_for_it() -> None:
    assert "_do_read" in vars(wsgi.Input)
