"""Coming into a room, going out of it, and who decides about it."""

from contextlib import AbstractContextManager

import pytest
from flask import Flask

from chatapp import access
from chatapp.actions import memberships, people
from chatapp.actions.changes import changing
from chatapp.actions.memberships import add_member, join_room, leave_room, mark_read, remove_member
from chatapp.actions.rooms import rename_room
from chatapp.errors import ChatError, NotAllowed, NotAMember, PersonNotFound, RoomNotFound
from chatapp.models import Membership
from chatapp.models.room import RoomHead
from tests.actions.questions import head_of, is_member, membership_of, say
from tests.sockets.wire import elsewhere
from tests.support import Cast

pytestmark = pytest.mark.usefixtures("context")


def test_everyone_in_the_company_may_join_an_open_room(cast: Cast) -> None:
    assert join_room(cast.charlie, cast.open_room).id == cast.open_room
    assert is_member(cast.charlie, cast.open_room)


def test_nobody_joins_a_closed_room_not_even_an_administrator(cast: Cast) -> None:
    for outsider in (cast.charlie, cast.dana):
        for room_id in (cast.closed_room, 999_999):
            with pytest.raises(RoomNotFound):
                join_room(outsider, room_id)


def test_joining_takes_the_next_version_and_no_number(cast: Cast) -> None:
    version, number = head_of(cast.open_room)
    join_room(cast.charlie, cast.open_room)
    assert head_of(cast.open_room) == (version + 1, number)
    assert membership_of(cast.charlie, cast.open_room).version == version + 1


