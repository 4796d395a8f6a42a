"""What is due is done by one."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from chatapp import db
from chatapp.models import Chore
from chatapp.models.database_time import database_now

pytestmark = pytest.mark.usefixtures("context")

NAME, EVERY = "sweep", timedelta(minutes=15)


def claim() -> bool:
    with db.transaction():
        return Chore.claim(NAME, EVERY)


def due_at() -> datetime:
    db.session().rollback()
    return db.session().execute(select(Chore.due_at)).scalar_one()


def let_pass(time: timedelta) -> None:
    with db.transaction() as session:
        session.execute(update(Chore).values(due_at=due_at() - time))


def test_what_was_never_done_is_due_and_the_first_one_does_it() -> None:
    assert Chore.is_due(NAME)
    assert (claim(), claim()) == (True, False)
    assert not Chore.is_due(NAME)


def test_it_is_due_again_after_its_time_and_again_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    claim()
    let_pass(EVERY - timedelta(minutes=1))
    assert (Chore.is_due(NAME), claim()) == (False, False)
    let_pass(timedelta(minutes=1))
    # A worker's own clock decides nothing.
    monkeypatch.setattr(db, "now", lambda: datetime(1999, 1, 1, tzinfo=due_at().tzinfo))
    assert (Chore.is_due(NAME), claim(), claim()) == (True, True, False)
    assert timedelta() < due_at() - database_now() <= EVERY


def test_each_is_due_by_itself() -> None:
    claim()
    assert Chore.is_due("another")
