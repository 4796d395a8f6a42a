"""A store of files for the tests of this folder that ask for one."""

from pathlib import Path

import pytest
from flask import Flask

from chatapp.storage.disk import DiskStore
from tests.files import empty_store


@pytest.fixture
def store(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DiskStore:
    """The application's store of files, empty."""
    return empty_store(app, tmp_path / "files", monkeypatch)
