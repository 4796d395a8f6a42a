"""Who belongs to which room, and how far they have read. Here stands the rule of who may read."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from chatapp import db
from chatapp.db import Base, UtcDateTime
from chatapp.models.message import Message
from chatapp.models.room import Room, RoomKind
from chatapp.models.user import PEOPLE_PAGE, Person, User, name_contains, people_named

ROOMS_PAGE = 1_000  # rows; a list longer than this is searched, not read
MEMBERS_PAGE = 200  # rows
UNREAD_MAX = 1_000  # counting stops here: "999+" is as good as the truth beyond it


class NotifyLevel(StrEnum):
    ALL = "all"
    MENTIONS = "mentions"
    NOTHING = "nothing"


class Membership(Base):
    """A person in a room. Leaving keeps the row, with `left_at` and a version: who was away learns of it."""

    __tablename__ = "memberships"
    __table_args__ = (Index(None, "user_id", "left_at"),)

    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    version: Mapped[int]
    last_read_number: Mapped[int] = mapped_column(default=0)
    # Raised by "mark unread": a slow `room:read` of an older generation is then ignored.
    generation: Mapped[int] = mapped_column(default=0)
    level: Mapped[str] = mapped_column(String(10), default=NotifyLevel.ALL)
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime, default=db.now)
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @staticmethod
    def current(room_id: int, user_id: int) -> "Membership | None":
        """The membership, unless it has ended."""
        membership = db.session().get(Membership, (room_id, user_id))
        return membership if membership and membership.left_at is None else None

    @staticmethod
    def begin(room_id: int, user_id: int, *, version: int, last_number: int) -> None:
        """Make the user a member; everything said so far counts as read."""
        session = db.session()
        former = session.get(Membership, (room_id, user_id))
        if former is None:
            former = Membership(room_id=room_id, user_id=user_id, version=version, generation=0)
            session.add(former)
        former.version, former.joined_at, former.left_at = version, db.now(), None
        former.last_read_number = max(former.last_read_number or 0, last_number)

    @staticmethod
    def end(room_id: int, user_id: int, *, version: int) -> bool:
        """End a membership; False when there was none."""
        query = update(Membership).where(*_is(room_id, user_id), Membership.left_at.is_(None))
        query = query.values(left_at=db.now(), version=version)
        return db.session().scalar(query.returning(Membership.user_id)) is not None

    @staticmethod
    def advance_read(room_id: int, user_id: int, number: int, *, generation: int | None = None) -> bool:
        """Move the read pointer forward to `number`, never back; an older `generation` moves nothing.

        True when it moved.
        """
        query = update(Membership).where(*_is(room_id, user_id), Membership.last_read_number < number)
        if generation is not None:
            query = query.where(Membership.generation == generation)
        query = query.values(last_read_number=number).execution_options(synchronize_session=False)
        return db.session().scalar(query.returning(Membership.user_id)) is not None

    @staticmethod
    def set_read(room_id: int, user_id: int, number: int, *, generation: int) -> bool:
        """Put the read pointer at `number`, in a new generation; an older `generation` moves nothing.

        True when it moved.
        """
        query = update(Membership).where(*_is(room_id, user_id), Membership.generation == generation)
        query = query.values(last_read_number=number, generation=Membership.generation + 1)
        query = query.execution_options(synchronize_session=False)
        return db.session().scalar(query.returning(Membership.user_id)) is not None

    @staticmethod
    def read_all(user_id: int) -> list[int]:
        """Move the user's read pointers to the end of all their rooms. The rooms in which one moved."""
        own = (Membership.user_id == user_id, Membership.left_at.is_(None))
        # In one order: two of these at once would wait for each other.
        db.session().execute(select(Membership.room_id).where(*own).order_by(Membership.room_id).with_for_update())
        last = select(Room.last_number).where(Room.id == Membership.room_id).scalar_subquery()
        query = update(Membership).where(*own, Membership.last_read_number < last).values(last_read_number=last)
        query = query.execution_options(synchronize_session=False)
        return list(db.session().scalars(query.returning(Membership.room_id)))

    @staticmethod
    def user_ids_of(room_id: int) -> list[int]:
        """Everyone in the room."""
        return list(db.session().scalars(select(Membership.user_id).where(*_in(room_id))))

    @staticmethod
    def count(room_id: int) -> int:
        """How many people are in the room."""
        return db.session().scalar(select(func.count()).select_from(Membership).where(*_in(room_id))) or 0

    @staticmethod
    def people_in(room_id: int, text: str = "", *, limit: int = MEMBERS_PAGE) -> list[User]:
        """The room's members whose name contains `text`, by name."""
        query = select(User).join(Membership, Membership.user_id == User.id).where(*_in(room_id))
        if text:
            query = query.where(name_contains(text))
        return list(db.session().scalars(query.order_by(User.name_key, User.id).limit(limit)))

    @staticmethod
    def people_outside(room_id: int, text: str = "", *, limit: int = PEOPLE_PAGE) -> list[User]:
        """Who could be brought into the room: the first people whose name contains `text`, by name."""
        inside = select(Membership.user_id).where(*_in(room_id))
        query = people_named(text).where(User.deactivated_at.is_(None), User.id.not_in(inside))
        return list(db.session().scalars(query.limit(limit)))


def _in(room_id: int) -> tuple[ColumnElement[bool], ...]:
    return Membership.room_id == room_id, Membership.left_at.is_(None)


# An id, or where it will stand in a query that is built once.
Id = int | BindParameter[int]
THE_USER: BindParameter[int] = bindparam("user_id")
THE_ROOM: BindParameter[int] = bindparam("room_id")


