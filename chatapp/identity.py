"""Who is at the other end: passwords, tokens, and the sign-in behind a cookie."""

import hashlib
import secrets
import threading
from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import session as http_session
from flask_login import UserMixin, current_user

from chatapp import config, db
from chatapp.errors import PasswordTooLong, PasswordTooShort, SignedOut, Unavailable
from chatapp.extensions import login_manager
from chatapp.models import Person, SignIn, User
from chatapp.models.arrival import arrival_of
from chatapp.models.membership import Standing
from chatapp.models.sign_in import LiveSignIn
from chatapp.offload import offload

# OWASP's minimum for argon2id; the library's default takes seven times as long on a small machine.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# Of each worker one at a time: each takes a whole core for 20 ms, and who guesses would take all from those who talk.
_hashing = threading.Semaphore(1)

T = TypeVar("T")


def _random(length: int) -> str:
    return b64encode(secrets.token_bytes(length)).rstrip(b"=").decode()


# Checked when there is no such account, so that the answer takes as long and tells nothing. It looks like a hash of
# today's parameters and is that of no password: to make one takes longer than all else that a module does at its start.
_NOBODYS_HASH = (
    f"$argon2id$v=19$m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}"
    f"${_random(_hasher.salt_len)}${_random(_hasher.hash_len)}"
)


@dataclass(frozen=True)
class Guest(UserMixin):  # type: ignore[misc]  # Flask-Login has no types
    """A signed-in browser, as Flask-Login holds it. Its id is the token, so a row can end it."""

    person: Person
    sign_in_id: int
    token: str
    # Where the company's people stood when this browser was let in: nothing on its page is older.
    people_version: int = 0

    def get_id(self) -> str:
        """What the cookie carries."""
        return self.token


def signed_in_guest() -> Guest:
    """The signed-in browser behind this request. Raises SignedOut."""
    if not current_user.is_authenticated:
        raise SignedOut
    # The object itself: the proxy would mean somebody else in another greenlet.
    guest: Guest = current_user._get_current_object()
    return guest


def arriving() -> tuple[Guest, dict[int, Standing]]:
    """The signed-in browser behind this handshake, and its person's rooms, as of one moment. Raises SignedOut."""
    token = http_session.get("_user_id")  # where Flask-Login keeps it, which would ask for the sign-in alone
    if not isinstance(token, str):
        raise SignedOut
    sign_in, rooms = arrival_of(token_hash(token)) or (None, {})
    if sign_in is None or _is_over(sign_in):
        raise SignedOut
    _keep_in_use(sign_in)
    return _guest(sign_in, token), rooms


def signed_in_person() -> Person:
    """Who is behind this request. Raises SignedOut."""
    return signed_in_guest().person


def token_of_cookie() -> str | None:
    """What this request's cookie carries, which we have signed once; nobody has asked yet whether its sign-in lives."""
    token: str | None = http_session.get("_user_id")
    return token


def person_of_sign_in(sign_in_id: int) -> Person:
    """Who is behind an open socket, asked of the database each time. Raises SignedOut when it was ended."""
    sign_in = SignIn.by_id(sign_in_id)
    if sign_in is None or _is_over(sign_in):
        raise SignedOut
    _keep_in_use(sign_in)
    return sign_in.person


def alive_sign_ins(sign_in_ids: set[int]) -> set[int]:
    """Those of these sign-ins that have neither ended nor expired."""
    idle, longest = _lifetimes()
    return SignIn.alive(sign_in_ids, idle=idle, longest=longest)


@login_manager.user_loader  # type: ignore[untyped-decorator]  # as above
def guest_of_token(token: str) -> Guest | None:
    """The browser that carries `token`, or None when its sign-in has ended."""
    sign_in = SignIn.by_token_hash(token_hash(token))
    if sign_in is None or _is_over(sign_in):
        return None
    _keep_in_use(sign_in)
    return _guest(sign_in, token)


def _guest(sign_in: LiveSignIn, token: str) -> Guest:
    return Guest(sign_in.person, sign_in.id, token, sign_in.people_version)


def new_token() -> str:
    """A secret of 256 random bits for a cookie or a link."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What the database keeps of a token. SHA-256 is enough: a random token cannot be guessed from it."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def checked_password_hash(password: str) -> str:
    """The argon2id hash of a password that keeps the rules. Raises PasswordTooShort, PasswordTooLong."""
    settings = config.current()
    if len(password) < settings.password_min_chars:
        raise PasswordTooShort(min_chars=settings.password_min_chars)
    if len(password) > settings.password_max_chars:
        raise PasswordTooLong(max_chars=settings.password_max_chars)
    db.session().rollback()  # no connection is held meanwhile
    return _in_turn(_hasher.hash, _bytes(password))


def password_matches(user: User | None, password: str) -> bool:
    """True when it is this account's password. Takes as long when there is no account."""
    stored = user.password_hash if user and user.password_hash else _NOBODYS_HASH
    # A password longer than any we took is wrong; hashing megabytes would let a stranger busy us.
    attempt = password[: config.current().password_max_chars + 1]
    # Hashing takes a while: many at once must not drain the pool of connections.
    db.session().rollback()
    return _in_turn(_verify, stored, _bytes(attempt)) and stored is not _NOBODYS_HASH


def _in_turn(function: Callable[..., T], *args: object) -> T:
    with _hashing:
        return offload(function, *args)


def needs_rehash(user: User) -> bool:
    """True when the stored hash is weaker than those we make today."""
    return _hasher.check_needs_rehash(user.password_hash or "")


def _verify(stored: str, password: bytes) -> bool:
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")


def _keep_in_use(sign_in: LiveSignIn) -> None:
    if sign_in.age.needs_touch:
        # While the database takes no writes one may still read; the next request notes it.
        with suppress(Unavailable), db.transaction():
            SignIn.touch(sign_in.id)


def _is_over(sign_in: LiveSignIn) -> bool:
    idle, longest = _lifetimes()
    return sign_in.age.is_over(idle=idle, longest=longest)


def _lifetimes() -> tuple[timedelta, timedelta]:
    settings = config.current()
    return timedelta(days=settings.sign_in_idle_days), timedelta(days=settings.sign_in_max_days)
