"""Marking everything read: all rooms of one person, and nobody else's."""

import pytest

from chatapp import db
from chatapp.actions.memberships import leave_room, mark_all_read, mark_read, mark_unread, read_state
from tests.actions.questions import head_of, membership_of, say
from tests.support import Cast

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def talk(cast: Cast) -> Cast:
    """Two rooms in which Alice said something, and one in which Bob did."""
    say(cast.alice, cast.open_room, "one", "two")
    say(cast.alice, cast.closed_room, "three")
    say(cast.bob, cast.direct_room, "his own")
    return cast


def test_all_rooms_are_read_to_their_end_and_only_those_that_were_not_are_told(talk: Cast) -> None:  # behaviour 30
    facts = mark_all_read(talk.bob)
    told = {fact.room_id: (fact.last_read_number, fact.unread) for fact in facts}
    assert told == {talk.open_room: (2, 0), talk.closed_room: (1, 0)}
    db.session().rollback()
    assert [read_state(talk.bob, room_id).unread for room_id in (talk.open_room, talk.closed_room)] == [0, 0]
    assert mark_all_read(talk.bob) == []


def test_what_was_marked_unread_is_read_too_and_its_generation_stays(talk: Cast) -> None:
    mark_read(talk.bob, talk.open_room, 2, generation=0)
    mark_unread(talk.bob, talk.open_room, 1, generation=0)
    fact = next(fact for fact in mark_all_read(talk.bob) if fact.room_id == talk.open_room)
    assert (fact.last_read_number, fact.generation, fact.unread) == (2, 1, 0)
    assert mark_unread(talk.bob, talk.open_room, 1, generation=0).unread == 0  # an older one that comes late
    assert mark_unread(talk.bob, talk.open_room, 1, generation=1).unread == 2


def test_nobody_elses_rooms_are_touched_and_no_room_changes(talk: Cast) -> None:
    heads = [head_of(room_id) for room_id in (talk.open_room, talk.closed_room)]
    before = membership_of(talk.bob, talk.open_room).last_read_number
    mark_all_read(talk.alice)
    assert mark_all_read(talk.charlie) == []
    assert membership_of(talk.bob, talk.open_room).last_read_number == before
    assert [head_of(room_id) for room_id in (talk.open_room, talk.closed_room)] == heads


def test_a_room_that_one_has_left_stays_as_it_was(talk: Cast) -> None:
    leave_room(talk.bob, talk.open_room)
    assert [fact.room_id for fact in mark_all_read(talk.bob)] == [talk.closed_room]
