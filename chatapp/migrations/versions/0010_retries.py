"""When a file that could not be looked at is looked at again: it waits behind the others, and keeps none of them."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("uploads", sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True))
