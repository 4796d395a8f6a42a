"""What people choose for themselves: light or dark, the key that sends, the clock."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # With defaults of the database: the release before, which still makes accounts meanwhile, knows none of them.
    op.add_column("users", sa.Column("theme", sa.String(length=10), nullable=False, server_default="system"))
    op.add_column("users", sa.Column("send_key", sa.String(length=10), nullable=False, server_default="enter"))
    op.add_column("users", sa.Column("clock", sa.String(length=10), nullable=False, server_default="locale"))
