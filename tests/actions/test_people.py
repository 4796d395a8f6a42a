"""Founding the company, letting people in, and ending accounts."""

from datetime import datetime, timedelta
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import func, select

from chatapp import db
from chatapp.actions import messages, people, reactions, sign_ins
from chatapp.actions.history import read_changes, read_newest
from chatapp.actions.room_list import list_rooms
from chatapp.errors import (
    AdminsOnly,
    ChatError,
    EmailInvalid,
    EmailTaken,
    LastAdmin,
    LinkInvalid,
    NameEmpty,
    NameHasControlCharacters,
    NameTooLong,
    PasswordTooLong,
    PasswordTooShort,
    PersonNotFound,
    Unavailable,
)
from chatapp.events import AuthorFact
from chatapp.models import Company, Membership, Person, SetupCode, SignIn, User
from tests.support import PASSWORD, Cast
from tests.together import at_once

pytestmark = pytest.mark.usefixtures("context")


def found(code: str, email: str = "eve@example.org", **changes: str) -> Person:
    form = {"company": "Example", "name": "Eve", "password": PASSWORD, "first_room": "All Talk", **changes}
    return people.found_company(code, email=email, **form)


def number_of_users() -> int:
    db.session().rollback()
    return db.session().scalar(select(func.count()).select_from(User)) or 0


def new_code() -> str:
    code = people.new_setup_code()
    assert code is not None
    return code


def test_the_founder_is_administrator_and_in_the_first_room() -> None:
    founder = found(new_code())
    assert founder.is_admin
    assert [(entry.name, entry.kind, entry.is_member) for entry in list_rooms(founder)] == [("All Talk", "open", True)]


def test_a_setup_code_opens_the_page_once() -> None:
    code = new_code()
    people.check_setup_code(code)
    found(code)
    for late in (people.check_setup_code, found):
        with pytest.raises(LinkInvalid):
            late(code)
    assert number_of_users() == 1


def test_a_founded_company_has_no_setup_code(cast: Cast) -> None:
    assert people.new_setup_code() is None


def test_a_new_setup_code_takes_the_place_of_the_old() -> None:
    old, new = new_code(), new_code()
    people.check_setup_code(new)
    with pytest.raises(LinkInvalid):
        people.check_setup_code(old)


@pytest.mark.parametrize("code", ["", "guess", "0" * 43, "é\ud800"])
def test_a_wrong_setup_code_founds_nothing(code: str) -> None:
    new_code()
    with pytest.raises(LinkInvalid):
        found(code)
    assert number_of_users() == 0


def test_a_setup_code_is_worthless_after_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    code, tomorrow = new_code(), db.now() + timedelta(days=1, seconds=1)
    monkeypatch.setattr(db, "now", lambda: tomorrow)
    with pytest.raises(LinkInvalid):
        found(code)


def test_a_setup_code_is_kept_only_as_its_hash() -> None:
    code = new_code()
    (kept,) = db.session().scalars(select(SetupCode.code_hash))
    assert code not in kept
    assert len(kept) == 64


def test_of_two_founders_in_the_same_moment_one_wins(app: Flask) -> None:
    code = new_code()
    outcomes = at_once(app, [partial(found, code, f"founder{each}@example.org") for each in range(4)])
    assert sum(isinstance(outcome, Person) for outcome in outcomes) == 1, outcomes
    assert sum(isinstance(outcome, LinkInvalid) for outcome in outcomes) == 3
    assert number_of_users() == 1


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"company": " "}, NameEmpty),
        ({"company": "x" * 81}, NameTooLong),
        ({"name": ""}, NameEmpty),
        ({"name": "a\nb"}, NameHasControlCharacters),
        ({"password": "short"}, PasswordTooShort),
        ({"password": "x" * 257}, PasswordTooLong),
        ({"email": "nobody"}, EmailInvalid),
    ],
)
def test_a_refused_founding_leaves_the_code_valid(changes: dict[str, str], error: type[ChatError]) -> None:
    code = new_code()
    with pytest.raises(error):
        found(code, **changes)
    people.check_setup_code(code)


