"""Coming in and going out."""

from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import select

from chatapp import db, identity
from chatapp.actions import people, sign_ins
from chatapp.errors import (
    PasswordTooLong,
    PasswordTooShort,
    PersonNotFound,
    SignedOut,
    TooManyRequests,
    WrongPassword,
)
from chatapp.identity import Guest
from chatapp.models import SignIn, User
from tests.support import PASSWORD, Cast
from tests.together import at_once

pytestmark = pytest.mark.usefixtures("context")

ADDRESS = "10.0.0.1"
NEW_PASSWORD = "a staple is not a battery"


def sign_in(email: str = "bob@example.org", password: str = PASSWORD, address: str = ADDRESS) -> Guest:
    return sign_ins.sign_in(email, password, address=address, user_agent="Test Browser 1.0")


def is_signed_in(guest: Guest) -> bool:
    db.session().rollback()
    return identity.guest_of_token(guest.token) is not None


def stored_hash(cast: Cast) -> str:
    db.session().rollback()
    return str(db.session().get_one(User, cast.bob.id).password_hash)


def store_hash(cast: Cast, password_hash: str) -> None:
    with db.transaction() as session:
        session.get_one(User, cast.bob.id).password_hash = password_hash


class Clock:
    """Time that goes by: the database's own clock cannot be moved on, so all sign-ins move back."""

    def go_on(self, **by: float) -> None:
        with db.transaction() as session:
            for row in session.scalars(select(SignIn)):
                row.created_at -= timedelta(**by)
                row.last_used_at -= timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    """A clock that only the test moves on."""
    return Clock()


def test_the_right_password_begins_a_sign_in(cast: Cast) -> None:
    guest = sign_in()
    assert guest.person == cast.bob
    assert is_signed_in(guest)


def test_an_address_is_known_in_any_spelling(cast: Cast) -> None:
    assert sign_in("  BOB@Example.ORG ").person == cast.bob


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("bob@example.org", "wrong"),
        ("bob@example.org", ""),
        ("bob@example.org", PASSWORD + " "),
        ("bob@example.org", PASSWORD * 1_000),
        ("nobody@example.org", PASSWORD),
        ("no address", PASSWORD),
        ("nul\0@example.org", PASSWORD),
        ("\ud800@example.org", "\ud800"),
    ],
)
def test_a_wrong_password_and_an_unknown_account_are_one_error(cast: Cast, email: str, password: str) -> None:
    with pytest.raises(WrongPassword):
        sign_in(email, password)
    assert SignIn.of(cast.bob.id) == []


@pytest.mark.asvs("7.2.2")
def test_of_the_token_only_a_hash_is_stored(cast: Cast) -> None:
    guest = sign_in()
    (stored,) = db.session().scalars(select(SignIn.token_hash))
    assert guest.token not in stored
    assert identity.guest_of_token(stored) is None


def test_each_sign_in_has_a_token_of_its_own(cast: Cast) -> None:
    assert sign_in().token != sign_in().token


@pytest.mark.parametrize("user_agent", ["x" * 10_000, "nul\0byte", ""])
def test_whatever_a_browser_calls_itself_is_kept_in_short(cast: Cast, user_agent: str) -> None:
    sign_ins.begin_sign_in(cast.bob, user_agent=user_agent)
    (kept,) = SignIn.of(cast.bob.id)
    assert len(kept.user_agent) <= sign_ins.USER_AGENT_CHARS


def test_signing_out_ends_this_sign_in_and_no_other(cast: Cast) -> None:
    here, there = sign_in(), sign_in()
    sign_ins.sign_out(here)
    assert (is_signed_in(here), is_signed_in(there)) == (False, True)
    with pytest.raises(SignedOut):
        identity.person_of_sign_in(here.sign_in_id)


def test_a_person_ends_one_of_their_own_sign_ins(cast: Cast) -> None:
    here, there = sign_in(), sign_in()
    sign_ins.end_sign_in(cast.bob, there.sign_in_id)
    assert (is_signed_in(here), is_signed_in(there)) == (True, False)


def test_nobody_ends_the_sign_in_of_somebody_else(cast: Cast) -> None:
    guest = sign_in()
    for other in (cast.alice, cast.charlie, cast.dana):
        with pytest.raises(PersonNotFound):
            sign_ins.end_sign_in(other, guest.sign_in_id)
    assert is_signed_in(guest)


@pytest.mark.asvs("7.4.3")
def test_changing_the_password_ends_all_other_sign_ins(cast: Cast) -> None:
    here, there, elsewhere = sign_in(), sign_in(), sign_in()
    of_alice = sign_ins.begin_sign_in(cast.alice, user_agent="")
    sign_ins.change_password(here, PASSWORD, NEW_PASSWORD)
    assert [is_signed_in(each) for each in (here, there, elsewhere, of_alice)] == [True, False, False, True]


def test_a_changed_password_takes_the_place_of_the_old(cast: Cast) -> None:
    sign_ins.change_password(sign_in(), PASSWORD, NEW_PASSWORD)
    assert sign_in(password=NEW_PASSWORD).person == cast.bob
    with pytest.raises(WrongPassword):
        sign_in(password=PASSWORD)


@pytest.mark.parametrize(
    ("current", "new", "error"),
    [
        ("wrong", NEW_PASSWORD, WrongPassword),
        (PASSWORD, "short", PasswordTooShort),
        (PASSWORD, "x" * 257, PasswordTooLong),
    ],
)
def test_a_refused_change_changes_nothing(cast: Cast, current: str, new: str, error: type[Exception]) -> None:
    here, there, before = sign_in(), sign_in(), stored_hash(cast)
    with pytest.raises(error):
        sign_ins.change_password(here, current, new)
    assert stored_hash(cast) == before
    assert is_signed_in(there)


