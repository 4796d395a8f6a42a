"""Files that are held, and time that passes for them."""

from datetime import timedelta

from sqlalchemy import update

from chatapp import db
from chatapp.actions.held_files import RETRY
from chatapp.actions.history import read_changes
from chatapp.actions.messages import post_message
from chatapp.events import MessageFact
from chatapp.models import Upload
from tests.files import PNG, send
from tests.support import Cast


def upload_of(upload_id: int) -> Upload:
    """The upload as it is now."""
    db.session().rollback()
    return db.session().get_one(Upload, upload_id, populate_existing=True)


def posted(cast: Cast, data: bytes = PNG) -> tuple[int, int]:
    """The ids of an upload of Alice's and of its message."""
    upload_id = send(cast.alice, cast.open_room, data, name="a.jpg").id
    return upload_id, post_message(cast.alice, cast.open_room, "look", upload_ids=(upload_id,)).id


def seen_by_bob(cast: Cast) -> MessageFact:
    """The change of the room that came last, as Bob gets it."""
    return read_changes(cast.bob, cast.open_room, 0).items[-1]


def a_minute_passes() -> None:
    """Leases end, and what failed may be tried again."""
    past = db.now() - timedelta(seconds=1)
    with db.transaction() as session:
        session.execute(update(Upload).values(leased_until=None))
        session.execute(update(Upload).where(Upload.retry_at < past + 2 * RETRY).values(retry_at=past))
