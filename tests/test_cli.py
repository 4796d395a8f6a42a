"""What the operator does at the command line, in a process of its own."""

import os
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask

from chatapp import cli, config
from chatapp.config import ROOT
from tests.command_line import run_command
from tests.databases import sqlite_lock
from tests.support import PASSWORD

SETUP_LINK = re.compile(r"^Set up your company here: (\S.*)/setup\?code=([\w-]{43})$", re.MULTILINE)
ENVIRONMENT = {
    "SECRET_KEY": "secret-of-the-tests-of-32-letters",
    "LOCK_TIMEOUT_MS": "300",
    "PATH": "/usr/bin:/bin",
}
EVE = ("create-user", "--email", "eve@example.org", "--name", "Eve")


class Operator:
    """Somebody at the command line, with one SQLite file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.url = f"sqlite:///{path}"

    def run(self, *words: str, typed: str = "", **environ: str) -> subprocess.CompletedProcess[str]:
        """A command and how it ended."""
        return run_command(words, self.environment(**environ), typed=typed)

    def type(self, *words: str, typed: str = "", cwd: Path = ROOT, **environ: str) -> subprocess.CompletedProcess[str]:
        """The same from its first moment, and in any folder."""
        command, env = [sys.executable, "-m", "chatapp", *words], self.environment(**environ)
        return subprocess.run(command, cwd=cwd, env=env, input=typed, capture_output=True, text=True, timeout=60)

    def environment(self, **environ: str) -> dict[str, str]:
        """Everything that a command knows of the world."""
        return {**ENVIRONMENT, "DATABASE_URL": self.url, **environ}

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        """What the database says."""
        with closing(sqlite3.connect(self.path)) as connection:
            return connection.execute(question).fetchall()


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    """An operator who has done nothing yet."""
    return Operator(tmp_path / "chatapp.db")


@pytest.fixture(scope="module")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database after `migrate`."""
    path = tmp_path_factory.mktemp("migrated") / "chatapp.db"
    assert Operator(path).type("migrate").returncode == 0
    return path


@pytest.fixture
def migrated(operator: Operator, migrated_file: Path) -> Operator:
    """An operator who has run `migrate`."""
    shutil.copy(migrated_file, operator.path)
    return operator


