"""The database's clock, in a query and in a row."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from chatapp import db
from chatapp.actions import sign_ins
from chatapp.models import SignIn
from chatapp.models.database_time import DatabaseNow
from tests.support import Cast

pytestmark = pytest.mark.usefixtures("context")


def asked() -> datetime:
    """What time it is, as the database says."""
    db.session().rollback()
    moment: datetime = db.session().execute(select(DatabaseNow())).scalar_one()
    return moment


def test_it_is_the_present_moment_aware_and_in_utc() -> None:
    assert asked().tzinfo is UTC
    assert abs(asked() - db.now()) < timedelta(minutes=1)


def test_it_knows_parts_of_a_second() -> None:
    assert {asked().microsecond for _ in range(5)} != {0}


def test_stored_it_compares_as_any_other_time(cast: Cast) -> None:
    guest = sign_ins.begin_sign_in(cast.bob, user_agent="")
    row = db.session().get_one(SignIn, guest.sign_in_id)
    for moment, is_later in ((row.created_at - timedelta(seconds=1), True), (row.created_at, False)):
        query = select(SignIn.id).where(SignIn.id == row.id, SignIn.created_at > moment)
        assert (db.session().scalar(query) is not None) is is_later
