"""Files that are their author's alone until they were looked at. Who looks at one has it for a while (a lease)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select, update

from chatapp import db
from chatapp.models.company import Company
from chatapp.models.database_time import DatabaseNow
from chatapp.models.upload import Upload, UploadState

_WHAT = (
    *(Upload.id, Upload.room_id, Upload.storage_key.label("key")),
    *(Upload.media_type, Upload.size, Upload.tries),
    Upload.scanned_at,  # not whether it IS NULL: in a RETURNING that is wrong in SQLite 3.40
)
_HELD = (Upload.state == UploadState.HELD) & Upload.deleted_at.is_(None)


@dataclass(frozen=True, kw_only=True)
class Held:
    """A file at which one may look: where its bytes are, and how often somebody has begun to look."""

    id: int
    room_id: int
    key: str
    media_type: str
    size: int
    tries: int
    scanned_at: datetime | None


def next_held(now: datetime) -> tuple[int, int] | None:
    """The id and the size of the file to be looked at next, of those at which nobody looks: the oldest that nobody
    has looked at yet, else the one that has waited longest to be tried again."""
    is_free = or_(Upload.leased_until.is_(None), Upload.leased_until <= now)
    is_due = or_(Upload.retry_at.is_(None), Upload.retry_at <= now)
    # None first, on both databases: what fails again and again keeps nothing else waiting.
    order = (Upload.retry_at.asc().nulls_first(), Upload.id)
    query = select(Upload.id, Upload.size).where(_HELD, is_free, is_due).order_by(*order).limit(1)
    row = db.session().execute(query).one_or_none()
    return None if row is None else (row.id, row.size)


def leases(now: datetime) -> int:
    """At how many files somebody looks; inside a transaction, in which nobody else begins to."""
    db.session().execute(select(Company.id).with_for_update())
    query = select(func.count()).select_from(Upload).where(_HELD, Upload.leased_until > now)
    return db.session().scalar(query) or 0


def lease(upload_id: int, until: datetime) -> Held | None:
    """The file, which is one's own to look at until then; inside a transaction. None when it is held no more."""
    here = update(Upload).where(Upload.id == upload_id, _HELD)
    # Whoever dies over it has said nothing of when to try again.
    taken = here.values(leased_until=until, retry_at=until, tries=Upload.tries + 1).returning(*_WHAT)
    row = db.session().execute(taken.execution_options(synchronize_session=False)).mappings().one_or_none()
    return None if row is None else Held(**row)


def postpone(held: Held, until: datetime, *, tries: int) -> None:
    """End the lease: until then nobody looks at it, and so many tries count from now on. Inside a transaction.

    Nothing is done where the lease had ended, and somebody else looks at it by now.
    """
    here = update(Upload).where(Upload.id == held.id, Upload.tries == held.tries, _HELD)
    db.session().execute(here.values(leased_until=None, retry_at=until, tries=tries))


def note_scanned(upload_id: int) -> None:
    """A scanner found nothing in it; inside a transaction."""
    here = update(Upload).where(Upload.id == upload_id, _HELD)
    db.session().execute(here.values(scanned_at=DatabaseNow()))


def message_with(upload_id: int) -> int | None:
    """The id of the message in which a held file stands; None where it stands in none, or is held no more."""
    return db.session().scalar(select(Upload.message_id).where(Upload.id == upload_id, _HELD))


def release(upload_id: int, *, message_id: int | None, **found: object) -> bool:
    """Let everybody have it who may read its message, with what was found (also another state); inside a transaction.

    False when it is deleted, somebody else has released it, or it stands in another message than that, or in none.
    """
    here = update(Upload).where(Upload.id == upload_id, _HELD, Upload.message_id.is_not_distinct_from(message_id))
    done = here.values({"state": UploadState.STORED, "leased_until": None, "retry_at": None, **found}).returning(
        Upload.id
    )
    return db.session().scalar(done.execution_options(synchronize_session=False)) is not None
