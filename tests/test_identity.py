"""Passwords and tokens: what is kept of them, and that a wrong guess learns nothing."""

import re
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import update

from chatapp import db, identity
from chatapp.actions import people, sign_ins
from chatapp.errors import PasswordTooLong, PasswordTooShort, WrongPassword
from chatapp.models import SignIn, User
from tests.databases import sqlite_lock
from tests.support import FULL_HASHER, PASSWORD, Cast

pytestmark = pytest.mark.usefixtures("context", "full_passwords")


class CountingHasher:
    """The hasher, and how often it verified a password of how many bytes against which parameters."""

    def __init__(self, real: PasswordHasher) -> None:
        self._real = real
        self.verified: list[tuple[str, int]] = []

    def verify(self, stored: str, password: bytes) -> bool:
        self.verified.append((stored.rpartition("$")[0].rpartition("$")[0], len(password)))
        return self._real.verify(stored, password)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


@pytest.fixture
def cast(cast: Cast) -> Cast:
    """Everybody, with a password that was hashed as it is everywhere else."""
    with db.transaction() as session:
        session.execute(update(User).values(password_hash=FULL_HASHER.hash(PASSWORD)))
    return cast


@pytest.fixture
def hasher(monkeypatch: pytest.MonkeyPatch) -> CountingHasher:
    """The hasher in use, which counts."""
    counting = CountingHasher(identity._hasher)  # noqa: SLF001
    monkeypatch.setattr(identity, "_hasher", counting)
    return counting


def stored_hash(user_id: int) -> str:
    db.session().rollback()
    return str(db.session().get_one(User, user_id).password_hash)


def try_to_sign_in(email: str, password: str) -> None:
    with pytest.raises(WrongPassword):
        sign_ins.sign_in(email, password, address="10.0.0.1", user_agent="")


@pytest.mark.asvs("11.4.2")
def test_a_stored_password_is_argon2id_with_the_parameters_of_owasp() -> None:
    person = people.create_user("Eve", "eve@example.org", PASSWORD)
    assert re.fullmatch(r"\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}", stored_hash(person.id))


def test_one_password_is_stored_differently_each_time() -> None:
    first = people.create_user("Eve", "eve@example.org", PASSWORD)
    second = people.create_user("Adam", "adam@example.org", PASSWORD)
    assert stored_hash(first.id) != stored_hash(second.id)


@pytest.mark.asvs("6.2.9")
@pytest.mark.parametrize("password", ["x" * 12, "x" * 256, "한" * 256, "😀" * 12, "  spaces count  ", "nul\0and more"])
def test_a_password_within_the_rules_is_taken_whole(password: str) -> None:
    person = people.create_user("Eve", "eve@example.org", password)
    assert sign_ins.sign_in("eve@example.org", password, address="", user_agent="").person == person
    for wrong in (password[:-1], password + "x", password.strip() if password.strip() != password else "x"):
        try_to_sign_in("eve@example.org", wrong)


@pytest.mark.parametrize(
    ("password", "error"),
    [
        ("", PasswordTooShort),
        ("x" * 11, PasswordTooShort),
        ("x" * 257, PasswordTooLong),
        ("x" * 10**6, PasswordTooLong),
    ],
)
def test_a_password_outside_the_rules_is_refused(password: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        people.create_user("Eve", "eve@example.org", password)


def test_a_guess_of_a_million_characters_is_not_hashed_whole(cast: Cast, hasher: CountingHasher) -> None:
    assert cast
    try_to_sign_in("bob@example.org", "x" * 10**6)
    assert [length for _, length in hasher.verified] == [257]


@pytest.mark.parametrize(
    "email", ["bob@example.org", "nobody@example.org", "no address", "bot@example.org", "gone@example.org"]
)
def test_an_unknown_account_takes_as_long_as_a_wrong_password(cast: Cast, hasher: CountingHasher, email: str) -> None:
    with db.transaction() as session:
        session.add(User(name="Bot", email="bot@example.org", kind="bot"))
    gone = people.create_user("Gone", "gone@example.org", PASSWORD)
    people.deactivate(cast.dana, gone.id)
    try_to_sign_in(email, PASSWORD if email.startswith("gone") else "a wrong password")
    assert [parameters for parameters, _ in hasher.verified] == ["$argon2id$v=19$m=19456,t=2,p=1"]


def test_the_password_that_stands_in_for_no_account_opens_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity, "_NOBODYS_HASH", identity.checked_password_hash(PASSWORD))
    assert not identity.password_matches(None, PASSWORD)
    try_to_sign_in("nobody@example.org", PASSWORD)


