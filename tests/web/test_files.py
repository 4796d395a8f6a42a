"""The page of a room's files."""

import pytest
from flask import Flask

from chatapp.actions.held_files import look_at_next
from chatapp.actions.messages import post_message
from chatapp.web import files
from tests.files import PNG, send
from tests.support import Browser, Cast
from tests.web.html import page_of


@pytest.fixture
def path(app: Flask, cast: Cast) -> str:
    """Where the files of the open room are listed: a picture and two others of Alice's."""
    with app.app_context():
        for name, data in (("회의.txt", b"hello"), ("a.zip", b"PK\3\4"), ("me.png", PNG)):
            upload = send(cast.alice, cast.open_room, data, name=name)
            post_message(cast.alice, cast.open_room, "", upload_ids=(upload.id,))
        look_at_next()
    return f"/rooms/{cast.open_room}/files"


def test_the_page_shows_files_newest_first_with_the_way_to_their_messages(app: Flask, cast: Cast, path: str) -> None:
    page = page_of(Browser(app, cast.bob).get(path))
    assert page.one("img", _class="upload__picture")["alt"] == "me.png"
    assert [each.text for each in page.all("bdi", _class="upload__name")] == ["a.zip", "회의.txt"]
    room = f"/rooms/{cast.open_room}"
    links = [each["href"] for each in page.all("a") if (each.get("href") or "").startswith(f"{room}/messages/")]
    assert links == [f"{room}/messages/{number}" for number in (3, 2, 1)]


def test_a_kind_is_a_page_of_its_own(app: Flask, cast: Cast, path: str) -> None:
    page = page_of(Browser(app, cast.bob).get(f"{path}?kind=file"))
    assert page.all("img", _class="upload__picture") == []
    assert page.one("a", _class="button button--small", aria_current="page").text == "Other files"
    assert Browser(app, cast.bob).get(f"{path}?kind=nonsense").status_code == 400


def test_older_ones_are_a_link_away(app: Flask, cast: Cast, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "PAGE_FILES", 2)
    browser = Browser(app, cast.bob)
    older = [
        each["href"] for each in page_of(browser.get(path)).all("a") if "before_message=" in (each.get("href") or "")
    ]
    page = page_of(browser.get(older[0]))
    assert [each.text for each in page.all("bdi", _class="upload__name")] == ["회의.txt"]
    assert "before_message=" not in page.html


def test_turning_the_pages_shows_each_file_of_long_messages_once(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        for first in (1, 11):
            numbers = range(first, first + 10)
            ids = tuple(send(cast.alice, cast.open_room, name=f"{number}.txt").id for number in numbers)
            post_message(cast.alice, cast.open_room, "", upload_ids=ids)
    monkeypatch.setattr(files, "PAGE_FILES", 3)
    browser, path, seen = Browser(app, cast.bob), f"/rooms/{cast.open_room}/files", []
    while path:
        page = page_of(browser.get(path))
        seen.append([each.text for each in page.all("bdi", _class="upload__name")])
        path = next((each["href"] for each in page.all("a") if "before_message=" in (each.get("href") or "")), "")
    assert [name for names in seen for name in names] == [f"{number}.txt" for number in range(20, 0, -1)]
    assert [len(names) for names in seen] == [3] * 6 + [2]


def test_a_program_turns_the_pages_by_the_place_of_the_last_file(
    app: Flask, cast: Cast, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "PAGE_FILES", 2)
    browser = Browser(app, cast.bob)
    said = browser.get(path, json=True).get_json()
    last = said["items"][-1]
    older = f"{path}?before_message={last['message_id']}&position={last['position']}"
    assert [each["name"] for each in browser.get(older, json=True).get_json()["items"]] == ["회의.txt"]
    for nonsense in ("before=1", "before_message=x", f"before_message={last['message_id']}&position=x"):
        assert browser.get(f"{path}?{nonsense}", json=True).status_code == 400


def test_a_program_gets_them_as_data(app: Flask, cast: Cast, path: str) -> None:
    said = Browser(app, cast.bob).get(f"{path}?kind=picture", json=True).get_json()
    assert said["more"] is False
    (item,) = said["items"]
    assert (item["name"], item["kind"], item["number"], item["author"]["name"]) == ("me.png", "picture", 3, "Alice")


def test_the_page_about_a_room_leads_there(app: Flask, cast: Cast, path: str) -> None:
    page = page_of(Browser(app, cast.bob).get(f"/rooms/{cast.open_room}/members"))
    assert path in [each["href"] for each in page.all("a")]
