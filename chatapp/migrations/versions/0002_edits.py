"""Edits keep what was said before; a room remembers when it was last changed itself."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

Number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("rooms", sa.Column("changed_version", Number, nullable=False, server_default="0"))
    op.create_table(
        "message_edits",
        sa.Column("message_id", Number, nullable=False),
        sa.Column("version", Number, autoincrement=False, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("written_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_message_edits_message_id"),
        sa.PrimaryKeyConstraint("message_id", "version", name="pk_message_edits"),
    )
