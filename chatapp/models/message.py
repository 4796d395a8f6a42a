"""What was said."""

from collections.abc import Collection
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
    func,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from chatapp import config, db
from chatapp.db import Base, UtcDateTime
from chatapp.models.reaction import Reacted, reactions_to
from chatapp.models.upload import Upload, uploads_of
from chatapp.models.user import Person, User

QUOTED_CHARS = 2000  # characters of HTML that are read of a quoted message: more than enough for its first lines


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
    # How many files it has: 0 spares the question for them.
    upload_count: Mapped[int] = mapped_column(default=0, server_default="0")


@dataclass(frozen=True, kw_only=True, slots=True)
class NewMessage:
    """A message that was just posted, as text alone: what is told of its row, without a session that knows it."""

    id: int
    room_id: int
    number: int
    version: int
    author_id: int
    client_id: str
    body: str
    html: str
    created_at: datetime
    reply_to: None = None
    edited_at: None = None
    deleted_at: None = None
    reacted_version: None = None


@dataclass(frozen=True)
class Quoted:
    """A message as the replies to it show it, as it stands now: the beginning of its HTML, nothing once it is deleted.

    It is read with each reply and never stored there: so no text outlives the deletion of its message.
    """

    number: int
    version: int
    author: Person
    html: str
    deleted_at: datetime | None
    # Of one that says nothing but files.
    file_names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Said:
    """A message with the name of who said it, the reactions to it, what it answers, and its files.

    What is said by somebody whose account has ended stays, and is marked.
    """

    message: Message
    author_name: str
    is_author_deactivated: bool = False
    reactions: tuple[Reacted, ...] = ()
    quoted: Quoted | None = None
    uploads: tuple[Upload, ...] = ()


def said_with_client_id(room_id: int, author_id: int, client_id: str) -> Message | None:
    """The message that this author posted in this room with this client id."""
    query = select(Message).where(Message.room_id == room_id, Message.author_id == author_id)
    return db.session().scalar(query.where(Message.client_id == client_id))


# Built once: it takes as long as asking.
_SAID = select(Message, User.name, User.deactivated_at.is_not(None)).join(User, User.id == Message.author_id)
_SAID = _SAID.where(Message.room_id == bindparam("room_id"))
_PLACE: BindParameter[int] = bindparam("place")
_LIMIT = bindparam("limit", type_=Integer)
_NEWEST = _SAID.order_by(Message.number.desc()).limit(_LIMIT)
_BEFORE = _NEWEST.where(Message.number < _PLACE)
_AFTER = _SAID.where(Message.number > _PLACE).order_by(Message.number).limit(_LIMIT)
_AT = _SAID.where(Message.number == _PLACE)
_SINCE = _SAID.where(Message.version > _PLACE).order_by(Message.version).limit(_LIMIT)
# Of what is stored elsewhere PostgreSQL knows the bytes without reading it; SQLite counts none before 3.43.
_BYTES, _CHARS = (
    select(measure(Message.html))
    .where(Message.room_id == bindparam("room_id"), Message.version > _PLACE)
    .order_by(Message.version)
    .limit(_LIMIT)
    for measure in (func.octet_length, func.length)
)

_BEGINNING = func.substr(Message.html, 1, QUOTED_CHARS)
_QUOTED = (
    select(
        *(Message.id, Message.number, Message.version, User.id, User.name),
        *(_BEGINNING, Message.deleted_at, (Message.body == "") & (Message.upload_count > 0)),
    )
    .join(User, User.id == Message.author_id)
    .where(Message.room_id == bindparam("room_id"), Message.number.in_(bindparam("numbers", expanding=True)))
)


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
    """The message with the name of its author, its reactions, and what it answers."""
    author = db.session().get_one(User, message.author_id)
    return _said([(message, author.name, author.is_deactivated)])[0]


def said_since(room_id: int, version: int, limit: int) -> list[Said]:
    """The messages that changed after `version`, each once, by the version of its last change."""
    return _read(_SINCE, room_id=room_id, place=version, limit=limit)


def weights_since(room_id: int, version: int, limit: int) -> list[int]:
    """How much HTML each of these has, in bytes, or in characters where SQLite counts; none of it is read for that."""
    query = _CHARS if config.current().is_sqlite else _BYTES
    return [weight for (weight,) in db.rows(query, {"room_id": room_id, "place": version, "limit": limit})]


def quoted_in(room_id: int, numbers: Collection[int]) -> dict[int, Quoted]:
    """These messages of the room by their numbers, for replies to them. One query for all, and none for no numbers.

    One more for the files of those that say nothing else.
    """
    if not numbers:
        return {}
    rows = db.session().execute(_QUOTED, {"room_id": room_id, "numbers": numbers}).all()
    uploads = uploads_of([message_id for message_id, *_, has_files_alone in rows if has_files_alone])
    return {
        number: Quoted(number, version, Person(author_id, name), html, deleted_at, _names(uploads.get(message_id)))
        for message_id, number, version, author_id, name, html, deleted_at, _ in rows
    }


def _names(uploads: tuple[Upload, ...] | None) -> tuple[str, ...]:
    return tuple(upload.name for upload in uploads or ())


def _read(query: Select[Message, str, bool], **values: int) -> list[Said]:
    return _said([(message, name, is_gone) for message, name, is_gone in db.session().execute(query, values)])


def _said(rows: list[tuple[Message, str, bool]]) -> list[Said]:
    reactions = reactions_to([message.id for message, *_ in rows if message.reacted_version is not None])
    quoted = _quoted([message for message, *_ in rows])
    uploads = uploads_of([message.id for message, *_ in rows if message.upload_count])
    return [
        Said(message, name, is_gone, reactions.get(message.id, ()), quoted.get(message.reply_to or 0), files)
        for message, name, is_gone in rows
        for files in [uploads.get(message.id, ())]
    ]


def _quoted(messages: list[Message]) -> dict[int, Quoted]:
    # Whatever is read together is of one room.
    numbers = {message.reply_to for message in messages if message.reply_to is not None and not message.deleted_at}
    return quoted_in(messages[0].room_id, numbers) if numbers else {}
