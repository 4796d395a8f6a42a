"""What a virus scanner says of a file, by its own protocol."""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from chatapp.clamd import Clamd, ScannerAway, Verdict
from chatapp.config import ConfigError
from tests.files import in_steps
from tests.parts.clamd import EICAR, FINDING, MOST_BYTES
from tests.parts.clamd import Clamd as Part
from tests.parts.server import free_port
from tests.support import test_settings


def clamd(url: str) -> Clamd:
    found = Clamd.of(test_settings("sqlite:///none", clamd_url=url))
    assert found is not None
    return found


@pytest.fixture
def scanner(clamd_server: Part) -> Clamd:
    """A scanner that finds EICAR."""
    return clamd(clamd_server.url)


@pytest.mark.parametrize("data", [b"", b"hello", os.urandom(300_000), b"." + EICAR])
def test_nothing_is_found_where_nothing_is(scanner: Clamd, data: bytes) -> None:
    assert scanner.scan(in_steps(data)).is_clean


@pytest.mark.parametrize("step", [1, 7, 65_536])
def test_what_it_knows_is_found_by_its_name_however_it_comes(scanner: Clamd, step: int) -> None:
    verdict = scanner.scan(in_steps(EICAR, step))
    assert FINDING in verdict.finding
    assert not verdict.is_clean


def test_an_empty_step_ends_nothing(scanner: Clamd) -> None:
    assert scanner.scan([EICAR[:20], b"", EICAR[20:]]).finding


def test_what_is_larger_than_it_takes_is_not_clean(scanner: Clamd) -> None:
    assert scanner.scan(in_steps(bytes(3 * MOST_BYTES))) == Verdict(is_too_large=True)
    assert scanner.scan(in_steps(b"hello")).is_clean


@pytest.mark.parametrize("url", ["", "tcp://127.0.0.1", "127.0.0.1:3310", "unix:clamd", "unix://host/x", "tcp://a:b"])
def test_an_address_that_is_none_is_refused_and_none_at_all_is_no_scanner(url: str) -> None:
    if url:
        with pytest.raises(ConfigError, match="CLAMD_URL must be like"):
            clamd(url)
    else:
        assert Clamd.of(test_settings("sqlite:///none")) is None


def test_where_nobody_listens_it_is_away(tmp_path: Path) -> None:
    for url in (f"tcp://127.0.0.1:{free_port()}", f"unix://{tmp_path}/none"):
        with pytest.raises(ScannerAway):
            clamd(url).scan([b"hello"])


@contextmanager
def answering(answer: bytes | None, path: Path) -> Iterator[str]:
    """The address of somebody who reads a question, says this, or nothing, and hangs up."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen()

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            while not connection.recv(65_536).endswith(bytes(4)):
                pass
            if answer:
                connection.sendall(answer)

    thread = threading.Thread(target=serve)
    thread.start()
    yield f"unix://{path}"
    thread.join()
    listener.close()


def test_behind_a_path_it_is_asked_the_same_way(tmp_path: Path) -> None:
    with answering(b"stream: Worm FOUND\0", tmp_path / "s") as url:
        assert clamd(url).scan([b"hello"]) == Verdict(finding="Worm")


@pytest.mark.parametrize("answer", [None, b"", b"stream: ", b"COMMAND READ TIMED OUT\0", b"OKAY\0"])
def test_what_says_nothing_clear_is_away(tmp_path: Path, answer: bytes | None) -> None:
    with answering(answer, tmp_path / "s") as url, pytest.raises(ScannerAway):
        clamd(url).scan([b"hello"])
