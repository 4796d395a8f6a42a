"""What every event asks first is asked now and then, and at once when it has changed."""

import pytest
from flask import Flask
from sqlalchemy import delete

from chatapp import db, identity
from chatapp.actions import sign_ins
from chatapp.actions.people import deactivate, rename_person
from chatapp.errors import SignedOut
from chatapp.identity import Guest
from chatapp.models import Person, SignIn
from chatapp.realtime.known import TRUSTED_SECONDS, Known
from tests.realtime.clock import Clock
from tests.support import Cast

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def known(app: Flask, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Known:
    """The application's own, by a clock in the test's hand."""
    known = Known(clock)
    monkeypatch.setitem(app.extensions, "chatapp_known", known)
    return known


@pytest.fixture
def bob(cast: Cast) -> Guest:
    return sign_ins.begin_sign_in(cast.bob, user_agent="a browser")


def is_over(known: Known, guest: Guest) -> bool:
    try:
        known.person_of(guest.sign_in_id)
    except SignedOut:
        return True
    return False


def end_unsaid(guest: Guest) -> None:
    """As another worker does it whose word is lost."""
    with db.transaction() as session:
        session.execute(delete(SignIn).where(SignIn.id == guest.sign_in_id))


def test_an_end_is_known_at_once_where_it_is_said_and_after_a_moment_where_it_is_not(
    known: Known, clock: Clock, cast: Cast, bob: Guest
) -> None:
    assert known.person_of(bob.sign_in_id) == cast.bob
    end_unsaid(bob)
    assert not is_over(known, bob)
    clock.go_on(TRUSTED_SECONDS)
    assert is_over(known, bob)
    assert is_over(known, bob)  # nothing of that is kept

    again = sign_ins.begin_sign_in(cast.bob, user_agent="a browser")
    assert not is_over(known, again)
    sign_ins.sign_out(again)
    assert is_over(known, again)


def test_who_is_deactivated_is_out_at_once(known: Known, cast: Cast, bob: Guest) -> None:
    assert not is_over(known, bob)
    deactivate(cast.dana, cast.bob.id)
    assert is_over(known, bob)


def test_another_name_is_known_at_once(known: Known, cast: Cast, bob: Guest) -> None:
    assert known.person_of(bob.sign_in_id).name == "Bob"
    rename_person(cast.bob, "Robert")
    assert known.person_of(bob.sign_in_id).name == "Robert"


def test_what_was_asked_before_the_word_came_is_not_kept_after_it(
    known: Known, cast: Cast, bob: Guest, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = identity.person_of_sign_in

    def ask_and_hear(sign_in_id: int) -> Person:
        person = ask(sign_in_id)
        end_unsaid(bob)
        known.forget()
        return person

    monkeypatch.setattr(identity, "person_of_sign_in", ask_and_hear)
    assert known.person_of(bob.sign_in_id) == cast.bob
    monkeypatch.setattr(identity, "person_of_sign_in", ask)
    assert is_over(known, bob)


def test_what_is_known_has_a_bound(known: Known, bob: Guest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatapp.realtime.known.KNOWN_MAX", 1)
    for _ in range(3):
        known.person_of(bob.sign_in_id)
        other = sign_ins.begin_sign_in(bob.person, user_agent="another")
        known.person_of(other.sign_in_id)
        assert len(known._people) == 1  # noqa: SLF001