def test_the_operator_founds_the_company_with_the_first_account() -> None:
    code = new_code()
    people.create_user("Eve", "Eve@Example.org", PASSWORD)
    company = Company.the_one()
    assert company is not None
    assert company.name == "example.org"
    with pytest.raises(LinkInvalid):
        people.check_setup_code(code)


@pytest.mark.parametrize("email", ["alice@example.org", "  ALICE@Example.ORG "])
def test_an_address_has_one_account_in_any_spelling(cast: Cast, email: str) -> None:
    before = number_of_users()
    with pytest.raises(EmailTaken):
        people.create_user("Another Alice", email, PASSWORD)
    assert number_of_users() == before
    assert cast.alice


@pytest.mark.parametrize("email", ["", "a", "a@", "@b", "a@b@c", "a b@c", "a@b\0", "a@\ud800", "x" * 250 + "@y.org"])
def test_what_is_no_address_is_refused(email: str) -> None:
    with pytest.raises(EmailInvalid):
        people.create_user("Eve", email, PASSWORD)


def test_people_share_names(cast: Cast) -> None:
    assert people.create_user("Alice", "alice2@example.org", PASSWORD).id != cast.alice.id


def test_a_person_renames_themselves(cast: Cast) -> None:
    people.rename_person(cast.bob, "  Robert ")
    assert db.session().get_one(User, cast.bob.id).name == "Robert"
    with pytest.raises(NameEmpty):
        people.rename_person(cast.bob, "\u200b")


def test_every_change_of_somebody_takes_the_next_version_of_people(cast: Cast) -> None:
    people.rename_person(cast.bob, "Robert")
    people.deactivate(cast.dana, cast.alice.id)
    people.rename_person(cast.bob, "Rob")
    people.reactivate(cast.dana, cast.alice.id)
    changes = people.read_changes(0)
    assert [(each.id, each.name, each.version) for each in changes.people] == [
        (cast.bob.id, "Rob", 3),
        (cast.alice.id, "Alice", 4),
    ]
    assert (changes.up_to, changes.head) == (4, 4)


def test_a_change_that_is_refused_takes_no_version(cast: Cast) -> None:
    with pytest.raises(LastAdmin):
        people.deactivate(cast.dana, cast.dana.id)
    with pytest.raises(NameEmpty):
        people.rename_person(cast.bob, " ")
    assert people.read_changes(0).head == 0


def test_changes_of_people_are_read_page_by_page(cast: Cast) -> None:
    for person in (cast.alice, cast.bob, cast.charlie):
        people.rename_person(person, f"{person.name} the Great")
    first = people.read_changes(0, limit=2)
    assert ([each.id for each in first.people], first.up_to, first.head) == ([cast.alice.id, cast.bob.id], 2, 3)
    rest = people.read_changes(first.up_to, limit=2)
    assert ([each.id for each in rest.people], rest.up_to) == ([cast.charlie.id], 3)


def test_people_who_change_in_the_same_moment_take_versions_without_holes(app: Flask, cast: Cast) -> None:
    actors = [cast.alice, cast.bob, cast.charlie, cast.dana] * 2
    at_once(app, [partial(people.rename_person, actor, f"{actor.name} {turn}") for turn, actor in enumerate(actors)])
    db.session().rollback()
    changes = people.read_changes(0)
    assert changes.head == len(actors)
    versions = [each.version for each in changes.people]
    assert versions == sorted(set(versions))
    assert versions[-1] == changes.head


def test_deactivation_ends_every_sign_in_and_keeps_the_account(cast: Cast) -> None:
    for _ in range(2):
        sign_ins.begin_sign_in(cast.bob, user_agent="test")
    people.deactivate(cast.dana, cast.bob.id)
    assert SignIn.of(cast.bob.id) == []
    assert db.session().get_one(User, cast.bob.id).is_deactivated


