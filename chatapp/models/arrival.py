"""What a worker asks when a browser connects: whose it is, and which rooms it follows, in one question."""

from sqlalchemy import and_

from chatapp import db
from chatapp.models.membership import Membership, Standing
from chatapp.models.sign_in import BY_TOKEN_HASH, LiveSignIn, live_sign_in
from chatapp.models.user import User


def arrival_of(token_hash: str) -> tuple[LiveSignIn, dict[int, Standing]] | None:
    """The sign-in with this token, and how the memberships of its person stand, by room; None as `SignIn` has it."""
    found = db.rows(_ARRIVAL, {"key": token_hash})
    if not found:
        return None
    rooms = [row[-_STANDING:] for row in found]
    return live_sign_in(found[0][:-_STANDING]), {room_id: Standing(*rest) for room_id, *rest in rooms if room_id}


_COLUMNS = (Membership.room_id, Membership.version, Membership.generation, Membership.last_read_number)
_STANDING = len(_COLUMNS)
_ARRIVAL = BY_TOKEN_HASH.add_columns(*_COLUMNS).outerjoin(
    Membership, and_(Membership.user_id == User.id, Membership.left_at.is_(None))
)
