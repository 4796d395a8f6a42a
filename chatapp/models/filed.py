"""The files of a room, as its page of files lists them."""

from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select, tuple_

from chatapp import db
from chatapp.media_types import PLAYED, types_of
from chatapp.models.message import Message
from chatapp.models.upload import Upload, UploadState
from chatapp.models.user import Person, User


class Place(NamedTuple):
    """Where a file stands: in which message, and there as the how many-th of its files, counted from 0."""

    message_id: int
    position: int


@dataclass(frozen=True)
class Filed:
    """A file, who sent it, and the number of the message that has it."""

    upload: Upload
    author: Person
    number: int

    @property
    def place(self) -> Place:
        """Where a page ends that ends with this file."""
        return Place(self.upload.message_id or 0, self.upload.position)


def files_in(room_id: int, kind: str | None, *, before: Place | None, limit: int) -> list[Filed]:
    """The files of a room's messages, of one kind or of all: the newest message first, and of each its last file.

    By place, not by the file's own id: one that was brought long ago may be sent last. Within a room messages get
    their ids behind its lock, in the order of their numbers.
    """
    query = select(Upload, User.id, User.name, Message.number).join(Message, Message.id == Upload.message_id)
    query = query.join(User, User.id == Upload.author_id).where(Upload.room_id == room_id, Upload.deleted_at.is_(None))
    query = query.where(Upload.state != UploadState.INFECTED)
    if kind == "file":
        query = query.where(Upload.media_type.not_in(PLAYED))
    elif kind is not None:
        query = query.where(Upload.media_type.in_(types_of(kind)))
    if before is not None:
        query = query.where(tuple_(Upload.message_id, Upload.position) < before)
    rows = db.session().execute(query.order_by(Upload.message_id.desc(), Upload.position.desc()).limit(limit))
    return [Filed(upload, Person(user_id, name), number) for upload, user_id, name, number in rows]
