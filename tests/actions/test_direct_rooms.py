"""A conversation: exactly one for each set of people, and theirs for ever."""

from functools import partial
from itertools import permutations

import pytest
from flask import Flask
from sqlalchemy import func, select

from chatapp import access, db
from chatapp.actions import memberships, people, rooms
from chatapp.errors import DirectRoomFixed, DirectRoomNeedsPeople, DirectRoomTooLarge, PersonNotFound, RoomNotFound
from chatapp.models import Membership, Room
from tests.actions.questions import head_of
from tests.support import Cast
from tests.together import at_once

pytestmark = pytest.mark.usefixtures("context")


def number_of_conversations() -> int:
    db.session().rollback()
    return db.session().scalar(select(func.count()).select_from(Room).where(Room.kind == "direct")) or 0


def test_a_set_of_people_has_one_conversation_whoever_asks_in_whatever_order(cast: Cast) -> None:
    before = number_of_conversations()
    three = (cast.alice, cast.bob, cast.charlie)
    found = {rooms.open_direct_room(actor, [a.id, b.id])[0].id for actor, a, b in permutations(three)}
    assert len(found) == 1
    assert number_of_conversations() == before + 1


def test_naming_oneself_or_somebody_twice_changes_nothing(cast: Cast) -> None:
    room, is_new = rooms.open_direct_room(cast.bob, [cast.alice.id, cast.bob.id, cast.alice.id])
    assert (room.id, is_new) == (cast.direct_room, False)


def test_other_people_have_another_conversation(cast: Cast) -> None:
    room, is_new = rooms.open_direct_room(cast.alice, [cast.charlie.id])
    assert is_new
    assert room.id != cast.direct_room
    assert sorted(Membership.user_ids_of(room.id)) == sorted([cast.alice.id, cast.charlie.id])


def test_two_who_write_to_each_other_in_the_same_moment_get_one_conversation(app: Flask, cast: Cast) -> None:
    charlie = partial(rooms.open_direct_room, cast.charlie, [cast.dana.id])
    dana = partial(rooms.open_direct_room, cast.dana, [cast.charlie.id])
    found = at_once(app, [charlie, dana] * 4)
    made = [outcome for outcome in found if isinstance(outcome, tuple)]
    assert len(made) == 8, found
    assert len({room.id for room, _ in made}) == 1
    assert sum(is_new for _, is_new in made) == 1


def test_only_its_people_see_it(cast: Cast) -> None:
    assert access.readable_room(cast.bob, cast.direct_room).is_direct
    for outsider in (cast.charlie, cast.dana):
        with pytest.raises(RoomNotFound):
            access.readable_room(outsider, cast.direct_room)


def test_it_can_neither_be_changed_nor_left_nor_grow(cast: Cast) -> None:
    head = head_of(cast.direct_room)
    changes = [
        lambda: rooms.rename_room(cast.alice, cast.direct_room, "Ours"),
        lambda: rooms.archive_room(cast.alice, cast.direct_room),
        lambda: rooms.restore_room(cast.alice, cast.direct_room),
        lambda: memberships.leave_room(cast.alice, cast.direct_room),
        lambda: memberships.add_member(cast.alice, cast.direct_room, cast.charlie.id),
        lambda: memberships.remove_member(cast.alice, cast.direct_room, cast.bob.id),
        lambda: memberships.remove_member(cast.alice, cast.direct_room, cast.alice.id),
    ]
    for change in changes:
        with pytest.raises(DirectRoomFixed):
            change()
    assert head_of(cast.direct_room) == head


def test_nobody_joins_it(cast: Cast) -> None:
    for outsider in (cast.charlie, cast.dana):
        with pytest.raises(RoomNotFound):
            memberships.join_room(outsider, cast.direct_room)


def test_it_takes_somebody_else(cast: Cast) -> None:
    for nobody_else in ([], [cast.alice.id]):
        with pytest.raises(DirectRoomNeedsPeople):
            rooms.open_direct_room(cast.alice, nobody_else)


def test_a_circle_of_more_than_20_is_too_large(cast: Cast) -> None:
    with pytest.raises(DirectRoomTooLarge):
        rooms.open_direct_room(cast.alice, range(100, 120))


def test_unknown_and_deactivated_people_are_refused(cast: Cast) -> None:
    people.deactivate(cast.dana, cast.charlie.id)
    for absent in (cast.charlie.id, 999_999, 2**63 - 1):
        with pytest.raises(PersonNotFound):
            rooms.open_direct_room(cast.alice, [absent])


def test_a_conversation_with_somebody_who_was_deactivated_since_is_still_found(cast: Cast) -> None:
    people.deactivate(cast.dana, cast.bob.id)
    room, is_new = rooms.open_direct_room(cast.alice, [cast.bob.id])
    assert (room.id, is_new) == (cast.direct_room, False)
