"""The files of a plain form are refused while they come."""

import errno
import os
from collections.abc import Callable
from tempfile import SpooledTemporaryFile

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from chatapp.actions.memberships import remove_member
from chatapp.storage.disk import DiskStore
from tests.files import limit, send, stored
from tests.support import JSON, Browser, Cast
from tests.web.html import page_of
from tests.web.sending import browser as browser
from tests.web.sending import room as room
from tests.web.sending import store as store

MOST = 2**20
STEP = 65_536
FILE = 'Content-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'


class Body:
    """A form as a socket gives it: text, then files, the last part up to `length`. It counts what is taken."""

    def __init__(
        self, browser: Browser, length: int, *, announced: int = 0, files: int = 1, ends: Exception | None = None
    ) -> None:
        fields = {"csrf_token": browser.csrf_token(), "body": "a long thought"}
        parts = [f'Content-Disposition: form-data; name="{name}"\r\n\r\n{text}' for name, text in fields.items()]
        parts += [FILE.format(name=f"{number}.bin") + "x" for number in range(1, files)]
        parts += [FILE.format(name="a.bin")] * bool(files)
        self._head = "".join(f"\r\n--edge\r\n{part}" for part in parts).encode()
        self._ends = ends
        self._length = length
        self.announced = announced or length
        self.taken = 0
        self.watch: Callable[[], object] = lambda: None

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        self.watch()
        if self._ends is not None and self.taken > STEP:
            raise self._ends
        chunk = (self._head + b"a" * size)[: min(size, self._length - self.taken)]
        self._head = self._head[len(chunk) :]
        self.taken += len(chunk)
        return chunk


