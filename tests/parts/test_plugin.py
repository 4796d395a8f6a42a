"""Every run ends with a table of what ran against what, and a skip makes it fail."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


def run_pytest(folder: Path, tests: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A run of its own over these tests, with the plugin."""
    (folder / "test_sample.py").write_text(f"import pytest\n{tests}")
    (folder / "pytest.ini").write_text("[pytest]\n")
    command = [sys.executable, "-m", "pytest", "-p", "tests.parts.plugin", "-p", "no:valkey", *arguments]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_ADDOPTS": ""}
    env.pop("PYTEST_XDIST_WORKER", None)
    return subprocess.run([*command, str(folder)], cwd=folder, env=env, capture_output=True, text=True)


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["one process", "two workers"])
def test_the_table_counts_the_tests_of_each_part(tmp_path: Path, workers: tuple[str, ...]) -> None:
    tests = """
@pytest.fixture(params=["sqlite", "postgresql"])
def database(request): return request.param
def test_on_both(database): pass
@pytest.mark.parametrize("time", [1, 2, 3])
def test_with_redis(redis_server, time): assert redis_server.is_ready()
def test_with_another(redis_server): pass
def test_postgresql(postgresql_server): assert postgresql_server.create_database("sample")
def test_with_none(record_property): record_property("javascript_tests", 7)
"""
    run = run_pytest(tmp_path, tests, *workers)

    rows = [line.split() for line in run.stdout.splitlines()]
    assert run.returncode == 0, run.stdout
    assert next(row for row in rows if row[:1] == ["Redis"])[-2:] == ["4", "tests"]
    assert next(row for row in rows if row[:1] == ["SQLite"])[-2:] == ["1", "tests"]
    assert next(row for row in rows if row[:1] == ["PostgreSQL"])[-2:] in (["1", "tests"], ["2", "tests"])
    assert ["Python", "8", "passed,", "0", "failed"] in rows
    assert ["JavaScript", "7", "passed"] in rows


def test_of_two_processes_one_has_what_shares_a_database_and_who_is_done_first_helps_the_other(tmp_path: Path) -> None:
    tests = """import pytest, time
from pathlib import Path
HERE = Path({here!r})
@pytest.mark.parametrize("number", range({count}))
def test_{name}(number, worker_id):
    print("ran {name} by", worker_id)
    (HERE / "begun-{name}").touch()
    deadline = time.monotonic() + 60
    while {awaited!r} and not (HERE / "begun-{awaited}").exists() and time.monotonic() < deadline: time.sleep(0.01)
"""
    # The first journeys end when the last ones have begun, elsewhere: by whoever has done what shares a database.
    files = [("first", "journeys", 9, "last"), ("last", "journeys", 8, "")]
    for name, folder, count, awaited in [*files, ("sharing", "actions", 3, "first"), ("alone", "server", 4, "")]:
        (tmp_path / folder).mkdir(exist_ok=True)
        text = tests.format(here=str(tmp_path), name=name, count=count, awaited=awaited)
        (tmp_path / folder / f"test_{name}.py").write_text(text)

    run = run_pytest(tmp_path, "", "-n", "2", "-rP")

    assert run.returncode == 0, run.stdout
    ran = {tuple(line.split()[1::2]) for line in run.stdout.splitlines() if line.startswith("ran ")}
    assert len(ran) == 4, "each file by one process"
    workers = dict(ran)
    assert workers["last"] == workers["sharing"] != workers["first"] == workers["alone"]


@pytest.mark.parametrize(
    "skipping",
    [
        "@pytest.mark.skip(reason='later')\ndef test_one(): pass",
        "def test_one(): pytest.skip('no such thing here')",
        "pytest.skip('the whole file', allow_module_level=True)",
    ],
)
def test_a_skip_makes_the_run_fail(tmp_path: Path, skipping: str) -> None:
    run = run_pytest(tmp_path, f"def test_that_passes(): pass\n{skipping}\n")

    assert run.returncode != 0
    assert "1 skipped: a skip hides a gap" in run.stdout


def test_a_part_that_is_nowhere_is_an_error_that_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    run = run_pytest(tmp_path, "def test_in_a_browser(chromium_path): pass\n")

    assert run.returncode != 0
    assert "CHROMIUM is /nowhere/chromium, which is no program" in run.stdout
