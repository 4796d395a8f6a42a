"""With `STORAGE_URL=db:` a file may have 10 MB, whatever the setting says, and that is said by every way in."""

import io
import os
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from chatapp.models.stored_chunk import MAX_BYTES, DatabaseStore
from tests.databases import connections_in_use
from tests.support import Browser
from tests.web.html import page_of
from tests.web.sending import browser as browser
from tests.web.sending import put
from tests.web.sending import room as room
from tests.web.sending import store as store


@pytest.fixture(autouse=True)
def chunks(app: Flask, store: object, monkeypatch: pytest.MonkeyPatch) -> DatabaseStore:
    """The application's store: its database."""
    chunks = DatabaseStore(app.extensions["chatapp_engine"])
    monkeypatch.setitem(app.extensions, "chatapp_store", chunks)
    assert app.extensions["chatapp_settings"].upload_max_bytes > MAX_BYTES
    return chunks


def keys(store: DatabaseStore) -> list[str]:
    return [each.key for each in store.keys()]  # noqa: SIM118 - a method of the store


def test_a_file_of_ten_megabytes_comes_and_goes_whole(browser: Browser, room: str) -> None:
    data = os.urandom(MAX_BYTES)
    upload = put(browser, room, data, name="a.bin").get_json()["upload"]
    assert browser.get(upload["url"]).data == data


def test_one_byte_more_is_refused_and_leaves_nothing(browser: Browser, room: str, chunks: DatabaseStore) -> None:
    # As a whole, announced before its first part, and by a plain form.
    for refused in (put(browser, room, bytes(MAX_BYTES + 1)), put(browser, room, b"", size=MAX_BYTES + 1)):
        assert (refused.status_code, refused.get_json()["error"]) == (413, "upload_too_large")
        assert refused.get_json()["message"] == "A file may have at most 10 MB."
    form = {"body": "a long thought", "files": [(io.BytesIO(bytes(MAX_BYTES + 1)), "a.bin")]}
    refused = browser.post(f"{room}/messages", form)
    assert (refused.status_code, page_of(refused).form(f"{room}/messages")["body"]) == (413, "a long thought")
    assert page_of(refused).one("p", id="composer-error").text == "A file may have at most 10 MB."
    assert keys(chunks) == []


def test_the_page_knows_the_limit_before_it_sends_anything(browser: Browser, room: str) -> None:
    assert page_of(browser.get(room)).one("form", data_controller="composer")["data-upload-max-bytes"] == str(MAX_BYTES)


def test_while_it_is_read_no_other_connection_is_held(
    app: Flask, browser: Browser, room: str, chunks: DatabaseStore, monkeypatch: pytest.MonkeyPatch
) -> None:  # as many readers as there are connections would wait for each other for ever
    upload = put(browser, room, b"some bytes", name="a.bin").get_json()["upload"]
    held: list[int] = []
    read = chunks.open

    def open_(*which: Any) -> Iterator[bytes]:
        held.append(connections_in_use(app))
        return read(*which)

    monkeypatch.setattr(chunks, "open", open_)
    assert browser.get(upload["url"]).data == b"some bytes"
    assert held == [0]
