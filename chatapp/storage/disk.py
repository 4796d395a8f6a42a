"""Files in a folder of the machine's own disk."""

import errno
import logging
import os
import secrets
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, ParamSpec, TypeVar
from urllib.parse import unquote, urlsplit

from chatapp.config import ConfigError
from chatapp.offload import offload
from chatapp.storage.contract import READ_BYTES, Digest, Held, Link, Stored, checked_key
from chatapp.upload_errors import StorageFull, StorageUnavailable, UploadNotFound

BATCH = 4  # chunks that go to a thread together: the way there takes as long as hashing one of them
# Of offload's three threads: an fsync may last a second, and who signs in meanwhile needs one for the password.
THREADS = 2
RETRY_SECONDS = 5
NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
OUR_OWN = 0o700

logger = logging.getLogger(__name__)
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
        """Every file, with the moment at which it was last written."""
        for path in self._folder.glob("[0-9a-f][0-9a-f]/*"):
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
        self._file: BinaryIO = path.open("xb")

    def write(self, chunks: list[bytes]) -> None:
        for chunk in chunks:
            self._digest.take(chunk)
            self._file.write(chunk)

    def finish(self, path: Path) -> Stored:
        self._file.flush()
        # The bytes before the name: after a power cut the name never leads to half a file.
        os.fsync(self._file.fileno())
        self._file.close()
        path.parent.mkdir(OUR_OWN, exist_ok=True)
        self._path.rename(path)
        _sync_folder(path.parent)
        return self._digest.stored()

    def drop(self) -> None:
        with suppress(OSError):
            # It would write what it still holds, and there may be no space for it.
            self._file.close()
        self._path.unlink(missing_ok=True)


class _Reading:
    """A part of a file, piece by piece. The file is closed at the end, or by `close`."""

    def __init__(self, file: BinaryIO, left: int) -> None:
        self._file = file
        self._left = left

    def __iter__(self) -> "_Reading":
        return self

    def __next__(self) -> bytes:
        piece = _on_thread(self._file.read, min(self._left, READ_BYTES)) if self._left else b""
        if not piece:
            self.close()
            raise StopIteration
        self._left -= len(piece)
        if not self._left:
            self._file.close()
        return piece

    def close(self) -> None:
        """Let go of the file."""
        self._left = 0
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


def _opened(path: Path, start: int) -> BinaryIO:
    # Unbuffered: what is read is as large as we want it, and a buffer would only copy it.
    file = path.open("rb", buffering=0)
    file.seek(start)
    return file


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
