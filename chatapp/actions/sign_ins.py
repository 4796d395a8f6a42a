"""Coming in and going out."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, current_app

from chatapp import db, identity
from chatapp.config import Settings
from chatapp.errors import ChatError, EmailInvalid, PersonNotFound, WrongPassword
from chatapp.identity import Guest
from chatapp.models import Person, SignIn, User
from chatapp.names import clean_email
from chatapp.ratelimit import RateLimit
from chatapp.realtime import broadcasts

TRIES_AT_ONCE = 2  # password checks; each takes 20 MB and 30 ms of a core
USER_AGENT_CHARS = 200  # characters kept, to tell one's browsers apart in a list


class Throttle:
    """Wrong passwords: for an account from one network address, from an address, and for an account from anywhere.

    Right ones do not count: an office shares an address. The last limit is wide: else a stranger who keeps guessing
    would keep the owner out.
    """

    def __init__(self, settings: Settings) -> None:
        self._turns = threading.Semaphore(TRIES_AT_ONCE)
        self._limits = {
            "account_here": RateLimit(settings.logins_per_account, "account_here"),
            "account": RateLimit(settings.logins_per_account_anywhere, "account"),
            "address": RateLimit(settings.logins_per_address, "address"),
        }

    @contextmanager
    def one_try(self, **keys: str) -> Iterator[None]:
        """A turn to try a password. It counts for each key, unless the block ends without an error.

        Raises TooManyRequests. Few at a time: a hundred at once would all pass before the first is counted.
        """
        with self._turns:
            for kind, key in keys.items():
                self._limits[kind].take(key)
            yield
            for kind, key in keys.items():
                self._limits[kind].give_back(key)


def init_app(app: Flask, settings: Settings) -> None:
    """Give `app` its throttle."""
    app.extensions["chatapp_throttle"] = Throttle(settings)


def sign_in(email: str, password: str, *, address: str, user_agent: str) -> Guest:
    """A new sign-in of the person with this password. Raises WrongPassword, TooManyRequests.

    `address` is where the try comes from, as `network_of` names it, for counting wrong ones.
    """
    throttle: Throttle = current_app.extensions["chatapp_throttle"]
    account = _account_key(email)
    with throttle.one_try(account_here=f"{account} {address}", address=address, account=account):
        user = _account(email)
        if not identity.password_matches(user, password) or user is None:
            raise WrongPassword
        guest = begin_sign_in(user.person, user_agent=user_agent, password_hash=user.password_hash)
    _keep_hash_strong(user, password)
    return guest


def begin_sign_in(person: Person, *, user_agent: str, password_hash: str | None = None) -> Guest:
    """A new sign-in of somebody who has just shown who they are.

    Raises WrongPassword when the account was ended meanwhile, or no longer has the `password_hash` that was checked.
    """
    token = identity.new_token()
    # PostgreSQL keeps no NUL, and a header may hold anything.
    browser = user_agent.replace("\0", "")[:USER_AGENT_CHARS]
    row = SignIn(user_id=person.id, token_hash=identity.token_hash(token), user_agent=browser)
    with db.transaction() as session:
        account = session.get_one(User, person.id, with_for_update=True)
        if account.is_deactivated or password_hash not in (None, account.password_hash):
            raise WrongPassword
        session.add(row)
    return Guest(person, row.id, token)


def sign_out(guest: Guest) -> None:
    """End this sign-in: its cookie opens nothing any more, and its sockets close."""
    _end(guest.person, only=guest.sign_in_id)


def end_sign_in(actor: Person, sign_in_id: int) -> None:
    """End one of one's own sign-ins, on whatever device it is. Raises PersonNotFound when it is not one's own."""
    if not _end(actor, only=sign_in_id):
        raise PersonNotFound


def change_password(guest: Guest, current: str, password: str) -> None:
    """Set a new password and end all other sign-ins.

    Raises WrongPassword, TooManyRequests, PasswordTooShort, PasswordTooLong.
    """
    throttle: Throttle = current_app.extensions["chatapp_throttle"]
    user = db.session().get_one(User, guest.person.id)
    with throttle.one_try(account_here=f"{guest.sign_in_id}"):
        if not identity.password_matches(user, current):
            raise WrongPassword
    new_hash = identity.checked_password_hash(password)
    with db.transaction() as session:
        session.get_one(User, guest.person.id).password_hash = new_hash
        broadcasts.sign_ins_ended(SignIn.end(guest.person.id, but=guest.sign_in_id))


def _end(person: Person, *, only: int) -> bool:
    with db.transaction():
        ended = SignIn.end(person.id, only=only)
        broadcasts.sign_ins_ended(ended)
    return bool(ended)


def _account(email: str) -> User | None:
    try:
        return User.by_email(clean_email(email))
    except EmailInvalid:
        return None


def _account_key(email: str) -> str:
    return identity.token_hash(email.strip().casefold())


def _keep_hash_strong(user: User, password: str) -> None:
    if not identity.needs_rehash(user):
        return
    try:
        new_hash = identity.checked_password_hash(password)
    except ChatError:
        # A password from before a rule grew stricter still lets its owner in.
        return
    with db.transaction() as session:
        session.get_one(User, user.id).password_hash = new_hash
