"""Static files across an update: what changes on the disk changes no answer, and each page finds the files it names."""

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from flask import Flask

from chatapp import config, create_app
from chatapp.web import releases, static_files
from chatapp.web.releases import DRAFT, DRAFT_SECONDS, KEPT, Releases, name_of
from tests.support import Browser

SCRIPT = "js/app.js"
WORKERS, ROUNDS = 4, 10
OLD, LONGER, SHORTER = b"let release = 1\n", b"let release = 2 // and a word more\n", b"3"


@pytest.fixture
def static(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What is served, instead of the repository's own."""
    folder = tmp_path / "static"
    (folder / "js").mkdir(parents=True)
    (folder / SCRIPT).write_bytes(OLD)
    monkeypatch.setattr(static_files, "STATIC", folder)
    monkeypatch.setattr(static_files, "is_at_terminal", lambda: False)
    monkeypatch.setattr(config, "INSTANCE", tmp_path / "instance")
    return folder


@pytest.fixture
def copies(tmp_path: Path) -> Path:
    return tmp_path / "instance" / "static"


def worker(tmp_path: Path) -> Flask:
    """The app as a worker of the launcher builds it."""
    environ = {
        "SECRET_KEY": "secret-of-the-tests-of-32-letters",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'chat.db'}",
        "CHATAPP_WORKER": "1",
    }
    return create_app(config.load(environ))


def address(app: Flask) -> str:
    return f"{app.extensions['chatapp_static_prefix']}{SCRIPT}"


def got(app: Flask, path: str) -> tuple[int, bytes, int]:
    answer = Browser(app).get(path)
    return answer.status_code, answer.data, int(answer.headers["Content-Length"])


@pytest.mark.parametrize("later", [LONGER, SHORTER])
def test_a_file_that_changes_under_a_worker_is_sent_as_it_was(tmp_path: Path, static: Path, later: bytes) -> None:
    app = worker(tmp_path)
    (static / SCRIPT).write_bytes(later)
    assert got(app, address(app)) == (200, OLD, len(OLD))


def test_so_is_one_that_was_removed(tmp_path: Path, static: Path) -> None:
    app = worker(tmp_path)
    shutil.rmtree(static)
    assert got(app, address(app)) == (200, OLD, len(OLD))


def test_workers_of_two_releases_have_the_files_of_both(tmp_path: Path, static: Path) -> None:
    before = worker(tmp_path)
    (static / SCRIPT).write_bytes(LONGER)
    after = worker(tmp_path)
    assert address(before) != address(after)
    for app in (before, after):
        assert got(app, address(before)) == (200, OLD, len(OLD))
        assert got(app, address(after)) == (200, LONGER, len(LONGER))


@pytest.mark.parametrize("name", ["v-0123456789ab", "..", ".", "v-", "../v-0123456789ab"])
def test_what_is_no_release_is_not_found(static: Path, copies: Path, name: str) -> None:
    releases = Releases(copies)
    releases.take_in(static)
    assert releases.find(name) is None


def test_the_oldest_are_forgotten_and_the_present_one_never(static: Path, copies: Path) -> None:
    releases, names = Releases(copies), []
    for number in range(KEPT + 3):
        (static / SCRIPT).write_text(f"let release = {number}")
        copy = releases.take_in(static)
        names.append(copy.name)
        os.utime(copy, (number, number))
    assert {path.name for path in copies.iterdir()} == set(names[3:])

    # Used again, the one that came first is no longer the next to go.
    assert releases.find(names[3]) is not None
    (static / SCRIPT).write_text("let release = 'newest'")
    releases.take_in(static)
    assert {path.name for path in copies.iterdir()} >= {names[3], *names[5:]}
    assert not (copies / names[4]).exists()


def test_a_copy_that_lost_its_bytes_is_made_anew(static: Path, copies: Path) -> None:
    releases = Releases(copies)
    copy = releases.take_in(static)
    (copy / SCRIPT).write_bytes(b"")  # as a loss of power leaves it
    assert (releases.take_in(static) / SCRIPT).read_bytes() == OLD
    assert [path.name for path in copies.iterdir()] == [copy.name]


@pytest.mark.parametrize("torn", [False, True])
def test_of_workers_that_start_at_once_none_takes_away_what_another_has_put_there(
    static: Path, copies: Path, torn: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    barrier, put = Barrier(WORKERS, timeout=30), releases._put  # noqa: SLF001

    def put_at_once(*given: Path, **named: Path) -> None:
        barrier.wait()  # none has seen another's copy: in life, the moment between looking and renaming
        put(*given, **named)

    def start(_worker: int) -> tuple[Path, int]:
        copy = Releases(copies).take_in(static)
        return copy / SCRIPT, copy.stat().st_ino

    monkeypatch.setattr(releases, "_put", put_at_once)
    with ThreadPoolExecutor(WORKERS) as workers:
        for number in range(ROUNDS):
            (static / SCRIPT).write_text(f"let release = {number}")
            if torn:
                shutil.copytree(static, copies / name_of(static))
                (copies / name_of(static) / SCRIPT).write_bytes(b"")
            ((script, _inode),) = set(workers.map(start, range(WORKERS)))
            assert script.read_text() == f"let release = {number}"


def test_what_was_packed_meanwhile_comes_into_the_copy(static: Path, copies: Path) -> None:
    releases = Releases(copies)
    copy = releases.take_in(static)
    (static / f"{SCRIPT}.gz").write_bytes(b"packed")
    assert releases.take_in(static) == copy
    assert (copy / f"{SCRIPT}.gz").read_bytes() == b"packed"

    (static / f"{SCRIPT}.gz").unlink()
    assert not (releases.take_in(static) / f"{SCRIPT}.gz").exists()


def test_a_draft_of_one_who_died_is_removed_and_of_one_who_copies_is_not(static: Path, copies: Path) -> None:
    for name in ("dead", "alive"):
        (copies / f"{DRAFT}{name}").mkdir(parents=True)
    long_ago = (copies / f"{DRAFT}alive").stat().st_mtime - DRAFT_SECONDS - 1
    os.utime(copies / f"{DRAFT}dead", (long_ago, long_ago))
    copy = Releases(copies).take_in(static)
    assert {path.name for path in copies.iterdir()} == {copy.name, f"{DRAFT}alive"}


def test_without_a_place_for_copies_the_repository_itself_is_served(
    tmp_path: Path, static: Path, copies: Path, caplog: pytest.LogCaptureFixture
) -> None:
    copies.parent.mkdir()
    copies.write_text("a file, where a folder is wanted: as root no mode would refuse us")
    app = worker(tmp_path)
    assert got(app, address(app)) == (200, OLD, len(OLD))
    assert caplog.text.count("static files not copied error=FileExistsError") == 1


def test_at_a_terminal_the_next_page_asks_for_what_has_changed(
    tmp_path: Path, static: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(static_files, "is_at_terminal", lambda: True)
    app = worker(tmp_path)
    was = address(app)
    (static / SCRIPT).write_bytes(LONGER)
    assert got(app, was) == (200, OLD, len(OLD))
    assert address(app) == was, "a file alone asks for nothing new: the page that wants it is the old one"

    Browser(app).get("/up")

    assert address(app) != was
    assert got(app, address(app)) == (200, LONGER, len(LONGER))
    assert got(app, was) == (200, OLD, len(OLD))


def test_elsewhere_it_goes_on_asking_for_its_own(tmp_path: Path, static: Path) -> None:
    app = worker(tmp_path)
    was = address(app)
    (static / SCRIPT).write_bytes(LONGER)
    Browser(app).get("/up")
    assert address(app) == was
