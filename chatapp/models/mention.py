"""Who is mentioned in which message."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from chatapp.db import Base


class Mention(Base):
    """A person named in a message."""

    __tablename__ = "mentions"

    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
