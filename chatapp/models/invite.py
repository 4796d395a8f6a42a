"""Links by which people join the company."""

from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, String, select, update
from sqlalchemy.orm import Mapped, mapped_column

from chatapp import db
from chatapp.db import Base, UtcDateTime


class Invite(Base):
    """An invite link, as a hash of its token; counted, dated, revocable."""

    __tablename__ = "invites"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=db.now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    uses_left: Mapped[int]
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @staticmethod
    def valid(token_hash: str) -> "Invite | None":
        """The invite with this token, if it still lets someone in."""
        return db.session().scalar(select(Invite).where(Invite.token_hash == token_hash, *_still_open()))

    @staticmethod
    def use(token_hash: str) -> bool:
        """Take one use; False when none is left. Counted by the database: two who race cannot share the last."""
        query = update(Invite).where(Invite.token_hash == token_hash, *_still_open())
        query = query.values(uses_left=Invite.uses_left - 1)
        return db.session().scalar(query.returning(Invite.id)) is not None

    @staticmethod
    def open_ones() -> "list[Invite]":
        """The invites that still let someone in, the newest first."""
        return list(db.session().scalars(select(Invite).where(*_still_open()).order_by(Invite.id.desc())))

    @staticmethod
    def revoke(invite_id: int) -> bool:
        """End an invite; False when there is none with this id."""
        query = update(Invite).where(Invite.id == invite_id).values(revoked_at=db.now())
        return db.session().scalar(query.returning(Invite.id)) is not None


def _still_open() -> tuple[ColumnElement[bool], ...]:
    return Invite.revoked_at.is_(None), Invite.expires_at > db.now(), Invite.uses_left > 0
