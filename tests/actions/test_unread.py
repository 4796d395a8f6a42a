"""How far one has read: it only grows, and the number on the badge is what a recount gives."""

import random

import pytest

from chatapp import db
from chatapp.actions.history import read_newest
from chatapp.actions.memberships import join_room, leave_room, mark_read, read_state
from chatapp.actions.room_list import list_rooms
from chatapp.models import Membership, Person, membership
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


def raise_generation(person: Person, room_id: int) -> None:
    """What "mark unread" will do."""
    with db.transaction() as session:
        session.get_one(Membership, (room_id, person.id)).generation += 1


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
    raise_generation(cast.bob, cast.open_room)
    late = mark_read(cast.bob, cast.open_room, 2, generation=0)
    assert (late.last_read_number, late.generation, late.unread) == (0, 1, 2)
    assert mark_read(cast.bob, cast.open_room, 2, generation=1).unread == 0


def test_ones_own_posts_are_never_unread(cast: Cast) -> None:
    say(cast.alice, cast.open_room, "one")
    say(cast.bob, cast.open_room, "two")
    raise_generation(cast.bob, cast.open_room)
    with db.transaction() as session:
        session.get_one(Membership, (cast.open_room, cast.bob.id)).last_read_number = 0
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


def test_counting_stops_at_the_cap(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(membership, "UNREAD_MAX", 3)
    say(cast.alice, cast.open_room, "one", "two", "three", "four", "five")
    assert unread(cast.bob, cast.open_room) == 3
    assert {entry.id: entry.unread for entry in list_rooms(cast.bob)}[cast.open_room] == 3


def test_the_cap_is_a_thousand() -> None:
    assert membership.UNREAD_MAX == 1_000


def test_the_badge_equals_a_recount_after_whatever_happened(cast: Cast) -> None:
    chance = random.Random(7)  # noqa: S311
    join_room(cast.charlie, cast.open_room)
    everybody = (cast.alice, cast.bob, cast.charlie)
    for step in range(60):
        person, last = chance.choice(everybody), head_of(cast.open_room)[1]
        match chance.choice(["say", "say", "say", "read", "delete", "return"]):
            case "say":
                say(person, cast.open_room, f"message {step}")
            case "read":
                mark_read(person, cast.open_room, chance.randint(0, last), generation=0)
            case "delete" if last:
                delete(cast.open_room, chance.randint(1, last))
            case "return":
                leave_room(person, cast.open_room)
                join_room(person, cast.open_room)
        listed = {each: {entry.id: entry.unread for entry in list_rooms(each)} for each in everybody}
        for each in everybody:
            expected = recount(each, cast.open_room)
            assert (unread(each, cast.open_room), listed[each][cast.open_room]) == (expected, expected), step