def test_what_was_said_is_marked_while_the_account_has_ended(cast: Cast) -> None:  # behaviour 43
    message_id = messages.post_message(cast.bob, cast.closed_room, "I was here").id
    messages.post_message(cast.alice, cast.closed_room, "so was I", reply_to=1)
    reactions.add_reaction(cast.alice, message_id, "👍")

    def marked() -> list[bool]:
        return [said.is_author_deactivated for said in read_newest(cast.alice, cast.closed_room).said]

    assert marked() == [False, False]
    people.deactivate(cast.dana, cast.bob.id)
    assert marked() == [True, False]
    reactions.add_reaction(cast.alice, message_id, "🎉")  # a change keeps the mark
    changed = read_changes(cast.alice, cast.closed_room, 0).items[-1]
    assert (changed.author, changed.html.count("message__deactivated")) == (AuthorFact(cast.bob.id, "Bob", True), 1)
    people.reactivate(cast.dana, cast.bob.id)
    assert marked() == [False, False]


def test_deactivating_again_keeps_the_first_date(cast: Cast) -> None:
    def date() -> datetime | None:
        return db.session().get_one(User, cast.bob.id).deactivated_at

    people.deactivate(cast.dana, cast.bob.id)
    first = date()
    people.deactivate(cast.dana, cast.bob.id)
    assert date() == first


def test_a_reactivated_person_signs_in_again(cast: Cast) -> None:
    people.deactivate(cast.dana, cast.bob.id)
    people.reactivate(cast.dana, cast.bob.id)
    assert sign_ins.sign_in("bob@example.org", PASSWORD, address="10.0.0.1", user_agent="").person == cast.bob


def test_only_administrators_end_and_restore_accounts(cast: Cast) -> None:
    for person in (cast.alice, cast.charlie):
        for verb in (people.deactivate, people.reactivate):
            with pytest.raises(AdminsOnly):
                verb(person, cast.bob.id)


def test_unknown_accounts_are_not_found(cast: Cast) -> None:
    for verb in (people.deactivate, people.reactivate):
        with pytest.raises(PersonNotFound):
            verb(cast.dana, 999_999)


def test_the_last_administrator_stays(cast: Cast) -> None:
    with pytest.raises(LastAdmin):
        people.deactivate(cast.dana, cast.dana.id)


def test_of_two_administrators_who_end_each_other_in_the_same_moment_one_stays(app: Flask, cast: Cast) -> None:
    eve = people.create_user("Eve", "eve@example.org", PASSWORD, is_admin=True)
    pairs = [(cast.dana, eve), (eve, cast.dana)] * 3
    outcomes = at_once(app, [partial(people.deactivate, actor, other.id) for actor, other in pairs])
    # Whoever waits for long is told to ask again, and nothing has happened then.
    assert None in outcomes
    assert {type(outcome) for outcome in outcomes} <= {type(None), LastAdmin, Unavailable}, outcomes
    db.session().rollback()
    (left,) = User.active({cast.dana.id, eve.id})
    with pytest.raises(LastAdmin):
        people.deactivate(cast.dana, left.id)
    assert len(User.active({cast.dana.id, eve.id})) == 1


@pytest.mark.parametrize(
    ("text", "expected", "members"),
    [("", 4, 2), ("ali", 1, 1), ("A", 3, 1), ("%", 0, 0), ("_", 0, 0), ("\0", 0, 0), ("é", 0, 0)],
)
def test_people_are_found_by_a_part_of_their_name(cast: Cast, text: str, expected: int, members: int) -> None:
    assert len(User.named_like(text)) == expected

    assert len(Membership.people_in(cast.open_room, text)) == members


@pytest.mark.parametrize("text", ["ärg", "ÄRG", "gü", "\uff21\uff2c\uff29"])
def test_people_are_found_in_whatever_case_their_script_has(cast: Cast, text: str) -> None:
    people.rename_person(cast.bob, "Ärgün")
    assert len(User.named_like(text)) == 1
