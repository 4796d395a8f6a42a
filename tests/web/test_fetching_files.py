"""Files are fetched by those who may, in stretches, and never run."""

import os
import re
from collections.abc import Iterator

import pytest
from flask import Flask

from chatapp.actions.held_files import look_at_next
from chatapp.actions.memberships import remove_member
from chatapp.actions.messages import delete_message
from chatapp.storage import Link
from chatapp.storage.disk import DiskStore
from chatapp.upload_errors import StorageUnavailable
from tests.files import PNG, stored
from tests.pictures import SECRETS, photo
from tests.support import JSON, Browser, Cast
from tests.web.sending import browser as browser
from tests.web.sending import put, sent
from tests.web.sending import room as room
from tests.web.sending import store as store

DATA = os.urandom(300_000)


@pytest.mark.parametrize(
    ("asked", "status", "start", "stop"),
    [
        (None, 200, 0, 300_000),
        ("bytes=0-0", 206, 0, 1),
        ("bytes=100-199", 206, 100, 200),
        ("bytes=299999-", 206, 299_999, 300_000),
        ("bytes=-5", 206, 299_995, 300_000),
        ("bytes=0-999999", 206, 0, 300_000),
        ("bytes=0-1,5-6", 200, 0, 300_000),
        ("lines=0-1", 200, 0, 300_000),
        ("nonsense", 200, 0, 300_000),
    ],
)
def test_a_stretch_of_a_file_can_be_asked_for(  # behaviour 59
    app: Flask, cast: Cast, browser: Browser, asked: str | None, status: int, start: int, stop: int
) -> None:
    answer = browser.client.get(sent(app, cast, DATA), headers={"Range": asked} if asked else {})
    assert (answer.status_code, answer.data) == (status, DATA[start:stop])
    assert answer.headers["Content-Length"] == str(stop - start)
    expected = f"bytes {start}-{stop - 1}/300000" if status == 206 else None
    assert answer.headers.get("Content-Range") == expected
    assert answer.headers["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize("asked", ["bytes=300000-", "bytes=999999-9999999"])
def test_a_stretch_that_is_not_there_is_refused(app: Flask, cast: Cast, browser: Browser, asked: str) -> None:
    answer = browser.client.get(sent(app, cast, DATA), headers={"Range": asked, **JSON})
    assert (answer.status_code, answer.headers["Content-Range"]) == (416, "bytes */300000")


def test_a_stretch_of_what_one_has_of_another_file_is_the_whole_file(app: Flask, cast: Cast, browser: Browser) -> None:
    path = sent(app, cast, DATA)
    etag = browser.get(path).headers["ETag"]
    for given, status in ((etag, 206), ('"other"', 200), ("Thu, 01 Jan 2026 00:00:00 GMT", 200)):
        answer = browser.client.get(path, headers={"Range": "bytes=1-2", "If-Range": given})
        assert (answer.status_code, len(answer.data)) == (status, 2 if status == 206 else len(DATA)), given


def test_what_a_browser_has_already_is_not_sent_again(app: Flask, cast: Cast, browser: Browser) -> None:
    path = sent(app, cast, DATA)
    first = browser.get(path)
    assert first.headers["Cache-Control"] == "private, no-cache"
    again = browser.client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_question_about_a_file_reads_none_of_it(app: Flask, cast: Cast, browser: Browser) -> None:
    answer = browser.client.head(sent(app, cast, DATA))
    assert (answer.status_code, answer.headers["Content-Length"], answer.data) == (200, "300000", b"")


HOSTILE = [
    ("a.txt", b"<script>alert(1)</script>", "application/octet-stream", "attachment"),
    ("a.txt", b"\xef\xbb\xbf\r\n <BODY onload=alert(1)>", "application/octet-stream", "attachment"),
    ("a.txt", b"alert(1) // <script>", "text/plain; charset=utf-8", "inline"),
    ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "application/octet-stream", "attachment"),
    ("a.svg", b"<?xml version='1.0'?><svg onload='alert(1)'/>", "application/octet-stream", "attachment"),
    ("a.html", b"<!doctype html><script>alert(1)</script>", "application/octet-stream", "attachment"),
    ("a.html", b"<!doctype html>\0<script>alert(1)</script>", "application/octet-stream", "attachment"),
    ("a.gif", b"GIF89a/*\0*/=1;alert(1)", "image/gif", "inline"),
    ("a.jpg", b"%PDF-1.7 <script>", "application/pdf", "attachment"),
    ("a.svg", b"\x1f\x8b\x08\0svgz", "application/octet-stream", "attachment"),
    ("a.png", PNG + b"<script>alert(1)</script>", "image/png", "inline"),
]


@pytest.mark.asvs("3.2.1")
@pytest.mark.parametrize(("name", "data", "shown_as", "disposition"), HOSTILE)
def test_no_file_runs_whatever_it_says_it_is(  # behaviour 60
    app: Flask, cast: Cast, browser: Browser, name: str, data: bytes, shown_as: str, disposition: str
) -> None:
    answer = browser.get(sent(app, cast, data, name))
    assert answer.headers["Content-Type"] == shown_as
    assert answer.headers["Content-Disposition"].startswith(f"{disposition};")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"
    assert answer.data == data


