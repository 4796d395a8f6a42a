"""What the running server does by itself."""

from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from flask import Flask
from sqlalchemy import update

from chatapp import db
from chatapp.actions import chores
from chatapp.actions.chores import Chores, Duty
from chatapp.actions.held_files import look_at_next
from chatapp.actions.messages import post_message
from chatapp.actions.uploads import receive_upload
from chatapp.models import Chore, StoredChunk
from chatapp.models.stored_chunk import CHUNK_BYTES, DatabaseStore
from chatapp.storage import new_key
from chatapp.storage.disk import DiskStore
from tests.files import PNG, announced, in_steps, let_a_day_pass, send, stored
from tests.support import Cast

QUARTER = timedelta(minutes=15)


def make_due(app: Flask) -> None:
    with app.app_context(), db.transaction() as session:
        session.execute(update(Chore).values(due_at=db.now() - timedelta(hours=1)))


def test_one_of_two_workers_does_what_is_due(app: Flask) -> None:
    done: list[str] = []
    first, second = (Chores(app, (Duty("sweep", QUARTER, lambda who=who: done.append(who)),)) for who in "AB")
    assert (first.look(), second.look(), first.look()) == (["sweep"], [], [])
    make_due(app)
    assert (second.look(), first.look()) == (["sweep"], [])
    assert done == ["A", "B"]


def test_what_fails_keeps_nothing_else_from_being_done(app: Flask) -> None:
    def fail() -> None:
        raise OSError

    both = Chores(app, (Duty("broken", QUARTER, fail), Duty("sweep", QUARTER, lambda: None)))
    assert both.look() == ["sweep"]
    make_due(app)
    assert both.look() == ["sweep"]


def test_it_looks_by_itself_until_it_is_stopped(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chores, "LOOK_SECONDS", 0.01)
    was_done = Event()
    running = Chores(app, (Duty("sweep", QUARTER, was_done.set),))
    running.start()
    assert was_done.wait(30)
    for thread in running.end():
        thread.join(30)
        assert not thread.is_alive()
    was_done.clear()
    make_due(app)
    assert not was_done.is_set()


@pytest.mark.usefixtures("context")
def test_what_nobody_sent_within_a_day_goes_without_anybody_asking(
    app: Flask, cast: Cast, store: DiskStore, tmp_path: Path
) -> None:
    sent = send(cast.alice, cast.open_room)
    post_message(cast.alice, cast.open_room, "see", upload_ids=(sent.id,))
    send(cast.alice, cast.open_room, name="never sent")
    receive_upload(cast.bob, cast.open_room, announced(b"a" * 100_000), in_steps(b"a" * 70_000), start=0, length=70_000)
    (tmp_path / "files" / "incoming" / "half.12345678").write_bytes(b"half")
    let_a_day_pass(tmp_path / "files")
    assert app.extensions["chatapp_chores"].look() == ["remove-abandoned", "remove-orphans"]
    assert stored(store) == [sent.storage_key]
    assert list((tmp_path / "files" / "incoming").iterdir()) == []


@pytest.mark.usefixtures("context")
def test_what_a_worker_that_died_has_left_in_the_database_goes(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = DatabaseStore(app.extensions["chatapp_engine"])
    monkeypatch.setitem(app.extensions, "chatapp_store", store)
    send(cast.alice, cast.open_room, PNG)
    assert look_at_next()
    receive_upload(cast.bob, cast.open_room, announced(b"a" * 100_000), in_steps(b"a" * 70_000), start=0, length=70_000)
    kept = stored(store)
    assert len(kept) == 3
    old, young = new_key(), new_key()
    store.put(old, in_steps(bytes(CHUNK_BYTES + 1)))
    with db.transaction() as session:
        session.execute(update(StoredChunk).values(created_at=db.now() - timedelta(minutes=61)))
    store.put(young, in_steps(b"its row may still come"))
    assert "remove-orphans" in app.extensions["chatapp_chores"].look()
    assert stored(store) == sorted([*kept, young])
    # Not within the hour.
    assert app.extensions["chatapp_chores"].look() == []