def _is(room_id: Id, user_id: Id) -> tuple[ColumnElement[bool], ...]:
    return Membership.room_id == room_id, Membership.user_id == user_id


def _room_ids_of(user_id: Id) -> Select[int]:
    return select(Membership.room_id).where(Membership.user_id == user_id, Membership.left_at.is_(None))


def readable_by(user_id: Id) -> ColumnElement[bool]:
    """The rule of reading, as a condition: the room is open, or the user is in it. Being admin changes nothing."""
    return or_(Room.kind == RoomKind.OPEN, Room.id.in_(_room_ids_of(user_id)))


@dataclass(frozen=True)
class Standing:
    """A membership as it stands: the version at which it began, and how far its person has read."""

    version: int
    generation: int
    last_read_number: int


def memberships_of(user_ids: set[int]) -> dict[tuple[int, int], Standing]:
    """For each room and person, of these people in all their rooms: how their membership stands."""
    if not user_ids:
        return {}
    keys = select(Membership.room_id, Membership.user_id)
    query = keys.add_columns(Membership.version, Membership.generation, Membership.last_read_number)
    query = query.where(Membership.user_id.in_(user_ids), Membership.left_at.is_(None))
    return {(room_id, user_id): Standing(*rest) for room_id, user_id, *rest in db.session().execute(query)}


@dataclass(frozen=True)
class ListedRoom:
    """A room as it stands in somebody's list."""

    room: Room
    membership: Membership | None
    unread: int


def rooms_listed_for(user_id: int, *, limit: int = ROOMS_PAGE) -> list[ListedRoom]:
    """Every room a person may see, with their unread count, one's own rooms first."""
    rows = db.session().execute(_LISTED, {"user_id": user_id, "limit": limit})
    return [ListedRoom(room, own, unread if own else 0) for room, own, unread in rows]


@dataclass(frozen=True)
class Reading:
    """How far a member has read, and the room's own counters at that moment."""

    last_read_number: int
    generation: int
    unread: int
    version: int
    last_number: int


def reading_of(room_id: int, user_id: int) -> Reading | None:
    """How far the user has read; None for one who is not in the room.

    In one statement: the count then holds for exactly that version of the room, and a browser can go on from there.
    """
    row = db.session().execute(_READING, {"room_id": room_id, "user_id": user_id}).one_or_none()
    return Reading(*tuple(row)) if row else None


def first_unread_of(room_id: int, user_id: int) -> int | None:
    """The number of the first post that makes the room unread for the user."""
    return db.session().scalar(_FIRST_UNREAD, {"room_id": room_id, "user_id": user_id})


_UNREAD = and_(
    Message.room_id == Membership.room_id,
    Message.number > Membership.last_read_number,
    Message.author_id != THE_USER,
    Message.deleted_at.is_(None),
)
_FIRST_UNREAD = (
    select(Message.number)
    .join(Membership, _UNREAD)
    .where(*_is(THE_ROOM, THE_USER), Membership.left_at.is_(None))
    .order_by(Message.number)
    .limit(1)
)


def _unread_count() -> ColumnElement[int]:
    unread = select(Message.id).where(_UNREAD).correlate(Membership).limit(UNREAD_MAX)
    # LATERAL would say it more plainly; SQLite has none, and a correlated scalar subquery serves both.
    return select(func.count()).select_from(unread.subquery()).scalar_subquery()


_READING = (
    select(Membership.last_read_number, Membership.generation, _unread_count(), Room.version, Room.last_number)
    .join(Room, Room.id == Membership.room_id)
    .where(*_is(THE_ROOM, THE_USER), Membership.left_at.is_(None))
)
_MINE = and_(Membership.room_id == Room.id, Membership.user_id == THE_USER, Membership.left_at.is_(None))
_LISTED = (
    select(Room, Membership, _unread_count())
    .outerjoin(Membership, _MINE)
    .where(readable_by(THE_USER))
    .order_by(Membership.user_id.is_(None), Room.name_key, Room.id)
    .limit(bindparam("limit", type_=Integer))
)


def closed_rooms(*, limit: int = ROOMS_PAGE) -> list[tuple[str, int]]:
    """Name and number of members of every closed room: that they exist, not what is said in them."""
    members = select(func.count()).where(Membership.room_id == Room.id, Membership.left_at.is_(None))
    query = select(Room.name, members.scalar_subquery()).where(Room.kind == RoomKind.CLOSED)
    rows = db.session().execute(query.order_by(Room.name_key, Room.id).limit(limit))
    return [(name, count) for name, count in rows]


def own_closed_room(name_key: str, user_id: int) -> Room | None:
    """A closed room of this name that the user is in."""
    query = select(Room).where(Room.name_key == name_key, Room.kind == RoomKind.CLOSED)
    return db.session().scalar(query.where(Room.id.in_(_room_ids_of(user_id))).order_by(Room.id).limit(1))


def direct_companions(user_id: int, room_ids: list[int]) -> dict[int, list[Person]]:
    """For each conversation: the others in it, who give it its name for want of one of its own."""
    companions: dict[int, list[Person]] = {room_id: [] for room_id in room_ids}
    for room_id, other_id, name in db.session().execute(_COMPANIONS, {"user_id": user_id, "room_ids": room_ids}):
        companions[room_id].append(Person(other_id, name))
    return companions


_COMPANIONS = (
    select(Membership.room_id, User.id, User.name)
    .join(User, User.id == Membership.user_id)
    .where(Membership.room_id.in_(bindparam("room_ids", expanding=True)), Membership.user_id != THE_USER)
    .order_by(User.name, User.id)
)
