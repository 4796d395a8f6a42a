"""Files in a folder of the machine's own disk."""

import errno
import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, ParamSpec, TypeVar
from urllib.parse import unquote, urlsplit

from chatapp.config import ConfigError
from chatapp.offload import give_way, native, offload
from chatapp.storage.contract import NO_SPACE, READ_BYTES, Digest, Held, Link, Stored, checked_key, is_key
from chatapp.upload_errors import StorageFull, StorageUnavailable, UploadNotFound

BATCH = 8  # chunks that go to a thread together: the way there takes as long as hashing one of them
# Written to the disk while more comes: all at the end, it would hold up everybody's commits on the same disk.
WRITE_BACK_BYTES = 4 * 2**20
# Of offload's three threads: an fsync may last a second, and who signs in meanwhile needs one for the password.
THREADS = 2
RETRY_SECONDS = 5
SEND_BYTES = 8 * 2**20  # in one turn
SEND_SECONDS = 0.02  # the same: an upload may be waiting for its own
# For a connection to take more. The way from a thread to the hub and back takes a fifth of this; who reads as fast as
# we send has room again sooner, and for anybody else the hub is the better place to wait.
ROOM_MS = 2
OUR_OWN = 0o700
NOWAIT: int = getattr(os, "RWF_NOWAIT", 0)  # Linux alone has it

logger = logging.getLogger(__name__)
_select = native("select")
_turns = threading.BoundedSemaphore(THREADS)

P = ParamSpec("P")
T = TypeVar("T")


class DiskStore:
    """A file for each key, in 256 folders. What is still being written stands in `incoming` until it is whole."""

    max_bytes = None

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._incoming = folder / "incoming"

    @classmethod
    def at(cls, url: str) -> "DiskStore":
        """The store of a `file:///folder` URL. Raises ConfigError."""
        path = unquote(urlsplit(url).path)
        if path == "/":
            raise ConfigError("STORAGE_URL=file:/// must name a folder of its own")
        return cls(Path(path))

    def put(self, key: str, chunks: Iterable[bytes]) -> Stored:
        """All that `chunks` yield, synced to the disk. Raises StorageFull, StorageUnavailable."""
        draft = _on_thread(_Draft, self._incoming / f"{checked_key(key)}.{secrets.token_hex(4)}")
        try:
            for batch in _batches(chunks):
                _on_thread(draft.write, batch)
            return _on_thread(draft.finish, self._path(key))
        except BaseException:
            _on_thread(draft.drop)
            raise

    def open(self, key: str, start: int, stop: int) -> Iterator[bytes]:
        """The bytes from `start` up to `stop`. Raises UploadNotFound, StorageUnavailable."""
        try:
            return _Reading(_on_thread(_opened, self._path(key), start), stop - start)
        except FileNotFoundError as error:
            logger.error("file missing on disk")
            raise UploadNotFound from error

    def delete(self, key: str) -> None:
        """Remove the file, if it is there. Raises StorageUnavailable."""
        _on_thread(self._path(key).unlink, missing_ok=True)

    def size(self, key: str) -> int | None:
        """The length of the file, None where there is none."""
        with suppress(FileNotFoundError):
            return _on_thread(self._path(key).stat).st_size
        return None

    def keys(self) -> Iterator[Held]:
        """Every file of ours, with the moment at which it was last written."""
        for path in self._folder.glob("[0-9a-f][0-9a-f]/*"):
            if is_key(path.name) and path == self._path(path.name):
                yield Held(path.name, _written_at(path))

    def sweep(self, before: datetime) -> int:
        """Remove what was still being written when a worker died. How many."""
        left = [path for path in self._incoming.glob("*") if _written_at(path) < before]
        for path in left:
            path.unlink(missing_ok=True)
        return len(left)

    def link(self, key: str, how: Link) -> None:
        """None: a file on a disk has no address."""

    def _path(self, key: str) -> Path:
        return self._folder / checked_key(key)[:2] / key


class _Draft:
    """A file that is not whole yet. Its methods run on a thread: nothing in them may log or wait for a greenlet."""

    def __init__(self, path: Path) -> None:
        path.parent.parent.mkdir(OUR_OWN, parents=True, exist_ok=True)
        path.parent.mkdir(OUR_OWN, exist_ok=True)
        self._path = path
        self._digest = Digest()
        self._file: BinaryIO = path.open("xb", buffering=0)
        self._begun = 0

    def write(self, chunks: list[bytes]) -> None:
        for chunk in chunks:
            self._digest.take(chunk)
            _write_all(self._file, chunk)
        if self._digest.size - self._begun >= WRITE_BACK_BYTES:
            _begin_to_write_back(self._file, self._begun, self._digest.size)
            self._begun = self._digest.size

    def finish(self, path: Path) -> Stored:
        # The bytes before the name: after a power cut the name never leads to half a file.
        os.fsync(self._file.fileno())
        self._file.close()
        path.parent.mkdir(OUR_OWN, exist_ok=True)
        self._path.rename(path)
        _sync_folder(path.parent)
        return self._digest.stored()

    def drop(self) -> None:
        self._file.close()
        self._path.unlink(missing_ok=True)