@pytest.mark.asvs("14.2.4")
def test_no_door_gives_away_where_a_picture_was_taken(app: Flask, cast: Cast) -> None:  # behaviour 58
    path, bob = sent(app, cast, photo(), "a.jpg"), Browser(app, cast.bob)
    ways = ("", "?download=1", "?thumbnail=1", "?thumbnail=1&download=1")
    assert [bob.get(path + way, json=True).status_code for way in ways] == [404] * 4
    with app.app_context():
        look_at_next()
    answers = [bob.get(path + way) for way in ways]
    assert [answer.content_type for answer in answers] == ["image/jpeg"] * 2 + ["image/webp"] * 2
    answers += [bob.client.get(path, headers={"Range": f"bytes={start}-{start + 999}"}) for start in (0, 500)]
    answers += [bob.get(f"/rooms/{cast.open_room}/{page}") for page in ("files", "messages")]
    assert all(answer.status_code in (200, 206) for answer in answers)
    assert [secret for answer in answers for secret in SECRETS if secret in answer.data] == []


def test_a_small_copy_is_shown_and_kept_by_the_browser(app: Flask, cast: Cast, browser: Browser) -> None:
    path = f"{sent(app, cast, photo(), 'me.jpg')}?thumbnail=1"
    assert browser.get(path, json=True).status_code == 404
    with app.app_context():
        look_at_next()
    answer = browser.get(path)
    assert (answer.content_type, answer.headers["X-Content-Type-Options"]) == ("image/webp", "nosniff")
    assert answer.headers["Content-Disposition"].startswith('inline; filename="me.jpg"')
    assert answer.headers["ETag"] != browser.get(path.partition("?")[0]).headers["ETag"]
    assert browser.client.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


@pytest.mark.asvs("5.4.2")
@pytest.mark.parametrize(
    "name", ["a\r\nX-Evil: 1.txt", 'a".txt', "a;b=c.txt", "\u202etxt.exe", "회의록.txt", "../../a.txt"]
)
def test_no_name_breaks_out_of_its_header(app: Flask, cast: Cast, browser: Browser, room: str, name: str) -> None:
    upload = put(browser, room, b"\0", name=name).get_json()["upload"]
    header = browser.get(upload["url"]).headers["Content-Disposition"]
    assert re.fullmatch(r"attachment; filename=\"[\w ._()+-]*\"; filename\*=UTF-8''[\w.%~-]*", header, re.ASCII), header


def test_the_name_in_the_address_is_not_what_decides(app: Flask, cast: Cast, browser: Browser) -> None:
    path = sent(app, cast, b"hello", "a.txt")
    answer = browser.get(f"{path.rpartition('/')[0]}/evil.html")
    assert answer.headers["Content-Disposition"].startswith('inline; filename="a.txt"')


def test_a_right_that_ends_ends_for_files_at_once(app: Flask, cast: Cast) -> None:
    path = sent(app, cast, b"hello", room_id=cast.closed_room)
    browser = Browser(app, cast.bob)
    etag = browser.get(path).headers["ETag"]
    with app.app_context():
        remove_member(cast.alice, cast.closed_room, cast.bob.id)
    for headers in ({}, {"If-None-Match": etag}, {"Range": "bytes=0-1"}):
        assert browser.client.get(path, headers={**JSON, **headers}).status_code == 404


def test_a_deleted_message_takes_its_file_with_it(app: Flask, cast: Cast, browser: Browser, store: DiskStore) -> None:
    path = sent(app, cast, b"hello")
    message_id = browser.get(f"/rooms/{cast.open_room}/messages/1", json=True).get_json()["id"]
    with app.app_context():
        delete_message(cast.alice, message_id)
    assert (browser.get(path).status_code, stored(store)) == (404, [])


def test_a_bucket_gives_the_file_itself_by_a_link_of_a_minute(
    app: Flask, cast: Cast, browser: Browser, store: DiskStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, links = sent(app, cast, b"\0", "a.bin"), list[Link]()

    def link(key: str, how: Link) -> str:
        links.append(how)
        return f"https://bucket.example.org/{key}"

    monkeypatch.setattr(store, "link", link)
    answer = browser.get(path)
    assert (answer.status_code, answer.location) == (302, f"https://bucket.example.org/{stored(store)[0]}")
    assert answer.headers["Cache-Control"] == "no-store"
    assert (links[0].seconds, links[0].media_type) == (60, "application/octet-stream")
    assert links[0].disposition.startswith("attachment;")
    assert Browser(app).get(path, json=True).status_code == 401
    assert len(links) == 1


def test_a_store_that_is_away_is_said(
    app: Flask, cast: Cast, browser: Browser, store: DiskStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = sent(app, cast, b"hello")

    def away(*_: object) -> Iterator[bytes]:
        raise StorageUnavailable(retry_after=5)

    monkeypatch.setattr(store, "open", away)
    answer = browser.get(path, json=True)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


def test_what_could_be_shown_can_be_saved(app: Flask, cast: Cast, browser: Browser) -> None:
    answer = browser.get(f"{sent(app, cast, PNG, 'me.png')}?download=1")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="me.png"')
