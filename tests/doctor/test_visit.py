"""Doctor leaves nothing behind, whoever asks."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from chatapp.config import ROOT
from chatapp.doctor import visit
from tests.doctor.support import SECRET

NOBODY = 65_534  # root's processes may become it, and it owns no file


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what a checkout needs, so that the real instance/ is left alone."""
    folder = tmp_path / "checkout"
    for part in ("chatapp", "locales", "static", "templates"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def doctor(checkout: Path) -> "subprocess.CompletedProcess[str]":
    environ = {"PATH": os.environ.get("PATH", os.defpath)}
    argv = [sys.executable, "-B", "-m", "chatapp", "doctor"]
    return subprocess.run(argv, cwd=checkout, env=environ, capture_output=True, text=True, check=False)


def test_before_the_first_start_it_makes_nothing(checkout: Path) -> None:
    run = doctor(checkout)
    assert run.returncode == 1
    assert run.stdout.startswith("wrong  settings     instance/ is not there yet")
    assert not (checkout / "instance").exists()


def test_the_servers_secret_is_made_by_the_server(checkout: Path) -> None:
    (checkout / "instance").mkdir(0o700)
    run = doctor(checkout)
    assert "ok     secret key   none yet: the server makes one at its first start" in run.stdout
    assert not (checkout / "instance" / "secret_key").exists()


@pytest.mark.parametrize(
    "given",
    [
        {"SECRET_KEY": SECRET, "DATABASE_URL": "postgres://a/b", "STORAGE_URL": "s3://bucket"},
        {"DYNO": "web.1"},  # which says by itself that it wants a secret
    ],
    ids=["elsewhere", "dyno"],
)
def test_where_nothing_lies_in_instance_it_may_be_missing(tmp_path: Path, given: dict[str, str]) -> None:
    assert not visit.lacks_instance(given, tmp_path / "instance")


def test_root_becomes_who_owns_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # The calls that a test without root may not make are written down.
    calls: list[tuple[str, object]] = []
    folder = tmp_path / "instance"
    folder.mkdir()
    owner = os.stat_result((0, 0, 0, 0, NOBODY, 10_001, 0, 0, 0, 0))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(Path, "stat", lambda _path, **_: owner)
    monkeypatch.setattr(Path, "is_dir", lambda _path: True)
    monkeypatch.setattr(os, "initgroups", lambda _name, group: calls.append(("groups of", group)))
    monkeypatch.setattr(os, "setgroups", lambda groups: calls.append(("groups", groups)))
    monkeypatch.setattr(os, "setgid", lambda group: calls.append(("group", group)))
    monkeypatch.setattr(os, "setuid", lambda user: calls.append(("user", user)))
    visit.become_owner(folder)
    # The user last: whoever is no longer root can change nothing more.
    assert calls[1:] == [("group", 10_001), ("user", NOBODY)]
    assert calls[0] in [("groups of", 10_001), ("groups", [])]


def test_nobody_else_becomes_anybody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.delattr(os, "setuid")
    visit.become_owner(tmp_path)
