"""Many who write in the same moment: numbers without holes, in the order of their commits."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from chatapp import db
from chatapp.actions.memberships import join_room, leave_room
from chatapp.actions.messages import Posted, post_message
from chatapp.actions.rooms import create_room
from chatapp.models import Message, Person, Room
from tests.actions.questions import head_of
from tests.support import Cast
from tests.together import at_once

pytestmark = [
    pytest.mark.usefixtures("context"),
    # SQLite lets in one writer at a time, and one worker serves it.
    pytest.mark.parametrize("database_url", ["postgresql"], indirect=True),
]

WRITERS = 8
POSTS_EACH = 10


class NoLocks(db.RoomLocks):
    """As if each writer were in a worker of its own: only the database orders them."""

    @contextmanager
    def hold(self, room_id: int, timeout_seconds: float) -> Iterator[None]:
        yield


@pytest.fixture(params=["one worker", "many workers"], autouse=True)
def workers(request: pytest.FixtureRequest, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Writers behind the lock of one worker, or as in many workers, which share no lock."""
    if request.param == "many workers":
        monkeypatch.setitem(app.extensions, "chatapp_room_locks", NoLocks())


def post_some(person: Person, room_id: int) -> list[Posted]:
    return [post_message(person, room_id, f"message {step}") for step in range(POSTS_EACH)]


def numbers_and_versions(room_id: int) -> list[tuple[int, int]]:
    db.session().rollback()
    query = select(Message.number, Message.version).where(Message.room_id == room_id).order_by(Message.number)
    return [(number, version) for number, version in db.session().execute(query)]


@contextmanager
def watched(app: Flask, room_id: int) -> Iterator[list[tuple[int, int, int]]]:
    """What a reader sees again and again: how many messages there are, their highest number and version."""
    seen: list[tuple[int, int, int]] = []
    done = threading.Event()

    def watch() -> None:
        query = select(func.count(), func.max(Message.number), func.max(Message.version))
        with app.app_context():
            while not done.is_set():
                db.session().rollback()
                count, number, version = db.session().execute(query.where(Message.room_id == room_id)).one()
                seen.append((count, number or 0, version or 0))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield seen
    finally:
        done.set()
        thread.join()


def test_numbers_are_dense_and_versions_have_no_gaps(app: Flask, cast: Cast) -> None:
    first_version, _ = head_of(cast.open_room)
    outcomes = at_once(app, [partial(post_some, cast.alice, cast.open_room)] * WRITERS)
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    total = WRITERS * POSTS_EACH
    expected = [(number, first_version + number) for number in range(1, total + 1)]
    assert numbers_and_versions(cast.open_room) == expected
    assert head_of(cast.open_room) == (first_version + total, total)


def test_no_reader_ever_sees_a_message_before_the_one_below_it(app: Flask, cast: Cast) -> None:
    first_version, _ = head_of(cast.open_room)
    with watched(app, cast.open_room) as seen:
        at_once(app, [partial(post_some, cast.alice, cast.open_room)] * WRITERS)
    # As many as the highest number says: they are committed in the order of their numbers.
    assert all(count == number for count, number, _ in seen)
    assert all(version == first_version + number for _, number, version in seen if number)
    assert seen == sorted(seen)


def test_one_authors_messages_stand_in_the_order_typed(app: Flask, cast: Cast) -> None:
    outcomes = at_once(app, [partial(post_some, cast.alice, cast.open_room)] * WRITERS)
    for posted in outcomes:
        assert isinstance(posted, list)
        numbers = [each.number for each in posted]
        assert numbers == sorted(numbers)


def test_rooms_do_not_disturb_each_other(app: Flask, cast: Cast) -> None:
    rooms = [create_room(cast.alice, f"Room {each}", "open").id for each in range(4)]
    outcomes = at_once(app, [partial(post_some, cast.alice, room_id) for room_id in rooms * 2])
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    for room_id in rooms:
        numbers = [number for number, _ in numbers_and_versions(room_id)]
        assert numbers == list(range(1, 2 * POSTS_EACH + 1))


def test_one_message_sent_many_times_at_once_is_one_message(app: Flask, cast: Cast) -> None:
    send = partial(post_message, cast.alice, cast.open_room, "once", client_id=str(uuid4()))
    outcomes = at_once(app, [send] * WRITERS)
    posted = [outcome for outcome in outcomes if isinstance(outcome, Posted)]
    assert len(posted) == WRITERS, outcomes
    assert {(each.id, each.number, each.mismatch) for each in posted} == {(posted[0].id, 1, False)}
    assert sum(not each.duplicate for each in posted) == 1
    assert head_of(cast.open_room)[1] == 1


def test_joining_and_leaving_between_posts_leaves_no_gap(app: Flask, cast: Cast) -> None:
    def come_and_go(person: Person) -> list[Posted]:
        for _ in range(POSTS_EACH):
            join_room(person, cast.open_room)
            leave_room(person, cast.open_room)
        return []

    version, _ = head_of(cast.open_room)
    writers = [partial(post_some, cast.alice, cast.open_room)] * 2
    outcomes = at_once(app, [*writers, partial(come_and_go, cast.charlie), partial(come_and_go, cast.dana)])
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert head_of(cast.open_room) == (version + 6 * POSTS_EACH, 2 * POSTS_EACH)


def test_what_a_worker_tells_is_told_in_the_order_of_the_numbers(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    told: list[int] = []
    monkeypatch.setattr("chatapp.realtime.outbox.dispatch", lambda moved: told.append(moved.payload["version"]))
    at_once(app, [partial(post_some, cast.alice, cast.open_room)] * WRITERS)
    if "one worker" in request.node.name:
        assert told == sorted(told)
    # Workers that share no lock may cross: the stream of each room puts that right.
    assert sorted(told) == [version for _, version in numbers_and_versions(cast.open_room)]


def test_a_room_counts_for_itself(app: Flask, cast: Cast) -> None:
    at_once(app, [partial(post_some, cast.bob, cast.closed_room)])
    db.session().rollback()
    assert db.session().get_one(Room, cast.open_room).last_number == 0
