"""Files on a disk."""

import errno
import os
import resource
import socket
import stat
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chatapp.config import ConfigError
from chatapp.storage import Link, Store, disk, new_key
from chatapp.storage.disk import DiskStore, _Reading
from chatapp.upload_errors import StorageFull, StorageUnavailable
from tests.storage.contract import StoreContract, chunks, held


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the files will be; it is made with the first."""
    return tmp_path / "instance" / "files"


@pytest.fixture
def store(folder: Path) -> DiskStore:
    """An empty store."""
    return DiskStore.at(f"file://{folder}")


@pytest.fixture
def plant(folder: Path) -> Callable[[str], None]:
    """Lays something of somebody else's among the files."""

    def lay(name: str) -> None:
        path = folder / "ab" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"not ours")

    return lay


class TestDisk(StoreContract):
    """The contract, on a disk."""


def test_a_folder_and_a_file_in_the_wrong_one_are_no_keys(store: DiskStore, folder: Path) -> None:
    (folder / "ab" / ("ab" * 16 + ".d")).mkdir(parents=True)
    (folder / "ab" / ("cd" * 16)).write_bytes(b"not where it belongs")
    assert held(store) == []


def everything(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.fixture
def small_disk() -> Iterator[None]:
    """No file of this process may be longer than 100,000 bytes: what a full disk says, this says too."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.usefixtures("small_disk")
def test_a_full_disk_is_said_and_leaves_nothing(store: DiskStore, folder: Path) -> None:
    with pytest.raises(StorageFull):
        store.put(new_key(), chunks(os.urandom(1_000_000)))
    assert everything(folder) == []


@pytest.mark.parametrize("trouble", [errno.ENOSPC, errno.EDQUOT])
@pytest.mark.parametrize("step", ["write", "fsync"])
def test_no_space_is_said_wherever_the_disk_finds_out(
    store: DiskStore, folder: Path, monkeypatch: pytest.MonkeyPatch, step: str, trouble: int
) -> None:
    with monkeypatch.context() as full:
        fill_up(full, step, trouble)
        with pytest.raises(StorageFull):
            store.put(new_key(), chunks(os.urandom(1_000_000)))
    assert everything(folder) == []
    assert store.put(new_key(), chunks(b"small")).size == 5


def fill_up(monkeypatch: pytest.MonkeyPatch, step: str, trouble: int) -> None:
    """Let the disk have no space: some systems say so at once, some (NFS) only when all of it must be there."""

    def full(*_: object) -> None:
        raise OSError(trouble, os.strerror(trouble))

    place = {"write": (disk, "_write_all"), "fsync": (os, "fsync")}[step]
    monkeypatch.setattr(*place, full)


def test_after_a_full_disk_there_is_space_again(store: DiskStore, small_disk: None) -> None:
    with pytest.raises(StorageFull):
        store.put(new_key(), chunks(os.urandom(1_000_000)))
    assert store.put(new_key(), chunks(b"small")).size == 5


def test_a_folder_that_cannot_be_is_said(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("not a folder")
    with pytest.raises(StorageUnavailable):
        DiskStore(tmp_path / "files").put(new_key(), chunks(b"bytes"))


def test_nobody_else_on_the_machine_may_read_it(store: DiskStore, folder: Path) -> None:
    store.put(new_key(), chunks(b"bytes"))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_what_a_dead_worker_left_is_swept_when_it_is_old(store: DiskStore, folder: Path) -> None:
    store.put(new_key(), chunks(b"bytes"))
    left = folder / "incoming" / f"{new_key()}.12345678"
    left.write_bytes(b"half")
    assert store.sweep(datetime.now(UTC) - timedelta(hours=1)) == 0
    yesterday = time.time() - 86_400
    os.utime(left, (yesterday, yesterday))
    assert store.sweep(datetime.now(UTC) - timedelta(hours=1)) == 1
    assert len(everything(folder)) == 1


def test_what_is_still_being_written_is_no_key(store: DiskStore, folder: Path) -> None:
    def watched() -> Iterator[bytes]:
        yield b"a" * 300_000
        assert held(store) == []
        yield b"b"

    store.put(new_key(), watched())
    assert len(held(store)) == 1


def test_a_file_has_no_address(store: Store) -> None:
    assert store.link(new_key(), Link(seconds=60, media_type="text/plain", disposition="attachment")) is None


def test_a_url_may_hold_any_folder_but_the_root() -> None:
    assert DiskStore.at("file:///srv/our%20files")._path("a" * 32) == Path("/srv/our files/aa") / ("a" * 32)  # noqa: SLF001
    with pytest.raises(ConfigError, match="a folder of its own"):
        DiskStore.at("file:///")


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    """The two ends of a connection; what is sent into the first never waits."""
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    with ours, theirs:
        yield ours, theirs


def test_who_reads_as_fast_as_we_send_gets_it_in_one_turn(
    store: DiskStore, ends: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "ROOM_MS", 60_000)  # however busy the machine is
    monkeypatch.setattr(disk, "SEND_SECONDS", 60)
    data = os.urandom(4 * 2**20)
    sending = sendable(store, data)
    with ThreadPoolExecutor(1) as pool:
        received = pool.submit(drained, ends[1], len(data))
        assert sending.send_to(ends[0]) == len(data)
        assert received.result() == data


def test_who_reads_nothing_does_not_keep_the_turn(store: DiskStore, ends: tuple[socket.socket, socket.socket]) -> None:
    data = os.urandom(4 * 2**20)
    sending = sendable(store, data)
    taken = sending.send_to(ends[0])
    assert 0 < taken < len(data)
    assert sending.send_to(ends[0]) == 0
    assert drained(ends[1], taken) == data[:taken]
    sending.close()


def sendable(store: DiskStore, data: bytes) -> _Reading:
    key = new_key()
    store.put(key, [data])
    reading = store.open(key, 0, len(data))
    assert isinstance(reading, _Reading)
    return reading


def drained(connection: socket.socket, size: int) -> bytes:
    found = bytearray()
    while len(found) < size:
        found += connection.recv(2**16)
    return bytes(found)
