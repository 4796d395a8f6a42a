"""How the database itself is set, for whoever looks whether a deployment is sound."""

from sqlalchemy import text

from chatapp import config, db

# SQLite answers with a number.
SYNCHRONOUS = ("OFF", "NORMAL", "FULL", "EXTRA")

# What a role, and what a database may have; -1 is no limit. The server keeps some for its administrators.
_LIMITS = """
    SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int,
        (SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user),
        (SELECT datconnlimit FROM pg_database WHERE datname = current_database())
"""


def version() -> str:
    """Its name and version. Raises DatabaseAway."""
    if config.current().is_sqlite:
        return f"SQLite {_ask('SELECT sqlite_version()')}"
    return f"PostgreSQL {_ask('SHOW server_version')}".split(" (")[0]


def sqlite_journal() -> tuple[str, str]:
    """`journal_mode` and `synchronous` of our connections."""
    return _ask("PRAGMA journal_mode").lower(), SYNCHRONOUS[int(_ask("PRAGMA synchronous"))]


def postgresql_settings(*names: str) -> dict[str, str]:
    """These settings, as they hold for our connections."""
    return {name: _ask("SELECT current_setting(:name)", name=name) for name in names}


def connections_allowed() -> int:
    """How many connections all of ours together may have to this PostgreSQL."""
    limits = db.session().execute(text(_LIMITS)).one()
    return min(int(limit) for limit in limits if limit is not None and limit >= 0)


def _ask(question: str, **values: str) -> str:
    return str(db.session().execute(text(question), values).scalar_one())
