"""The company that this chat belongs to, and the code that lets its founder in."""

from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import CheckConstraint, String, delete, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from chatapp import db
from chatapp.db import Base, UtcDateTime

SETUP_CODE_LIFETIME = timedelta(days=1)  # a link found in an old log opens nothing


class Company(Base):
    """The one company. Its `id` is always 1, so that two founders who race cannot both win."""

    __tablename__ = "company"
    __table_args__ = (CheckConstraint("id = 1", name="only_one_company"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    name: Mapped[str] = mapped_column(String(80))
    # New after a restore: a browser that knows another epoch drops its copy.
    epoch: Mapped[str] = mapped_column(String(36), default=lambda: str(uuid4()))
    # Counts the changes of people, without holes and in commit order: as `rooms.version` those of a room.
    people_version: Mapped[int] = mapped_column(default=0, server_default="0")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=db.now)

    @staticmethod
    def the_one() -> "Company | None":
        """The company, or None before it is founded."""
        return db.session().get(Company, 1)

    @staticmethod
    def present_epoch() -> str:
        """The company's epoch; empty before it is founded."""
        return db.session().scalar(EPOCH) or ""

    @staticmethod
    def present_people_version() -> int:
        """The version of the last change of somebody; 0 where nobody has changed."""
        return db.session().scalar(_PEOPLE) or 0

    @staticmethod
    def next_people_version() -> int:
        """Take the next version of people. This orders us behind whoever changes somebody, until commit."""
        return db.session().scalar(_ADVANCE_PEOPLE) or 0


EPOCH = select(Company.epoch).where(Company.id == 1)  # built once: it takes as long as asking
_PEOPLE = select(Company.people_version).where(Company.id == 1)
PEOPLE_VERSION = func.coalesce(_PEOPLE.scalar_subquery(), 0)  # to be asked for beside something else
_ADVANCE_PEOPLE = (
    update(Company)
    .where(Company.id == 1)
    .values(people_version=Company.people_version + 1)
    .returning(Company.people_version)
    .execution_options(synchronize_session=False)
)


class SetupCode(Base):
    """The one-time code of the set-up page, as a hash. At most one row; none once the company is founded."""

    __tablename__ = "setup_codes"

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=db.now)

    @staticmethod
    def is_valid(code_hash: str) -> bool:
        """True while the code opens the set-up page."""
        newest = db.now() - SETUP_CODE_LIFETIME
        query = select(SetupCode).where(SetupCode.code_hash == code_hash, SetupCode.created_at > newest)
        return db.session().scalar(query) is not None

    @staticmethod
    def forget_all() -> None:
        """Make every code worthless."""
        db.session().execute(delete(SetupCode))
