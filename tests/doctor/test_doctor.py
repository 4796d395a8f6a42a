"""`python -m chatapp doctor`, as an operator types it."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.command_line import run_command
from tests.doctor.support import SECRET

CHECKS = {
    "settings", "secret key", "public url", "proxies", "workers", "metrics", "database", "migrations",
    "durability", "redis", "files", "scanner", "python", "packages", "browser", "open files", "disk",
}  # fmt: skip


class Operator:
    """Somebody who looks at a deployment with one SQLite file."""

    def __init__(self, folder: Path) -> None:
        self.environ = {
            "PATH": "/usr/bin:/bin",
            "SECRET_KEY": SECRET,
            "DATABASE_URL": f"sqlite:///{folder}/chatapp.db",
            "STORAGE_URL": f"file://{folder}/files",
        }

    def run(self, *words: str, **environ: str) -> "subprocess.CompletedProcess[str]":
        """A command and how it ended."""
        return run_command(words, {**self.environ, **environ})


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    """An operator who has run `migrate`."""
    operator = Operator(tmp_path)
    assert operator.run("migrate").returncode == 0
    return operator


def test_a_sound_deployment_is_one_line_for_each_check_and_exit_code_0(operator: Operator) -> None:
    run = operator.run("doctor")
    assert (run.returncode, run.stderr) == (0, "")
    lines = run.stdout.splitlines()
    assert {line[7:19].strip() for line in lines} == CHECKS
    assert {line[:7].strip() for line in lines} <= {"ok", "warn"}


def test_what_is_wrong_says_what_to_do_and_ends_with_1(operator: Operator) -> None:
    run = operator.run("doctor", PUBLIC_URL="https://chat.example.org")
    assert run.returncode == 1
    (line,) = [line for line in run.stdout.splitlines() if line.startswith("wrong")]
    assert "set TRUSTED_PROXIES=1" in line


@pytest.mark.parametrize(
    "environ",
    [{"PORT": "five"}, {"STORAGE_URL": "files"}, {"SECRET_KEY": "short"}, {"METRICS_TOKEN": "short"}],
    ids=str,
)
def test_settings_that_cannot_be_read_are_the_one_line(operator: Operator, environ: dict[str, str]) -> None:
    run = operator.run("doctor", **environ)
    assert run.returncode == 1
    assert run.stdout.startswith("wrong  settings")
    assert run.stdout.count("\n") == 1


def test_a_secret_that_a_file_holds_is_not_taken_for_one_of_the_environment(operator: Operator, tmp_path: Path) -> None:
    (tmp_path / "mounted").write_text(SECRET)
    (tmp_path / "mounted").chmod(0o640)
    del operator.environ["SECRET_KEY"]
    run = operator.run("doctor", SECRET_KEY_FILE=f"{tmp_path}/mounted")
    assert f"ok     secret key   {len(SECRET)} characters from SECRET_KEY_FILE" in run.stdout
    assert run.returncode == 0


def test_a_program_gets_the_same_as_json(operator: Operator) -> None:
    run = operator.run("doctor", "--json", REDIS_URL="redis://127.0.0.1:1/0")
    assert run.returncode == 1
    found = {each["check"]: each for each in json.loads(run.stdout)}
    assert set(found) == CHECKS
    assert found["redis"]["state"] == "wrong"
    assert found["redis"]["advice"]


def test_no_line_holds_a_secret(operator: Operator) -> None:
    canary = "canary-word-of-the-tests"
    run = operator.run(
        "doctor",
        REDIS_URL=f"redis://:{canary}@127.0.0.1:1/0",
        STORAGE_URL="s3://bucket?endpoint=http://127.0.0.1:1",
        STORAGE_KEY_ID="key",
        STORAGE_SECRET_KEY=canary,
    )
    assert run.returncode == 1
    assert "redis" in run.stdout
    assert canary not in run.stdout + run.stderr
    assert SECRET not in run.stdout + run.stderr


def test_a_check_that_fails_by_itself_leaves_the_others_their_say(operator: Operator, tmp_path: Path) -> None:
    for path in tmp_path.glob("chatapp.db*"):
        path.unlink()
    (tmp_path / "chatapp.db").write_bytes(b"no database at all" * 1000)
    run = operator.run("doctor")
    assert run.returncode == 1
    assert "wrong  doctor       a check failed by itself (DatabaseError)" in run.stdout
    assert "ok     python" in run.stdout
