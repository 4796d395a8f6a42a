"""A file that comes in several requests, because no router lets one last for minutes."""

from collections.abc import Iterable, Iterator

from chatapp import access, db
from chatapp.actions.file_store import current_store, remove_key
from chatapp.actions.incoming import Announced, Incoming, check_space
from chatapp.errors import ChatError
from chatapp.models import Person, Upload, UploadPart
from chatapp.models.upload import UploadState
from chatapp.storage import new_key
from chatapp.storage.contract import STEP_BYTES
from chatapp.upload_errors import UploadLengthWrong, UploadNotFound, UploadOffsetWrong, UploadPartTooSmall

MIN_PART_BYTES = STEP_BYTES


def receive_part(
    actor: Person, room_id: int, announced: Announced, chunks: Iterable[bytes], *, start: int, length: int
) -> Upload:
    """The upload with one part more; stored once all are there. Each part is an object of its own until then.

    Whoever was cut off after the last part asks once more, with none. Raises as `uploads.receive_upload`.
    """
    upload = _begun(actor, room_id, announced)
    # A part must go on where the last one ended, and not beyond the end; what came twice is not taken twice.
    if start != upload.received or start + length > upload.size:
        raise UploadOffsetWrong(offset=upload.received)
    # Nor is a file a thousand objects. Of no bytes at all, it is only announced.
    if 0 < length < MIN_PART_BYTES and start + length < upload.size:
        raise UploadPartTooSmall(min_bytes=MIN_PART_BYTES)
    if length:
        _take(upload, start, length, chunks)
    if start + length < upload.size:
        return _as_it_is(upload.id)
    return _completed(upload)


def _begun(actor: Person, room_id: int, announced: Announced) -> Upload:
    first = announced.before(actor, room_id)
    if first is not None:
        return first
    check_space(actor, announced.size)
    try:
        with db.transaction() as session:
            access.writable_room(actor, room_id)
            upload = Upload(
                room_id=room_id,
                author_id=actor.id,
                client_id=announced.client_id,
                name=announced.name,
                size=announced.size,
                state=UploadState.RECEIVING,
            )
            session.add(upload)
    except db.Conflict:
        return announced.before(actor, room_id) or _begun(actor, room_id, announced)
    return upload


def _take(upload: Upload, start: int, length: int, chunks: Iterable[bytes]) -> None:
    upload_id, key = upload.id, new_key()
    # No connection to the database is kept while the bytes come.
    db.session().rollback()
    current_store().put(key, Incoming(chunks, length))
    try:
        with db.transaction() as session:
            if not Upload.take_part(upload_id, start, length):
                raise UploadOffsetWrong(offset=_received(upload_id))
            session.add(UploadPart(upload_id=upload_id, start=start, size=length, storage_key=key))
    except BaseException:
        remove_key(key)
        raise


def _completed(upload: Upload) -> Upload:
    upload_id, size, parts, key = upload.id, upload.size, UploadPart.of(upload.id), new_key()
    places = [(part.storage_key, part.size) for part in parts]
    db.session().rollback()
    incoming = Incoming(_bytes_of(places), size)
    try:
        stored = current_store().put(key, incoming)
    except (UploadNotFound, UploadLengthWrong) as error:
        return _completed_by_another(upload_id, error)
    try:
        with db.transaction():
            found = vars(incoming.found())
            is_ours = Upload.complete(upload_id, storage_key=key, sha256=stored.sha256, **found)
            if is_ours:
                UploadPart.forget(upload_id)
    except BaseException:
        remove_key(key)
        raise
    for useless in [place for place, _ in places] if is_ours else [key]:
        remove_key(useless)
    return _as_it_is(upload_id)


def _completed_by_another(upload_id: int, error: ChatError) -> Upload:
    # Who lost the answer to the last part asks once more, and the first who was asked may be done in between: then the
    # parts are gone because the file is whole.
    upload = _as_it_is(upload_id)
    if not upload.is_whole:
        raise error
    return upload


def _bytes_of(places: list[tuple[str, int]]) -> Iterator[bytes]:
    for key, size in places:
        yield from current_store().open(key, 0, size)


def _as_it_is(upload_id: int) -> Upload:
    upload = db.session().get(Upload, upload_id, populate_existing=True)
    if upload is None or upload.deleted_at is not None:
        raise UploadNotFound
    return upload


def _received(upload_id: int) -> int:
    return _as_it_is(upload_id).received
