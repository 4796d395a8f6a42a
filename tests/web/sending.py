"""Files that come over HTTP, or are there to be fetched. Who takes `store` in has an empty one in each test."""

from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from chatapp.actions.messages import post_message
from chatapp.storage.disk import DiskStore
from tests.files import empty_store, send
from tests.support import Browser, Cast


@pytest.fixture(autouse=True)
def store(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DiskStore:
    """The application's store of files, empty."""
    return empty_store(app, tmp_path / "files", monkeypatch)


@pytest.fixture
def browser(app: Flask, cast: Cast) -> Browser:
    """Alice's browser."""
    return Browser(app, cast.alice)


@pytest.fixture
def room(cast: Cast) -> str:
    """The path of the open room."""
    return f"/rooms/{cast.open_room}"


def put(browser: Browser, room: str, data: bytes = b"hello", **query: object) -> TestResponse:
    """The answer to a file, sent to this room as a script would."""
    return browser.put(f"{room}/uploads", data, **{"client_id": str(uuid4()), "name": "a.txt", **query})


def sent(app: Flask, cast: Cast, data: bytes, name: str = "a.bin", room_id: int | None = None) -> str:
    """The address of a file of Alice's in the open room."""
    with app.app_context():
        upload = send(cast.alice, room_id or cast.open_room, data, name=name)
        post_message(cast.alice, upload.room_id, "see", upload_ids=(upload.id,))
        return f"/uploads/{upload.id}/{name}"