@pytest.mark.parametrize("way", ["join", "add"])
def test_who_comes_in_twice_at_once_came_in_once(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    def come_in() -> None:
        if way == "join":
            join_room(cast.charlie, cast.open_room)
        else:
            add_member(cast.alice, cast.open_room, cast.charlie.id)

    def in_another_tab() -> None:
        with app.app_context():
            come_in()
            say(cast.alice, cast.open_room, "not read yet")

    def overtaken(room_id: int) -> AbstractContextManager[RoomHead]:
        monkeypatch.setattr(memberships, "changing", changing)
        elsewhere(in_another_tab)
        return changing(room_id)

    version, number = head_of(cast.open_room)
    monkeypatch.setattr(memberships, "changing", overtaken)
    come_in()
    assert head_of(cast.open_room) == (version + 2, number + 1)
    assert membership_of(cast.charlie, cast.open_room).last_read_number == number


def test_joining_again_changes_nothing(cast: Cast) -> None:
    head = head_of(cast.open_room)
    join_room(cast.bob, cast.open_room)
    assert head_of(cast.open_room) == head


def test_what_was_said_before_joining_counts_as_read(cast: Cast) -> None:
    say(cast.alice, cast.open_room, "one", "two")
    join_room(cast.charlie, cast.open_room)
    assert membership_of(cast.charlie, cast.open_room).last_read_number == 2


def test_who_left_an_open_room_may_still_read_it(cast: Cast) -> None:
    leave_room(cast.bob, cast.open_room)
    assert not is_member(cast.bob, cast.open_room)
    assert access.readable_room(cast.bob, cast.open_room).id == cast.open_room


def test_who_left_a_closed_room_sees_it_no_more(cast: Cast) -> None:
    leave_room(cast.bob, cast.closed_room)
    with pytest.raises(RoomNotFound):
        access.readable_room(cast.bob, cast.closed_room)


def test_leaving_keeps_a_row_with_the_version_of_the_end(cast: Cast) -> None:
    version, number = head_of(cast.open_room)
    leave_room(cast.bob, cast.open_room)
    assert head_of(cast.open_room) == (version + 1, number)
    with pytest.raises(NotAMember):
        leave_room(cast.bob, cast.open_room)
    assert head_of(cast.open_room) == (version + 1, number)


def test_an_outsider_has_nothing_to_leave(cast: Cast) -> None:
    with pytest.raises(NotAMember):
        leave_room(cast.charlie, cast.open_room)
    with pytest.raises(RoomNotFound):
        leave_room(cast.charlie, cast.closed_room)


def test_who_comes_back_has_read_what_was_said_meanwhile(cast: Cast) -> None:
    leave_room(cast.bob, cast.open_room)
    say(cast.alice, cast.open_room, "one", "two", "three")
    join_room(cast.bob, cast.open_room)
    back = membership_of(cast.bob, cast.open_room)
    assert (back.last_read_number, back.left_at) == (3, None)
    assert back.version == head_of(cast.open_room)[0]


def test_a_member_may_add_somebody_to_a_closed_room(cast: Cast) -> None:
    say(cast.alice, cast.closed_room, "one")
    version, number = head_of(cast.closed_room)
    add_member(cast.bob, cast.closed_room, cast.charlie.id)
    assert membership_of(cast.charlie, cast.closed_room).last_read_number == 1
    assert head_of(cast.closed_room) == (version + 1, number)


def test_adding_a_member_again_changes_nothing(cast: Cast) -> None:
    head = head_of(cast.closed_room)
    add_member(cast.alice, cast.closed_room, cast.bob.id)
    assert head_of(cast.closed_room) == head


def test_unknown_and_deactivated_people_are_not_added(cast: Cast) -> None:
    people.deactivate(cast.dana, cast.charlie.id)
    for absent in (cast.charlie.id, 0, 999_999, 2**63 - 1):
        with pytest.raises(PersonNotFound):
            add_member(cast.alice, cast.closed_room, absent)


def test_an_outsider_adds_nobody_not_even_themselves(cast: Cast) -> None:
    for outsider in (cast.charlie, cast.dana):
        with pytest.raises(NotAMember):
            add_member(outsider, cast.open_room, outsider.id)
        with pytest.raises(RoomNotFound):
            add_member(outsider, cast.closed_room, outsider.id)


def test_the_founder_may_remove_a_member(cast: Cast) -> None:
    version, number = head_of(cast.closed_room)
    remove_member(cast.alice, cast.closed_room, cast.bob.id)
    assert not is_member(cast.bob, cast.closed_room)
    assert head_of(cast.closed_room) == (version + 1, number)


def test_removing_somebody_who_is_not_in_the_room_takes_no_version(cast: Cast) -> None:
    head = head_of(cast.closed_room)
    for absent in (cast.charlie.id, 999_999):
        with pytest.raises(PersonNotFound):
            remove_member(cast.alice, cast.closed_room, absent)
    assert head_of(cast.closed_room) == head


def test_another_member_may_not_remove_somebody(cast: Cast) -> None:
    head = head_of(cast.closed_room)
    with pytest.raises(NotAllowed):
        remove_member(cast.bob, cast.closed_room, cast.alice.id)
    assert head_of(cast.closed_room) == head


def test_everyone_may_remove_themselves(cast: Cast) -> None:
    remove_member(cast.bob, cast.closed_room, cast.bob.id)
    assert not is_member(cast.bob, cast.closed_room)


@pytest.mark.parametrize("outsider", ["charlie", "dana"])
def test_an_outsider_removes_nobody(cast: Cast, outsider: str) -> None:
    refused: list[tuple[int, type[ChatError]]] = [(cast.open_room, NotAMember), (cast.closed_room, RoomNotFound)]
    for room_id, error in refused:
        with pytest.raises(error):
            remove_member(getattr(cast, outsider), room_id, cast.bob.id)


def test_an_administrator_manages_a_room_they_are_in(cast: Cast) -> None:
    join_room(cast.dana, cast.open_room)
    assert rename_room(cast.dana, cast.open_room, "Hall").name == "Hall"
    remove_member(cast.dana, cast.open_room, cast.alice.id)
    assert not is_member(cast.alice, cast.open_room)


def test_every_member_manages_a_room_that_its_founder_left(cast: Cast) -> None:
    leave_room(cast.alice, cast.closed_room)
    assert rename_room(cast.bob, cast.closed_room, "Orphan").name == "Orphan"


def test_every_member_manages_a_room_whose_founder_was_deactivated(cast: Cast) -> None:
    people.deactivate(cast.dana, cast.alice.id)
    assert rename_room(cast.bob, cast.closed_room, "Orphan").name == "Orphan"


def test_a_founder_who_left_manages_nothing(cast: Cast) -> None:
    leave_room(cast.alice, cast.open_room)
    with pytest.raises(NotAMember):
        rename_room(cast.alice, cast.open_room, "Mine")


def test_a_room_may_lose_its_last_member(cast: Cast) -> None:
    leave_room(cast.alice, cast.open_room)
    leave_room(cast.bob, cast.open_room)
    assert Membership.count(cast.open_room) == 0
    assert join_room(cast.charlie, cast.open_room).id == cast.open_room


def test_an_outsider_marks_nothing_as_read(cast: Cast) -> None:
    with pytest.raises(NotAMember):
        mark_read(cast.charlie, cast.open_room, 1, generation=0)
    with pytest.raises(RoomNotFound):
        mark_read(cast.charlie, cast.closed_room, 1, generation=0)