class _Reading:
    """A part of a file, piece by piece. The file is closed at the end, or by `close`."""

    def __init__(self, file: BinaryIO, left: int) -> None:
        self._file = file
        self.left = left

    def __iter__(self) -> "_Reading":
        return self

    def __next__(self) -> bytes:
        piece = self._piece(min(self.left, READ_BYTES)) if self.left else b""
        if not piece:
            self.close()
            raise StopIteration
        self.left -= len(piece)
        if not self.left:
            self._file.close()
        return piece

    def send_to(self, connection: socket.socket) -> int:
        """How many of the bytes that are left the connection has taken, without waiting long for it."""
        with _turns:
            sent = offload(_send, self._file, connection, min(self.left, SEND_BYTES))
        self.left -= sent
        if not self.left:
            self._file.close()
        return sent

    def _piece(self, most: int) -> bytes:
        # What is in memory already is taken at once: the way to a thread and back takes three times as long. Nobody
        # else has had a turn then, so everybody gets one here.
        piece = _read_at_once(self._file, most)
        if piece is None:
            return _on_thread(self._file.read, most)
        give_way()
        return piece

    def close(self) -> None:
        """Let go of the file."""
        self.left = 0
        self._file.close()


def _on_thread(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """What the function returns; what the disk says against it, in our words. Only a missing file stays an OSError."""
    try:
        with _turns:
            return offload(function, *args, **kwargs)
    except FileNotFoundError:
        raise
    except OSError as error:
        logger.warning("disk failed error=%s", errno.errorcode.get(error.errno or 0, "?"))
        if error.errno in NO_SPACE:
            raise StorageFull from error
        raise StorageUnavailable(retry_after=RETRY_SECONDS) from error


def _batches(chunks: Iterable[bytes]) -> Iterator[list[bytes]]:
    batch: list[bytes] = []
    for chunk in chunks:
        batch.append(chunk)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _write_all(file: BinaryIO, chunk: bytes) -> None:
    # Unbuffered, it may take less than all, as it does where the disk fills up; the next write then says why.
    left = memoryview(chunk)
    while left:
        left = left[file.write(left) :]


def _begin_to_write_back(file: BinaryIO, start: int, stop: int) -> None:
    # "I need it no more" makes Linux begin to write what it has not yet; nothing waits for it, and nothing is lost.
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(file.fileno(), start, stop - start, os.POSIX_FADV_DONTNEED)


def _opened(path: Path, start: int) -> BinaryIO:
    # Unbuffered: what is read is as large as we want it, and a buffer would only copy it.
    file = path.open("rb", buffering=0)
    file.seek(start)
    return file


def _send(file: BinaryIO, connection: socket.socket, most: int) -> int:
    sent, ends_at = 0, time.monotonic() + SEND_SECONDS
    while sent < most and time.monotonic() < ends_at:
        try:
            count = os.sendfile(connection.fileno(), file.fileno(), None, most - sent)  # from where the file stands
        except BlockingIOError:
            # Not before it: of a connection that is gone sendfile says so in the words that everybody knows.
            if not _has_room(connection):
                break
            continue
        if not count:
            raise UploadNotFound
        sent += count
    return sent


def _has_room(connection: socket.socket) -> bool:
    poll = _select.poll()
    poll.register(connection.fileno(), _select.POLLOUT)
    return bool(poll.poll(ROOM_MS))


def _read_at_once(file: BinaryIO, most: int) -> bytes | None:
    """The next bytes, up to `most` of them, if the system has them in memory; None where one has to wait for a disk."""
    if not NOWAIT:
        return None
    place = bytearray(most)
    try:
        count = os.preadv(file.fileno(), [place], file.tell(), NOWAIT)
    except OSError:
        # Not there, or this file system cannot tell: whoever reads on a thread finds out what is wrong.
        return None
    file.seek(count, os.SEEK_CUR)
    return bytes(memoryview(place)[:count]) or None


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _written_at(path: Path) -> datetime:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:
        # Finished, or deleted, since we listed it: nobody's business any more.
        return datetime.now(UTC)
