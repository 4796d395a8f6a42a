"""Files that tests send."""

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import update

from chatapp import db
from chatapp.actions.incoming import Announced
from chatapp.actions.uploads import receive_upload
from chatapp.models import Person, Upload
from chatapp.storage import Store
from chatapp.storage.disk import DiskStore

# A picture of one pixel, whole.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001"
    "a5f645400000000049454e44ae426082"
)


def announced(data: bytes, *, name: str = "notes.txt", client_id: str | None = None) -> Announced:
    """What a browser says before it sends these bytes."""
    return Announced.checked(client_id or str(uuid4()), name, len(data))


def send(
    actor: Person, room_id: int, data: bytes = b"hello", *, name: str = "notes.txt", client_id: str = ""
) -> Upload:
    """An upload of these bytes in one request."""
    said = announced(data, name=name, client_id=client_id or None)
    return receive_upload(actor, room_id, said, in_steps(data), length=len(data))


def in_steps(data: bytes, step: int = 65_536) -> Iterator[bytes]:
    """These bytes as a socket gives them."""
    for start in range(0, len(data), step):
        yield data[start : start + step]


def empty_store(app: Flask, folder: Path, monkeypatch: pytest.MonkeyPatch) -> DiskStore:
    """A store with nothing in it, which the application has until the end of the test."""
    store = DiskStore(folder)
    monkeypatch.setitem(app.extensions, "chatapp_store", store)
    return store


def limit(app: Flask, monkeypatch: pytest.MonkeyPatch, **changes: object) -> None:
    """Other settings until the end of the test."""
    settings = replace(app.extensions["chatapp_settings"], **changes)
    monkeypatch.setitem(app.extensions, "chatapp_settings", settings)


def stored(store: Store) -> list[str]:
    """The keys of all that it holds."""
    return sorted(each.key for each in store.keys())  # noqa: SIM118 - a method of the store


def let_a_day_pass(folder: Path) -> None:
    """Everything that is there now is from yesterday."""
    with db.transaction() as session:
        session.execute(update(Upload).values(created_at=db.now() - timedelta(hours=25)))
    yesterday = time.time() - 90_000
    for path in folder.rglob("*"):
        os.utime(path, (yesterday, yesterday))
