"""Where the bytes of files are, and how they go."""

import logging
from collections.abc import Iterable
from datetime import timedelta

from flask import Flask, current_app

from chatapp import config, db
from chatapp.config import Settings
from chatapp.errors import Unavailable
from chatapp.models import Upload
from chatapp.models.stored_chunk import DatabaseStore
from chatapp.models.upload import abandoned_uploads, keys_of
from chatapp.storage import Store, open_store
from chatapp.upload_errors import StorageUnavailable

ABANDONED_AT_ONCE = 20  # each upload removes so many old ones that nobody sent: they never become many

logger = logging.getLogger(__name__)


def init_app(app: Flask, settings: Settings) -> None:
    """Give `app` its store of files. Call it when the database is there. Raises ConfigError."""
    app.extensions["chatapp_store"] = open_store(settings) or DatabaseStore(app.extensions["chatapp_engine"])


def current_store() -> Store:
    """The store of the running application."""
    store: Store = current_app.extensions["chatapp_store"]
    return store


def max_upload_bytes() -> int:
    """The most that one file may have."""
    most, stores = config.current().upload_max_bytes, current_store().max_bytes
    return most if stores is None else min(most, stores)


def remove_key(key: str) -> None:
    """Delete bytes that no row speaks of. Where that fails, `prune-uploads` finds them."""
    try:
        current_store().delete(key)
    except (StorageUnavailable, Unavailable) as error:
        logger.warning("bytes are left without a row error=%s", error.code)


def remove_bytes(upload_ids: Iterable[int]) -> int:
    """Delete the bytes of files that are doomed, then what is left of their rows; how many went. After the commit.

    Where that fails, the next `prune-uploads` does it.
    """
    return sum(_is_removed(upload_id) for upload_id in upload_ids)


def forget_abandoned(limit: int = ABANDONED_AT_ONCE) -> int:
    """Remove the oldest files that were begun UPLOAD_KEEP_HOURS ago and never sent; how many."""
    ids = abandoned_uploads(timedelta(hours=config.current().upload_keep_hours), limit)
    if not ids:
        return 0
    with db.transaction():
        doomed = [upload_id for upload_id in ids if Upload.doom(upload_id)]
    return remove_bytes(doomed)


def _is_removed(upload_id: int) -> bool:
    keys = keys_of(upload_id)
    # No connection is kept while one waits for a bucket.
    db.session().rollback()
    try:
        for key in keys:
            current_store().delete(key)
        with db.transaction():
            Upload.forget(upload_id)
    except (StorageUnavailable, Unavailable) as error:
        logger.warning("bytes are left upload=%s error=%s", upload_id, error.code)
        return False
    return True
