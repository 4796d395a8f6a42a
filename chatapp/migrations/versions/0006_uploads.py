"""Files: what one is and whose, its parts while it comes, and its bytes where the database holds them."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

Number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    # With a default of the database: the release before, which still posts meanwhile, does not know the column.
    op.add_column("messages", sa.Column("upload_count", Number, nullable=False, server_default="0"))
    op.create_table(
        "uploads",
        sa.Column("id", Number, nullable=False),
        sa.Column("room_id", Number, nullable=False),
        sa.Column("author_id", Number, nullable=False),
        sa.Column("client_id", sa.String(length=36), nullable=False),
        sa.Column("message_id", Number, nullable=True),
        sa.Column("position", Number, nullable=False),
        sa.Column("name", sa.String(length=150), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", Number, nullable=False),
        sa.Column("received", Number, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("storage_key", sa.String(length=32), nullable=True),
        sa.Column("width", Number, nullable=True),
        sa.Column("height", Number, nullable=True),
        sa.Column("alt", sa.String(length=500), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("deleted_at", Moment, nullable=True),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name="fk_uploads_room_id"),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name="fk_uploads_author_id"),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_uploads_message_id"),
        sa.PrimaryKeyConstraint("id", name="pk_uploads"),
        sa.UniqueConstraint("room_id", "author_id", "client_id", name="uq_uploads_room_id_author_id_client_id"),
        sa.UniqueConstraint("storage_key", name="uq_uploads_storage_key"),
    )
    op.create_index("ix_uploads_message_id", "uploads", ["message_id"])
    op.create_table(
        "upload_parts",
        sa.Column("upload_id", Number, nullable=False),
        sa.Column("start", Number, nullable=False),
        sa.Column("size", Number, nullable=False),
        sa.Column("storage_key", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["upload_id"], ["uploads.id"], name="fk_upload_parts_upload_id"),
        sa.PrimaryKeyConstraint("upload_id", "start", name="pk_upload_parts"),
        sa.UniqueConstraint("storage_key", name="uq_upload_parts_storage_key"),
    )
    op.create_table(
        "stored_chunks",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("position", Number, nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("key", "position", name="pk_stored_chunks"),
    )
