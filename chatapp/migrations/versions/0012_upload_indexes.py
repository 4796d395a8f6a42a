"""What is asked of files with each upload, and of a room's page of files, is found without reading all of them."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_uploads_author_id_size_thumbnail_size", "uploads", ["author_id", "size", "thumbnail_size"])
    op.create_index("ix_uploads_room_id_id", "uploads", ["room_id", "id"])
