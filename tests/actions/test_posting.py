"""Who waits for the same room is committed together; and nobody gets in that way who could not alone."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import Connection, event, text

from chatapp import db
from chatapp.actions.memberships import leave_room
from chatapp.actions.messages import Posted, delete_message, post_message
from chatapp.actions.posting import Line
from chatapp.errors import CursorAhead, NotAMember, RoomArchived, RoomNotFound, Unavailable
from chatapp.models import Membership, Message, Person
from chatapp.models.message import said_newest
from chatapp.models.posting import Place
from tests.actions.questions import head_of
from tests.support import Cast
from tests.together import at_once, eventually

pytestmark = [
    pytest.mark.usefixtures("context"),
    # SQLite takes no change inside a change; there each post is a transaction.
    pytest.mark.parametrize("database_url", ["postgresql"], indirect=True),
]


@pytest.fixture
def asked(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What the database is asked to change, and when a transaction around it ends."""
    statements: list[str] = []
    engine = app.extensions["chatapp_engine"]

    def note(_connection: Connection, _cursor: object, sql: str, *_: object) -> None:
        if not sql.lstrip().startswith("SELECT"):
            statements.append(sql)

    def note_commit(_connection: Connection) -> None:
        statements.append("COMMIT")

    def note_statement(sql: str, values: dict[str, object]) -> list[tuple[Any, ...]]:
        statements.append(sql)
        return state(sql, values)

    state = db.statement
    monkeypatch.setattr(db, "statement", note_statement)
    event.listen(engine, "before_cursor_execute", note)
    event.listen(engine, "commit", note_commit)
    yield statements
    event.remove(engine, "before_cursor_execute", note)
    event.remove(engine, "commit", note_commit)


@contextmanager
def room_taken(app: Flask, room_id: int, writers: int) -> Iterator[None]:
    """While this lasts somebody of this worker has the room's turn, until so many wait for it."""
    line: Line = app.extensions.setdefault("chatapp_posting_line", Line())
    locks: db.RoomLocks = app.extensions["chatapp_room_locks"]
    done = threading.Event()

    def hold() -> None:
        with locks.hold(room_id, 1):
            held.set()
            eventually(lambda: len(line._waiting[room_id]) == writers)  # noqa: SLF001
            done.set()

    held, thread = threading.Event(), threading.Thread(target=hold)
    thread.start()
    held.wait()
    yield
    thread.join()
    assert done.is_set()


def post_together(app: Flask, room_id: int, posts: list[Callable[[], Posted]]) -> list[Posted | Exception]:
    with room_taken(app, room_id, len(posts)):
        return at_once(app, posts)


def bodies(room_id: int) -> list[str]:
    db.session().rollback()
    return [said.message.body for said in said_newest(room_id, 100)]


def test_a_text_is_one_statement_and_no_transaction_around_it(cast: Cast, asked: list[str]) -> None:
    posted = post_message(cast.alice, cast.open_room, "hello")
    assert [sql.split()[0] for sql in asked] == ["WITH"]
    message = db.session().get_one(Message, posted.id)
    assert (message.author_id, message.number, message.version) == (cast.alice.id, posted.number, posted.version)
    assert (message.body, message.html) == ("hello", '<p dir="auto">hello</p>\n')
    assert (message.upload_count, message.edited_at, message.deleted_at) == (0, None, None)
    membership = Membership.current(cast.open_room, cast.alice.id)
    assert membership is not None
    assert membership.last_read_number == posted.number


def test_all_who_wait_are_committed_together_and_each_hears_of_their_own(
    app: Flask, cast: Cast, asked: list[str]
) -> None:
    version, number = head_of(cast.closed_room)
    people = [cast.alice, cast.bob] * 4
    posts = [partial(post_message, person, cast.closed_room, f"{place}") for place, person in enumerate(people)]
    posted = post_together(app, cast.closed_room, posts)
    assert len([sql for sql in asked if sql.lstrip().startswith("WITH")]) == 1
    assert head_of(cast.closed_room) == (version + 8, number + 8)
    for place, (person, each) in enumerate(zip(people, posted, strict=True)):
        assert isinstance(each, Posted)
        message = db.session().get_one(Message, each.id)
        assert (message.body, message.author_id) == (str(place), person.id)
        assert (message.number, message.version) == (each.number, each.version)


def test_one_who_may_not_keeps_nobody_from_posting(app: Flask, cast: Cast) -> None:
    outcomes = post_together(
        app,
        cast.closed_room,
        [
            partial(post_message, cast.alice, cast.closed_room, "from Alice"),
            partial(post_message, cast.charlie, cast.closed_room, "from Charlie"),
            partial(post_message, cast.bob, cast.closed_room, "from Bob"),
        ],
    )
    assert [type(outcome) for outcome in outcomes] == [Posted, RoomNotFound, Posted]
    assert sorted(bodies(cast.closed_room)) == ["from Alice", "from Bob"]
    assert head_of(cast.closed_room)[1] == 2


def test_one_who_says_it_again_gets_the_first_and_the_others_their_own(app: Flask, cast: Cast) -> None:
    client_id = str(uuid4())
    first = post_message(cast.alice, cast.closed_room, "said", client_id=client_id)
    outcomes = post_together(
        app,
        cast.closed_room,
        [
            partial(post_message, cast.alice, cast.closed_room, "said", client_id=client_id),
            partial(post_message, cast.bob, cast.closed_room, "new"),
        ],
    )
    again, new = outcomes
    assert isinstance(again, Posted)
    assert isinstance(new, Posted)
    assert (again.id, again.duplicate, new.duplicate) == (first.id, True, False)
    assert bodies(cast.closed_room) == ["said", "new"]


