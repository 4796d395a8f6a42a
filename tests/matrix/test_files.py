"""Who may fetch a file: every kind of person, whatever became of its message, in every way there is."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from chatapp import db
from chatapp.actions.memberships import add_member, remove_member
from chatapp.actions.messages import delete_message, post_message
from chatapp.actions.rooms import archive_room, create_room
from chatapp.models.held_upload import release
from chatapp.storage import Link, new_key
from tests.files import PNG, empty_store, send
from tests.support import Browser, Cast

# In a closed room. Alice sent the file, Bob is a member, Charlie was one and is now in another room, Dana administers.
TABLE = """
state       author member former admin nobody
live        yes    yes    no     no    login
archived    yes    yes    no     no    login
deleted     no     no     no     no    login
unattached  yes    no     no     no    login
held        yes    no     no     no    login
held-unsent yes   no     no     no    login
"""
PEOPLE = {"author": "alice", "member": "bob", "former": "charlie", "admin": "dana", "nobody": None}
ANSWERS = {"no": "upload_not_found", "login": "signed_out"}


def get(browser: Browser, path: str, **headers: str) -> TestResponse:
    return browser.client.get(path, headers={"Accept": "application/json", **headers}, buffered=True)


WAYS: dict[str, tuple[Callable[[Browser, str], TestResponse], int]] = {
    "full": (get, 200),
    "another name": (lambda browser, path: get(browser, path.replace("a.png", "b.html")), 200),
    "ranged": (lambda browser, path: get(browser, path, Range="bytes=1-2"), 206),
    "known already": (lambda browser, path: get(browser, path, **{"If-None-Match": "*"}), 304),
    "asked about": (lambda browser, path: browser.client.head(path), 200),
    "signed link": (get, 302),
    "thumbnail": (lambda browser, path: get(browser, f"{path}?thumbnail=1"), 200),
    "thumbnail by a signed link": (lambda browser, path: get(browser, f"{path}?thumbnail=1"), 302),
    "thumbnail known already": (
        lambda browser, path: get(browser, f"{path}?thumbnail=1", **{"If-None-Match": "*"}),
        304,
    ),
}


def rows() -> list[tuple[str, dict[str, str]]]:
    first, *lines = (line.split() for line in TABLE.strip().splitlines())
    return [(state, dict(zip(first[1:], answers, strict=True))) for state, *answers in lines]


@pytest.fixture
def room_id(app: Flask, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """A closed room, which Charlie was thrown out of; he and Alice share another one."""
    empty_store(app, tmp_path / "files", monkeypatch)
    with app.app_context():
        room = create_room(cast.alice, "Vault", "closed", [cast.bob.id])
        create_room(cast.alice, "Elsewhere", "closed", [cast.charlie.id])
        add_member(cast.alice, room.id, cast.charlie.id)
        remove_member(cast.alice, room.id, cast.charlie.id)
        return room.id


def file_in(app: Flask, cast: Cast, room_id: int, state: str) -> str:
    """The address of a file whose message is in this state."""
    with app.app_context():
        upload_id = send(cast.alice, room_id, PNG, name="a.png").id
        if not state.startswith("held"):
            be_looked_at(app, upload_id)
        if state not in ("unattached", "held-unsent"):
            posted = post_message(cast.alice, room_id, "see", upload_ids=(upload_id,))
        if state == "deleted":
            delete_message(cast.alice, posted.id)
        if state == "archived":
            archive_room(cast.alice, room_id)
    return f"/uploads/{upload_id}/a.png"


def be_looked_at(app: Flask, upload_id: int) -> None:
    """As if a process had made its small copy (tests/actions/test_held_files.py): there are too many cells for one."""
    stored = app.extensions["chatapp_store"].put(key := new_key(), [b"small copy"])
    with db.transaction():
        assert release(upload_id, message_id=None, thumbnail_key=key, thumbnail_size=stored.size)


@pytest.mark.asvs("8.2.2")
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("state", "expected"), rows())
def test_everybody_gets_what_the_table_says(
    app: Flask,
    cast: Cast,
    room_id: int,
    monkeypatch: pytest.MonkeyPatch,
    state: str,
    expected: dict[str, str],
    way: str,
) -> None:
    path, (ask, success) = file_in(app, cast, room_id, state), WAYS[way]
    if "signed link" in way:
        monkeypatch.setattr(app.extensions["chatapp_store"], "link", signed)
    for who, word in expected.items():
        # While it is held there is no small copy, not even for its author.
        word = "no" if word == "yes" and "thumbnail" in way and "held" in state else word
        answer = ask(Browser(app, getattr(cast, PEOPLE[who]) if PEOPLE[who] else None), path)
        if word == "yes":
            assert answer.status_code == success, who
        elif way == "asked about":
            # Without a script it is led to the sign-in; an answer without a body says no more.
            assert answer.status_code == (302 if word == "login" else 404), who
        else:
            assert answer.get_json()["error"] == ANSWERS[word], who


def signed(_key: str, how: Link) -> str:
    assert how.seconds <= 60
    return "https://bucket.example.org/signed"
