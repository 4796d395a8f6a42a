"""What changed in a room since a version: each thing once, with the version of its last change."""

from dataclasses import dataclass

from sqlalchemy import select

from chatapp import db
from chatapp.models.membership import Membership
from chatapp.models.message import Said, said_since
from chatapp.models.room import Room
from chatapp.models.user import User


@dataclass(frozen=True)
class Change:
    """One thing that changed: a message, somebody's membership, or the room itself when neither is given."""

    version: int
    said: Said | None = None
    membership: Membership | None = None
    user: User | None = None


def changes_since(room_id: int, since: int, limit: int) -> list[Change]:
    """The changes after version `since`, in order; where there are more than `limit` messages, the first of them.

    The head first, then the rows: versions come in commit order, so whoever sees one sees all below it.
    """
    room = db.session().get_one(Room, room_id, populate_existing=True)
    # What was committed since the head was read waits for the next question: with it, but without the change of the
    # room that came before, the version of that change would be passed over.
    messages = [said for said in said_since(room_id, since, limit) if said.message.version <= room.version]
    bound = messages[-1].message.version if len(messages) == limit else room.version
    changes = [Change(said.message.version, said=said) for said in messages]
    changes += _memberships(room_id, since, bound)
    if since < room.changed_version <= bound:
        changes.append(Change(room.changed_version))
    return sorted(changes, key=lambda change: change.version)


def _memberships(room_id: int, since: int, bound: int) -> list[Change]:
    query = select(Membership, User).join(User, User.id == Membership.user_id)
    query = query.where(Membership.room_id == room_id, Membership.version > since, Membership.version <= bound)
    rows = db.session().execute(query.execution_options(populate_existing=True))
    return [Change(membership.version, membership=membership, user=user) for membership, user in rows]


def heads_of(room_ids: set[int]) -> dict[int, int]:
    """The newest version of each of these rooms."""
    if not room_ids:
        return {}
    query = select(Room.id, Room.version).where(Room.id.in_(room_ids))
    return dict(db.session().execute(query).all())
