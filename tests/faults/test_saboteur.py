"""A worker dies when it is told to, and its clock is as wrong as it is told; else nothing is sabotaged."""

import datetime as dt
import itertools
import os
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask

from chatapp import config, db
from chatapp.models.message import said_with_client_id
from tests.faults.background import Background
from tests.faults.parts import Parts
from tests.faults.saboteur import STATUS, Deaths, Moment, doom_beside
from tests.faults.workers import Worker
from tests.support import Cast

# How it dies has nothing to do with the kind of the database.
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True, scope="session")

POST = """
import sys
from pathlib import Path
from tests.faults.saboteur import Deaths
from chatapp import config, create_app
from chatapp.actions.messages import post_message
from chatapp.models import User
notes, rates, room, author, client_id = sys.argv[1:]
Deaths(Path(notes), rates, "1 1").install()
with create_app(config.load()).app_context():
    person = next(iter(User.active({int(author)}))).person
    print(post_message(person, int(room), "last words", client_id=client_id).number)
"""
NOW = """
import sys
from pathlib import Path
from tests.faults.saboteur import Clock
Clock(Path(sys.argv[1])).install()
import time
from datetime import UTC, datetime
print(time.time(), datetime.now(UTC).timestamp(), isinstance(datetime.now(UTC), datetime))
"""


def python(code: str, *arguments: object, **environment: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, cwd=config.ROOT, env=environment, capture_output=True, text=True, check=False)


class Posted:
    """A message that a process of its own posted, which was told to die of it."""

    def __init__(self, app: Flask, cast: Cast, notes: Path, rates: str) -> None:
        notes.write_text("")
        self.client_id = str(uuid4())
        settings = app.extensions["chatapp_settings"]
        environment = {"DATABASE_URL": settings.database_url, "SECRET_KEY": settings.secret_key}
        words = (notes, rates, cast.open_room, cast.alice.id, self.client_id)
        self.process = python(POST, *words, **environment)
        self.notes = notes.read_text()
        with app.app_context():
            db.session().rollback()
            self.is_there = said_with_client_id(cast.open_room, cast.alice.id, self.client_id) is not None


@on_sqlite
@pytest.mark.parametrize(
    ("moment", "is_there"),
    [(Moment.INSERT, False), (Moment.COMMIT, False), (Moment.COMMIT_ACK, True), (Moment.ACK_PUBLISH, True)],
)
def test_a_worker_dies_in_the_moment_it_was_told_and_notes_of_which_message(
    app: Flask, cast: Cast, tmp_path: Path, moment: Moment, is_there: bool
) -> None:
    posted = Posted(app, cast, tmp_path / "deaths", f"{moment}:1")

    assert posted.process.returncode == STATUS, posted.process.stderr
    assert posted.notes == f"{moment} {posted.client_id}\n"
    assert posted.is_there is is_there


@on_sqlite
def test_one_that_is_doomed_dies_once(app: Flask, cast: Cast, tmp_path: Path) -> None:
    notes = tmp_path / "deaths"
    doom_beside(notes).write_text(Moment.COMMIT)
    posted, again = (Posted(app, cast, notes, "") for _ in range(2))

    assert (posted.process.returncode, posted.notes) == (STATUS, f"{Moment.COMMIT} {posted.client_id}\n")
    assert (again.process.returncode, again.is_there) == (0, True), again.process.stderr


@on_sqlite
def test_one_that_was_told_nothing_lives(app: Flask, cast: Cast, tmp_path: Path) -> None:
    posted = Posted(app, cast, tmp_path / "deaths", "")

    assert (posted.process.returncode, posted.notes, posted.is_there) == (0, "", True), posted.process.stderr


class Ended(Exception):
    """What stands for the end of the process."""


def lived_through(notes: Path, seed: str) -> int:
    """How many posts a worker of this fate outlives, in the life that begins with these notes."""
    deaths = Deaths(notes, "commit:0.01", seed)
    for count in itertools.count():
        try:
            deaths.reach(Moment.COMMIT, "0" * 36)
        except Ended:
            return count
    raise AssertionError("nothing ends before the end of all numbers")


def test_the_seed_alone_says_at_which_posts_a_worker_dies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def end(_status: int) -> None:
        raise Ended

    def two_lives(name: str, seed: str) -> list[int]:
        (tmp_path / name).write_text("")
        return [lived_through(tmp_path / name, seed) for _ in range(2)]

    monkeypatch.setattr(os, "_exit", end)
    first, again = two_lives("a", "7 1"), two_lives("b", "7 1")
    other_worker, other_seed = two_lives("c", "7 2"), two_lives("d", "8 1")

    assert first == again
    assert len({*first, *other_worker, *other_seed}) == 6


def test_two_runs_of_one_seed_give_their_workers_the_same_fates(background: Background) -> None:
    def fates(seed: int) -> list[str]:
        workers = [Worker(n, background, Parts(), "sqlite:///", seed=seed, has_database_wire=False) for n in (1, 2)]
        for worker in workers:
            worker.close()
        return [worker.server.environment["FAULTS_SEED"] for worker in workers]

    assert fates(7) == fates(7)
    assert len({*fates(7), *fates(8)}) == 4


@pytest.mark.parametrize("seconds", [0, 30, -3600])
def test_the_wall_clock_is_off_by_what_it_was_told(tmp_path: Path, seconds: int) -> None:
    (tmp_path / "clock").write_text(str(seconds))
    said = python(NOW, tmp_path / "clock").stdout.split()
    now = dt.datetime.now(dt.UTC).timestamp() + seconds

    assert [abs(float(each) - now) < 20 for each in said[:2]] == [True, True]
    assert said[2] == "True"
