"""Sending files and reading them: the bytes are stored first, then the row that says whose they are."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from chatapp import access, config, db
from chatapp.actions.changes import checked_client_id
from chatapp.actions.file_store import current_store, forget_abandoned, remove_bytes, remove_key
from chatapp.actions.held_queue import look_soon
from chatapp.actions.incoming import Announced, Found, Incoming, check_space
from chatapp.actions.scanning import scanned
from chatapp.actions.upload_parts import receive_part
from chatapp.file_names import disposition
from chatapp.media_types import PICTURES, SHOWN, TEXT, THUMBNAIL, UNKNOWN
from chatapp.models import Person, Upload
from chatapp.storage import Link, Stored, new_key
from chatapp.upload_errors import UploadAttached, UploadInfected, UploadNotFound

logger = logging.getLogger(__name__)


def receive_upload(
    actor: Person, room_id: int, announced: Announced, chunks: Iterable[bytes], *, start: int = 0, length: int
) -> Upload:
    """The upload, once these bytes are stored; `is_whole` when they were all of it, else the next part begins at
    `received`. A file that was stored before under this client id is given back, and nothing is read.

    `chunks` are `length` bytes that stand from `start` on in the file.
    Raises RoomNotFound, NotAMember, RoomArchived, UploadMismatch, UploadQuotaFull, UploadShareFull,
    TooManyUnsent, UploadLengthWrong, UploadOffsetWrong, UploadPartTooSmall, UploadInfected, UploadTooLargeToScan,
    StorageFull, StorageUnavailable, Unavailable.
    """
    access.writable_room(actor, room_id)
    first = announced.before(actor, room_id)
    if first is not None and first.is_whole:
        return scanned(first)
    if first is not None or start or length != announced.size:
        upload = receive_part(actor, room_id, announced, chunks, start=start, length=length)
    else:
        check_space(actor, announced.size)
        upload = _receive(actor, room_id, announced, chunks)
        forget_abandoned()
    upload = scanned(upload)
    look_soon()
    return upload


def find_upload(actor: Person, room_id: int, client_id: str) -> Upload:
    """One's own upload, however much of it there is: where to go on after a connection broke.

    Raises RoomNotFound, NotAMember, BadRequest, UploadNotFound, UploadInfected.
    """
    access.member_room(actor, room_id)
    upload = Upload.announced(room_id, actor.id, checked_client_id(client_id))
    if upload is None:
        raise UploadNotFound
    if upload.is_infected:
        raise UploadInfected
    return upload


def delete_upload(actor: Person, upload_id: int) -> None:
    """Remove a file of one's own that was not sent. Raises UploadNotFound, UploadAttached."""
    access.own_upload(actor, upload_id)
    with db.transaction():
        if not Upload.doom(upload_id):
            raise UploadAttached
    remove_bytes([upload_id])


def stop_upload(actor: Person, room_id: int, client_id: str) -> None:
    """The same by its sender's own id, for one that may not be whole yet: what has come of it goes, and its space.

    Nothing where nothing has come: who stops it does not know that. Raises RoomNotFound, NotAMember, BadRequest,
    UploadAttached.
    """
    access.member_room(actor, room_id)
    upload = Upload.announced(room_id, actor.id, checked_client_id(client_id))
    if upload is not None:
        delete_upload(actor, upload.id)


@dataclass(frozen=True)
class Thumbnail:
    """A small copy of a picture, to be fetched as a file is."""

    name: str
    media_type: str
    size: int
    sha256: str
    storage_key: str


def thumbnail_of(upload: Upload) -> Thumbnail:
    """The small copy of a picture. Raises UploadNotFound where there is none, or not yet."""
    if upload.thumbnail_key is None:
        raise UploadNotFound
    # It never changes, and needs no sum of its own to be told from the picture.
    tag = f"{upload.sha256}-small"
    return Thumbnail(upload.name, THUMBNAIL, upload.thumbnail_size or 0, tag, upload.thumbnail_key)


def link_to(upload: Upload | Thumbnail, *, is_wanted_to_keep: bool = False) -> str | None:
    """An address where the browser gets what it saves, or a picture, for a minute at most; None where it comes from us.

    A film is sought in for longer than a link works, and browsers ask for its stretches where the link leads. A text
    is shown by us alone: a bucket does not say that nothing in it may run.
    """
    if upload.media_type in SHOWN and not is_wanted_to_keep and upload.media_type not in PICTURES:
        return None
    seconds = config.current().storage_link_seconds
    disposition = disposition_of(upload, is_wanted_to_keep=is_wanted_to_keep)
    how = Link(seconds=seconds, media_type=shown_type(upload), disposition=disposition)
    return current_store().link(upload.storage_key or "", how)


def open_bytes(upload: Upload | Thumbnail, start: int, stop: int) -> Iterator[bytes]:
    """The bytes of the file from `start` up to `stop`. Raises UploadNotFound, StorageUnavailable."""
    # Files in the database are read by connections of their own: with ours held, none might be left.
    db.let_go()
    return current_store().open(upload.storage_key or "", start, stop)


def shown_type(upload: Upload | Thumbnail) -> str:
    """The type under which a browser gets the file, whoever gives it."""
    # What is a text was read as UTF-8.
    return f"{TEXT}; charset=utf-8" if upload.media_type == TEXT else upload.media_type or UNKNOWN


def disposition_of(upload: Upload | Thumbnail, *, is_wanted_to_keep: bool = False) -> str:
    """The header by which a browser shows the file, where that is safe, or else saves it under its name."""
    return disposition(upload.name, is_shown=upload.media_type in SHOWN and not is_wanted_to_keep)


def _receive(actor: Person, room_id: int, announced: Announced, chunks: Iterable[bytes]) -> Upload:
    # Bytes before row: a crash then leaves bytes that `prune-uploads` finds, not a message without its file.
    # And no connection to the database is kept while they come, which may take minutes.
    db.session().rollback()
    incoming, key = Incoming(chunks, announced.size), new_key()
    stored = current_store().put(key, incoming)
    try:
        return _keep(actor, room_id, announced, key, stored, incoming.found())
    except db.Conflict:
        remove_key(key)
        # The same file came twice at once: whichever was first is the one.
        return find_upload(actor, room_id, announced.client_id)
    except BaseException:
        remove_key(key)
        raise


def _keep(actor: Person, room_id: int, announced: Announced, key: str, stored: Stored, found: Found) -> Upload:
    with db.transaction() as session:
        # Asked again: who was removed while the bytes came sends nothing more, and others have sent meanwhile.
        access.writable_room(actor, room_id)
        check_space(actor, stored.size)
        upload = Upload(
            room_id=room_id,
            author_id=actor.id,
            client_id=announced.client_id,
            name=announced.name,
            size=stored.size,
            received=stored.size,
            sha256=stored.sha256,
            storage_key=key,
            **vars(found),
        )
        session.add(upload)
    return upload
