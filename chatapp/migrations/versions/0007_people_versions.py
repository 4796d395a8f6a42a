"""A version for people: the company counts their changes, and each has the number of their last one."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

Number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    # With defaults of the database: the release before, which still makes accounts meanwhile, knows none of them.
    op.add_column("company", sa.Column("people_version", Number, nullable=False, server_default="0"))
    op.add_column("users", sa.Column("version", Number, nullable=False, server_default="0"))
    op.create_index("ix_users_version", "users", ["version"])
