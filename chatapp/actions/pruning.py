"""Comparing the store of files with the table, both ways."""

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from chatapp import config, db
from chatapp.actions.file_store import current_store, forget_abandoned, remove_bytes
from chatapp.models.stored_chunk import DatabaseStore
from chatapp.models.upload import doomed_uploads, known_keys, stored_keys
from chatapp.upload_errors import StoreMostlyUnknown

AT_ONCE = 1_000
# Bytes are stored before their row. What is younger may still get one; the slowest browser takes no hour for a part.
YOUNG = timedelta(hours=1)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Pruned:
    """What was done: files removed that nobody sent, deleted ones whose bytes were left, bytes that no row knows,
    writes that never ended. And what nobody can mend: the ids of files whose bytes are missing."""

    abandoned: int
    deleted: int
    unknown: int
    unfinished: int
    missing: tuple[int, ...]


def remove_abandoned() -> None:
    """Remove what nobody sent for UPLOAD_KEEP_HOURS, the parts of files that never came whole, and the bytes of what
    was deleted while the store was away. Raises StorageUnavailable, Unavailable.

    Cheap, so the server does it by itself; only `prune_uploads` looks at all that is stored.
    """
    abandoned = forget_abandoned(AT_ONCE)
    deleted = remove_bytes(doomed_uploads(AT_ONCE))
    # A put that is still going on must not be swept away, however slow: nobody is that slow.
    unfinished = current_store().sweep(db.now() - timedelta(hours=config.current().upload_keep_hours))
    if abandoned or deleted or unfinished:
        logger.info("files removed abandoned=%s deleted=%s unfinished=%s", abandoned, deleted, unfinished)


def remove_orphans() -> None:
    """Remove the bytes without a row, as a worker leaves them that dies, where the database holds them.

    Elsewhere that takes looking at all that is stored, which only `prune_uploads` does. Raises Unavailable.
    """
    store = current_store()
    if isinstance(store, DatabaseStore) and (keys := store.remove_orphans(db.now() - YOUNG)):
        logger.info("bytes without a row removed keys=%s", keys)


def prune_uploads(*, is_sure: bool = False) -> Pruned:
    """Remove all that is of no use, and say what is lost. `is_sure`: the store is this database's, whatever it looks.

    Raises StoreMostlyUnknown before anything is removed, StorageUnavailable, Unavailable.
    """
    before = db.now() - YOUNG
    store = current_store()
    # The store first: what is stored meanwhile is then in the table and not in the list, which harms nobody.
    held = {each.key: each.since for each in store.keys()}  # noqa: SIM118 - a method of the store
    unknown = _unknown(held, before)
    if not is_sure:
        _refuse_another_store(unknown, held)
    abandoned = forget_abandoned(AT_ONCE)
    deleted = remove_bytes(doomed_uploads(AT_ONCE))
    for key in unknown:
        store.delete(key)
    return Pruned(
        abandoned=abandoned,
        deleted=deleted,
        unknown=len(unknown),
        unfinished=store.sweep(before),
        missing=_missing(held),
    )


def _unknown(held: dict[str, datetime], before: datetime) -> list[str]:
    db.session().rollback()
    known = known_keys()
    return [key for key, since in held.items() if key not in known and since < before]


def _refuse_another_store(unknown: list[str], held: Collection[str]) -> None:
    # Another company's bucket, or this one's with the database of another: nothing here could be brought back.
    if 2 * len(unknown) > len(held):
        raise StoreMostlyUnknown(unknown=len(unknown), total=len(held))


def _missing(held: Collection[str]) -> tuple[int, ...]:
    db.session().rollback()
    gone = [(key, upload_id) for key, upload_id in stored_keys().items() if key not in held]
    db.session().rollback()
    return tuple(sorted(upload_id for key, upload_id in gone if current_store().size(key) is None))
