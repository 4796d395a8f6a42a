"""Files that people sent. The row says what one is and whose; its bytes lie in a store, under a key."""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import (
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    Update,
    bindparam,
    delete,
    func,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from chatapp import db
from chatapp.db import Base, UtcDateTime
from chatapp.models.database_time import DatabaseNow, database_now

if TYPE_CHECKING:
    from chatapp.models.message import Message


class UploadState(StrEnum):
    RECEIVING = "receiving"  # its parts come in
    HELD = "held"  # all of it is here, and its author's alone until it was looked at: `models/held_upload.py`
    STORED = "stored"
    INFECTED = "infected"  # a scanner found something in it: its bytes are gone, its message still names it


# What there is to be fetched, by its author at least.
FETCHED = (UploadState.HELD, UploadState.STORED)


class Upload(Base):
    """A file. Its bytes are stored before its row: a crash in between leaves bytes, never a message without its file.

    With `deleted_at` only the key is left of it, until its bytes are gone too.
    """

    __tablename__ = "uploads"
    __table_args__ = (
        # The browser's own id: a file that is sent again is the same upload.
        UniqueConstraint("room_id", "author_id", "client_id"),
        Index(None, "message_id"),
        Index(None, "state"),
        # What everybody takes is summed up from this alone.
        Index(None, "author_id", "size", "thumbnail_size"),
        Index(None, "room_id", "id"),  # what served before 0014 reads the page of files by it; a release later it goes
        Index(None, "room_id", "message_id", "position"),
        Index(None, "thumbnail_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    client_id: Mapped[str] = mapped_column(String(36))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))
    # Its place among the files of its message.
    position: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(String(150))
    media_type: Mapped[str] = mapped_column(String(100), default="")
    size: Mapped[int]  # bytes: those that were announced, and later those that are stored
    received: Mapped[int] = mapped_column(default=0)  # bytes that came so far; a picture is stored with fewer
    sha256: Mapped[str] = mapped_column(String(64), default="")
    storage_key: Mapped[str | None] = mapped_column(String(32), unique=True)
    width: Mapped[int | None]
    height: Mapped[int | None]
    # Whether it moves; None where nobody has seen it, and for those that were looked at before 0015.
    is_animated: Mapped[bool | None]
    alt: Mapped[str | None] = mapped_column(String(500))
    state: Mapped[str] = mapped_column(String(10), default=UploadState.STORED)
    # By the database's clock, by which it is judged to be abandoned.
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=DatabaseNow())
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # A small copy of a picture.
    thumbnail_key: Mapped[str | None] = mapped_column(String(32))
    thumbnail_size: Mapped[int | None]
    # While it is held: until when somebody looks at it, and how often that was begun.
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    # Before this moment nobody looks at it again; None before the first look.
    retry_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # When a virus scanner found nothing in it.
    scanned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The room's version at which its message changed because it was looked at.
    version: Mapped[int | None]

    @property
    def is_whole(self) -> bool:
        """True when all its bytes are there."""
        return self.state != UploadState.RECEIVING

    @property
    def is_held(self) -> bool:
        """True while it is its author's alone, until it was looked at."""
        return self.state == UploadState.HELD

    @property
    def is_infected(self) -> bool:
        """True when something was found in it, and its bytes are gone."""
        return self.state == UploadState.INFECTED

    @property
    def announced_size(self) -> int:
        """How many bytes it had as its author sent it."""
        return self.received if self.is_whole else self.size

    @staticmethod
    def by_id(upload_id: int) -> "Upload | None":
        """The upload as the database has it now."""
        return db.session().get(Upload, upload_id, populate_existing=True)

    @staticmethod
    def is_refused(upload_id: int, author_id: int) -> bool:
        """True for one of this author's in which something was found."""
        upload = Upload.by_id(upload_id)
        return upload is not None and upload.author_id == author_id and upload.is_infected

    @staticmethod
    def announced(room_id: int, author_id: int, client_id: str) -> "Upload | None":
        """The upload that this author announced in this room under this id."""
        query = select(Upload).where(Upload.room_id == room_id, Upload.author_id == author_id)
        query = query.where(Upload.client_id == client_id).execution_options(populate_existing=True)
        return db.session().scalar(query)

    @staticmethod
    def total_bytes(author_id: int) -> tuple[int, int]:
        """What all files take with their small copies, those too whose bytes are still coming; and what this author's
        do, of them."""
        total = select(func.sum(_TAKEN))
        own = total.where(Upload.author_id == author_id)
        # Two questions in one: the second reads nothing but what is this author's.
        everybodys, theirs = db.session().execute(select(total.scalar_subquery(), own.scalar_subquery())).one()
        return int(everybodys or 0), int(theirs or 0)

    @staticmethod
    def count_unsent(author_id: int) -> int:
        """How many files of this author are in no message, those too whose bytes are still coming."""
        query = select(func.count()).select_from(Upload).where(_FREE, Upload.author_id == author_id)
        return db.session().scalar(query) or 0

    @staticmethod
    def attach(upload_id: int, message: "Message", position: int, alt: str | None = None) -> bool:
        """Put a whole file that its author sent to the room into the message, with what it shows; in a transaction.

        False when there is no such file that is still free.
        """
        is_theirs = (Upload.room_id == message.room_id, Upload.author_id == message.author_id)
        free = update(Upload).where(Upload.id == upload_id, *is_theirs, _FREE, Upload.state.in_(FETCHED))
        return _changes_one(free.values(message_id=message.id, position=position, alt=alt))

    @staticmethod
    def take_part(upload_id: int, start: int, size: int) -> bool:
        """Count a part that begins where the last one ended; inside a transaction. False when another one did that."""
        here = update(Upload).where(Upload.id == upload_id, Upload.received == start, _FREE)
        return _changes_one(here.values(received=start + size))

    @staticmethod
    def complete(upload_id: int, **whole: object) -> bool:
        """Give it what is known of a whole one; inside a transaction. False when another did that, or it is gone."""
        here = update(Upload).where(Upload.id == upload_id, Upload.state == UploadState.RECEIVING, _FREE)
        return _changes_one(here.values(**whole))

    @staticmethod
    def doom(upload_id: int) -> bool:
        """Let nothing be left of a file that no message has but the keys of its bytes; inside a transaction.

        False when there is none: it was attached, or deleted, meanwhile.
        """
        return _changes_one(_doomed(update(Upload).where(Upload.id == upload_id, _FREE)))

    @staticmethod
    def doom_of(message_id: int) -> list[int]:
        """The same for all files of a message; their ids."""
        ids = list(db.session().scalars(select(Upload.id).where(Upload.message_id == message_id)))
        for upload_id in ids:
            _changes_one(_doomed(update(Upload).where(Upload.id == upload_id)))
        return ids

    @staticmethod
    def forget(upload_id: int) -> None:
        """Remove the row of one that is doomed and whose bytes are gone; inside a transaction."""
        db.session().execute(delete(UploadPart).where(UploadPart.upload_id == upload_id))
        db.session().execute(delete(Upload).where(Upload.id == upload_id, Upload.deleted_at.is_not(None)))


_TAKEN = Upload.size + func.coalesce(Upload.thumbnail_size, 0)
_KEYS = (Upload.storage_key, Upload.thumbnail_key)
_FREE = Upload.message_id.is_(None) & Upload.deleted_at.is_(None)


def _doomed(which: Update) -> Update:
    # Another id of the browser's: the same file may be sent once more. Another name: it may say what the file was.
    return which.values(message_id=None, name="", alt=None, client_id=str(uuid4()), deleted_at=db.now())


def _changes_one(change: Update) -> bool:
    quietly = change.returning(Upload.id).execution_options(synchronize_session=False)
    return db.session().scalar(quietly) is not None


class UploadPart(Base):
    """A part of a file that comes in several requests, under a key of its own until all are there."""

    __tablename__ = "upload_parts"

    upload_id: Mapped[int] = mapped_column(ForeignKey("uploads.id"), primary_key=True)
    start: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # bytes before it
    size: Mapped[int]
    storage_key: Mapped[str] = mapped_column(String(32), unique=True)

    @staticmethod
    def of(upload_id: int) -> "list[UploadPart]":
        """The parts of a file in their order."""
        query = select(UploadPart).where(UploadPart.upload_id == upload_id).order_by(UploadPart.start)
        return list(db.session().scalars(query))

    @staticmethod
    def forget(upload_id: int) -> None:
        """Remove the rows of all parts; inside a transaction."""
        db.session().execute(delete(UploadPart).where(UploadPart.upload_id == upload_id))


def uploads_of(message_ids: Collection[int]) -> "dict[int, tuple[Upload, ...]]":
    """The files of each of these messages, in their order. One query for all, and none for no messages."""
    if not message_ids:
        return {}
    found: dict[int, list[Upload]] = {}
    for upload in db.session().scalars(_UPLOADS, {"message_ids": message_ids}):
        found.setdefault(upload.message_id or 0, []).append(upload)
    return {message_id: tuple(uploads) for message_id, uploads in found.items()}


# Built once: it takes as long as asking.
_UPLOADS = (
    select(Upload)
    .where(Upload.message_id.in_(bindparam("message_ids", expanding=True)))
    .order_by(Upload.message_id, Upload.position)
    .execution_options(populate_existing=True)
)


def abandoned_uploads(kept: timedelta, limit: int) -> list[int]:
    """The ids of the oldest files that were begun longer ago than that and that no message has."""
    before = database_now() - kept
    query = select(Upload.id).where(_FREE, Upload.created_at < before).order_by(Upload.id).limit(limit)
    return list(db.session().scalars(query))


def doomed_uploads(limit: int) -> list[int]:
    """The ids of deleted files whose bytes may still be there."""
    query = select(Upload.id).where(Upload.deleted_at.is_not(None)).order_by(Upload.id).limit(limit)
    return list(db.session().scalars(query))


def keys_of(upload_id: int) -> list[str]:
    """All keys under which bytes of this file stand: its own, its small copy's, and those of its parts."""
    own = [select(column).where(Upload.id == upload_id) for column in _KEYS]
    parts = select(UploadPart.storage_key).where(UploadPart.upload_id == upload_id)
    return [key for key in db.session().scalars(union_all(*own, parts)) if key is not None]


def known_keys() -> set[str]:
    """Every key that some row speaks of."""
    own = [select(column) for column in _KEYS]
    return {key for key in db.session().scalars(union_all(*own, select(UploadPart.storage_key))) if key is not None}


def stored_keys() -> dict[str, int]:
    """The key of every file that can be asked for, and of every small copy, with the file's id."""
    own = [select(column, Upload.id).where(Upload.deleted_at.is_(None)) for column in _KEYS]
    return {key: upload_id for key, upload_id in db.session().execute(union_all(*own)) if key is not None}