@pytest.mark.asvs("7.4.2")
def test_a_deactivated_person_is_out_and_stays_out(cast: Cast) -> None:
    guest = sign_in()
    people.deactivate(cast.dana, cast.bob.id)
    assert not is_signed_in(guest)
    with pytest.raises(SignedOut):
        identity.person_of_sign_in(guest.sign_in_id)
    with pytest.raises(WrongPassword):
        sign_in()


def test_five_wrong_passwords_close_an_account_for_a_while(cast: Cast) -> None:
    for _ in range(5):
        with pytest.raises(WrongPassword):
            sign_in(password="wrong")
    for email in ("bob@example.org", " BOB@example.org"):
        with pytest.raises(TooManyRequests) as refused:
            sign_in(email)
        assert 1 <= int(str(refused.value.values["retry_after"])) <= 60


def test_a_stranger_who_guesses_does_not_keep_the_owner_out(cast: Cast) -> None:
    for _ in range(5):
        with pytest.raises(WrongPassword):
            sign_in(password="wrong", address="10.6.6.6")
    assert sign_in(address="10.0.0.3").person == cast.bob


def test_fifty_wrong_passwords_from_anywhere_close_an_account_for_a_while(cast: Cast) -> None:
    for each in range(50):
        with pytest.raises(WrongPassword):
            sign_in(password="wrong", address=f"10.6.6.{each}")
    with pytest.raises(TooManyRequests):
        sign_in(address="10.0.0.3")


def test_an_account_that_is_closed_closes_no_other(cast: Cast) -> None:
    for _ in range(5):
        with pytest.raises(WrongPassword):
            sign_in(password="wrong")
    assert sign_in("alice@example.org").person == cast.alice


def test_twenty_wrong_passwords_close_a_network_address_for_a_while(cast: Cast) -> None:
    for each in range(20):
        with pytest.raises(WrongPassword):
            sign_in(f"guess{each}@example.org")
    with pytest.raises(TooManyRequests):
        sign_in()
    assert sign_in(address="10.0.0.2").person == cast.bob


@pytest.mark.asvs("6.3.1")
@pytest.mark.usefixtures("full_passwords")
def test_guesses_in_the_same_moment_are_counted_like_others(cast: Cast, app: Flask) -> None:
    outcomes = at_once(app, [lambda: sign_in(password="wrong")] * 12)
    refusals = [type(outcome) for outcome in outcomes]
    assert (refusals.count(WrongPassword), refusals.count(TooManyRequests)) == (5, 7)


def test_right_passwords_do_not_count(cast: Cast) -> None:
    for _ in range(6):
        assert sign_in().person == cast.bob


@pytest.mark.usefixtures("full_passwords")
def test_a_hash_of_weaker_parameters_is_made_anew(cast: Cast) -> None:
    store_hash(cast, PasswordHasher(time_cost=1, memory_cost=1_024, parallelism=1).hash(PASSWORD))
    sign_in()
    assert "$m=19456,t=2,p=1$" in stored_hash(cast)
    assert sign_in().person == cast.bob


def test_a_hash_of_todays_parameters_stays(cast: Cast) -> None:
    before = stored_hash(cast)
    sign_in()
    assert stored_hash(cast) == before


def test_a_password_from_before_the_rules_grew_stricter_still_opens(cast: Cast) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=1_024, parallelism=1).hash("short")
    store_hash(cast, weak)
    assert sign_in(password="short").person == cast.bob
    assert stored_hash(cast) == weak


@pytest.mark.parametrize("broken", ["", "$argon2id$", "plain text"])
def test_a_hash_that_is_none_opens_to_nobody(cast: Cast, broken: str) -> None:
    store_hash(cast, broken)
    for password in (PASSWORD, broken):
        with pytest.raises(WrongPassword):
            sign_in(password=password)


@pytest.mark.asvs("7.3.1")
def test_an_unused_sign_in_ends(cast: Cast, clock: Clock) -> None:
    guest = sign_in()
    clock.go_on(days=14, minutes=-1)
    assert is_signed_in(sign_in())
    clock.go_on(minutes=2)
    assert not is_signed_in(guest)
    with pytest.raises(SignedOut):
        identity.person_of_sign_in(guest.sign_in_id)


def test_using_a_sign_in_keeps_it(cast: Cast, clock: Clock) -> None:
    guest = sign_in()
    for _ in range(3):
        clock.go_on(days=13)
        assert is_signed_in(guest)


@pytest.mark.asvs("7.3.2")
def test_even_a_used_sign_in_ends_after_90_days(cast: Cast, clock: Clock) -> None:
    guest = sign_in()
    for _ in range(8):
        clock.go_on(days=11)
        assert is_signed_in(guest)
    clock.go_on(days=2, minutes=1)
    assert not is_signed_in(guest)


def test_use_is_noted_at_most_every_five_minutes(cast: Cast, clock: Clock) -> None:
    guest = sign_in()
    clock.go_on(minutes=4)
    (first,) = [row.last_used_at for row in SignIn.of(cast.bob.id)]
    assert is_signed_in(guest)
    assert [row.last_used_at for row in SignIn.of(cast.bob.id)] == [first]
    clock.go_on(minutes=2)
    assert is_signed_in(guest)
    assert [row.last_used_at > first for row in SignIn.of(cast.bob.id)] == [True]
