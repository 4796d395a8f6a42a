"""Links by which people join the company."""

from datetime import timedelta
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from chatapp import config, db
from chatapp.actions.invites import accept_invite, check_invite, create_invite, revoke_invite
from chatapp.actions.room_list import list_rooms
from chatapp.actions.rooms import archive_room, create_room
from chatapp.errors import AdminsOnly, ChatError, EmailTaken, LinkInvalid, NameEmpty, PasswordTooShort
from chatapp.models import Invite, Person, User
from tests.support import PASSWORD, Cast
from tests.together import at_once

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def link(cast: Cast) -> str:
    """The token of a link that Dana made."""
    return create_invite(cast.dana)


def join(token: str, email: str = "eve@example.org", *, name: str = "Eve", password: str = PASSWORD) -> Person:
    return accept_invite(token, name, email, password)


def the_invite() -> Invite:
    db.session().rollback()
    return db.session().scalars(select(Invite)).one()


def leave_uses(number: int) -> None:
    with db.transaction() as session:
        session.execute(update(Invite).values(uses_left=number))


def number_of_users() -> int:
    db.session().rollback()
    return db.session().scalar(select(func.count()).select_from(User)) or 0


def test_an_invited_person_is_in_the_first_open_room_and_no_administrator(cast: Cast, link: str) -> None:
    person = join(link)
    assert not person.is_admin
    assert [(entry.id, entry.is_member) for entry in list_rooms(person)] == [(cast.open_room, True)]


def test_an_archived_room_is_not_where_newcomers_begin(cast: Cast, link: str) -> None:
    archive_room(cast.alice, cast.open_room)
    hall = create_room(cast.bob, "Hall", "open")
    own = [entry.id for entry in list_rooms(join(link)) if entry.is_member]
    assert own == [hall.id]


def test_a_newcomer_joins_also_when_there_is_no_open_room(cast: Cast, link: str) -> None:
    archive_room(cast.alice, cast.open_room)
    assert [entry.is_member for entry in list_rooms(join(link))] == [False]


def test_each_use_is_counted(link: str) -> None:
    before = the_invite().uses_left
    join(link)
    assert the_invite().uses_left == before - 1


def test_looking_at_a_link_uses_nothing(link: str) -> None:
    before = the_invite().uses_left
    check_invite(link)
    assert the_invite().uses_left == before


def test_a_link_that_is_used_up_lets_nobody_in(link: str) -> None:
    leave_uses(1)
    join(link)
    with pytest.raises(LinkInvalid):
        check_invite(link)
    with pytest.raises(LinkInvalid):
        join(link, "frank@example.org")


@pytest.mark.asvs("6.4.1")
def test_the_last_use_is_raced_for_and_won_once(app: Flask, link: str) -> None:
    leave_uses(2)
    before = number_of_users()
    outcomes = at_once(app, [partial(join, link, f"eve{each}@example.org") for each in range(6)])
    assert sum(isinstance(outcome, Person) for outcome in outcomes) == 2, outcomes
    assert sum(isinstance(outcome, LinkInvalid) for outcome in outcomes) == 4
    assert (number_of_users(), the_invite().uses_left) == (before + 2, 0)


def test_one_address_raced_for_gives_one_account_and_takes_one_use(app: Flask, link: str) -> None:
    before = the_invite().uses_left
    outcomes = at_once(app, [partial(join, link)] * 3)
    assert sum(isinstance(outcome, Person) for outcome in outcomes) == 1, outcomes
    assert sum(isinstance(outcome, EmailTaken) for outcome in outcomes) == 2
    assert the_invite().uses_left == before - 1


@pytest.mark.asvs("6.4.1")
def test_a_link_ends_after_its_days_for_looking_and_for_joining(link: str, monkeypatch: pytest.MonkeyPatch) -> None:
    later = db.now() + timedelta(days=config.current().invite_days, seconds=1)
    monkeypatch.setattr(db, "now", lambda: later)
    with pytest.raises(LinkInvalid):
        check_invite(link)
    with pytest.raises(LinkInvalid):
        join(link)


def test_a_link_that_ends_while_the_form_is_filled_in_lets_nobody_in(
    link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatapp.actions.invites.check_invite", lambda _token: None)
    before = number_of_users()
    with db.transaction() as session:
        session.execute(update(Invite).values(expires_at=db.now() - timedelta(seconds=1)))
    with pytest.raises(LinkInvalid):
        join(link)
    assert number_of_users() == before


def test_a_revoked_link_lets_nobody_in(cast: Cast, link: str) -> None:
    revoke_invite(cast.dana, the_invite().id)
    with pytest.raises(LinkInvalid):
        check_invite(link)
    with pytest.raises(LinkInvalid):
        join(link)
    assert Invite.open_ones() == []


@pytest.mark.parametrize("token", ["", "guess", "None", "0" * 43, "é\ud800\0"])
def test_a_wrong_token_lets_nobody_in(link: str, token: str) -> None:
    for door in (check_invite, join):
        with pytest.raises(LinkInvalid):
            door(token)
    check_invite(link)


def test_the_hash_of_a_token_is_kept_and_is_no_token(link: str) -> None:
    kept = the_invite().token_hash
    assert link not in kept
    with pytest.raises(LinkInvalid):
        check_invite(kept)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"email": "alice@example.org"}, EmailTaken),
        ({"name": ""}, NameEmpty),
        ({"password": "short"}, PasswordTooShort),
    ],
)
def test_a_refused_newcomer_costs_no_use(link: str, changes: dict[str, str], error: type[ChatError]) -> None:
    before = the_invite().uses_left
    with pytest.raises(error):
        join(link, **changes)
    assert the_invite().uses_left == before


def test_only_administrators_make_and_end_links(cast: Cast, link: str) -> None:
    for person in (cast.alice, cast.charlie):
        with pytest.raises(AdminsOnly):
            create_invite(person)
        with pytest.raises(AdminsOnly):
            revoke_invite(person, the_invite().id)
    check_invite(link)


def test_there_is_nothing_to_revoke_under_an_unknown_id(cast: Cast) -> None:
    with pytest.raises(LinkInvalid):
        revoke_invite(cast.dana, 999_999)
