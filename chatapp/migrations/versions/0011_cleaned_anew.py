"""Films lose the place where they were taken, as pictures do; and HEIC and AVIF, which a scanner let pass with it."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # What was sent before is looked at now, once more: it takes nothing from what was cleaned already.
    op.execute(
        "UPDATE uploads SET state = 'held', tries = 0, leased_until = NULL, retry_at = NULL "
        "WHERE state = 'stored' AND deleted_at IS NULL AND media_type IN "
        "('image/heic', 'image/heif', 'image/avif', 'video/mp4', 'video/quicktime')"
    )
