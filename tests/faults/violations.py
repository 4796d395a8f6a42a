"""The names of what must never be."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What can be wrong."""

    LOST = "lost"  # acked and not there
    MOVED = "moved"  # there, but not where the ack said
    UNSENT = "unsent"  # typed, and in the end neither acked nor refused
    REFUSED = "refused"  # and nothing that the run did was a reason to
    REFUSED_BUT_THERE = "refused but there"
    DUPLICATE = "duplicate"
    PHANTOM = "phantom"  # there, and nobody sent it
    CHANGED = "changed"  # another text than the author's last
    HOLE = "hole"  # the room's numbers are not 1, 2, 3 ...
    REORDERED = "reordered"  # sent after another was acked, and yet before it
    AUTHOR_ORDER = "author order"  # not in the order typed
    TWICE = "twice"  # a client applied one change twice
    OUT_OF_ORDER = "out of order"  # a client applied an older change after a newer one
    GAP = "gap"  # a client went on and had missed something
    WRONG_AUTHOR = "wrong author"  # a client applied it as another person's, or under another client id
    UNREAD = "unread"  # a badge is no recount, or somebody's reading moved by itself
    NOT_CONVERGED = "not converged"  # a client does not end with what the database has
    UNCERTAIN = "uncertain"  # a worker died, and the retry was told the wrong thing of what was committed
    AFTER_REMOVAL = "after removal"  # something came to one who had been shut out


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing that is wrong."""

    kind: Kind
    what: str
