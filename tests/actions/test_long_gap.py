"""Ten thousand changes that somebody missed: read page by page, they make a copy equal to the database."""

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import insert, text, update

from chatapp import db
from chatapp.actions.history import PAGE_MAX_MESSAGES, Changes, read_changes
from chatapp.events import MessageFact
from chatapp.fragments import page_message
from chatapp.models import Message, Room
from chatapp.models.message import said_since
from tests.actions.questions import delete, edit, head_of, say
from tests.databases import is_postgresql
from tests.support import Cast

pytestmark = pytest.mark.usefixtures("context")

POSTS = 8_000
CHANGES = 10_000
CHANGED = CHANGES - POSTS - 2  # edits and deletions that are made by hand; two are made as people do
PAGE_CPU_SECONDS = 0.5  # a page takes a twentieth of it; a scan of the table for each would not fit


@pytest.fixture
def gap(cast: Cast) -> tuple[int, int]:
    """A room, and the version after which ten thousand changes came: posts, and every fourth edited or deleted."""
    room_id = cast.open_room
    say(cast.alice, room_id, "seen", "seen, and edited in the gap", "seen, and deleted in the gap")
    since, first = head_of(room_id)
    posts = [row(cast, room_id, number, since + number - first) for number in range(first + 1, first + POSTS + 1)]
    place = Message.number - first - 1
    changed = (Message.room_id == room_id, place >= 0, place % 4 == 0, place < 4 * CHANGED)
    with db.transaction() as session:
        session.execute(insert(Message), posts)
        for values, which in (
            ({"edited_at": db.now()}, place % 8 == 0),
            ({"deleted_at": db.now(), "body": ""}, place % 8 == 4),
        ):
            version = since + POSTS + 1 + place // 4
            session.execute(update(Message).where(*changed, which).values(version=version, **values))
        session.execute(
            update(Room).where(Room.id == room_id).values(version=since + CHANGES - 2, last_number=first + POSTS)
        )
    edit(room_id, 2, "edited in the gap")
    delete(room_id, 3)
    assert head_of(room_id)[0] == since + CHANGES
    return room_id, since


def row(cast: Cast, room_id: int, number: int, version: int) -> dict[str, object]:
    author = (cast.alice, cast.bob)[number % 2].id
    said = {"client_id": f"00000000-0000-4000-8000-{number:012}", "body": f"m{number}", "html": f"<p>m{number}</p>"}
    return {"room_id": room_id, "number": number, "version": version, "author_id": author, **said}


@contextmanager
def within_cpu(seconds: float) -> Iterator[None]:
    """What happens within takes no more of a processor: itself, and not the garbage of a whole run of tests, nor the
    threads that other tests have left."""
    gc.disable()
    try:
        begun = time.thread_time()
        yield
        assert time.thread_time() - begun < seconds
    finally:
        gc.enable()


def pages(cast: Cast, room_id: int, since: int) -> Iterator[Changes]:
    """Every page of what was missed."""
    more = True
    while more:
        with within_cpu(PAGE_CPU_SECONDS):
            page = read_changes(cast.bob, room_id, since)
        assert len(page.items) == PAGE_MAX_MESSAGES or not page.more
        assert page.up_to == (page.items[-1].version if page.more else page.head)
        yield page
        since, more = page.up_to, page.more


def test_ten_thousand_changes_in_pages_equal_the_database(cast: Cast, gap: tuple[int, int]) -> None:
    room_id, since = gap
    copy: dict[int, MessageFact] = {}
    cursor = since
    for page in pages(cast, room_id, since):
        for fact in page.items:
            # Each goes on from the one before, and none comes twice.
            assert fact.prev == cursor
            assert fact.id not in copy
            cursor, copy[fact.id] = fact.version, fact
    assert cursor == head_of(room_id)[0]
    stored = {said.message.id: page_message(said, 0) for said in said_since(room_id, 0, 2 * CHANGES)}
    assert len(copy) == POSTS + 2
    assert all(replace(fact, prev=0, html=stored[each].html) == stored[each] for each, fact in copy.items())
    assert {stored[each].number for each in stored.keys() - copy.keys()} == {1}


def test_a_page_is_found_by_its_index(cast: Cast, database_url: str) -> None:
    query = "SELECT * FROM messages WHERE room_id = :room AND version > 0 ORDER BY version LIMIT 200"
    db.session().rollback()
    if is_postgresql(database_url):
        # The table is small: it would be read whole, were that allowed.
        db.session().execute(text("SET LOCAL enable_seqscan = off"))
        db.session().execute(text("SET LOCAL enable_sort = off"))
        query = f"EXPLAIN {query}"
    else:
        query = f"EXPLAIN QUERY PLAN {query}"
    plan = "\n".join(str(tuple(line)) for line in db.session().execute(text(query), {"room": cast.open_room}))
    assert "ix_messages_room_id_version" in plan
    assert "Sort" not in plan
    assert "TEMP B-TREE" not in plan
