"""What a message said before it was edited. Members of its room may read it, until the message is deleted."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from chatapp import db
from chatapp.db import Base, UtcDateTime


class MessageEdit(Base):
    """A former text of a message. `version` is the room's version at which it was replaced."""

    __tablename__ = "message_edits"

    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    # When the author wrote this text, not when it was replaced.
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @staticmethod
    def of(message_id: int) -> "list[MessageEdit]":
        """The former texts of a message, the oldest first."""
        query = select(MessageEdit).where(MessageEdit.message_id == message_id).order_by(MessageEdit.version)
        return list(db.session().scalars(query))

    @staticmethod
    def last_version(message_id: int) -> int:
        """The room's version at which the text was last changed; 0 when it never was."""
        query = select(func.max(MessageEdit.version)).where(MessageEdit.message_id == message_id)
        return db.session().scalar(query) or 0

    @staticmethod
    def forget(message_id: int) -> None:
        """Remove every former text: no old body outlives a deletion."""
        db.session().execute(delete(MessageEdit).where(MessageEdit.message_id == message_id))
