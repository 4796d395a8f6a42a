"""Files that come over HTTP, or are there to be fetched."""

from uuid import uuid4

from flask import Flask
from werkzeug.test import TestResponse

from chatapp.actions.messages import post_message
from tests.files import send
from tests.support import Browser, Cast


def put(browser: Browser, room: str, data: bytes = b"hello", **query: object) -> TestResponse:
    """The answer to a file, sent to this room as a script would."""
    return browser.put(f"{room}/uploads", data, **{"client_id": str(uuid4()), "name": "a.txt", **query})


def sent(app: Flask, cast: Cast, data: bytes, name: str = "a.bin", room_id: int | None = None) -> str:
    """The address of a file of Alice's in the open room."""
    with app.app_context():
        upload = send(cast.alice, room_id or cast.open_room, data, name=name)
        post_message(cast.alice, upload.room_id, "see", upload_ids=(upload.id,))
        return f"/uploads/{upload.id}/{name}"
