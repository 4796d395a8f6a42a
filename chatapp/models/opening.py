"""A room as somebody finds it who opens it: all that a page has to know, in one question, as of one moment."""

from dataclasses import dataclass

from sqlalchemy import and_, func, select

from chatapp import db
from chatapp.models.company import EPOCH
from chatapp.models.membership import THE_ROOM, THE_USER, Membership, readable_by
from chatapp.models.room import Room


@dataclass(frozen=True)
class Opening:
    """The room's facts and counters, its reader's pointer (0 for one who is not in it), and the database's epoch."""

    id: int
    kind: str
    name: str
    is_archived: bool
    version: int
    first_number: int
    last_number: int
    last_read_number: int
    generation: int
    epoch: str


def opening_of(room_id: int, user_id: int) -> Opening | None:
    """The room for this user; None when there is none that they may read."""
    found = db.rows(_OPENING, {"room_id": room_id, "user_id": user_id})
    return Opening(*found[0]) if found else None


_MINE = and_(Membership.room_id == Room.id, Membership.user_id == THE_USER, Membership.left_at.is_(None))
_OPENING = (
    select(Room.id, Room.kind, Room.name, Room.archived_at.is_not(None))
    .add_columns(Room.version, Room.first_number, Room.last_number)
    .add_columns(func.coalesce(Membership.last_read_number, 0), func.coalesce(Membership.generation, 0))
    .add_columns(func.coalesce(EPOCH.scalar_subquery(), ""))
    .outerjoin(Membership, _MINE)
    .where(Room.id == THE_ROOM, readable_by(THE_USER))
)
