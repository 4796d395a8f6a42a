"""Who may fetch a file: every kind of person, whatever became of its message, in every way there is."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update
from werkzeug.test import TestResponse

from chatapp import db
from chatapp.actions.memberships import remove_member
from chatapp.actions.messages import delete_message, post_message
from chatapp.actions.people import create_user
from chatapp.actions.rooms import archive_room, create_room
from chatapp.models import Person, Upload
from chatapp.models.held_upload import release
from chatapp.models.upload import UploadState
from chatapp.storage import Link, new_key
from tests.files import PNG, empty_store, send
from tests.support import PASSWORD, Browser, Cast

# Olga founded the rooms, Alice sent the file, Bob is a member, Charlie was one and is now in another room of Alice's,
# Nina was never in any, Dana administers. The first rows are a closed room's; the direct one is Alice's and Bob's.
TABLE = """
state       author owner member former never admin nobody
live        yes    yes   yes    no     no    no    login
archived    yes    yes   yes    no     no    no    login
deleted     no     no    no     no     no    no    login
unattached  yes    no    no     no     no    no    login
held        yes    no    no     no     no    no    login
held-unsent yes    no    no     no     no    no    login
infected    no     no    no     no     no    no    login
open-live   yes    yes   yes    yes    yes   yes   login
open-unsent yes    no    no     no     no    no    login
open-held   yes    no    no     no     no    no    login
direct-live yes    no    yes    no     no    no    login
direct-held yes    no    no     no     no    no    login
"""
PEOPLE = {"author": "alice", "member": "bob", "former": "charlie", "admin": "dana", "nobody": None}
OTHERS = {"owner": "Olga", "never": "Nina"}
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
def people(app: Flask, cast: Cast) -> dict[str, Person | None]:
    """Everybody of the table."""
    with app.app_context():
        others = {who: create_user(name, f"{name}@example.org", PASSWORD) for who, name in OTHERS.items()}
    return {who: getattr(cast, name) if name else None for who, name in PEOPLE.items()} | others


@pytest.fixture
def rooms(
    app: Flask, cast: Cast, people: dict[str, Person | None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, int]:
    """A room of each kind; Charlie was thrown out of the closed one, and shares another with Alice."""
    empty_store(app, tmp_path / "files", monkeypatch)
    owner, members = owner_of(people), [cast.alice.id, cast.bob.id]
    with app.app_context():
        closed = create_room(owner, "Vault", "closed", [*members, cast.charlie.id])
        remove_member(owner, closed.id, cast.charlie.id)
        create_room(cast.alice, "Elsewhere", "closed", [cast.charlie.id])
        opened = create_room(owner, "Square", "open", members)
    return {"closed": closed.id, "open": opened.id, "direct": cast.direct_room}


def file_in(app: Flask, cast: Cast, owner: Person, rooms: dict[str, int], state: str) -> str:
    """The address of a file whose message is in this state."""
    room_id = rooms[found[1] if (found := re.match("(open|direct)-", state)) else "closed"]
    with app.app_context():
        upload_id = send(cast.alice, room_id, PNG, name="a.png").id
        if "held" not in state:
            be_looked_at(app, upload_id)
        if "un" not in state:
            posted = post_message(cast.alice, room_id, "see", upload_ids=(upload_id,))
        if state == "deleted":
            delete_message(cast.alice, posted.id)
        if state == "archived":
            archive_room(owner, room_id)
        if state == "infected":
            be_found_infected(upload_id)
    return f"/uploads/{upload_id}/a.png"


def owner_of(people: dict[str, Person | None]) -> Person:
    """Who founded the rooms."""
    owner = people["owner"]
    assert owner
    return owner


def be_found_infected(upload_id: int) -> None:
    """As if a scanner had found something in it after it was sent (tests/actions/test_scanning.py)."""
    with db.transaction() as session:
        session.execute(update(Upload).where(Upload.id == upload_id).values(state=UploadState.INFECTED))


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
    people: dict[str, Person | None],
    rooms: dict[str, int],
    monkeypatch: pytest.MonkeyPatch,
    state: str,
    expected: dict[str, str],
    way: str,
) -> None:
    path, (ask, success) = file_in(app, cast, owner_of(people), rooms, state), WAYS[way]
    if "signed link" in way:
        monkeypatch.setattr(app.extensions["chatapp_store"], "link", signed)
    for who, word in expected.items():
        # While it is held there is no small copy, not even for its author.
        word = "no" if word == "yes" and "thumbnail" in way and "held" in state else word
        answer = ask(Browser(app, people[who]), path)
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
