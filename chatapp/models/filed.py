"""The files of a room, as its page of files lists them."""

from dataclasses import dataclass

from sqlalchemy import select

from chatapp import db
from chatapp.media_types import PLAYED, types_of
from chatapp.models.message import Message
from chatapp.models.upload import Upload, UploadState
from chatapp.models.user import Person, User


@dataclass(frozen=True)
class Filed:
    """A file, who sent it, and the number of the message that has it."""

    upload: Upload
    author: Person
    number: int


def files_in(room_id: int, kind: str | None, *, before: int | None, limit: int) -> list[Filed]:
    """The files of a room's messages, the newest first: of one kind or of all, those sent before the id `before`."""
    query = select(Upload, User.id, User.name, Message.number).join(Message, Message.id == Upload.message_id)
    query = query.join(User, User.id == Upload.author_id).where(Upload.room_id == room_id, Upload.deleted_at.is_(None))
    query = query.where(Upload.state != UploadState.INFECTED)
    if kind == "file":
        query = query.where(Upload.media_type.not_in(PLAYED))
    elif kind is not None:
        query = query.where(Upload.media_type.in_(types_of(kind)))
    if before is not None:
        query = query.where(Upload.id < before)
    rows = db.session().execute(query.order_by(Upload.id.desc()).limit(limit))
    return [Filed(upload, Person(user_id, name), number) for upload, user_id, name, number in rows]
