"""Files that lie in a bucket: by a signed link where that is safe, through us where it is not."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from urllib.error import HTTPError
from urllib.request import urlopen
from uuid import uuid4

import pytest
from flask import Flask

from chatapp.actions.messages import delete_message
from chatapp.storage import new_key
from chatapp.storage.contract import STEP_BYTES
from chatapp.storage.s3 import S3Store
from tests.files import PNG, limit
from tests.journeys.waiting import eventually
from tests.parts.s3 import BUCKET, KEY_ID, S3, SECRET_KEY
from tests.pictures import photo
from tests.storage.bucket_answers import answering
from tests.support import JSON, Browser, Cast, test_settings
from tests.web.sending import browser as browser
from tests.web.sending import put, sent
from tests.web.sending import room as room
from tests.web.sending import store as store

MP4 = b"\0\0\0\x20ftypisom\0\0\2\0isomiso2mp41" + bytes(100_000)
KOREAN = "회의록\n".encode()


@pytest.fixture(scope="session")
def client(s3_server: S3) -> object:
    """What speaks to the bucket; to make it takes half a second."""
    known = {"storage_key_id": KEY_ID, "storage_secret_key": SECRET_KEY}
    settings = test_settings("sqlite:///never-opened.db", storage_url=s3_server.storage_url, **known)
    return S3Store.at(settings)._client  # noqa: SLF001


@pytest.fixture(autouse=True)
def bucket(app: Flask, client: object, store: object, monkeypatch: pytest.MonkeyPatch) -> S3Store:
    """The application's store: a prefix of its own in a real bucket."""
    bucket = S3Store(client, BUCKET, f"{new_key()}/", link_seconds=60)
    monkeypatch.setitem(app.extensions, "chatapp_store", bucket)
    return bucket


def fetch(address: str) -> tuple[bytes, str, str]:
    """What the bucket gives there: bytes, type and disposition."""
    with urlopen(address) as answer:  # noqa: S310 - of the server above
        return answer.read(), answer.headers["Content-Type"], answer.headers["Content-Disposition"]


def refusal(address: str) -> int:
    """The status with which the bucket refuses."""
    try:
        fetch(address)
    except HTTPError as error:
        with error:
            return error.code
    return 200


@pytest.mark.parametrize(
    ("name", "data", "query", "media_type", "disposition"),
    [
        ("me.jpg", photo(), "", "image/jpeg", "inline"),
        ("me.jpg", photo(), "?download=1", "image/jpeg", "attachment"),
        ("a.bin", b"\0", "", "application/octet-stream", "attachment"),
        ("a.html", b"<!doctype html>", "", "application/octet-stream", "attachment"),
        ("회의록.txt", KOREAN, "?download=1", "text/plain; charset=utf-8", "attachment"),
        ("film.mp4", MP4, "?download=1", "video/mp4", "attachment"),
    ],
)
def test_a_picture_and_what_is_saved_come_from_the_bucket_itself(
    app: Flask, cast: Cast, browser: Browser, name: str, data: bytes, query: str, media_type: str, disposition: str
) -> None:
    answer = browser.get(sent(app, cast, data, name) + query)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (302, "no-store")
    given, shown_as, how = fetch(answer.location)
    assert (given, shown_as) == (data, media_type)
    assert how.startswith(f"{disposition}; filename=")


@pytest.mark.parametrize(
    ("name", "data", "media_type"),
    [
        ("회의록.txt", KOREAN, "text/plain; charset=utf-8"),
        ("film.mp4", MP4, "video/mp4"),
        ("talk.ogg", b"OggS\0\2" + bytes(1000), "audio/ogg"),
    ],
)
def test_a_text_and_what_is_played_come_through_us(
    app: Flask, cast: Cast, browser: Browser, name: str, data: bytes, media_type: str
) -> None:
    path = sent(app, cast, data, name)
    answer = browser.get(path)
    assert (answer.status_code, answer.data, answer.headers["Content-Type"]) == (200, data, media_type)
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    stretch = browser.client.get(path, headers={"Range": "bytes=3-7"})
    assert (stretch.status_code, stretch.data) == (206, data[3:8])


def test_a_question_about_a_file_is_answered_by_us(app: Flask, cast: Cast, browser: Browser) -> None:
    # The link is signed for a GET: to a HEAD the bucket would say 403.
    answer = browser.client.head(sent(app, cast, PNG, "a.png"))
    assert (answer.status_code, answer.headers["Content-Length"]) == (200, str(len(PNG)))


