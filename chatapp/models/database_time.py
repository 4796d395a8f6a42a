"""What time it is by the database's clock: one for all workers, however wrong their own are."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from chatapp import db
from chatapp.db import UtcDateTime


class DatabaseNow(FunctionElement[datetime]):
    """The present moment, to be written into a query: on PostgreSQL when its transaction began."""

    type = UtcDateTime()
    inherit_cache = True


@compiles(DatabaseNow)
def _standard(_element: DatabaseNow, _compiler: SQLCompiler, **_options: Any) -> str:
    return "CURRENT_TIMESTAMP"


@compiles(DatabaseNow, "sqlite")
def _sqlite(_element: DatabaseNow, _compiler: SQLCompiler, **_options: Any) -> str:
    # Its CURRENT_TIMESTAMP knows whole seconds only. Six digits, as stored times have them: they are compared as text.
    return "strftime('%Y-%m-%d %H:%M:%f000', 'now')"


def database_now() -> datetime:
    """What time it is, as the database says."""
    return db.session().execute(select(DatabaseNow())).scalar_one()
