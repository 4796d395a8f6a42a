"""Emoji that people put on messages."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, String, bindparam, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from chatapp import db
from chatapp.db import Base, UtcDateTime
from chatapp.models.user import Person, User


class Reaction(Base):
    """One person's emoji on a message. `version` is the room's version at which it came: they stand in that order."""

    __tablename__ = "reactions"

    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"), primary_key=True)
    emoji: Mapped[str] = mapped_column(String(16), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    version: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=db.now)

    @staticmethod
    def by(user_id: int, message_id: int, emoji: str) -> "Reaction | None":
        """This person's emoji on the message."""
        return db.session().get(Reaction, (message_id, emoji, user_id), populate_existing=True)

    @staticmethod
    def forget(message_id: int) -> None:
        """Remove all reactions to the message: none outlives its deletion."""
        db.session().execute(delete(Reaction).where(Reaction.message_id == message_id))


@dataclass(frozen=True)
class Reacted:
    """An emoji on a message, and the people who chose it, the first of them first."""

    emoji: str
    people: tuple[Person, ...]


def reactions_to(message_ids: Collection[int]) -> dict[int, tuple[Reacted, ...]]:
    """The emoji on each of these messages, the first of them first. One query for all, and none for no messages."""
    if not message_ids:
        return {}
    found: dict[int, dict[str, list[Person]]] = {}
    for message_id, emoji, user_id, name in db.session().execute(_REACTIONS, {"message_ids": message_ids}):
        found.setdefault(message_id, {}).setdefault(emoji, []).append(Person(user_id, name))
    return {
        message_id: tuple(Reacted(emoji, tuple(people)) for emoji, people in by_emoji.items())
        for message_id, by_emoji in found.items()
    }


# Built once: it takes as long as asking.
_REACTIONS = (
    select(Reaction.message_id, Reaction.emoji, User.id, User.name)
    .join(User, User.id == Reaction.user_id)
    .where(Reaction.message_id.in_(bindparam("message_ids", expanding=True)))
    .order_by(Reaction.version)
)