def test_a_bucket_that_dies_in_the_middle_keeps_nothing_and_the_chat_goes_on(
    app: Flask, browser: Browser, room: str, bucket: S3Store, s3_server: S3
) -> None:
    data = os.urandom(12 * 2**20)

    def chunks() -> Iterator[bytes]:
        for start in range(0, len(data), STEP_BYTES):
            if start == 8 * 2**20:
                s3_server.kill()
            yield data[start : start + STEP_BYTES]

    coming = chunks()
    stream = SimpleNamespace(read=lambda _: next(coming, b""))
    query = {"client_id": str(uuid4()), "name": "a.bin"}
    try:
        refused = browser.client.put(
            f"{room}/uploads",
            query_string=query,
            headers={**JSON, "X-CSRFToken": browser.csrf_token()},
            environ_overrides={"wsgi.input": stream, "CONTENT_LENGTH": str(len(data))},
        )
        assert (refused.status_code, refused.get_json()["error"]) == (503, "storage_unavailable")
        assert int(refused.headers["Retry-After"]) > 0
        assert browser.post(f"{room}/messages", {"body": "still here"}, json=True).status_code == 201
    finally:
        s3_server.start()
    assert browser.get(f"{room}/uploads/{query['client_id']}", json=True).status_code == 404
    assert list(bucket.keys()) == []
    assert put(browser, room, data, **query).status_code == 201


@pytest.mark.parametrize("size", [5, 6 * 2**20])
def test_a_bucket_that_is_full_is_said_and_the_chat_goes_on(
    browser: Browser, room: str, bucket: S3Store, client: object, size: int
) -> None:
    query = {"client_id": str(uuid4()), "name": "a.bin"}
    with answering(client, 507, "QuotaExceeded"):
        refused = put(browser, room, bytes(size), **query)
        assert (refused.status_code, refused.get_json()["error"]) == (507, "storage_full")
        assert browser.post(f"{room}/messages", {"body": "still here"}, json=True).status_code == 201
    assert list(bucket.keys()) == []
    assert put(browser, room, bytes(size), **query).status_code == 201


def test_an_upload_that_vanished_in_the_bucket_is_to_be_tried_again(
    browser: Browser, room: str, bucket: S3Store
) -> None:
    left = 8 * 2**20

    def read(most: int) -> bytes:
        nonlocal left
        if 2**20 < left <= 2**20 + STEP_BYTES:
            assert bucket.sweep(datetime.now(UTC) + timedelta(hours=1)) == 1
        size = min(most, left)
        left -= size
        return bytes(size)

    refused = browser.client.put(
        f"{room}/uploads",
        query_string={"client_id": str(uuid4()), "name": "a.bin"},
        headers={**JSON, "X-CSRFToken": browser.csrf_token()},
        environ_overrides={"wsgi.input": SimpleNamespace(read=read), "CONTENT_LENGTH": str(8 * 2**20)},
    )
    assert (refused.status_code, refused.get_json()["error"]) == (503, "storage_unavailable")
    assert list(bucket.keys()) == []


def test_a_link_ends_with_its_time(app: Flask, cast: Cast, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    limit(app, monkeypatch, storage_link_seconds=1)
    address = browser.get(sent(app, cast, b"\0", "a.bin")).location
    assert refusal(address) == 200
    eventually(lambda: refusal(address) in (400, 403), what="the link has ended")


def test_nobody_makes_a_link_last_longer(app: Flask, cast: Cast, browser: Browser) -> None:
    address = browser.get(sent(app, cast, b"\0", "a.bin")).location
    assert "X-Amz-Expires=60&" in address
    assert refusal(address.replace("X-Amz-Expires=60&", "X-Amz-Expires=3600&")) == 403


def test_a_link_from_before_the_deletion_leads_to_nothing_after_it(
    app: Flask, cast: Cast, browser: Browser, bucket: S3Store
) -> None:
    path = sent(app, cast, b"\0", "a.bin")
    address = browser.get(path).location
    message_id = browser.get(f"/rooms/{cast.open_room}/messages/1", json=True).get_json()["id"]
    with app.app_context():
        delete_message(cast.alice, message_id)
    assert (refusal(address), browser.get(path).status_code) == (404, 404)
    assert list(bucket.keys()) == []
