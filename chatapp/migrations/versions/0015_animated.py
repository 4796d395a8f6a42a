"""Whether a picture moves is known of it: it stands still for who wants that."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("uploads", sa.Column("is_animated", sa.Boolean(), nullable=True))
