"""Pictures are looked at before others get them: they lose their metadata, and get a small copy."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

Number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("uploads", sa.Column("thumbnail_key", sa.String(length=32), nullable=True))
    op.add_column("uploads", sa.Column("thumbnail_size", Number, nullable=True))
    op.add_column("uploads", sa.Column("leased_until", Moment, nullable=True))
    # With a default of the database: the release before, which takes files in meanwhile, does not know the column.
    op.add_column("uploads", sa.Column("tries", Number, nullable=False, server_default="0"))
    op.add_column("uploads", sa.Column("version", Number, nullable=True))
    op.create_index("ix_uploads_state", "uploads", ["state"])
    # What was sent before is looked at now: it holds places and names of cameras as it came.
    op.execute(
        "UPDATE uploads SET state = 'held' WHERE state = 'stored' AND deleted_at IS NULL AND media_type IN "
        "('image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/heic', 'image/heif', 'image/avif')"
    )
