"""How far one has read: it only grows, and the number on the badge is what a recount gives."""

import random
from contextlib import suppress

import pytest
from sqlalchemy import insert, update

from chatapp import db
from chatapp.actions.history import read_newest
from chatapp.actions.memberships import first_unread, join_room, leave_room, mark_read, mark_unread, read_state
from chatapp.actions.room_list import list_rooms
from chatapp.errors import BadRequest, MessageDeleted, NotAMember, RoomNotFound
from chatapp.events import RoomReadFact
from chatapp.models import Message, Person, Room
from tests.actions.questions import delete, edit, head_of, membership_of, say
from tests.support import Cast

pytestmark = pytest.mark.usefixtures("context")


def recount(person: Person, room_id: int) -> int:
    """The posts of others that the person has not read, counted one by one."""
    read_up_to = membership_of(person, room_id).last_read_number
    messages = [said.message for said in read_newest(person, room_id, limit=200).said]
    return sum(
        1
        for message in messages
        if message.number > read_up_to and message.author_id != person.id and message.deleted_at is None
    )


def unread(person: Person, room_id: int) -> int:
    db.session().rollback()
    return read_state(person, room_id).unread


def mark(person: Person, room_id: int, number: int) -> RoomReadFact:
    """How far the person has read after marking unread, knowing how it stands."""
    generation = membership_of(person, room_id).generation
    return mark_unread(person, room_id, number, generation=generation)


def test_posts_of_others_are_unread_until_they_are_read(cast: Cast) -> None:
    say(cast.alice, cast.open_room, "one", "two", "three")
    assert unread(cast.bob, cast.open_room) == 3
    fact = mark_read(cast.bob, cast.open_room, 2, generation=0)
    assert (fact.last_read_number, fact.unread) == (2, 1)


def test_the_pointer_only_grows(cast: Cast) -> None:
    say(cast.alice, cast.open_room, "one", "two", "three")
    mark_read(cast.bob, cast.open_room, 3, generation=0)
    assert mark_read(cast.bob, cast.open_room, 1, generation=0).last_read_number == 3


def test_nothing_is_read_before_it_is_said(cast: Cast) -> None:
    say(cast.alice, cast.open_room, "one")
    assert mark_read(cast.bob, cast.open_room, 2**63 - 1, generation=0).last_read_number == 1
    say(cast.alice, cast.open_room, "two")
    assert unread(cast.bob, cast.open_room) == 1


def test_a_read_of_an_older_generation_is_ignored(cast: Cast) -> None:
    say(cast.alice, cast.open_room, "one", "two")
    mark(cast.bob, cast.open_room, 1)
    late = mark_read(cast.bob, cast.open_room, 2, generation=0)
    assert (late.last_read_number, late.generation, late.unread) == (0, 1, 2)
    assert mark_read(cast.bob, cast.open_room, 2, generation=1).unread == 0


def test_ones_own_posts_are_never_unread(cast: Cast) -> None:
    say(cast.alice, cast.open_room, "one")
    say(cast.bob, cast.open_room, "two")
    assert mark(cast.bob, cast.open_room, 1).last_read_number == 0
    assert unread(cast.bob, cast.open_room) == 1


def test_deleted_posts_are_not_unread(cast: Cast) -> None:
    say(cast.alice, cast.open_room, "one", "two")
    delete(cast.open_room, 1)
    assert unread(cast.bob, cast.open_room) == 1


def test_an_edit_makes_nothing_unread(cast: Cast) -> None:
    say(cast.alice, cast.open_room, "one")
    mark_read(cast.bob, cast.open_room, 1, generation=0)
    edit(cast.open_room, 1, "won")
    assert unread(cast.bob, cast.open_room) == 0


def test_the_first_unread_is_the_first_of_others_that_is_there(cast: Cast) -> None:  # behaviour 22
    assert first_unread(cast.bob, cast.open_room) is None
    say(cast.alice, cast.open_room, "one", "two", "three")
    assert first_unread(cast.bob, cast.open_room) == 1
    assert first_unread(cast.alice, cast.open_room) is None  # her own
    delete(cast.open_room, 1)
    assert first_unread(cast.bob, cast.open_room) == 2
    mark_read(cast.bob, cast.open_room, 2, generation=0)
    assert first_unread(cast.bob, cast.open_room) == 3
    assert first_unread(cast.charlie, cast.open_room) is None
    leave_room(cast.bob, cast.open_room)
    assert first_unread(cast.bob, cast.open_room) is None


def test_marked_unread_a_message_and_all_after_it_are_unread_again(cast: Cast) -> None:
    say(cast.alice, cast.open_room, "one", "two", "three")
    mark_read(cast.bob, cast.open_room, 3, generation=0)
    fact = mark(cast.bob, cast.open_room, 2)
    assert (fact.last_read_number, fact.generation, fact.unread) == (1, 1, 2)
    assert unread(cast.bob, cast.open_room) == recount(cast.bob, cast.open_room) == 2


def test_marked_unread_further_on_what_stands_before_counts_as_read(cast: Cast) -> None:
    say(cast.alice, cast.open_room, "one", "two", "three")
    assert mark(cast.bob, cast.open_room, 3).unread == 1


def test_each_marking_is_a_new_generation(cast: Cast) -> None:
    say(cast.alice, cast.open_room, "one")
    assert [mark(cast.bob, cast.open_room, 1).generation for _ in range(3)] == [1, 2, 3]
    assert membership_of(cast.bob, cast.open_room).generation == 3


