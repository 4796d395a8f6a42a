"""What was said."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    BindParameter,
    ForeignKey,
    Index,
    Integer,
    Select,
    String,
    Text,
    UniqueConstraint,
    bindparam,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from chatapp import db
from chatapp.db import Base, UtcDateTime
from chatapp.models.reaction import Reacted, reactions_to
from chatapp.models.user import User


class Message(Base):
    """A message. `number` is its place in the room for ever, `version` the room's version at its last change.

    A deletion keeps the row as a tombstone, without the text: who was away learns of it.
    """

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("room_id", "number"),
        # A send retried on any worker at any later time meets this, and is answered with the first message.
        UniqueConstraint("room_id", "author_id", "client_id"),
        Index(None, "room_id", "version"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id"))
    number: Mapped[int]
    version: Mapped[int]
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    client_id: Mapped[str] = mapped_column(String(36))
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    # The number of the message this one answers.
    reply_to: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=db.now)
    edited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The version at which its reactions were last changed: None spares the question for them.
    reacted_version: Mapped[int | None]


@dataclass(frozen=True)
class Said:
    """A message with the name of who said it, and the reactions to it."""

    message: Message
    author_name: str
    reactions: tuple[Reacted, ...] = ()


def said_with_client_id(room_id: int, author_id: int, client_id: str) -> Message | None:
    """The message that this author posted in this room with this client id."""
    query = select(Message).where(Message.room_id == room_id, Message.author_id == author_id)
    return db.session().scalar(query.where(Message.client_id == client_id))


# Built once: it takes as long as asking.
_SAID = select(Message, User.name).join(User, User.id == Message.author_id)
_SAID = _SAID.where(Message.room_id == bindparam("room_id"))
_PLACE: BindParameter[int] = bindparam("place")
_LIMIT = bindparam("limit", type_=Integer)
_NEWEST = _SAID.order_by(Message.number.desc()).limit(_LIMIT)
_BEFORE = _NEWEST.where(Message.number < _PLACE)
_AFTER = _SAID.where(Message.number > _PLACE).order_by(Message.number).limit(_LIMIT)
_AT = _SAID.where(Message.number == _PLACE)
_SINCE = _SAID.where(Message.version > _PLACE).order_by(Message.version).limit(_LIMIT)


def said_newest(room_id: int, limit: int) -> list[Said]:
    """The newest messages of a room, oldest first."""
    return _read(_NEWEST, room_id=room_id, limit=limit)[::-1]


def said_before(room_id: int, number: int, limit: int) -> list[Said]:
    """The messages just before `number`, oldest first."""
    return _read(_BEFORE, room_id=room_id, place=number, limit=limit)[::-1]


def said_after(room_id: int, number: int, limit: int) -> list[Said]:
    """The messages just after `number`, oldest first."""
    return _read(_AFTER, room_id=room_id, place=number, limit=limit)


def said_at(room_id: int, number: int) -> Said | None:
    """The message with this number."""
    return next(iter(_read(_AT, room_id=room_id, place=number)), None)


def said_by(message: Message) -> Said:
    """The message with the name of its author and its reactions."""
    return _said([(message, db.session().get_one(User, message.author_id).name)])[0]


def said_since(room_id: int, version: int, limit: int) -> list[Said]:
    """The messages that changed after `version`, each once, by the version of its last change."""
    return _read(_SINCE, room_id=room_id, place=version, limit=limit)


def _read(query: Select[Message, str], **values: int) -> list[Said]:
    return _said([(message, name) for message, name in db.session().execute(query, values)])


def _said(rows: list[tuple[Message, str]]) -> list[Said]:
    reactions = reactions_to([message.id for message, _ in rows if message.reacted_version is not None])
    return [Said(message, name, reactions.get(message.id, ())) for message, name in rows]
