import errno
import re
import socket
import subprocess
import sys
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
from eventlet.greenio import GreenSocket

from chatapp.config import Settings
from chatapp.server.serving import DISCARD_BYTES, PatientListener
from chatapp.web.security import bare_headers
from tests.server.conftest import ROOT, Launched, eventually

HEADERS = bare_headers(Settings())


def test_accepted_connections_send_without_delay(served: Launched) -> None:
    assert served.get("/no-delay") == "True"


def test_a_request_that_fails_shows_its_traceback_in_the_log_only(served: Launched) -> None:
    with served.asked("/broken?token=secret-word") as answer:
        assert (answer.status, answer.read()) == (500, b"")
    # Where it happened and of what kind it is; not its words, in which there may be anything.
    told = re.compile(r"^Traceback .*, in outermost\n.*^RuntimeError$", re.DOTALL | re.MULTILINE)
    eventually(lambda: told.search(served.log))
    assert "secret-word" not in served.log


@pytest.mark.parametrize("path", ["/broken", "/removed"])
def test_an_answer_to_what_fails_outside_of_all_care_has_the_headers_of_every_other(
    served: Launched, path: str
) -> None:
    with served.asked(path) as answer:
        assert (answer.status, answer.read()) == (500, b"")
    assert {(name, answer.headers[name]) for name, _ in HEADERS} == set(HEADERS)


def test_of_many_requests_on_one_connection_others_are_answered_in_between(served: Launched) -> None:
    address = urlsplit(served.url)
    question = b"GET /busy/0.02 HTTP/1.1\r\nHost: x\r\n\r\n"
    with socket.create_connection((address.hostname, address.port), timeout=30) as many:
        many.sendall(question * 100)
        heard = many.recv(65_536)
        assert served.get("/pid")
        many.setblocking(False)
        with suppress(BlockingIOError):
            heard += many.recv(65_536)
    assert 0 < heard.count(b"HTTP/1.1 200 ") < 50


def test_one_who_leaves_before_the_answer_has_come_leaves_no_traceback(served: Launched) -> None:
    with served.asked("/endless") as answer:
        assert answer.read(10) == b"on and on "
    eventually(lambda: served.get("/ended") == "1")
    assert not re.search("BrokenPipeError|ConnectionResetError", served.log)


def test_neither_requests_nor_malformed_ones_reach_the_log(served: Launched) -> None:
    served.get("/pid?token=secret-word")
    assert b" 400 " in served.raw(b"GET /join/secret-word with spaces HTTP/1.1\r\n\r\n")
    assert b" 400 " in served.raw(b"GET /join/secret-word HTTP/one\r\n\r\n")
    assert "secret-word" not in served.log


def test_answers_to_malformed_requests_do_not_say_what_we_run(served: Launched) -> None:
    answer = served.raw(b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 200 + b"\r\n")
    assert b" 431 " in answer
    assert b"Python" not in answer
    assert b"Server: chatapp" in answer


def test_a_length_together_with_chunks_is_refused(served: Launched) -> None:
    smuggled = b"POST /pid HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    assert b" 400 " in served.raw(smuggled)


def refused_upload(served: Launched, length: int) -> tuple[bytes, int]:
    """The answer to a body that nobody reads, and how many of its bytes were taken before the connection ended."""
    taken, answer = 0, b""
    head = f"PUT /pid HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n"
    address = urlsplit(served.url)
    with socket.create_connection((address.hostname, address.port), timeout=30) as connection:
        connection.sendall(head.encode())
        answer += connection.recv(4096)
        with suppress(OSError):
            while taken < length:
                taken += connection.send(b"x" * min(65_536, length - taken))
    return answer, taken


def test_a_refused_body_is_answered_before_it_has_come_and_not_taken_to_its_end(served: Launched) -> None:
    answer, taken = refused_upload(served, 10 * 2**30)
    assert b" 405 " in answer
    assert taken < 2 * DISCARD_BYTES


@pytest.mark.parametrize("connection", ["keep-alive", "close"])
def test_who_sends_a_long_form_and_reads_only_then_gets_the_whole_page(served: Launched, connection: str) -> None:
    length, more_than_a_window = 2 * DISCARD_BYTES, 2**20
    lines = [f"Content-Length: {length}", "Content-Type: multipart/form-data; boundary=x", f"Connection: {connection}"]
    head = "\r\n".join([f"POST /page/{more_than_a_window} HTTP/1.1", "Host: x", *lines, "", ""])
    address = urlsplit(served.url)
    with socket.create_connection((address.hostname, address.port), timeout=30) as client:
        client.sendall(head.encode() + bytes(length))
        client.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: client.recv(65_536), b""))
    assert len(answer.partition(b"\r\n\r\n")[2]) == more_than_a_window


def test_who_asks_to_close_is_heard_out_before(served: Launched) -> None:
    head = b"PUT /pid HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 8000000\r\n\r\n"
    assert b" 405 " in served.raw(head + bytes(8_000_000))


def test_after_a_small_refused_body_the_connection_goes_on(served: Launched) -> None:
    head = b"PUT /pid HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n"
    answer = served.raw(head + b"x" * 100_000 + b"GET /pid HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert b" 405 " in answer
    assert b" 200 " in answer


@pytest.mark.parametrize("trouble", [errno.EMFILE, errno.ECONNABORTED, errno.ECONNRESET, errno.EPIPE])
def test_accepting_goes_on_after_trouble(trouble: int, monkeypatch: pytest.MonkeyPatch) -> None:
    outcomes = [OSError(trouble, "trouble"), OSError(errno.EBADF, "closed")]

    def accept(_: GreenSocket) -> None:
        raise outcomes.pop(0)

    monkeypatch.setattr(GreenSocket, "accept", accept)
    with socket.socket() as listener, pytest.raises(OSError, match="closed"):
        PatientListener(listener).accept()
    assert outcomes == []


@pytest.mark.parametrize(
    ("wanted", "soft", "hard", "limit"), [(300, 100, 800, 300), (3000, 100, 800, 300), (100, 100, 800, 100)]
)
def test_connections_and_sockets_leave_descriptors_for_the_rest(wanted: int, soft: int, hard: int, limit: int) -> None:
    program = (
        f"import resource; resource.setrlimit(resource.RLIMIT_NOFILE, ({soft}, {hard}))\n"
        "from chatapp.server.serving import connection_limit\n"
        f"print(connection_limit({wanted}))"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert int(told.stdout) == limit
