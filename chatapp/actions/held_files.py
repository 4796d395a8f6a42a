"""Looking at files before anybody but their authors gets them: a scanner passes them, where there is one; pictures and
films lose their metadata, and pictures get a small copy."""

import logging
import time
from collections.abc import Generator, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import IO

from chatapp import db
from chatapp.actions.changes import changing
from chatapp.actions.file_store import current_store, remove_key
from chatapp.actions.scanning import verdict_on
from chatapp.clamd import ScannerAway
from chatapp.errors import Unavailable
from chatapp.images.developing import Developed, Interrupted, cleaned_alone, developed
from chatapp.images.pieces import BYTES_PER_SECOND
from chatapp.media_types import PERSONAL, PICTURES, UNKNOWN
from chatapp.models import Message
from chatapp.models.held_upload import Held, lease, leases, message_with, next_held, postpone, release
from chatapp.models.message import said_by
from chatapp.models.upload import UploadState
from chatapp.offload import give_way, offload
from chatapp.realtime import broadcasts
from chatapp.storage import new_key
from chatapp.storage.contract import READ_BYTES
from chatapp.upload_errors import StorageFull, StorageUnavailable, UploadNotFound

AT_ONCE = 2  # of the whole company: each takes a core, and up to half a gigabyte
LEASE = timedelta(seconds=90)  # two processes have 25 each (images/developing.py), the store the rest
WAYS = 4  # of all its bytes: out of the store, through two processes, and into the store
TRIES = 3  # then whatever it is brings workers down: it is only cleaned, and not decoded
RETRY = timedelta(seconds=60)  # after a failure, whoever is to blame
SELDOM = timedelta(hours=1)  # after that, when it failed that often

logger = logging.getLogger(__name__)


def look_at_next() -> bool:
    """Look at the file that has waited longest, and let everybody have it who may read its message.

    False when none waits, or as many as may be are looked at just now. What fails is tried again a minute later,
    behind all others; and seldom, when that was often, and no store or scanner is to blame.
    """
    held = _leased()
    if held is None:
        return False
    began = time.monotonic()
    try:
        _look_at(held)
        logger.info("file looked at upload=%s bytes=%s seconds=%.2f", held.id, held.size, time.monotonic() - began)
    except (StorageFull, StorageUnavailable, ScannerAway, Unavailable, OSError) as error:
        logger.warning("file not looked at upload=%s error=%s", held.id, type(error).__name__)
        _postpone(held, RETRY, tries=held.tries - 1)
    except (Interrupted, UploadNotFound) as error:
        logger.warning("file not looked at upload=%s error=%s tries=%s", held.id, type(error).__name__, held.tries)
        _postpone(held, RETRY if held.tries <= TRIES else SELDOM, tries=held.tries)
    return True


def _postpone(held: Held, wait: timedelta, *, tries: int) -> None:
    with db.transaction():
        postpone(held, db.now() + wait, tries=tries)


def _leased() -> Held | None:
    # Asked first without a lock: mostly there is none.
    if next_held(db.now()) is None:
        return None
    with db.transaction():
        now = db.now()
        following = next_held(now) if leases(now) < AT_ONCE else None
        if following is None:
            return None
        upload_id, size = following
        return lease(upload_id, now + LEASE + WAYS * timedelta(seconds=size // BYTES_PER_SECOND))


@dataclass(frozen=True)
class _Seen:
    """What came of a file: values of its row, and the keys of what was stored for it."""

    values: dict[str, object]
    keys: tuple[str, ...] = ()


def _look_at(held: Held) -> None:
    # No connection is kept while the bytes come and the process works.
    db.session().rollback()
    give_way()
    if held.scanned_at is None and not verdict_on(held.key, held.size).is_clean:
        logger.warning("file refused upload=%s", held.id)
        _release(held, _INFECTED)
    elif held.media_type not in PERSONAL:
        _release(held, _Seen({}))
    else:
        develop = developed if held.tries <= TRIES else cleaned_alone
        with closing(_bytes_of(held)) as chunks, develop(chunks, held.media_type) as made:
            # As it came it is never released: what is released was cleaned, or has nothing to be cleaned of.
            _release(held, _stored(made, held.media_type))


def _bytes_of(held: Held) -> Generator[bytes]:
    yield from current_store().open(held.key, 0, held.size)


# What cannot be shown is a file like any other: to be saved, and never decoded by a browser on our word.
_NO_PICTURE: dict[str, object] = {"media_type": UNKNOWN, "width": None, "height": None}
# The scanner was away when it came. Its message names it still, and that is all.
_INFECTED = _Seen(_NO_PICTURE | {"state": UploadState.INFECTED, "storage_key": None, "size": 0, "sha256": ""})


def _stored(made: Developed, media_type: str) -> _Seen:
    keys: list[str] = []
    try:
        values = {} if made.cleaned is None else _put(made.cleaned, keys)
        if made.thumbnail is None:
            return _Seen(values | (_NO_PICTURE if media_type in PICTURES else {}), tuple(keys))
        small = _put(made.thumbnail, keys)
    except BaseException:
        _remove(keys)
        raise
    values |= {"width": made.width, "height": made.height, "is_animated": made.is_animated}
    values |= {"thumbnail_key": small["storage_key"], "thumbnail_size": small["size"]}
    return _Seen(values, tuple(keys))


def _put(file: IO[bytes], keys: list[str]) -> dict[str, object]:
    key = new_key()
    stored = current_store().put(key, _read(file))
    keys.append(key)
    return {"storage_key": key, "size": stored.size, "sha256": stored.sha256}


def _read(file: IO[bytes]) -> Iterator[bytes]:
    offload(file.seek, 0)
    return iter(lambda: offload(file.read, READ_BYTES), b"")


def _release(held: Held, seen: _Seen) -> None:
    try:
        is_released = _is_released(held, seen)
    except BaseException:
        _remove(seen.keys)
        raise
    # Bytes before row, and the former ones after it: nothing that one may ask for is ever missing.
    if not is_released:
        _remove(seen.keys)
    elif "storage_key" in seen.values:
        remove_key(held.key)


def _is_released(held: Held, seen: _Seen) -> bool:
    message_id = message_with(held.id)
    give_way()  # what follows holds the others up for 5-10 ms, in one go on SQLite
    if message_id is None:
        with db.transaction():
            if release(held.id, message_id=None, **seen.values):
                return True
        # It is deleted, or was sent meanwhile.
        message_id = message_with(held.id)
    return message_id is not None and _is_released_in(message_id, held, seen)


def _is_released_in(message_id: int, held: Held, seen: _Seen) -> bool:
    with suppress(_GoneMeanwhile), changing(held.room_id) as head:
        if not release(held.id, message_id=message_id, version=head.version, **seen.values):
            raise _GoneMeanwhile
        message = db.session().get_one(Message, message_id)
        message.version = head.version
        broadcasts.message_changed(said_by(message))
        return True
    return False


class _GoneMeanwhile(Exception):
    """Its message was deleted. Rolled back, so no version is used up."""


def _remove(keys: tuple[str, ...] | list[str]) -> None:
    for key in keys:
        remove_key(key)
