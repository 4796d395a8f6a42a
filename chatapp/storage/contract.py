"""What every store of bytes can do, and the few words they share."""

import errno
import hashlib
import re
import secrets
import socket
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

STEP_BYTES = 65_536  # what is taken from a socket at once
READ_BYTES = 262_144  # what is read at once for sending: each read is a trip to another thread, or to the database

# A list in a request's environment, of a server that can do better with a file than ask it for its pieces.
READING = "chatapp.reading"

NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})  # how a system says that a disk is full

KEY = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Stored:
    """What a `put` has stored."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Held:
    """A key that the store holds, and since when."""

    key: str
    since: datetime


@dataclass(frozen=True, kw_only=True)
class Link:
    """How a link lets the bytes be fetched: for so many seconds, under this type and disposition."""

    seconds: int
    media_type: str
    disposition: str


class Store(Protocol):
    """Bytes by key. A key is used once, and what stands under it never changes."""

    @property
    def max_bytes(self) -> int | None:
        """The most that one key may hold, where there is such a bound."""

    def put(self, key: str, chunks: Iterable[bytes]) -> Stored:
        """Store what `chunks` yield under a new key: all of it, or nothing when they or the store raise.

        Raises StorageFull, StorageUnavailable, and whatever `chunks` raise.
        """

    def open(self, key: str, start: int, stop: int) -> Iterator[bytes]:
        """The bytes from `start` up to `stop`; close it where not all of them are wanted.

        Raises UploadNotFound, StorageUnavailable.
        """

    def delete(self, key: str) -> None:
        """Forget a key, if it is there. Raises StorageUnavailable."""

    def size(self, key: str) -> int | None:
        """How many bytes stand under the key, None where there is none. Raises StorageUnavailable."""

    def keys(self) -> Iterator[Held]:
        """Every key of ours, for comparing it with the table. What else lies there is nobody's business of ours.

        Raises StorageUnavailable.
        """

    def sweep(self, before: datetime) -> int:
        """Remove what is left of puts that began before then and never ended; how many. Raises StorageUnavailable."""

    def link(self, key: str, how: Link) -> str | None:
        """An address where a browser gets the bytes without us; None where there is none."""


@runtime_checkable
class Sendable(Protocol):
    """A stretch of a file that the system can send by itself. Its pieces can be read as well, up to any point."""

    left: int

    def send_to(self, connection: socket.socket) -> int:
        """How many of the bytes that are left the connection has taken; 0 when it takes none just now.

        Raises OSError when nobody is at its other end, UploadNotFound when the file has become shorter.
        """


class Digest:
    """Counts bytes and hashes them as they pass."""

    def __init__(self) -> None:
        self._sha256 = hashlib.sha256()
        self.size = 0

    def take(self, chunk: bytes | bytearray) -> None:
        """Add the next bytes."""
        self._sha256.update(chunk)
        self.size += len(chunk)

    def stored(self) -> Stored:
        """What was taken so far."""
        return Stored(self.size, self._sha256.hexdigest())


def new_key() -> str:
    """A key that nobody can guess and that says nothing of the file."""
    return secrets.token_hex(16)


def is_key(name: str) -> bool:
    """True for what `new_key` makes, wherever it came from."""
    return KEY.fullmatch(name) is not None


def checked_key(key: str) -> str:
    """`key`, if it is one of ours. Anything else must not become a path. Raises ValueError."""
    if not is_key(key):
        raise ValueError("not a key of a store")
    return key
