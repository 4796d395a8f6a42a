"""What somebody read elsewhere, and what was lost of it, is told to their sockets here."""

import pytest
from flask import Flask

from chatapp.actions.memberships import add_member, leave_room, mark_read, mark_unread
from tests.actions.questions import membership_of
from tests.realtime.losing import Lost, compare, is_told, post
from tests.sockets.wire import RawSocket, connect
from tests.support import Browser, Cast
from tests.together import eventually

READ = "room:read"


@pytest.fixture
def said(app: Flask, cast: Cast, bob: RawSocket) -> None:
    """Alice said three things, and Bob's socket has been compared with the database once."""
    with app.app_context():
        post(cast, "one", "two", "three")()
    compare(app)
    bob.received()


def read_elsewhere(cast: Cast, number: int) -> None:
    mark_read(cast.bob, cast.open_room, number, generation=0)


def marked_elsewhere(cast: Cast, number: int) -> None:
    generation = membership_of(cast.bob, cast.open_room).generation
    mark_unread(cast.bob, cast.open_room, number, generation=generation)


@pytest.mark.usefixtures("said")
def test_what_was_read_elsewhere_unheard_is_told_once_with_a_fresh_count(
    app: Flask, cast: Cast, bob: RawSocket, alice: RawSocket, lost: Lost
) -> None:
    alice.received()
    lost(lambda: read_elsewhere(cast, 2))
    compare(app)
    compare(app)
    facts = bob.received(READ)
    assert [(fact["room_id"], fact["last_read_number"], fact["unread"]) for fact in facts] == [(cast.open_room, 2, 1)]
    assert alice.received(READ) == []


def test_what_was_read_before_the_first_comparison_is_told_too(
    app: Flask, cast: Cast, bob: RawSocket, lost: Lost
) -> None:
    with app.app_context():
        post(cast, "one", "two", "three")()
    lost(lambda: read_elsewhere(cast, 2))
    compare(app)
    compare(app)
    assert [(fact["last_read_number"], fact["unread"]) for fact in bob.received(READ)] == [(2, 1)]


def test_who_connects_during_a_comparison_misses_nothing_by_it(app: Flask, cast: Cast, lost: Lost) -> None:
    with app.app_context():
        post(cast, "one", "two", "three")()
    bob = connect(Browser(app, cast.bob))
    with app.app_context():
        app.extensions["chatapp_readings"].compare({}, set())
    lost(lambda: read_elsewhere(cast, 2))
    compare(app)
    assert [fact["last_read_number"] for fact in bob.received(READ)] == [2]


def test_a_second_socket_hides_nothing_that_the_first_has_missed(
    app: Flask, cast: Cast, bob: RawSocket, lost: Lost
) -> None:
    with app.app_context():
        post(cast, "one", "two", "three")()
    lost(lambda: read_elsewhere(cast, 2))
    connect(Browser(app, cast.bob))
    compare(app)
    assert [fact["last_read_number"] for fact in bob.received(READ)] == [2]


def test_who_came_into_a_room_and_reads_it_elsewhere_before_the_next_comparison_is_told(
    app: Flask, cast: Cast, charlie: RawSocket, lost: Lost
) -> None:
    compare(app)
    with app.app_context():
        add_member(cast.alice, cast.closed_room, cast.charlie.id)
        post(cast, "one", "two", "three", room_id=cast.closed_room)()
    lost(lambda: mark_read(cast.charlie, cast.closed_room, 2, generation=0))
    compare(app)
    facts = [(fact["room_id"], fact["last_read_number"], fact["unread"]) for fact in charlie.received(READ)]
    assert facts == [(cast.closed_room, 2, 1)]


def test_so_is_one_whose_coming_was_found_in_a_gap(
    app: Flask, cast: Cast, alice: RawSocket, charlie: RawSocket, lost: Lost
) -> None:
    compare(app)
    lost(lambda: add_member(cast.alice, cast.closed_room, cast.charlie.id))
    with app.app_context():
        post(cast, "one", "two", "three", room_id=cast.closed_room)()
    eventually(lambda: is_told(app))
    lost(lambda: mark_read(cast.charlie, cast.closed_room, 2, generation=0))
    compare(app)
    assert [fact["last_read_number"] for fact in charlie.received(READ)] == [2]


@pytest.mark.usefixtures("said")
def test_so_is_what_was_marked_unread(app: Flask, cast: Cast, bob: RawSocket, lost: Lost) -> None:
    lost(lambda: read_elsewhere(cast, 3))
    compare(app)
    lost(lambda: marked_elsewhere(cast, 2))
    compare(app)
    assert [(fact["last_read_number"], fact["generation"]) for fact in bob.received(READ)] == [(3, 0), (1, 1)]


@pytest.mark.usefixtures("said")
def test_what_was_told_is_not_told_again(app: Flask, cast: Cast, bob: RawSocket) -> None:
    with app.app_context():
        read_elsewhere(cast, 2)
        marked_elsewhere(cast, 1)
    compare(app)
    assert len(bob.received(READ)) == 2


@pytest.mark.usefixtures("said")
def test_who_left_is_told_nothing_and_forgotten(app: Flask, cast: Cast, bob: RawSocket, lost: Lost) -> None:
    lost(lambda: read_elsewhere(cast, 2))
    lost(lambda: leave_room(cast.bob, cast.open_room))
    compare(app)
    assert bob.received(READ) == []
    known = app.extensions["chatapp_readings"]._known  # noqa: SLF001
    assert (cast.open_room, cast.bob.id) not in known


def test_nothing_is_kept_of_people_who_are_not_here(app: Flask, bob: RawSocket) -> None:
    compare(app)
    assert app.extensions["chatapp_readings"]._known  # noqa: SLF001
    bob.close()
    compare(app)
    assert not app.extensions["chatapp_readings"]._known  # noqa: SLF001
