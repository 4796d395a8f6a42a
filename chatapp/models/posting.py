"""Posts in one statement, where the database can do that: everything that a post changes, and who may, at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chatapp import config, db


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A message that is to be posted: text alone, and no reply."""

    author_id: int
    client_id: str
    body: str
    html: str
    # In which it was written; None where nobody said.
    epoch: str | None = None


@dataclass(frozen=True)
class Place:
    """Where it stands now."""

    id: int
    number: int
    version: int


def can_post_together() -> bool:
    """True when the database takes a change inside a change. SQLite does not."""
    return not config.current().is_sqlite


def post_together(room_id: int, drafts: Sequence[Draft], created_at: datetime) -> list[Place]:
    """The places of these messages, one after the other; none when the room is not there or not to be written,
    or one was written in another epoch.

    Raises db.Conflict where one of their authors is not in the room, or has posted this client id before; nothing is
    posted then. In a `db.room_turn`.
    """
    values = {
        "room_id": room_id,
        "count": len(drafts),
        "created_at": created_at,
        "author_ids": [draft.author_id for draft in drafts],
        "client_ids": [draft.client_id for draft in drafts],
        "bodies": [draft.body for draft in drafts],
        "htmls": [draft.html for draft in drafts],
        "epochs": [draft.epoch for draft in drafts],
    }
    places = [Place(*row) for row in db.statement(_POST, values)]
    return sorted(places, key=lambda place: place.number)


# The room first, whose row is the lock that orders everybody who changes something in it. An UPDATE that had to wait
# sees a membership as it is then, not as it was when the statement began: who was removed meanwhile has none. Their
# message would have no author, and the rule that it must have one takes back all of it, the room's counters too.
_POST = """
WITH draft AS (
    SELECT * FROM unnest(
        %(author_ids)s::bigint[], %(client_ids)s::text[], %(bodies)s::text[], %(htmls)s::text[], %(epochs)s::text[]
    ) WITH ORDINALITY AS draft (author_id, client_id, body, html, epoch, place)
),
room AS (
    UPDATE rooms SET version = version + %(count)s, last_number = last_number + %(count)s
    WHERE id = %(room_id)s AND archived_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM draft, company WHERE draft.epoch <> company.epoch)
    RETURNING version - %(count)s AS version, last_number - %(count)s AS last_number
),
own AS (
    SELECT draft.author_id, room.last_number + max(draft.place) AS number
    FROM room, draft GROUP BY draft.author_id, room.last_number
),
member AS (
    UPDATE memberships SET last_read_number = own.number FROM own
    WHERE memberships.room_id = %(room_id)s AND memberships.user_id = own.author_id AND memberships.left_at IS NULL
    RETURNING memberships.user_id
)
INSERT INTO messages (room_id, number, version, author_id, client_id, body, html, created_at)
SELECT %(room_id)s, room.last_number + draft.place, room.version + draft.place, member.user_id, draft.client_id,
    draft.body, draft.html, %(created_at)s
FROM room CROSS JOIN draft LEFT JOIN member ON member.user_id = draft.author_id
RETURNING id, number, version
"""