@pytest.fixture(autouse=True)
def bounds(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file may have one megabyte, a form without one a tenth of that."""
    limit(app, monkeypatch, upload_max_bytes=MOST, request_max_bytes=100_000, message_max_uploads=3)


def post(browser: Browser, room: str, body: Body, *, json: bool = False) -> TestResponse:
    form = {"CONTENT_TYPE": "multipart/form-data; boundary=edge", "CONTENT_LENGTH": str(body.announced)}
    stream = {"wsgi.input": body, "wsgi.input_terminated": True}
    return browser.client.post(f"{room}/messages", headers=JSON if json else {}, environ_overrides=form | stream)


def test_a_file_that_is_too_large_is_refused_as_it_passes_the_limit(
    browser: Browser, room: str, store: DiskStore
) -> None:
    body = Body(browser, 3 * MOST)
    refused = post(browser, room, body)
    assert (refused.status_code, page_of(refused).form(f"{room}/messages")["body"]) == (413, "a long thought")
    assert page_of(refused).one("p", id="composer-error").text == "A file may have at most 1 MB."
    assert MOST < body.taken <= MOST + 2 * STEP
    assert stored(store) == []


def test_a_form_as_long_as_no_form_may_be_is_refused_before_its_files_are_read(browser: Browser, room: str) -> None:
    body = Body(browser, 3 * MOST + 100_001)
    refused = post(browser, room, body)
    assert (refused.status_code, page_of(refused).form(f"{room}/messages")["body"]) == (413, "a long thought")
    assert "at most 3.095 MB" in page_of(refused).one("p", id="composer-error").text
    assert body.taken <= STEP
    assert post(browser, room, Body(browser, 50 * MOST), json=True).get_json()["error"] == "form_too_large"


def test_of_one_without_files_no_more_is_read_than_a_text_may_have(browser: Browser, room: str) -> None:
    body = Body(browser, 50 * MOST, files=0)
    refused = post(browser, room, body)
    assert (refused.status_code, page_of(refused).form(f"{room}/messages")["body"][:14]) == (413, "a long thought")
    assert body.taken <= 100_000 + 2 * STEP


def test_one_file_too_many_is_refused_where_it_begins(browser: Browser, room: str) -> None:
    body = Body(browser, 3 * MOST, files=4)
    refused = post(browser, room, body)
    assert page_of(refused).one("p", id="composer-error").text == "A message may have at most 3 files."
    assert body.taken <= STEP


@pytest.mark.parametrize("name", ["bob", "charlie"])
def test_a_stranger_is_refused_before_the_form_is_read(app: Flask, cast: Cast, name: str) -> None:
    with app.app_context():
        remove_member(cast.alice, cast.closed_room, cast.bob.id)
    browser = Browser(app, getattr(cast, name))
    body = Body(browser, MOST)
    answer = post(browser, f"/rooms/{cast.closed_room}", body, json=True)
    assert (answer.status_code, answer.get_json()["error"], body.taken) == (404, "room_not_found", 0)


def test_who_only_reads_a_room_gets_the_text_back_and_sends_no_file(app: Flask, cast: Cast, room: str) -> None:
    browser = Browser(app, cast.charlie)
    body = Body(browser, MOST)
    answer = post(browser, room, body, json=True)
    assert (answer.status_code, answer.get_json()["error"]) == (403, "not_a_member")
    assert body.taken <= STEP


@pytest.mark.parametrize(
    ("limits", "error"),
    [({"upload_quota_mb": 1}, "upload_quota_full"), ({"upload_person_quota_mb": 1}, "upload_share_full")],
)
def test_where_there_is_no_space_no_file_is_read(
    app: Flask,
    cast: Cast,
    browser: Browser,
    room: str,
    monkeypatch: pytest.MonkeyPatch,
    limits: dict[str, int],
    error: str,
) -> None:
    with app.app_context():
        send(cast.alice, cast.open_room, b"a" * (MOST // 2))
    limit(app, monkeypatch, **limits)
    body = Body(browser, MOST)
    refused = post(browser, room, body, json=True)
    assert (refused.status_code, refused.get_json()["error"]) == (507, error)
    assert body.taken <= STEP


@pytest.mark.parametrize(
    ("trouble", "status", "error"),
    [(errno.ENOSPC, 507, "storage_full"), (errno.EDQUOT, 507, "storage_full"), (errno.EIO, 503, "storage_unavailable")],
)
def test_a_disk_that_takes_no_more_ends_the_form(
    browser: Browser, room: str, monkeypatch: pytest.MonkeyPatch, trouble: int, status: int, error: str
) -> None:
    def full(self: SpooledTemporaryFile[bytes]) -> None:
        raise OSError(trouble, os.strerror(trouble))

    # Where it leaves the memory for the disk.
    monkeypatch.setattr(SpooledTemporaryFile, "rollover", full)
    body = Body(browser, MOST)
    refused = post(browser, room, body, json=True)
    assert (refused.status_code, refused.get_json()["error"]) == (status, error)
    assert body.taken < MOST - STEP


@pytest.mark.parametrize("trouble", [TimeoutError("timed out"), ConnectionResetError()])
def test_a_form_that_stalls_is_answered_by_its_reason(browser: Browser, room: str, trouble: Exception) -> None:
    refused = post(browser, room, Body(browser, MOST, ends=trouble), json=True)
    assert (refused.status_code, refused.get_json()["error"]) == (400, "upload_length_wrong")


def test_a_form_that_ends_early_is_answered_by_its_reason(browser: Browser, room: str, store: DiskStore) -> None:
    refused = post(browser, room, Body(browser, MOST // 2, announced=MOST), json=True)
    assert (refused.status_code, refused.get_json()["error"]) == (400, "upload_length_wrong")
    assert stored(store) == []


def test_while_a_form_comes_no_connection_to_the_database_is_kept(app: Flask, browser: Browser, room: str) -> None:
    body, seen = Body(browser, MOST), set[int]()
    db_pool = app.extensions["chatapp_engine"].pool
    body.watch = lambda: seen.add(db_pool.checkedout())
    post(browser, room, body)
    assert seen == {0}
