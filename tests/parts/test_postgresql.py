"""The PostgreSQL that tests kill and restart keeps what was committed, from wherever it comes."""

import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from tests.parts.found import Binary, in_package
from tests.parts.postgresql import PACKAGE, PostgreSQL, copied, postgresql_binaries


@pytest.fixture
def server() -> Iterator[PostgreSQL]:
    with PostgreSQL() as running:
        yield running


def do(url: str, statement: str) -> None:
    with closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(statement)


def number_of_rooms(url: str) -> object:
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM rooms")
        return (cursor.fetchone() or [None])[0]


def test_what_was_committed_survives_a_kill_and_an_immediate_stop(server: PostgreSQL) -> None:
    url = server.create_database("durable")
    do(url, "CREATE TABLE rooms (name text)")
    do(url, "INSERT INTO rooms VALUES ('All Talk')")

    server.kill()
    assert not server.is_ready()
    server.start()
    assert number_of_rooms(url) == 1

    server.stop_immediately()
    server.restart()
    assert number_of_rooms(url) == 1


def test_a_database_made_anew_is_empty_and_one_from_a_template_is_not(server: PostgreSQL) -> None:
    template = server.create_database("a-template")
    do(template, "CREATE TABLE rooms (name text)")

    assert number_of_rooms(server.create_database("copy", template="a-template")) == 0
    with pytest.raises(psycopg2.errors.UndefinedTable):
        number_of_rooms(server.create_database("a-template"))


@pytest.mark.parametrize("binary", list(postgresql_binaries()), ids=lambda binary: binary.origin)
def test_every_installation_here_serves(binary: Binary) -> None:
    with PostgreSQL(binary) as server:
        assert server.provenance.origin == binary.origin
        assert int(server.provenance.version.split(".")[0]) >= 13


def test_an_installation_in_a_closed_home_is_copied_to_where_the_server_may_go(tmp_path: Path) -> None:
    packaged = in_package(PACKAGE, "pginstall*/bin/postgres")
    assert packaged
    home = tmp_path / "home"
    closed = copied(packaged, home)
    home.chmod(stat.S_IRWXU)

    with PostgreSQL(closed) as server:
        assert server.is_ready()
        assert server.folder in server.binary.path.parents
