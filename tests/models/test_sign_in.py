"""How old a sign-in is, by the database's clock and no worker's."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from chatapp import db, identity
from chatapp.actions import sign_ins
from chatapp.models import SignIn
from tests.support import Cast

pytestmark = pytest.mark.usefixtures("context")

MINUTE = timedelta(minutes=1)
either_way = pytest.mark.parametrize("days", [-100, -15, 15, 100])
SetWrong = Callable[[int], None]


@pytest.fixture
def set_wrong(monkeypatch: pytest.MonkeyPatch) -> SetWrong:
    """Sets this worker's clock wrong by so many days."""
    real = db.now
    return lambda days: monkeypatch.setattr(db, "now", lambda: real() + timedelta(days=days))


def age_days(sign_in_id: int, days: int) -> None:
    with db.transaction() as session:
        session.get_one(SignIn, sign_in_id).last_used_at -= timedelta(days=days)


@either_way
def test_a_worker_whose_clock_is_wrong_signs_nobody_out(cast: Cast, set_wrong: SetWrong, days: int) -> None:
    guest = sign_ins.begin_sign_in(cast.bob, user_agent="")
    set_wrong(days)
    assert identity.guest_of_token(guest.token) == guest
    assert identity.person_of_sign_in(guest.sign_in_id) == cast.bob
    assert identity.alive_sign_ins({guest.sign_in_id}) == {guest.sign_in_id}


@either_way
def test_nor_does_it_keep_anybody_in(cast: Cast, set_wrong: SetWrong, days: int) -> None:
    set_wrong(days)
    guest = sign_ins.begin_sign_in(cast.bob, user_agent="")
    age_days(guest.sign_in_id, 15)
    assert identity.guest_of_token(guest.token) is None
    assert identity.alive_sign_ins({guest.sign_in_id}) == set()


@either_way
def test_what_it_begins_and_what_it_sees_used_has_the_right_time(cast: Cast, set_wrong: SetWrong, days: int) -> None:
    real = db.now
    set_wrong(days)
    guest = sign_ins.begin_sign_in(cast.bob, user_agent="")
    age_days(guest.sign_in_id, 1)
    identity.person_of_sign_in(guest.sign_in_id)
    row = db.session().get_one(SignIn, guest.sign_in_id, populate_existing=True)
    assert abs(row.created_at - real()) < MINUTE
    assert abs(row.last_used_at - real()) < MINUTE
