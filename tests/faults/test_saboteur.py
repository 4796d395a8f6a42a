"""A worker dies when it is told to, and its clock is as wrong as it is told; else nothing is sabotaged."""

import datetime as dt
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask

from chatapp import config, db
from chatapp.models.message import said_with_client_id
from tests.faults.saboteur import STATUS, Moment
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
Deaths(Path(notes), rates).install()
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
def test_one_that_was_told_nothing_lives(app: Flask, cast: Cast, tmp_path: Path) -> None:
    posted = Posted(app, cast, tmp_path / "deaths", "")

    assert (posted.process.returncode, posted.notes, posted.is_there) == (0, "", True), posted.process.stderr


@pytest.mark.parametrize("seconds", [0, 30, -3600])
def test_the_wall_clock_is_off_by_what_it_was_told(tmp_path: Path, seconds: int) -> None:
    (tmp_path / "clock").write_text(str(seconds))
    said = python(NOW, tmp_path / "clock").stdout.split()
    now = dt.datetime.now(dt.UTC).timestamp() + seconds

    assert [abs(float(each) - now) < 20 for each in said[:2]] == [True, True]
    assert said[2] == "True"
