"""Secrets that stand in files, as containers and systemd hand them over."""

from pathlib import Path

import pytest

from chatapp.config import ConfigError, load
from chatapp.secret_files import SECRETS, with_secrets
from tests.command_line import run_command

VALUES = {
    "SECRET_KEY": "Zx8k-3Qm_pL7tR2vY9sW4nB6cD1fG5hJ",
    "DATABASE_URL": "postgres://chat:pw@db/chat",
    "REDIS_URL": "redis://:pw@redis/0",
    "STORAGE_SECRET_KEY": "what the bucket wants",
    "METRICS_TOKEN": "a-token-of-the-tests",
}


def in_files(folder: Path, values: dict[str, str] = VALUES) -> dict[str, str]:
    """An environment that names a file for each."""
    for name, value in values.items():
        (folder / name).write_text(f"{value}\n")  # as editors and `openssl rand` end it
    return {f"{name}_FILE": str(folder / name) for name in values}


def test_every_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    assert set(SECRETS) == set(VALUES)
    assert load(in_files(tmp_path)) == load(VALUES)


def test_one_that_is_given_twice_is_refused(tmp_path: Path) -> None:
    for name, value in VALUES.items():
        with pytest.raises(ConfigError, match=f"^{name} and {name}_FILE are both set"):
            load({**in_files(tmp_path, {name: value}), name: value})


def test_an_empty_variable_is_none_at_all(tmp_path: Path) -> None:
    assert load({**in_files(tmp_path), "SECRET_KEY": " ", "HOST_FILE": "/none"}) == load(VALUES)
    assert load({**VALUES, "REDIS_URL_FILE": ""}) == load(VALUES)


def test_what_cannot_be_read_is_one_line_without_what_it_holds(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "bytes").write_bytes(b"hunter2\xff")
    for path, says in {"none": "FileNotFoundError", "empty": "empty", "bytes": "UnicodeDecodeError"}.items():
        with pytest.raises(ConfigError, match=f"^SECRET_KEY_FILE names {tmp_path / path}, which .*{says}") as refused:
            load({"SECRET_KEY_FILE": str(tmp_path / path)})
        assert "hunter2" not in str(refused.value)


def test_read_again_nothing_is_set_twice(tmp_path: Path) -> None:
    once = with_secrets(in_files(tmp_path))
    assert with_secrets(once) == once == VALUES


def test_commands_take_them_too(tmp_path: Path) -> None:
    values = {"SECRET_KEY": VALUES["SECRET_KEY"], "DATABASE_URL": f"sqlite:///{tmp_path}/chatapp.db"}
    environ = {"PATH": "/usr/bin:/bin", "STORAGE_URL": f"file://{tmp_path}/files", **in_files(tmp_path, values)}
    assert run_command(["migrate"], environ).returncode == 0
    run = run_command(["doctor"], environ)
    assert (run.returncode, run.stderr) == (0, "")
    assert "ok     secret key   32 characters" in run.stdout
    twice = run_command(["doctor"], {**environ, **values})
    assert twice.stdout.startswith("wrong  settings     SECRET_KEY and SECRET_KEY_FILE are both set")
