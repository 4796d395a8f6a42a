"""Pictures are looked at in the background of a worker, as soon as they come."""

from collections.abc import Iterator
from threading import Thread

import pytest
from flask import Flask

from chatapp import db
from chatapp.actions import held_queue
from chatapp.actions.held_files import look_at_next
from chatapp.models import Upload
from tests.files import PNG, send
from tests.support import Cast
from tests.together import eventually

pytestmark = pytest.mark.usefixtures("context", "store")


@pytest.fixture
def queue(app: Flask) -> Iterator[held_queue.HeldQueue]:
    """The application's queue; a test starts it."""
    held_queue.init_app(app)
    queue: held_queue.HeldQueue = app.extensions["chatapp_held_queue"]
    yield queue
    wait_for(queue.end())


def wait_for(threads: list[Thread]) -> None:
    for thread in threads:
        thread.join(30)
    assert not any(thread.is_alive() for thread in threads)


def is_released(upload_id: int) -> bool:
    db.session().rollback()
    return not db.session().get_one(Upload, upload_id, populate_existing=True).is_held


def test_what_comes_is_looked_at_at_once(app: Flask, cast: Cast, queue: held_queue.HeldQueue) -> None:
    held_queue.start(app)
    ids = [send(cast.alice, cast.open_room, PNG).id for _ in range(3)]
    eventually(lambda: all(is_released(each) for each in ids))


def test_what_goes_wrong_keeps_it_from_nothing(
    app: Flask, cast: Cast, queue: held_queue.HeldQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed: list[bool] = []

    def failing() -> bool:
        if not failed:
            failed.append(True)
            raise RuntimeError("anything")
        return look_at_next()

    monkeypatch.setattr(held_queue, "look_at_next", failing)
    monkeypatch.setattr(held_queue, "POLL_SECONDS", 0.1)
    upload_id = send(cast.alice, cast.open_room, PNG).id
    queue.start()
    eventually(lambda: is_released(upload_id))
    assert failed


def test_after_the_end_nothing_is_looked_at(app: Flask, cast: Cast, queue: held_queue.HeldQueue) -> None:
    held_queue.start(app)
    wait_for(held_queue.end(app))
    upload_id = send(cast.alice, cast.open_room, PNG).id
    assert not is_released(upload_id)
