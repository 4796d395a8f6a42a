"""The machine that it serves on."""

import resource
from pathlib import Path

import pytest

from chatapp.doctor import machine
from tests.doctor.support import settings_of, states


@pytest.mark.parametrize(
    ("is_live", "is_bundled", "state"), [(True, True, "ok"), (True, False, "warn"), (False, False, "wrong")]
)
def test_a_browser_gets_all_that_it_needs(is_live: bool, is_bundled: bool, state: str) -> None:
    assert machine.browser_client(is_live=is_live, is_bundled=is_bundled).state == state


@pytest.mark.parametrize(
    ("hard", "state"), [(resource.RLIM_INFINITY, "ok"), (2668, "ok"), (2667, "ok"), (2666, "warn"), (256, "warn")]
)
def test_a_worker_may_open_what_it_is_to_hold(hard: int, state: str) -> None:
    finding = machine.descriptors(1000, hard)
    assert finding.state == state
    assert ("LimitNOFILE=2667" in finding.advice) == (state == "warn")


def test_the_limit_is_counted_as_the_server_counts_it() -> None:
    source = (Path(machine.__file__).parents[1] / "server" / "serving.py").read_text()
    assert f"DESCRIPTORS_FOR_CONNECTIONS = {machine.DESCRIPTORS_FOR_CONNECTIONS} " in source


@pytest.mark.parametrize(
    ("free", "total", "state"),
    [(50_000, 100_000, "ok"), (5_000, 100_000, "ok"), (800, 100_000, "warn"), (99, 100_000, "wrong"), (300, 800, "ok")],
)
def test_a_disk_that_is_nearly_full_is_told(tmp_path: Path, free: int, total: int, state: str) -> None:
    assert machine.disk(tmp_path, free, total).state == state


def test_folders_are_looked_at_also_before_they_are_there(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/chatapp.db"
    settings = settings_of(DATABASE_URL=database, STORAGE_URL=f"file://{tmp_path}/not/yet")
    assert machine.folders(settings) == [tmp_path]


def test_each_disk_is_looked_at_once(tmp_path: Path) -> None:
    # Every Linux has a second one here.
    away = settings_of(DATABASE_URL=f"sqlite:///{tmp_path}/chatapp.db", STORAGE_URL="file:///proc/files")
    assert machine.folders(away) == [tmp_path, Path("/proc")]


def test_all_of_it_is_looked_at(tmp_path: Path) -> None:
    settings = settings_of(DATABASE_URL=f"sqlite:///{tmp_path}/chatapp.db", STORAGE_URL="db:")
    found = states(machine.examine(settings, is_live=True, is_bundled=True))
    assert set(found) == {"python", "packages", "browser", "open files", "disk"}
