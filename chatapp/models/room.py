"""Rooms: where people talk. A room's row carries its two counters."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, bindparam, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from chatapp import db
from chatapp.db import Base, UtcDateTime


class RoomKind(StrEnum):
    OPEN = "open"  # everyone in the company may join and read
    CLOSED = "closed"  # picked members
    DIRECT = "direct"  # exactly one per set of people, never convertible


@dataclass(frozen=True)
class RoomHead:
    """Where a room stands: its newest version and message number."""

    version: int
    last_number: int


class Room(Base):
    """A room. `version` counts its changes, `last_number` its messages, both without holes and in commit order."""

    __tablename__ = "rooms"
    __table_args__ = (
        # Only among open rooms: a rule among all would reveal that a closed room of that name exists.
        Index(
            "uq_rooms_open_name",
            "name_key",
            unique=True,
            sqlite_where=text("kind = 'open'"),
            postgresql_where=text("kind = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    # Empty for a direct conversation: it is called after its people.
    name: Mapped[str] = mapped_column(String(80), default="")
    name_key: Mapped[str] = mapped_column(String(400), default="")
    direct_key: Mapped[str | None] = mapped_column(String(400), unique=True)
    version: Mapped[int] = mapped_column(default=0)
    # The version of the last rename, archiving or restoring: a worker that missed it tells it again.
    changed_version: Mapped[int] = mapped_column(default=0, server_default="0")
    first_number: Mapped[int] = mapped_column(default=1)
    last_number: Mapped[int] = mapped_column(default=0)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=db.now)
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def is_direct(self) -> bool:
        """True for a conversation of a fixed set of people."""
        return self.kind == RoomKind.DIRECT

    @property
    def is_open(self) -> bool:
        """True when everyone in the company may join and read."""
        return self.kind == RoomKind.OPEN

    @property
    def is_archived(self) -> bool:
        """True when it can be read but not written."""
        return self.archived_at is not None

    @staticmethod
    def next_version(room_id: int) -> RoomHead | None:
        """Take the room's next version. This locks the room until commit, and orders us behind other writers.

        None when there is no such room.
        """
        return Room._advance(room_id, posts=0)

    @staticmethod
    def next_number(room_id: int) -> RoomHead | None:
        """Take the room's next version and message number, in the same way."""
        return Room._advance(room_id, posts=1)

    @staticmethod
    def _advance(room_id: int, *, posts: int) -> RoomHead | None:
        row = db.session().execute(_ADVANCE, {"room_id": room_id, "posts": posts}).first()
        return RoomHead(*row) if row else None

    @staticmethod
    def by_direct_key(direct_key: str) -> "Room | None":
        """The conversation of this set of people."""
        return db.session().scalar(select(Room).where(Room.direct_key == direct_key))


# Built once: every change of every room asks it. The columns are counted by the database; guessing them in Python
# would be a second truth.
_ADVANCE = (
    update(Room)
    .where(Room.id == bindparam("room_id"))
    .values(version=Room.version + 1, last_number=Room.last_number + bindparam("posts"))
    .returning(Room.version, Room.last_number)
    .execution_options(synchronize_session=False)
)


def open_room_named(name_key: str) -> Room | None:
    """The open room with this name key: there is at most one."""
    return db.session().scalar(select(Room).where(Room.name_key == name_key, Room.kind == RoomKind.OPEN))


def open_among(room_ids: set[int]) -> set[int]:
    """Those of these rooms that everyone may read."""
    if not room_ids:
        return set()
    return set(db.session().scalars(select(Room.id).where(Room.id.in_(room_ids), Room.kind == RoomKind.OPEN)))


def first_open_room() -> Room | None:
    """The company's oldest open room, where newcomers begin."""
    query = select(Room).where(Room.kind == RoomKind.OPEN, Room.archived_at.is_(None))
    return db.session().scalar(query.order_by(Room.id).limit(1))
