"""A page of a room's files goes on where the last one ended within a message, and is found without reading all."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_uploads_room_id_message_id_position", "uploads", ["room_id", "message_id", "position"])
