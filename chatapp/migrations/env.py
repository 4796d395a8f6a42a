"""What Alembic runs: the revisions, on the connection that `migrations.upgrade` opened."""

from alembic import context

from chatapp import models  # noqa: F401  # knowing the tables, for autogenerate
from chatapp.db import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    # SQLite changes a column only by copying the table.
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
