"""What one of all workers does now and then, and when it is due; when a scanner found nothing in a file."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "chores",
        sa.Column("name", sa.String(length=30), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_chores"),
    )
    op.add_column("uploads", sa.Column("scanned_at", sa.DateTime(timezone=True), nullable=True))
