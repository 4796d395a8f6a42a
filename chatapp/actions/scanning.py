"""Files pass a virus scanner, where the operator named one, before anybody but their authors gets them."""

import logging

from chatapp import config, db
from chatapp.actions.file_store import current_store, remove_bytes
from chatapp.clamd import Clamd, ScannerAway, Verdict
from chatapp.errors import Unavailable
from chatapp.media_types import PERSONAL
from chatapp.models import Upload
from chatapp.models.held_upload import note_scanned, release
from chatapp.upload_errors import (
    StorageUnavailable,
    UploadInfected,
    UploadNotFound,
    UploadTooLargeToScan,
)

logger = logging.getLogger(__name__)


def is_wanted() -> bool:
    """Whether there is a scanner that files must pass."""
    return bool(config.current().clamd_url)


def verdict_on(key: str, size: int) -> Verdict:
    """What the scanner says of these bytes. Raises ScannerAway, UploadNotFound, StorageUnavailable, Unavailable."""
    scanner = Clamd.of(config.current())
    # No connection to the database is kept while it looks.
    db.session().rollback()
    if scanner is None:
        return Verdict()
    chunks = current_store().open(key, 0, size)
    try:
        return scanner.scan(chunks)
    finally:
        # It may have said enough before the end.
        if hasattr(chunks, "close"):
            chunks.close()


def is_unscanned(upload: Upload) -> bool:
    """Whether the scanner has still to look at it."""
    return is_wanted() and upload.is_held and upload.scanned_at is None


def scanned(upload: Upload) -> Upload:
    """A whole upload after a look into it, while its author waits; as it is where nobody can look just now: then
    `held_files` does it later. One in which something is found is removed.

    Raises UploadInfected, UploadTooLargeToScan.
    """
    if upload.is_infected:
        raise UploadInfected
    if not is_unscanned(upload):
        return upload
    upload_id = upload.id
    try:
        verdict = verdict_on(upload.storage_key or "", upload.size)
    except (ScannerAway, StorageUnavailable, Unavailable) as error:
        logger.warning("file not scanned upload=%s error=%s", upload_id, type(error).__name__)
        return _as_it_is(upload_id)
    if not verdict.is_clean:
        logger.warning("file refused upload=%s finding=%r", upload_id, verdict.finding or "too large to scan")
        _remove(upload_id)
        raise UploadTooLargeToScan if verdict.is_too_large else UploadInfected
    _note_clean(upload_id)
    return _as_it_is(upload_id)


def _remove(upload_id: int) -> None:
    with db.transaction():
        is_ours = Upload.doom(upload_id)
    # One that stands in a message by now is found again, and marked there.
    if is_ours:
        remove_bytes([upload_id])


def _note_clean(upload_id: int) -> None:
    with db.transaction():
        note_scanned(upload_id)
        upload = Upload.by_id(upload_id)
        if upload is not None and upload.media_type not in PERSONAL:
            # Nothing else is to be done with it. One that was sent meanwhile changes its message: `held_files`.
            release(upload_id, message_id=None)


def _as_it_is(upload_id: int) -> Upload:
    upload = Upload.by_id(upload_id)
    if upload is None or upload.deleted_at is not None:
        raise UploadNotFound
    return upload
