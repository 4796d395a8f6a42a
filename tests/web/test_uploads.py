"""Files over HTTP: sent as bare bytes, whole or in parts, and taken back."""

import errno
import os
import resource
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask

from chatapp.storage.disk import DiskStore
from chatapp.upload_errors import StorageFull, StorageUnavailable
from tests.files import PNG, limit, stored
from tests.parts.clamd import EICAR, Clamd
from tests.parts.server import free_port
from tests.support import JSON, Browser, Cast
from tests.web.sending import browser as browser
from tests.web.sending import put
from tests.web.sending import room as room
from tests.web.sending import store as store

DATA = os.urandom(300_000)


def test_bare_bytes_become_an_upload(browser: Browser, room: str) -> None:
    client_id = str(uuid4())
    answer = put(browser, room, PNG, client_id=client_id, name="me.png")
    said = answer.get_json()
    assert answer.status_code == 201
    assert (said["client_id"], said["size"], said["offset"]) == (client_id, len(PNG), len(PNG))
    upload = said["upload"]
    assert {"name": "me.png", "media_type": "image/png", "kind": "picture", "size": len(PNG)}.items() <= upload.items()
    assert browser.get(upload["url"]).data == PNG


def test_they_may_be_posted_as_well(browser: Browser, room: str) -> None:
    query = {"client_id": str(uuid4()), "name": "me.png"}
    answer = browser.post_bytes(f"{room}/uploads", PNG, **query)
    assert (answer.status_code, browser.get(answer.get_json()["upload"]["url"]).data) == (201, PNG)
    assert put(browser, room, PNG, **query).get_json() == answer.get_json()


def test_a_file_larger_than_a_form_may_be_arrives(browser: Browser, room: str) -> None:
    data = os.urandom(3_000_000)
    assert browser.get(put(browser, room, data).get_json()["upload"]["url"]).data == data


def test_an_empty_file_arrives(browser: Browser, room: str) -> None:  # behaviour 57
    upload = put(browser, room, b"").get_json()["upload"]
    assert (upload["size"], browser.get(upload["url"]).data) == (0, b"")


def test_a_file_may_come_in_parts_and_says_where_to_go_on(browser: Browser, room: str) -> None:
    query = {"client_id": str(uuid4()), "size": len(DATA)}
    first = put(browser, room, DATA[:200_000], offset=0, **query)
    assert (first.status_code, first.get_json()["offset"], first.get_json()["upload"]) == (202, 200_000, None)
    asked = browser.get(f"{room}/uploads/{query['client_id']}", json=True)
    assert asked.get_json() == first.get_json()
    wrong = put(browser, room, DATA[:1], offset=1, **query)
    assert (wrong.status_code, wrong.get_json()["error"]) == (409, "upload_offset_wrong")
    last = put(browser, room, DATA[200_000:], offset=200_000, **query)
    assert last.status_code == 201
    assert browser.get(last.get_json()["upload"]["url"]).data == DATA


@pytest.mark.parametrize(
    ("query", "status", "error"),
    [
        ({"client_id": "7"}, 400, "bad_request"),
        ({"size": "many"}, 400, "bad_request"),
        ({"offset": "-1"}, 400, "bad_request"),
        ({"size": 30_000_000}, 413, "upload_too_large"),
        ({"size": 10, "offset": 7}, 409, "upload_offset_wrong"),
    ],
)
def test_what_is_wrong_is_refused_by_its_code(
    browser: Browser, room: str, query: dict[str, object], status: int, error: str
) -> None:
    refused = put(browser, room, **query)
    assert (refused.status_code, refused.get_json()["error"]) == (status, error)


def test_a_file_must_say_how_long_it_is(browser: Browser, room: str) -> None:
    refused = browser.client.put(
        f"{room}/uploads?client_id={uuid4()}",
        headers={**JSON, "X-CSRFToken": browser.csrf_token()},
    )
    assert (refused.status_code, refused.get_json()["error"]) == (411, "length_required")


@pytest.mark.parametrize(("fault", "status"), [(StorageFull(), 507), (StorageUnavailable(retry_after=5), 503)])
def test_a_store_that_refuses_is_said_and_the_chat_goes_on(
    browser: Browser, room: str, store: DiskStore, monkeypatch: pytest.MonkeyPatch, fault: Exception, status: int
) -> None:
    def refuse(*_: object) -> None:
        raise fault

    with monkeypatch.context() as full:
        full.setattr(store, "put", refuse)
        assert put(browser, room).status_code == status
    assert browser.post(f"{room}/messages", {"body": "still here"}, json=True).status_code == 201
    assert put(browser, room).status_code == 201


