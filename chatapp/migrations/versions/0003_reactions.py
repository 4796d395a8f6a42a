"""Reactions, and the version at which a message's were last changed."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

Number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("messages", sa.Column("reacted_version", Number, nullable=True))
    op.create_table(
        "reactions",
        sa.Column("message_id", Number, nullable=False),
        sa.Column("emoji", sa.String(length=16), nullable=False),
        sa.Column("user_id", Number, nullable=False),
        sa.Column("version", Number, nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_reactions_message_id"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_reactions_user_id"),
        sa.PrimaryKeyConstraint("message_id", "emoji", "user_id", name="pk_reactions"),
    )