def test_a_retry_after_the_message_was_deleted_does_not_bring_it_back(cast: Cast) -> None:
    client_id = str(uuid4())
    first = post_message(cast.alice, cast.closed_room, "said", client_id=client_id)
    delete_message(cast.alice, first.id)
    again = post_message(cast.alice, cast.closed_room, "said", client_id=client_id)
    assert (again.id, again.duplicate, again.mismatch) == (first.id, True, False)
    assert bodies(cast.closed_room) == [""]


@pytest.mark.parametrize("ending", ["left", "archived"])
def test_who_waits_for_the_database_is_looked_at_when_it_is_their_turn(app: Flask, cast: Cast, ending: str) -> None:
    head = head_of(cast.open_room)
    sql = {
        "left": "UPDATE memberships SET left_at = now() WHERE room_id = :room AND user_id = :user",
        "archived": "UPDATE rooms SET archived_at = now() WHERE id = :room AND :user > 0",
    }[ending]
    with app.extensions["chatapp_engine"].connect() as other:
        # As another worker does it: the room's row first, then what changes in it.
        other.execute(text("UPDATE rooms SET version = version WHERE id = :room"), {"room": cast.open_room})
        other.execute(text(sql), {"room": cast.open_room, "user": cast.alice.id})

        def commit_when_awaited() -> None:
            eventually(lambda: is_awaited(app))
            other.commit()

        committing = threading.Thread(target=commit_when_awaited)
        committing.start()
        with pytest.raises(NotAMember if ending == "left" else RoomArchived):
            post_message(cast.alice, cast.open_room, "too late")
        committing.join()
    assert head_of(cast.open_room) == head
    assert bodies(cast.open_room) == []


def is_awaited(app: Flask) -> bool:
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    with app.extensions["chatapp_engine"].connect() as connection:
        return bool(connection.scalar(text(waiting)))


def test_a_stranger_uses_up_no_number(cast: Cast) -> None:
    head = head_of(cast.open_room)
    with pytest.raises(NotAMember):
        post_message(cast.charlie, cast.open_room, "from outside")
    assert head_of(cast.open_room) == head


def test_all_are_told_when_the_database_is_away(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> list[object]:
        raise Unavailable(retry_after=1)

    monkeypatch.setattr(db, "statement", away)
    posts = [partial(post_message, person, cast.closed_room, "x") for person in (cast.alice, cast.bob)]
    assert [type(outcome) for outcome in post_together(app, cast.closed_room, posts)] == [Unavailable, Unavailable]
    assert app.extensions["chatapp_posting_line"]._waiting == {}  # noqa: SLF001


@pytest.mark.parametrize("is_posted_by_them", [True, False])
def test_who_was_taken_along_waits_for_what_becomes_of_it(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch, is_posted_by_them: bool
) -> None:
    line: Line = app.extensions.setdefault("chatapp_posting_line", Line())
    turn, taken, turns = db.room_turn, list[Any](), list[int]()

    @contextmanager
    def late_turn(room_id: int) -> Iterator[None]:
        turns.append(room_id)
        if len(turns) == 1:
            taken.extend(line._waiting.pop(room_id))  # noqa: SLF001 - as whoever has the turn does
        if len(turns) < 3:
            raise Unavailable(retry_after=1)
        if is_posted_by_them:
            taken[0].place = Place(7, 8, 9)
        with turn(room_id):
            yield

    monkeypatch.setattr(db, "room_turn", late_turn)
    posted = post_message(cast.alice, cast.open_room, "taken along")
    if is_posted_by_them:
        assert (posted.id, posted.number, posted.version, bodies(cast.open_room)) == (7, 8, 9, [])
    else:  # they died over it
        assert bodies(cast.open_room) == ["taken along"]


@pytest.mark.parametrize("epoch", ["\0", "\ud800", "", "x" * 1000, "another"])
def test_an_epoch_that_is_none_is_refused_by_itself(cast: Cast, asked: list[str], epoch: str) -> None:
    with pytest.raises(CursorAhead):
        post_message(cast.alice, cast.open_room, "from elsewhere", epoch=epoch)
    assert len(asked) == (epoch == "another")


def test_what_the_driver_cannot_send_for_one_does_not_fail_the_others(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> list[object]:
        raise ValueError("a string literal cannot contain NUL")

    monkeypatch.setattr(db, "statement", fails)
    posts = [partial(post_message, person, cast.closed_room, "x") for person in (cast.alice, cast.bob)]
    assert [type(outcome) for outcome in post_together(app, cast.closed_room, posts)] == [Posted, Posted]


def test_who_gives_up_waiting_leaves_the_line(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db.RoomLocks, "hold", give_up)
    with pytest.raises(Unavailable):
        post_message(cast.alice, cast.open_room, "never")
    assert app.extensions["chatapp_posting_line"]._waiting == {}  # noqa: SLF001


@contextmanager
def give_up(*_: object) -> Iterator[None]:
    raise Unavailable(retry_after=1)
    yield


def test_messages_of_a_group_are_told_in_their_order(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []
    monkeypatch.setattr("chatapp.realtime.outbox.dispatch", lambda moved: told.append(moved.version))
    people: list[Person] = [cast.alice, cast.bob] * 3
    post_together(app, cast.closed_room, [partial(post_message, person, cast.closed_room, "x") for person in people])
    leave_room(cast.bob, cast.closed_room)
    assert told == sorted(told)
    assert len(told) == 7
