"""A store in a real bucket, empty for each test."""

from dataclasses import replace

import pytest

from chatapp import config
from chatapp.config import Settings
from chatapp.storage import new_key, open_store
from chatapp.storage.s3 import S3Store
from tests.parts.s3 import BUCKET, KEY_ID, S3, SECRET_KEY
from tests.support import SECRET


def settings_for(url: str, **changes: object) -> Settings:
    keys = {"SECRET_KEY": SECRET, "STORAGE_KEY_ID": KEY_ID, "STORAGE_SECRET_KEY": SECRET_KEY}
    environ = {"STORAGE_URL": url, **keys}
    return replace(config.load(environ), **changes)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def settings(s3_server: S3) -> Settings:
    """Settings that name the bucket."""
    return settings_for(s3_server.storage_url)


@pytest.fixture(scope="session")
def bucket(settings: Settings) -> S3Store:
    """The whole bucket; to make a client takes half a second."""
    found = open_store(settings)
    assert isinstance(found, S3Store)
    return found


@pytest.fixture
def store(bucket: S3Store) -> S3Store:
    """An empty store: a prefix of its own for each test."""
    return S3Store(bucket._client, BUCKET, f"{new_key()}/", link_seconds=60)  # noqa: SLF001