@pytest.fixture(scope="module")
def founded_file(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with Eve's account."""
    path = shutil.copy(migrated_file, tmp_path_factory.mktemp("founded"))
    assert Operator(path).type(*EVE, typed=PASSWORD).returncode == 0
    return path


@pytest.fixture
def founded(operator: Operator, founded_file: Path) -> Operator:
    """An operator who has made Eve's account."""
    shutil.copy(founded_file, operator.path)
    return operator


def one_line(run: subprocess.CompletedProcess[str]) -> str:
    """What a refused command said."""
    assert run.returncode == 1, (run.stdout, run.stderr)
    assert run.stdout == ""
    assert run.stderr.startswith("chatapp: ")
    assert run.stderr.count("\n") == 1, run.stderr
    return run.stderr


def setup_link(run: subprocess.CompletedProcess[str]) -> tuple[str, str] | None:
    """The printed link's address and code."""
    assert run.returncode == 0, run.stderr
    found = SETUP_LINK.search(run.stdout)
    return (found[1], found[2]) if found else None


def test_migrate_makes_the_database_and_prints_the_set_up_link(operator: Operator) -> None:
    link = setup_link(operator.type("migrate"))
    assert link is not None
    assert link[0] == "http://127.0.0.1:5000"
    assert operator.ask("SELECT count(*) FROM users") == [(0,)]
    assert link[1] not in str(operator.ask("SELECT * FROM setup_codes"))


def test_migrate_again_prints_a_new_link_in_place_of_the_old(migrated: Operator) -> None:
    first, second = setup_link(migrated.run("migrate")), setup_link(migrated.run("migrate"))
    assert first != second
    assert migrated.ask("SELECT count(*) FROM setup_codes") == [(1,)]


def test_migrate_prints_no_link_once_the_company_is_founded(founded: Operator) -> None:
    assert setup_link(founded.run("migrate")) is None


@pytest.mark.parametrize(
    ("environ", "address"),
    [
        ({"PUBLIC_URL": "https://chat.example.org/"}, "https://chat.example.org"),
        ({"HOST": "127.0.0.1", "PORT": "8080"}, "http://127.0.0.1:8080"),
        ({"HOST": "::1"}, "http://[::1]:5000"),
        ({"PORT": "8080"}, "<your address>"),
        ({"HOST": "::"}, "<your address>"),
        ({"HOST": "192.168.0.7", "PORT": "8080"}, "http://192.168.0.7:8080"),
    ],
)
def test_the_link_begins_with_the_address_as_far_as_it_is_known(environ: dict[str, str], address: str) -> None:
    app = Flask("operator")
    app.extensions["chatapp_settings"] = config.load({"SECRET_KEY": "secret-of-the-tests-of-32-letters", **environ})
    with app.app_context():
        assert cli._base_url() == address  # noqa: SLF001


def test_create_user_reads_the_password_from_standard_input_and_prints_only_the_id(migrated: Operator) -> None:
    run = migrated.run(*EVE, typed=f"{PASSWORD}\n")
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout == "1\n"
    ((name, email, is_admin, stored),) = migrated.ask("SELECT name, email, is_admin, password_hash FROM users")
    assert (name, email, is_admin) == ("Eve", "eve@example.org", 0)
    assert stored.startswith("$argon2id$")


@pytest.mark.parametrize("ending", ["", "\r\nand more lines\n"])
def test_the_password_is_the_first_line_without_its_end(migrated: Operator, ending: str) -> None:
    migrated.run(*EVE, typed=f" {PASSWORD} {ending}")
    ((stored,),) = migrated.ask("SELECT password_hash FROM users")
    assert PasswordHasher().verify(stored, f" {PASSWORD} ")


def test_the_first_account_founds_the_company_and_may_be_administrator(migrated: Operator) -> None:
    assert migrated.run(*EVE, "--admin", typed=PASSWORD).returncode == 0
    assert migrated.ask("SELECT name FROM company") == [("example.org",)]
    assert migrated.ask("SELECT is_admin FROM users") == [(1,)]
    assert migrated.ask("SELECT count(*) FROM setup_codes") == [(0,)]


def test_the_second_account_leaves_the_company_as_it_is(founded: Operator) -> None:
    before = founded.ask("SELECT * FROM company")
    run = founded.run("create-user", "--email", "adam@other.org", "--name", "Adam", typed=PASSWORD)
    assert run.stdout == "2\n"
    assert founded.ask("SELECT * FROM company") == before


def test_an_address_that_is_taken_is_refused(founded: Operator) -> None:
    refused = founded.run("create-user", "--email", "EVE@example.org", "--name", "E", typed=PASSWORD)
    assert "already" in one_line(refused)
    assert founded.ask("SELECT count(*) FROM users") == [(1,)]


@pytest.mark.parametrize(
    ("words", "typed", "said"),
    [
        (EVE, "short\n", "at least 12 characters"),
        (("create-user", "--email", "nobody", "--name", "Eve"), PASSWORD, "e-mail address"),
        (("create-user", "--name", "Eve"), PASSWORD, "--email"),
        (("create-usr",), "", "create-usr"),
    ],
)
def test_what_the_operator_can_mend_is_one_line(
    migrated: Operator, words: tuple[str, ...], typed: str, said: str
) -> None:
    refused = one_line(migrated.run(*words, typed=typed))
    assert said in refused
    assert migrated.ask("SELECT count(*) FROM users") == [(0,)]
    assert typed == "" or typed.strip() not in refused


@pytest.mark.parametrize(
    "environ",
    [
        {"PORT": "five"},
        {"DATABASE_URL": "postgres://127.0.0.1:1/chat"},
        {"DATABASE_URL": "postgres://127.0.0.1:port/chat"},
        {"DATABASE_URL": "sqlite:////no/such/folder/chat.db"},
    ],
    ids=str,
)
def test_a_setting_that_cannot_be_used_is_one_line(operator: Operator, environ: dict[str, str]) -> None:
    one_line(operator.run("migrate", **environ))
    assert not operator.path.exists()


def test_a_database_that_somebody_else_is_writing_is_one_line(migrated: Operator) -> None:
    with sqlite_lock(migrated.url):
        one_line(migrated.run("migrate"))
        one_line(migrated.run(*EVE, typed=PASSWORD))


def test_a_database_without_tables_says_what_to_do(operator: Operator) -> None:
    for words in (EVE, ("new-epoch",), ("prune-uploads",)):
        assert "python -m chatapp migrate" in one_line(operator.run(*words, typed=PASSWORD))


def test_a_new_epoch_changes_the_epoch_and_nothing_else(founded: Operator) -> None:
    tables = ("users", "rooms", "messages", "memberships", "sign_ins")
    before = {table: founded.ask(f"SELECT * FROM {table}") for table in tables}  # noqa: S608
    epochs = founded.ask("SELECT epoch FROM company")
    for _ in range(2):
        run = founded.run("new-epoch")
        assert (run.returncode, run.stderr) == (0, "")
        assert "new epoch" in run.stdout
        epochs += founded.ask("SELECT epoch FROM company")
    assert len(set(epochs)) == 3
    assert {table: founded.ask(f"SELECT * FROM {table}") for table in tables} == before  # noqa: S608


def test_without_a_company_a_new_epoch_is_refused(migrated: Operator) -> None:
    assert "nobody has founded" in one_line(migrated.run("new-epoch"))


def test_pruning_files_says_what_it_did(founded: Operator, tmp_path: Path) -> None:
    files = tmp_path / "files"
    orphan = files / "aa" / ("a" * 32)
    orphan.parent.mkdir(parents=True)
    orphan.write_bytes(b"orphan")
    os.utime(orphan, (1, 1))
    assert "--yes" in one_line(founded.run("prune-uploads", STORAGE_URL=f"file://{files}"))
    assert orphan.exists()
    run = founded.run("prune-uploads", "--yes", STORAGE_URL=f"file://{files}")
    assert (run.returncode, run.stderr) == (0, "")
    assert "Removed 1 that no message knows" in run.stdout
    assert not orphan.exists()


@pytest.mark.parametrize("url", ["files", "file:///", "s3://"])
def test_a_store_that_cannot_be_is_one_line(founded: Operator, url: str) -> None:
    assert "STORAGE_URL" in one_line(founded.run("prune-uploads", STORAGE_URL=url))


def test_help_names_the_commands(operator: Operator) -> None:
    run = operator.type("--help")
    assert run.returncode == 0
    assert {"migrate", "create-user", "new-epoch", "prune-uploads"} <= set(run.stdout.split())


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Path]:
    """A copy of what a checkout needs, so that the real instance/ is left alone."""
    folder = tmp_path / "checkout"
    for part in ("chatapp", "locales", "templates"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    yield folder
    shutil.rmtree(folder)


def test_without_a_setting_everything_is_kept_in_instance(operator: Operator, checkout: Path) -> None:
    run = operator.type("migrate", cwd=checkout, DATABASE_URL="", SECRET_KEY="")
    assert setup_link(run) is not None
    kept = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (checkout / "instance").iterdir()}
    assert kept["secret_key"] == 0o600
    assert "chatapp.db" in kept
    assert operator.type(*EVE, typed=PASSWORD, cwd=checkout, DATABASE_URL="", SECRET_KEY="").stdout == "1\n"


def test_with_a_secret_of_ones_own_instance_is_made_all_the_same(operator: Operator, checkout: Path) -> None:
    assert setup_link(operator.type("migrate", cwd=checkout, DATABASE_URL="")) is not None
    assert [path.name for path in (checkout / "instance").iterdir()] == ["chatapp.db"]
    assert stat.S_IMODE((checkout / "instance").stat().st_mode) == 0o700
