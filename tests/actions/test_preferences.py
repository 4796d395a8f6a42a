"""What one chooses for oneself."""

import pytest
from flask import Flask
from sqlalchemy import text

from chatapp import db
from chatapp.actions.preferences import change_preferences
from chatapp.errors import BadRequest
from chatapp.models import Person, Preferences, User
from chatapp.models.preferences import Clock, SendKey, SingleKeys, Theme
from tests.support import Cast

CHOICES = {"theme": "dark", "send_key": "ctrl-enter", "clock": "24", "single_keys": "off"}


@pytest.mark.usefixtures("context")
def test_who_has_chosen_nothing_has_the_defaults(alice: Person) -> None:
    assert User.preferences_of(alice.id) == Preferences(Theme.SYSTEM, SendKey.ENTER, Clock.LOCALE, SingleKeys.ON)


@pytest.mark.usefixtures("context")
def test_what_was_chosen_stays(alice: Person) -> None:
    chosen = change_preferences(alice, **CHOICES)
    db.session().expire_all()
    assert chosen == Preferences(Theme.DARK, SendKey.CTRL_ENTER, Clock.HOURS_24, SingleKeys.OFF)
    assert User.preferences_of(alice.id) == db.session().get_one(User, alice.id).preferences == chosen


@pytest.mark.usefixtures("context")
def test_it_is_nobody_elses(alice: Person, bob: Person) -> None:
    change_preferences(alice, **CHOICES)
    assert User.preferences_of(bob.id) == Preferences()


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("field", CHOICES)
@pytest.mark.parametrize("value", ["", "DARK", "mauve", "dark\0"])
def test_what_is_none_of_the_choices_is_refused_and_nothing_of_it_is_kept(
    alice: Person, field: str, value: str
) -> None:
    with pytest.raises(BadRequest) as refused:
        change_preferences(alice, **{**CHOICES, field: value})
    assert refused.value.values == {"field": field}
    assert User.preferences_of(alice.id) == Preferences()


def test_a_choice_that_only_a_newer_release_knows_is_taken_for_the_default(app: Flask, cast: Cast) -> None:
    # While a release is rolled out or taken back, this one must still serve that person's pages.
    with app.app_context():
        with db.transaction() as session:
            session.execute(text("UPDATE users SET theme = 'sepia', clock = '24'"))
        assert User.preferences_of(cast.alice.id) == Preferences(clock=Clock.HOURS_24)


def test_an_account_that_an_older_release_makes_has_the_defaults(app: Flask, cast: Cast) -> None:
    with app.app_context():
        with db.transaction() as session:
            session.execute(
                text(
                    "INSERT INTO users (id, kind, name, name_key, is_admin, created_at) "
                    "VALUES (4711, 'person', 'Eve', 'eve', :no, :now)"
                ),
                {"no": False, "now": db.now()},
            )
        assert User.preferences_of(4711) == Preferences()
