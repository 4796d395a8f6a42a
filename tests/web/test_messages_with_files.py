"""Text and files by a plain form, without a script."""

import io

import pytest
from flask import Flask

from chatapp.storage.disk import DiskStore
from tests.files import PNG, limit, stored
from tests.parts.clamd import EICAR, Clamd
from tests.support import Browser, Cast
from tests.web.html import page_of
from tests.web.sending import browser as browser
from tests.web.sending import put
from tests.web.sending import room as room
from tests.web.sending import store as store


def test_a_plain_form_sends_text_and_files_as_one_message(app: Flask, cast: Cast, browser: Browser, room: str) -> None:
    form = page_of(browser.get(room)).form(f"{room}/messages")
    files = [(io.BytesIO(PNG), "me.png"), (io.BytesIO(b"hello"), "회의.txt")]
    posted = browser.post(f"{room}/messages", form | {"body": "look", "files": files})
    assert (posted.status_code, posted.location) == (303, f"{room}#message-1")
    item = Browser(app, cast.bob).get(f"{room}/messages", json=True).get_json()["items"][0]
    assert (item["body"], [upload["name"] for upload in item["uploads"]]) == ("look", ["me.png", "회의.txt"])


@pytest.mark.parametrize(
    ("said", "alts"),
    [
        ("", [None, None]),
        (" \r\n\r\n", [None, None]),
        ("two cats", ["two cats", None]),
        ("two cats\r\n회의록", ["two cats", "회의록"]),
        ("\r\n회의록", [None, "회의록"]),
        ("two cats\r\n회의록\r\nof Monday\r\n", ["two cats", "회의록 of Monday"]),
    ],
)
def test_a_plain_form_says_what_its_files_show(browser: Browser, room: str, said: str, alts: list[str | None]) -> None:
    form = page_of(browser.get(room)).form(f"{room}/messages")
    assert form["file_alts"] == ""
    files = [(io.BytesIO(PNG), "me.png"), (io.BytesIO(b"hello"), "회의.txt")]
    assert browser.post(f"{room}/messages", form | {"files": files, "file_alts": said}).status_code == 303
    item = browser.get(f"{room}/messages/1", json=True).get_json()
    assert [upload["alt"] for upload in item["uploads"]] == alts


def test_words_for_a_file_that_was_never_chosen_do_not_stop_the_text(browser: Browser, room: str) -> None:
    form = page_of(browser.get(room)).form(f"{room}/messages")
    assert browser.post(f"{room}/messages", form | {"body": "look", "file_alts": "two cats"}).status_code == 303
    item = browser.get(f"{room}/messages/1", json=True).get_json()
    assert (item["body"], item["uploads"]) == ("look", [])


def test_files_that_are_named_keep_what_they_show_beside_those_that_are_brought(browser: Browser, room: str) -> None:
    named = put(browser, room, PNG).get_json()["upload"]["id"]
    form = {"body": "", "upload_ids": [named], "file_alts": "two cats", "files": [(io.BytesIO(b"hello"), "a.txt")]}
    for alts, expected in (({}, [None, "two cats"]), ({"upload_alts": ["a dog"]}, ["a dog", "two cats"])):
        assert browser.post(f"{room}/messages", form | alts, json=True).status_code == 201
        items = browser.get(f"{room}/messages", json=True).get_json()["items"]
        assert [upload["alt"] for upload in items[-1]["uploads"]] == expected
        named = put(browser, room, PNG).get_json()["upload"]["id"]
        form |= {"upload_ids": [named], "files": [(io.BytesIO(b"hello"), "a.txt")]}


def test_a_text_beside_a_word_that_is_too_long_comes_back(browser: Browser, room: str) -> None:
    files = [(io.BytesIO(PNG), "me.png")]
    refused = browser.post(f"{room}/messages", {"body": "look", "files": files, "file_alts": "x" * 501})
    form = page_of(refused).form(f"{room}/messages")
    assert (form["body"], form["file_alts"]) == ("look", "x" * 501)
    assert "500" in page_of(refused).one("p", id="composer-error").text


def test_one_form_of_files_sent_twice_is_one_message(browser: Browser, room: str, store: DiskStore) -> None:
    form = page_of(browser.get(room)).form(f"{room}/messages")
    for _ in range(2):
        posted = browser.post(f"{room}/messages", form | {"body": "", "files": [(io.BytesIO(b"hello"), "a.txt")]})
        assert posted.location == f"{room}#message-1"
    assert len(stored(store)) == 1


def test_a_form_that_was_gone_back_to_and_given_another_file_is_another_message(browser: Browser, room: str) -> None:
    form = page_of(browser.get(room)).form(f"{room}/messages")
    for number, data in enumerate((b"first", b"other"), 1):
        posted = browser.post(f"{room}/messages", form | {"body": "", "files": [(io.BytesIO(data), "a.txt")]})
        assert posted.location == f"{room}#message-{number}"


def test_a_form_without_files_is_as_it_ever_was(browser: Browser, room: str) -> None:
    form = page_of(browser.get(room)).form(f"{room}/messages")
    posted = browser.post(f"{room}/messages", form | {"body": "hello", "files": [(io.BytesIO(b""), "")]})
    assert posted.status_code == 303


def test_a_text_whose_file_was_refused_stays_in_the_box(
    app: Flask, browser: Browser, room: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(app, monkeypatch, upload_max_bytes=2**18)
    large = [(io.BytesIO(b"a" * (2**18 + 1)), "a.bin")]
    refused = browser.post(f"{room}/messages", {"body": "a long thought", "files": large})
    assert refused.status_code == 413
    assert page_of(refused).form(f"{room}/messages")["body"] == "a long thought"
    assert page_of(refused).one("p", id="composer-error").text == "A file may have at most 0.25 MB."


def test_a_text_whose_file_did_not_pass_the_scanner_stays_in_the_box_too(
    app: Flask, browser: Browser, room: str, store: DiskStore, clamd_server: Clamd, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(app, monkeypatch, clamd_url=clamd_server.url)
    refused = browser.post(f"{room}/messages", {"body": "see", "files": [(io.BytesIO(EICAR), "a.txt")]})
    assert (refused.status_code, page_of(refused).form(f"{room}/messages")["body"]) == (422, "see")
    assert "removed" in page_of(refused).one("p", id="composer-error").text
    assert stored(store) == []


def test_a_program_names_the_files_that_it_sent_before(browser: Browser, room: str) -> None:
    ids = [put(browser, room).get_json()["upload"]["id"] for _ in range(2)]
    form = {"body": "", "upload_ids": ids, "upload_alts": ["one of them", ""]}
    assert browser.post(f"{room}/messages", form, json=True).status_code == 201
    item = browser.get(f"{room}/messages/1", json=True).get_json()
    assert [upload["id"] for upload in item["uploads"]] == ids
    assert [upload["alt"] for upload in item["uploads"]] == ["one of them", None]


@pytest.mark.parametrize(("name", "status"), [("alice", 303), (None, 413)])
def test_only_who_is_signed_in_sends_a_form_longer_than_forms_are(
    app: Flask, cast: Cast, room: str, name: str | None, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 10_000)
    browser = Browser(app, cast.alice if name else None)
    form = {"body": "", "files": [(io.BytesIO(b"a" * 100_000), "a.bin")]}
    assert browser.post(f"{room}/messages", form).status_code == status
