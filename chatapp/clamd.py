"""Asking a virus scanner: clamd, at the address that the operator named, by its own protocol."""

import logging
import select
import socket
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from chatapp.config import ConfigError, Settings

CONNECT_SECONDS = 3
# Between two signs of life: it unpacks what it was sent before it answers.
ANSWER_SECONDS = 60
BEGIN, END = b"zINSTREAM\0", bytes(4)
LENGTH_BYTES = 4
ANSWER_BYTES = 4096
CLEAN, FOUND = "OK", " FOUND"
TOO_LARGE = "size limit exceeded"

logger = logging.getLogger(__name__)


class ScannerAway(Exception):
    """It does not answer, or not as it should: nobody knows what is in the bytes."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What it said of a file. `finding` names what is in it; `is_too_large` when it takes nothing of that size."""

    finding: str = ""
    is_too_large: bool = False

    @property
    def is_clean(self) -> bool:
        """Whether it looked at all of it, and found nothing."""
        return not self.finding and not self.is_too_large


@dataclass(frozen=True)
class Clamd:
    """A clamd: on a port, or where there is no port, behind a socket in the file system."""

    host_or_path: str
    port: int | None

    @classmethod
    def of(cls, settings: Settings) -> Self | None:
        """The one that CLAMD_URL names, None when it names none. Raises ConfigError."""
        if not settings.clamd_url:
            return None
        url = urlsplit(settings.clamd_url)
        with suppress(ValueError):
            if url.scheme == "tcp" and url.hostname and url.port:
                return cls(url.hostname, url.port)
            if url.scheme == "unix" and not url.netloc and url.path.startswith("/"):
                return cls(url.path, None)
        raise ConfigError("CLAMD_URL must be like tcp://127.0.0.1:3310 or unix:///run/clamav/clamd.ctl")

    def scan(self, chunks: Iterable[bytes]) -> Verdict:
        """What it says of these bytes. Raises ScannerAway, and whatever `chunks` raise."""
        try:
            connection = self._connected()
        except OSError as error:
            raise _away(error) from error
        with connection:
            return _verdict(_answer(connection, chunks))

    def _connected(self) -> socket.socket:
        if self.port is not None:
            connection = socket.create_connection((self.host_or_path, self.port), timeout=CONNECT_SECONDS)
        else:
            connection = _connected_to(self.host_or_path)
        connection.settimeout(ANSWER_SECONDS)
        return connection


def _connected_to(path: str) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.settimeout(CONNECT_SECONDS)
        connection.connect(path)
    except BaseException:
        connection.close()
        raise
    return connection


def _answer(connection: socket.socket, chunks: Iterable[bytes]) -> str:
    _send(connection, BEGIN)
    # A chunk without bytes would end the file.
    for chunk in filter(None, chunks):
        _send(connection, len(chunk).to_bytes(LENGTH_BYTES, "big") + chunk)
        if _speaks(connection):
            # It wants no more, and says why. Whoever goes on sending may never read it: the connection breaks.
            break
    else:
        _send(connection, END)
    try:
        return b"".join(iter(lambda: connection.recv(ANSWER_BYTES), b"")).rstrip(b"\0\n").decode(errors="replace")
    except OSError as error:
        raise _away(error) from error


def _send(connection: socket.socket, data: bytes) -> None:
    # Where it hangs up meanwhile, what it said before can still be read.
    with suppress(BrokenPipeError, ConnectionResetError):
        try:
            connection.sendall(data)
        except TimeoutError as error:
            raise _away(error) from error


def _speaks(connection: socket.socket) -> bool:
    return bool(select.select([connection], [], [], 0)[0])


def _verdict(answer: str) -> Verdict:
    said = answer.removeprefix("stream: ")
    if said == CLEAN:
        return Verdict()
    if said.endswith(FOUND):
        return Verdict(finding=said.removesuffix(FOUND))
    if TOO_LARGE in said:
        return Verdict(is_too_large=True)
    logger.warning("scanner cannot say answer=%r", said[:100])
    raise ScannerAway


def _away(error: OSError) -> ScannerAway:
    logger.warning("scanner away error=%s", type(error).__name__)
    return ScannerAway()