@pytest.mark.parametrize(
    ("limits", "error"),
    [
        ({"upload_quota_mb": 1}, "upload_quota_full"),
        ({"upload_person_quota_mb": 1}, "upload_share_full"),
    ],
)
def test_where_the_space_is_used_up_a_file_is_refused_before_its_first_byte(
    app: Flask, browser: Browser, room: str, monkeypatch: pytest.MonkeyPatch, limits: dict[str, int], error: str
) -> None:
    limit(app, monkeypatch, **limits)
    put(browser, room, b"a" * 600_000)
    left = browser.get("/uploads/space", json=True).get_json()
    assert min(left.values()) == 2**20 - 600_000
    refused = put(browser, room, b"", size=600_000)
    assert (refused.status_code, refused.get_json()["error"]) == (507, error)
    assert put(browser, room, b"", size=400_000).status_code == 202


def test_a_file_that_the_scanner_refuses_is_said_and_one_that_waits_for_it_too(
    app: Flask, browser: Browser, room: str, clamd_server: Clamd, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert put(browser, room).get_json()["is_unscanned"] is False
    limit(app, monkeypatch, clamd_url=clamd_server.url)
    refused = put(browser, room, EICAR)
    assert (refused.status_code, refused.get_json()["error"]) == (422, "upload_infected")
    limit(app, monkeypatch, clamd_url=f"tcp://127.0.0.1:{free_port()}")
    client_id = str(uuid4())
    taken = put(browser, room, client_id=client_id)
    assert (taken.status_code, taken.get_json()["is_unscanned"]) == (201, True)
    assert browser.get(f"{room}/uploads/{client_id}", json=True).get_json()["is_unscanned"] is True


def test_without_a_token_nothing_is_taken(browser: Browser, room: str, store: DiskStore) -> None:
    refused = browser.client.put(f"{room}/uploads?client_id={uuid4()}", data=b"hello", headers=JSON)
    assert (refused.status_code, refused.get_json()["error"]) == (400, "stale_form")
    assert stored(store) == []


@pytest.mark.parametrize("form", ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded"])
def test_bare_bytes_that_call_themselves_a_form_keep_the_bound_of_a_form(
    browser: Browser, room: str, form: str
) -> None:
    headers = {**JSON, "X-CSRFToken": browser.csrf_token(), "Content-Type": form}
    path = f"{room}/uploads?client_id={uuid4()}"
    assert browser.client.put(path, data=b"a" * 2_000_000, headers=headers).status_code == 413


def test_one_takes_back_what_one_has_not_sent(app: Flask, cast: Cast, browser: Browser, room: str) -> None:
    upload = put(browser, room).get_json()["upload"]
    path = f"/uploads/{upload['id']}"
    assert Browser(app, cast.bob).delete(path).status_code == 404
    assert browser.delete(path).status_code == 200
    assert browser.get(upload["url"], json=True).get_json()["error"] == "upload_not_found"


def test_whether_a_file_is_in_a_message_is_told(browser: Browser, room: str) -> None:
    client_id = str(uuid4())
    upload = put(browser, room, client_id=client_id).get_json()["upload"]
    path = f"{room}/uploads/{client_id}"
    assert browser.get(path, json=True).get_json()["is_sent"] is False
    browser.post(f"{room}/messages", {"body": "", "upload_ids": [upload["id"]]}, json=True)
    assert browser.get(path, json=True).get_json()["is_sent"] is True


def test_one_stops_what_is_still_on_its_way(app: Flask, cast: Cast, browser: Browser, room: str) -> None:
    query = {"client_id": str(uuid4()), "size": len(DATA)}
    before = browser.get("/uploads/space", json=True).get_json()
    put(browser, room, DATA[:200_000], offset=0, **query)
    path = f"{room}/uploads/{query['client_id']}"
    assert Browser(app, cast.bob).delete(path).status_code == 200
    assert browser.get(path, json=True).get_json()["offset"] == 200_000
    for _ in range(2):  # there may be nothing of it: who stops it early does not know
        assert browser.delete(path).status_code == 200
    assert browser.get("/uploads/space", json=True).get_json() == before
    assert browser.get(path, json=True).status_code == 404


@pytest.fixture
def small_disk() -> Iterator[None]:
    """No file of this process may be longer than 5 MB: as a full disk does, it refuses in the middle."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5 * 2**20, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.usefixtures("small_disk")
def test_a_disk_that_is_full_in_the_middle_keeps_nothing_of_it(browser: Browser, room: str, tmp_path: Path) -> None:
    refused = put(browser, room, b"a" * 6 * 2**20)
    assert (refused.status_code, refused.get_json()["error"]) == (507, "storage_full")
    assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []
    assert put(browser, room, b"small").status_code == 201


def test_a_disk_without_space_keeps_nothing_and_the_chat_goes_on(
    browser: Browser, room: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    query = {"client_id": str(uuid4())}
    with monkeypatch.context() as without:
        without.setattr(os, "fsync", full)
        refused = put(browser, room, DATA, **query)
    assert (refused.status_code, refused.get_json()["error"]) == (507, "storage_full")
    assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []
    assert browser.post(f"{room}/messages", {"body": "still here"}, json=True).status_code == 201
    assert put(browser, room, DATA, **query).status_code == 201
