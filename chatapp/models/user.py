"""People: who may sign in, and who speaks."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Boolean, ColumnElement, Select, String, Text, bindparam, select
from sqlalchemy.orm import Mapped, mapped_column, validates

from chatapp import db
from chatapp.db import Base, UtcDateTime
from chatapp.models.preferences import Clock, Preferences, SendKey, SingleKeys, Theme
from chatapp.names import name_key

PEOPLE_PAGE = 200  # rows; every list is paged


class UserKind(StrEnum):
    PERSON = "person"
    BOT = "bot"
    IMPORTED = "imported"


@dataclass(frozen=True)
class Person:
    """Who acts: what crosses the layers in place of a database row."""

    id: int
    name: str
    is_admin: bool = False


class User(Base):
    """An account. It is never deleted, since what it said stays; `deactivated_at` ends it."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), default=UserKind.PERSON)
    name: Mapped[str] = mapped_column(String(80))
    # For looking people up: databases fold the case of ASCII only, or of whatever their locale knows.
    name_key: Mapped[str] = mapped_column(Text)
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(255))
    is_admin: Mapped[bool] = mapped_column(Boolean, default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=db.now)
    deactivated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    theme: Mapped[str] = mapped_column(String(10), default=Theme.SYSTEM, server_default=Theme.SYSTEM)
    send_key: Mapped[str] = mapped_column(String(10), default=SendKey.ENTER, server_default=SendKey.ENTER)
    clock: Mapped[str] = mapped_column(String(10), default=Clock.LOCALE, server_default=Clock.LOCALE)
    single_keys: Mapped[str] = mapped_column(String(10), default=SingleKeys.ON, server_default=SingleKeys.ON)
    # The company's `people_version` at their last change; 0 as long as there was none.
    version: Mapped[int] = mapped_column(default=0, server_default="0", index=True)

    @validates("name")
    def _keep_name_key(self, _field: str, name: str) -> str:
        self.name_key = name_key(name)
        return name

    @property
    def person(self) -> Person:
        """This account as an actor."""
        return Person(self.id, self.name, self.is_admin)

    @property
    def is_deactivated(self) -> bool:
        """True when this person may no longer sign in."""
        return self.deactivated_at is not None

    @property
    def preferences(self) -> Preferences:
        """What this person has chosen."""
        return Preferences.stored(self.theme, self.send_key, self.clock, self.single_keys)

    def choose(self, chosen: Preferences) -> None:
        """Keep what this person has chosen."""
        self.theme, self.send_key, self.clock = chosen.theme, chosen.send_key, chosen.clock
        self.single_keys = chosen.single_keys

    @staticmethod
    def preferences_of(user_id: int) -> Preferences:
        """What this person has chosen, as every page asks for it: without the rest of the account."""
        row = db.session().execute(_PREFERENCES, {"user_id": user_id}).one()
        return Preferences.stored(*row)

    @staticmethod
    def by_email(email: str) -> "User | None":
        """The account with this cleaned e-mail address."""
        return db.session().scalar(select(User).where(User.email == email))

    @staticmethod
    def active(ids: set[int]) -> "list[User]":
        """Those of `ids` who exist and are not deactivated, by id."""
        query = select(User).where(User.id.in_(ids), User.deactivated_at.is_(None)).order_by(User.id)
        return list(db.session().scalars(query))

    @staticmethod
    def changed_since(version: int, limit: int = PEOPLE_PAGE) -> "list[ChangedPerson]":
        """The first people who changed after `version`, in the order of their last changes."""
        query = _CHANGED.where(User.version > version).order_by(User.version).limit(limit)
        return [ChangedPerson(*row) for row in db.session().execute(query)]

    @staticmethod
    def last_changed() -> "ChangedPerson | None":
        """Who changed last; None where nobody has."""
        row = db.session().execute(_CHANGED.where(User.version > 0).order_by(User.version.desc()).limit(1)).first()
        return ChangedPerson(*row) if row else None

    @staticmethod
    def named_like(text: str = "", *, with_deactivated: bool = False, limit: int = PEOPLE_PAGE) -> "list[User]":
        """The first people whose name contains `text`, by name."""
        query = people_named(text)
        if not with_deactivated:
            query = query.where(User.deactivated_at.is_(None))
        return list(db.session().scalars(query.limit(limit)))

    @staticmethod
    def active_admins() -> set[int]:
        """The administrators who can sign in. On PostgreSQL their rows are locked until commit."""
        query = select(User.id).where(User.is_admin, User.deactivated_at.is_(None)).order_by(User.id)
        return set(db.session().scalars(query.with_for_update()))


@dataclass(frozen=True)
class ChangedPerson:
    """Somebody as they are since the version of their last change."""

    id: int
    name: str
    is_deactivated: bool
    version: int


_CHANGED = select(User.id, User.name, User.deactivated_at.is_not(None), User.version)
_CHOSEN = (User.theme, User.send_key, User.clock, User.single_keys)
_PREFERENCES = select(*_CHOSEN).where(User.id == bindparam("user_id"))


def people_named(text: str) -> Select[User]:
    """The query for people whose name contains `text`, by name."""
    query = select(User).where(User.kind == UserKind.PERSON).order_by(User.name_key, User.id)
    return query.where(name_contains(text)) if text else query


def name_contains(text: str) -> ColumnElement[bool]:
    """The condition that somebody's name contains `text`, in whatever case."""
    # No name has a NUL: PostgreSQL refuses to look for one, and SQLite would take it for the end of the text.
    sought = name_key(text.replace("\0", "\ufffd"))
    return User.name_key.contains(sought, autoescape=True)