def test_a_read_that_was_under_way_does_not_undo_a_marking(cast: Cast) -> None:
    say(cast.alice, cast.open_room, "one", "two")
    mark_read(cast.bob, cast.open_room, 2, generation=0)
    generation = mark(cast.bob, cast.open_room, 1).generation
    assert mark_read(cast.bob, cast.open_room, 2, generation=0).unread == 2
    assert mark_read(cast.bob, cast.open_room, 2, generation=generation).unread == 0


def test_a_marking_of_an_older_generation_does_not_undo_a_newer_one(cast: Cast) -> None:
    say(cast.alice, cast.open_room, "one", "two", "three")
    mark_unread(cast.bob, cast.open_room, 3, generation=0)
    late = mark_unread(cast.bob, cast.open_room, 1, generation=0)
    assert (late.last_read_number, late.generation, late.unread) == (2, 1, 1)


def test_a_marking_that_is_sent_again_happens_once(cast: Cast) -> None:
    say(cast.alice, cast.open_room, "one", "two")
    first, again = (mark_unread(cast.bob, cast.open_room, 1, generation=0) for _ in range(2))
    assert first == again


def test_how_far_one_has_read_says_for_which_version_of_the_room_it_was_counted(cast: Cast) -> None:
    say(cast.alice, cast.open_room, "one", "two")
    fact = mark_read(cast.bob, cast.open_room, 1, generation=0)
    assert (fact.version, fact.last_number) == head_of(cast.open_room)


def test_marking_is_nobody_elses_business(cast: Cast) -> None:
    say(cast.alice, cast.open_room, "one")
    head = head_of(cast.open_room)
    mark(cast.bob, cast.open_room, 1)
    assert head_of(cast.open_room) == head
    assert membership_of(cast.alice, cast.open_room).generation == 0


@pytest.mark.parametrize("number", [0, 2, 2**63 - 1])
def test_only_what_was_said_is_marked_unread(cast: Cast, number: int) -> None:
    say(cast.alice, cast.open_room, "one")
    with pytest.raises(BadRequest):
        mark(cast.bob, cast.open_room, number)
    assert membership_of(cast.bob, cast.open_room).generation == 0


def test_an_outsider_marks_nothing_unread(cast: Cast) -> None:
    say(cast.alice, cast.open_room, "one")
    with pytest.raises(NotAMember):
        mark_unread(cast.charlie, cast.open_room, 1, generation=0)
    with pytest.raises(RoomNotFound):
        mark_unread(cast.charlie, cast.closed_room, 1, generation=0)


def test_reading_takes_no_version(cast: Cast) -> None:
    say(cast.alice, cast.open_room, "one")
    head = head_of(cast.open_room)
    mark_read(cast.bob, cast.open_room, 1, generation=0)
    assert head_of(cast.open_room) == head


def test_nothing_is_unread_for_one_who_is_not_in_the_room(cast: Cast) -> None:
    say(cast.alice, cast.open_room, "one")
    assert unread(cast.charlie, cast.open_room) == 0
    assert [entry.unread for entry in list_rooms(cast.charlie)] == [0]


def test_nothing_is_unread_for_one_who_left(cast: Cast) -> None:
    leave_room(cast.bob, cast.open_room)
    say(cast.alice, cast.open_room, "one")
    assert unread(cast.bob, cast.open_room) == 0
    entries = {entry.id: entry for entry in list_rooms(cast.bob)}
    assert entries[cast.open_room].unread == 0


def test_counting_stops_at_a_thousand(cast: Cast) -> None:
    say(cast.alice, cast.open_room, "one")
    last = head_of(cast.open_room)[1]
    fixed = {"room_id": cast.open_room, "author_id": cast.alice.id, "version": 1, "body": "x", "html": "x"}
    rows = [{**fixed, "number": last + n, "client_id": str(n)} for n in range(1, 1_200)]
    with db.transaction() as session:
        session.execute(insert(Message), rows)
        session.execute(update(Room).where(Room.id == cast.open_room).values(last_number=last + len(rows)))
    assert unread(cast.bob, cast.open_room) == 1_000
    assert {entry.id: entry.unread for entry in list_rooms(cast.bob)}[cast.open_room] == 1_000


def something_happens(chance: random.Random, person: Person, room_id: int) -> None:
    """The person says, reads, marks, changes or leaves something by chance; `chance` decides what."""
    last, generation = head_of(room_id)[1], membership_of(person, room_id).generation
    number = chance.randint(1, max(last, 1))
    match chance.choice(["say", "say", "say", "read", "unread", "edit", "delete", "return"]):
        case "read":
            mark_read(person, room_id, number, generation=chance.randint(0, generation))
        case "unread" if last:
            mark_unread(person, room_id, number, generation=chance.randint(0, generation))
        case "edit" if last:
            edit(room_id, number, f"edit {chance.random()}")
        case "delete" if last:
            delete(room_id, number)
        case "return":
            leave_room(person, room_id)
            join_room(person, room_id)
        case _:
            say(person, room_id, "hello")


@pytest.mark.parametrize("seed", [7, 8, 9])
def test_the_badge_equals_a_recount_after_whatever_happened(cast: Cast, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    join_room(cast.charlie, cast.open_room)
    everybody = (cast.alice, cast.bob, cast.charlie)
    for step in range(60):
        with suppress(MessageDeleted):
            something_happens(chance, chance.choice(everybody), cast.open_room)
        listed = {each: {entry.id: entry.unread for entry in list_rooms(each)} for each in everybody}
        for each in everybody:
            expected = recount(each, cast.open_room)
            assert (unread(each, cast.open_room), listed[each][cast.open_room]) == (expected, expected), step
