"""Heads that a proxy in front might read otherwise than we do, or that say too much: as raw bytes."""

from http.client import parse_headers
from io import BytesIO

import pytest

from chatapp.config import Settings
from chatapp.server.request_head import fault_of
from chatapp.web.security import HEADERS, bare_headers
from tests.server.conftest import Launched

NEXT = b"GET /pid HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
SOUND = [
    "Host: x",
    "Content-Type: multipart/form-data; boundary=x",
    "Content-Length: 5\r\nHost: x",
    "Cookie: a=b\r\nCookie: c=d",
    "X_Under_Score: y",
    "X:",
    "",
]
UNSOUND = {
    "two lengths": "Content-Length: 4\r\nContent-Length: 40",
    "the same length twice": "Content-Length: 4\r\nContent-Length: 4",
    "a list of lengths": "Content-Length: 4, 4",
    "a length with a sign": "Content-Length: +4",
    "a length with a line": "Content-Length: 1_0",
    "a length below zero": "Content-Length: -1",
    "no length": "Content-Length: ",
    "a length without end": "Content-Length: " + "9" * 5_000,
    "foreign digits": "Content-Length: \u0664",
    "both": "Content-Length: 4\r\nTransfer-Encoding: chunked",
    "both, the other way": "Transfer-Encoding: chunked\r\nContent-Length: 4",
    "a hidden one": "Transfer-Encoding : chunked",
    "one that goes on": "Transfer-Encoding:\r\n chunked",
    "an envelope": "From x\r\nTransfer-Encoding: chunked",
    "a line that goes on first": " X: y",
    "no header at all": "X: y\r\nnonsense\r\nTransfer-Encoding: chunked",
    "two hosts": "Host: x\r\nHost: y",
    "a name in two words": "X Y: z",
}
# To one reader a line, to another two, or one that goes on.
BAD_LINES = [
    b"X: y\rTransfer-Encoding: chunked",
    b"X: y\nContent-Length: 5",
    b"X: y\n",
    b"\nX: y",
    b"X: y\0",
    b"X: y\r\r",
    b"\rX: y",
]
CHUNKED = ["chunked", "Chunked", "gzip, chunked", "identity", "xchunked", "\tchunked", '"chunked"']


def head(lines: str) -> bytes:
    return f"{lines}\r\n\r\n".encode()


def fault(lines: str) -> int | None:
    return fault_of(parse_headers(BytesIO(head(lines.removesuffix("\r\n")) if lines else b"\r\n")))


@pytest.mark.parametrize("lines", SOUND)
def test_a_sound_head_passes(lines: str) -> None:
    assert fault(lines) is None


@pytest.mark.asvs("4.2.1")
@pytest.mark.parametrize("lines", UNSOUND.values(), ids=UNSOUND.keys())
def test_what_could_be_read_in_two_ways_is_refused(served: Launched, lines: str) -> None:
    assert fault(lines) == 400
    answers = served.raw(b"POST /page/1 HTTP/1.1\r\n" + head(lines) + b"0\r\n\r\n" + NEXT)
    assert answers.startswith(b"HTTP/1.1 400 ")
    assert answers.count(b"HTTP/1.1 ") == 1  # what came behind it was no second request


@pytest.mark.parametrize("line", BAD_LINES)
def test_no_line_ends_where_another_reader_would_not_end_it(served: Launched, line: bytes) -> None:
    answers = served.raw(b"POST /page/1 HTTP/1.1\r\nHost: x\r\n" + line + b"\r\n\r\n0\r\n\r\n" + NEXT)
    assert answers.startswith(b"HTTP/1.1 400 ")
    assert answers.count(b"HTTP/1.1 ") == 1


@pytest.mark.asvs("4.2.1")
@pytest.mark.parametrize("coding", CHUNKED)
def test_a_body_without_a_length_is_refused_before_it_comes(served: Launched, coding: str) -> None:
    lines = f"Host: x\r\nTransfer-Encoding: {coding}"
    assert fault(lines) == 411
    trailers = b"3\r\nabc\r\n0\r\nContent-Length: 0\r\n\r\n"
    answers = served.raw(b"POST /page/1 HTTP/1.1\r\n" + head(lines) + trailers + NEXT)
    assert answers.startswith(b"HTTP/1.1 411 ")
    assert answers.count(b"HTTP/1.1 ") == 1


def test_a_name_with_an_underscore_stands_for_no_other(served: Launched) -> None:
    request = (
        b"GET /headers HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX_Forwarded_For: 192.0.2.1\r\nX-Real: y\r\n\r\n"
    )
    body = served.raw(request).partition(b"\r\n\r\n")[2]
    assert b"HTTP_X_REAL" in body
    assert b"FORWARDED" not in body


@pytest.mark.asvs("3.4.4")
@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/9.9\r\n\r\n", 505),
        (b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nX: " + b"y" * 9_000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\n" + b"".join(b"X%d: %s\r\n" % (n, b"y" * 8_000) for n in range(20)) + b"\r\n", 431),
        (b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 200 + b"\r\n", 431),
        (b"POST /page/1 HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
        (b"GET /broken HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 500),
    ],
)
def test_what_the_server_itself_answers_has_the_security_headers(
    served: Launched, request_bytes: bytes, status: int
) -> None:
    answer = served.raw(request_bytes)
    assert answer.startswith(b"HTTP/1.1 %d " % status)
    for name, value in [*HEADERS, ("Cache-Control", "no-store"), ("Connection", "close")]:
        assert f"\r\n{name}: {value}\r\n".encode() in answer, name
    assert b"\r\nContent-Security-Policy: default-src 'none';" in answer
    assert b"<" not in answer


@pytest.mark.asvs("3.4.1")
def test_on_https_they_tell_to_stay_there() -> None:
    names = dict(bare_headers(Settings(public_url="https://chat.example.org")))
    assert names["Strict-Transport-Security"].startswith("max-age=31536000")
    assert "Strict-Transport-Security" not in dict(bare_headers(Settings()))
