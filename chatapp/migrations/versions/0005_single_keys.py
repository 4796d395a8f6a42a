"""What people choose for themselves, one more: whether single keys mean anything."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # With a default of the database, as in 0004.
    op.add_column("users", sa.Column("single_keys", sa.String(length=10), nullable=False, server_default="on"))
