"""A sign-in: the row behind a cookie, so that it can be ended from outside."""

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Select, String, bindparam, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from chatapp import db
from chatapp.db import Base, UtcDateTime
from chatapp.models.user import User

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
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=db.now)
    last_used_at: Mapped[datetime] = mapped_column(UtcDateTime, default=db.now)

    def is_over(self, *, idle: timedelta, longest: timedelta) -> bool:
        """True when it was unused for `idle`, or began `longest` ago."""
        moment = db.now()
        return moment - self.last_used_at > idle or moment - self.created_at > longest

    @property
    def needs_touch(self) -> bool:
        """True when `last_used_at` should be moved on."""
        return db.now() - self.last_used_at > TOUCH_EVERY

    @staticmethod
    def by_token_hash(token_hash: str) -> "tuple[SignIn, User] | None":
        """The sign-in with this token and its active person."""
        return _found(_BY_TOKEN_HASH, token_hash)

    @staticmethod
    def by_id(sign_in_id: int) -> "tuple[SignIn, User] | None":
        """The sign-in with this id and its active person."""
        return _found(_BY_ID, sign_in_id)

    @staticmethod
    def of(user_id: int) -> "list[SignIn]":
        """A person's sign-ins, the last used first."""
        query = select(SignIn).where(SignIn.user_id == user_id).order_by(SignIn.last_used_at.desc())
        return list(db.session().scalars(query))

    @staticmethod
    def alive(ids: set[int], *, idle: timedelta, longest: timedelta) -> set[int]:
        """Those of these sign-ins that have neither been ended nor grown too old, as `is_over` counts."""
        if not ids:
            return set()
        moment = db.now()
        query = select(SignIn.id).where(SignIn.id.in_(ids))
        query = query.where(SignIn.last_used_at >= moment - idle, SignIn.created_at >= moment - longest)
        return set(db.session().scalars(query))

    @staticmethod
    def touch(sign_in_id: int) -> None:
        """Note that it was used now."""
        db.session().execute(update(SignIn).where(SignIn.id == sign_in_id).values(last_used_at=db.now()))

    @staticmethod
    def end(user_id: int, *, only: int | None = None, but: int | None = None) -> list[int]:
        """End a person's sign-ins: all, `only` one, or all `but` one. Gives the ids that were ended."""
        query = delete(SignIn).where(SignIn.user_id == user_id)
        if only is not None:
            query = query.where(SignIn.id == only)
        if but is not None:
            query = query.where(SignIn.id != but)
        return list(db.session().scalars(query.returning(SignIn.id)))


# Asked for every request and every event: building the query each time took as long as asking it.
_WITH_USER = select(SignIn, User).join(User, User.id == SignIn.user_id).where(User.deactivated_at.is_(None))
_BY_ID = _WITH_USER.where(SignIn.id == bindparam("key"))
_BY_TOKEN_HASH = _WITH_USER.where(SignIn.token_hash == bindparam("key"))


def _found(query: Select[SignIn, User], key: int | str) -> tuple[SignIn, User] | None:
    row = db.session().execute(query, {"key": key}).first()
    return (row[0], row[1]) if row else None
