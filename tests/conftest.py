"""A database, an application on it, and the cast: Alice founded the room, Bob is in it, Charlie is not,
Dana administers the company and is not in it either, and nobody is signed out."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from argon2 import PasswordHasher
from flask import Flask

from chatapp import addresses, create_app, db, identity, migrations
from chatapp.config import Settings
from chatapp.models import Person
from tests.support import FULL_HASHER, QUICK_HASHER, Cast, StoredCast, empty_tables, test_settings

pytest_plugins = ["tests.parts.plugin"]


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Passwords are hashed in no time, in this process."""
    with pytest.MonkeyPatch.context() as patch:
        hash_passwords_by(QUICK_HASHER, patch)
        yield


@pytest.fixture
def full_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are hashed as they are everywhere else. Those of the cast were hashed quickly."""
    hash_passwords_by(FULL_HASHER, monkeypatch)


def hash_passwords_by(hasher: PasswordHasher, patch: pytest.MonkeyPatch) -> None:
    """Hash all passwords with this one."""
    patch.setattr(identity, "_hasher", hasher)
    patch.setattr(identity, "_NOBODYS_HASH", hasher.hash(uuid4().hex))


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A migrated database of each kind: what passes on one must pass on the other."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path_factory.mktemp('database') / 'chatapp.db'}"
    server = request.getfixturevalue("postgresql_server")
    return addresses.database_url(server.create_database(f"test_{uuid4().hex[:12]}"))


@pytest.fixture(scope="session")
def settings(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a test, on this database, with a folder of its own for files."""
    return test_settings(database_url, storage_url=f"file://{tmp_path_factory.mktemp('files')}")


@pytest.fixture(scope="session")
def application(settings: Settings) -> Iterator[Flask]:
    """An application on this database, made once."""
    app = create_app(settings)
    with app.app_context():
        migrations.upgrade(db.engine())
    yield app
    app.extensions["chatapp_engine"].dispose()


@pytest.fixture
def app(application: Flask) -> Flask:
    """The application with empty tables and nobody throttled."""
    empty_tables(application)
    return application


@pytest.fixture
def context(app: Flask) -> Iterator[None]:
    """The context in which actions and questions are called directly."""
    with app.app_context():
        yield


@pytest.fixture(scope="session")
def stored_cast(application: Flask) -> StoredCast:
    """The cast, made once on this database."""
    return StoredCast.make(application)


@pytest.fixture
def cast(app: Flask, stored_cast: StoredCast) -> Cast:
    """The people of every test, and an open, a closed and a direct room of Alice and Bob."""
    return stored_cast.put_back(app)


@pytest.fixture
def alice(cast: Cast) -> Person:
    """Founder of the rooms."""
    return cast.alice


@pytest.fixture
def bob(cast: Cast) -> Person:
    """Member of the rooms."""
    return cast.bob


@pytest.fixture
def charlie(cast: Cast) -> Person:
    """Works here, but is in none of the rooms: must have no access to what is closed."""
    return cast.charlie


@pytest.fixture
def dana(cast: Cast) -> Person:
    """Administrator, in none of the rooms."""
    return cast.dana
