"""A sign-in: the row behind a cookie, so that it can be ended from outside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, Select, String, bindparam, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from chatapp import db
from chatapp.db import Base, UtcDateTime
from chatapp.models.company import PEOPLE_VERSION
from chatapp.models.database_time import DatabaseNow
from chatapp.models.user import Person, User

TOUCH_EVERY = timedelta(minutes=5)  # how exact `last_used_at` is: a write per request would be waste


class SignIn(Base):
    """One browser of one person. Ending it deletes the row."""

    __tablename__ = "sign_ins"
    # Never the number of one that has ended: an open socket may still carry it.
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    # Only the hash: who reads the database cannot sign in with it.
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_agent: Mapped[str] = mapped_column(String(200), default="")
    # By the database's clock, as they are judged: a worker whose own is wrong must sign nobody out.
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=DatabaseNow())
    last_used_at: Mapped[datetime] = mapped_column(UtcDateTime, default=DatabaseNow())

    @staticmethod
    def by_token_hash(token_hash: str) -> "LiveSignIn | None":
        """The sign-in with this token, if its person is active."""
        return _found(BY_TOKEN_HASH, token_hash)

    @staticmethod
    def by_id(sign_in_id: int) -> "LiveSignIn | None":
        """The sign-in with this id, if its person is active."""
        return _found(_BY_ID, sign_in_id)

    @staticmethod
    def of(user_id: int) -> "list[SignIn]":
        """A person's sign-ins, the last used first."""
        query = select(SignIn).where(SignIn.user_id == user_id).order_by(SignIn.last_used_at.desc(), SignIn.id.desc())
        return list(db.session().scalars(query))

    @staticmethod
    def alive(ids: set[int], *, idle: timedelta, longest: timedelta) -> set[int]:
        """Those of these sign-ins that have neither been ended nor grown too old, as `SignInAge.is_over` counts."""
        if not ids:
            return set()
        query = select(SignIn.id, SignIn.created_at, SignIn.last_used_at, DatabaseNow()).where(SignIn.id.in_(ids))
        rows = [(sign_in_id, SignInAge(*times)) for sign_in_id, *times in db.session().execute(query)]
        return {sign_in_id for sign_in_id, age in rows if not age.is_over(idle=idle, longest=longest)}

    @staticmethod
    def touch(sign_in_id: int) -> None:
        """Note that it was used now."""
        db.session().execute(update(SignIn).where(SignIn.id == sign_in_id).values(last_used_at=DatabaseNow()))

    @staticmethod
    def end(user_id: int, *, only: int | None = None, but: int | None = None) -> list[int]:
        """End a person's sign-ins: all, `only` one, or all `but` one. Gives the ids that were ended."""
        query = delete(SignIn).where(SignIn.user_id == user_id)
        if only is not None:
            query = query.where(SignIn.id == only)
        if but is not None:
            query = query.where(SignIn.id != but)
        return list(db.session().scalars(query.returning(SignIn.id)))


@dataclass(frozen=True)
class SignInAge:
    """How old a sign-in was when it was asked for: all three times are the database's."""

    created_at: datetime
    last_used_at: datetime
    asked_at: datetime

    def is_over(self, *, idle: timedelta, longest: timedelta) -> bool:
        """True when it was unused for `idle`, or began `longest` ago."""
        return self.asked_at - self.last_used_at > idle or self.asked_at - self.created_at > longest

    @property
    def needs_touch(self) -> bool:
        """True when `last_used_at` should be moved on."""
        return self.asked_at - self.last_used_at > TOUCH_EVERY


@dataclass(frozen=True)
class LiveSignIn:
    """A sign-in and its person, as every request and every event asks for them."""

    id: int
    person: Person
    age: SignInAge
    # Where the company's people stood then, as a page asks: whatever it reads later is not older.
    people_version: int = 0


# Built once, for each takes as long as asking; and of both rows only what is needed.
_LIVE = (
    select(SignIn.id, SignIn.created_at, SignIn.last_used_at, DatabaseNow(), User.id, User.name, User.is_admin)
    .join(User, User.id == SignIn.user_id)
    .where(User.deactivated_at.is_(None))
)
_BY_ID = _LIVE.where(SignIn.id == bindparam("key"))
# Not of every event: on PostgreSQL it makes the question a quarter longer.
BY_TOKEN_HASH = _LIVE.add_columns(PEOPLE_VERSION).where(SignIn.token_hash == bindparam("key"))


def _found(query: Select[*tuple[Any, ...]], key: int | str) -> LiveSignIn | None:
    found = db.rows(query, {"key": key})
    return live_sign_in(found[0]) if found else None


def live_sign_in(row: Sequence[Any]) -> LiveSignIn:
    """What a row of these questions says."""
    sign_in_id, created_at, last_used_at, asked_at, user_id, name, is_admin, *people_version = row
    age = SignInAge(created_at, last_used_at, asked_at)
    return LiveSignIn(sign_in_id, Person(user_id, name, is_admin), age, *people_version)
