"""Whether some small copy has a key is asked of each key that the database holds bytes under."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_uploads_thumbnail_key", "uploads", ["thumbnail_key"])
