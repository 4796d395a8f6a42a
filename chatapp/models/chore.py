"""What one of all workers does now and then: whoever notes first that it is due does it."""

from datetime import datetime, timedelta

from sqlalchemy import String, select, update
from sqlalchemy.orm import Mapped, mapped_column

from chatapp import db
from chatapp.db import Base, UtcDateTime
from chatapp.models.database_time import database_now


class Chore(Base):
    """When it is to be done next, by the database's clock: the workers' own may disagree."""

    __tablename__ = "chores"

    name: Mapped[str] = mapped_column(String(30), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @staticmethod
    def is_due(name: str) -> bool:
        """Whether it is to be done now: asked without a lock, since mostly it is not."""
        due_at = db.session().scalar(select(Chore.due_at).where(Chore.name == name))
        return due_at is None or due_at <= database_now()

    @staticmethod
    def claim(name: str, every: timedelta) -> bool:
        """Whether it is due and the caller's to do; it is due again in `every`. Inside a transaction.

        Of two that see it for the very first time at once, one gets a Conflict from its transaction.
        """
        now = database_now()
        due = update(Chore).where(Chore.name == name, Chore.due_at <= now).values(due_at=now + every)
        quietly = due.returning(Chore.name).execution_options(synchronize_session=False)
        if db.session().scalar(quietly) is not None:
            return True
        if db.session().scalar(select(Chore.name).where(Chore.name == name)) is not None:
            return False
        db.session().add(Chore(name=name, due_at=now + every))
        return True