@pytest.mark.asvs("7.2.3")
def test_passwords_are_hashed_one_at_a_time(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    here, most, overlap = list[None](), list[int](), threading.Event()

    def slow(*_of: object) -> bool:
        here.append(None)
        most.append(len(here))
        overlap.wait(0.02)  # nobody sets it: somebody else could come meanwhile
        here.pop()
        return False

    def guess() -> None:
        with app.app_context():
            identity.password_matches(None, "a guess")

    monkeypatch.setattr(identity, "offload", slow)
    guessing = [threading.Thread(target=guess) for _ in range(4)]
    for thread in guessing:
        thread.start()
    for thread in guessing:
        thread.join()
    assert most == [1, 1, 1, 1]


def test_a_token_is_256_random_bits() -> None:
    tokens = {identity.new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert {len(token) for token in tokens} == {43}


def test_a_token_is_kept_as_its_sha_256() -> None:
    assert identity.token_hash("token") == sha256(b"token").hexdigest()


@pytest.mark.parametrize("token", ["", "None", "0", "\0", "é", "\ud800", "x" * 10**6, "' OR 1=1 --"])
def test_a_token_that_was_never_given_is_nobodys(cast: Cast, token: str) -> None:
    sign_ins.begin_sign_in(cast.alice, user_agent="")
    assert identity.guest_of_token(token) is None


def test_an_identifier_is_no_token(cast: Cast) -> None:
    guest = sign_ins.begin_sign_in(cast.alice, user_agent="")
    for guess in (str(guest.sign_in_id), str(cast.alice.id), "alice@example.org"):
        assert identity.guest_of_token(guess) is None


def test_a_guest_carries_its_token_as_id(cast: Cast) -> None:
    guest = sign_ins.begin_sign_in(cast.alice, user_agent="")
    assert guest.get_id() == guest.token
    assert identity.guest_of_token(guest.get_id()) == guest


@contextmanager
def impatient(app: Flask) -> Iterator[None]:
    """As long as this lasts, nobody waits long for a lock."""
    settings = app.extensions["chatapp_settings"]
    app.extensions["chatapp_settings"] = replace(settings, lock_timeout_ms=20)
    yield
    app.extensions["chatapp_settings"] = settings


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_one_stays_signed_in_while_the_database_takes_no_writes(app: Flask, cast: Cast, database_url: str) -> None:
    guest = sign_ins.begin_sign_in(cast.alice, user_agent="")
    with db.transaction():
        SignIn.of(cast.alice.id)[0].last_used_at = db.now() - timedelta(hours=1)
    with impatient(app), sqlite_lock(database_url):
        assert identity.guest_of_token(guest.token) == guest
    assert identity.guest_of_token(guest.token) == guest
    assert [db.now() - row.last_used_at < timedelta(minutes=1) for row in SignIn.of(cast.alice.id)] == [True]


def test_a_person_renamed_is_known_by_the_new_name_at_once(cast: Cast) -> None:
    guest = sign_ins.begin_sign_in(cast.alice, user_agent="")
    name = secrets.token_hex(4)
    people.rename_person(cast.alice, name)
    assert identity.person_of_sign_in(guest.sign_in_id).name == name
