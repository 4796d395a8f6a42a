"""The list of rooms as one person sees it."""

import pytest

from chatapp.actions.memberships import add_member, join_room, leave_room, mark_read
from chatapp.actions.people import rename_person
from chatapp.actions.room_list import RoomEntry, find_room, list_rooms, titled
from chatapp.actions.rooms import archive_room, create_room, open_direct_room
from chatapp.models import Person
from tests.actions.questions import head_of, say
from tests.support import Cast

pytestmark = pytest.mark.usefixtures("context")


def names(person: Person) -> list[str]:
    return [entry.name for entry in list_rooms(person)]


def entry_of(person: Person, room_id: int) -> RoomEntry:
    return next(entry for entry in list_rooms(person) if entry.id == room_id)


def test_a_member_sees_their_open_closed_and_direct_rooms_by_name(cast: Cast) -> None:
    assert names(cast.alice) == ["Board", "Bob", "Lobby"]


def test_an_outsider_sees_open_rooms_only_even_an_administrator(cast: Cast) -> None:
    for outsider in (cast.charlie, cast.dana):
        assert [(entry.id, entry.is_member) for entry in list_rooms(outsider)] == [(cast.open_room, False)]


def test_ones_own_rooms_stand_first(cast: Cast) -> None:
    create_room(cast.charlie, "Attic", "open")
    assert names(cast.alice) == ["Board", "Bob", "Lobby", "Attic"]


def test_names_are_sorted_as_people_sort_them(cast: Cast) -> None:
    for name in ("zebra", "Apple", "ﬁg"):
        create_room(cast.charlie, name, "open")
    assert names(cast.charlie) == ["Apple", "ﬁg", "zebra", "Lobby"]


def test_a_conversation_is_called_after_the_others_in_it(cast: Cast) -> None:
    room, _ = open_direct_room(cast.bob, [cast.dana.id, cast.charlie.id])
    assert entry_of(cast.bob, room.id).name == "Charlie, Dana"
    assert entry_of(cast.dana, room.id).name == "Bob, Charlie"
    assert titled(cast.charlie, room).name == "Bob, Dana"


def test_a_conversation_follows_the_new_name_of_a_person(cast: Cast) -> None:
    rename_person(cast.bob, "Robert")
    assert entry_of(cast.alice, cast.direct_room).name == "Robert"


def test_an_entry_tells_where_the_room_stands_and_how_far_one_has_read(cast: Cast) -> None:
    say(cast.alice, cast.open_room, "one", "two")
    mark_read(cast.bob, cast.open_room, 1, generation=0)
    version, last_number = head_of(cast.open_room)
    assert entry_of(cast.bob, cast.open_room).as_json() == {
        "id": cast.open_room,
        "name": "Lobby",
        "kind": "open",
        "version": version,
        "last_number": last_number,
        "last_read_number": 1,
        "generation": 0,
        "unread": 1,
        "mentions": 0,
        "is_member": True,
        "is_archived": False,
        "companions": (),
    }
    assert entry_of(cast.bob, cast.direct_room).companions == (cast.alice.id,)


def test_the_list_follows_joining_and_leaving(cast: Cast) -> None:
    join_room(cast.charlie, cast.open_room)
    assert entry_of(cast.charlie, cast.open_room).is_member
    leave_room(cast.charlie, cast.open_room)
    assert not entry_of(cast.charlie, cast.open_room).is_member


def test_a_closed_room_comes_and_goes_with_membership(cast: Cast) -> None:
    add_member(cast.alice, cast.closed_room, cast.charlie.id)
    assert names(cast.charlie) == ["Board", "Lobby"]
    leave_room(cast.charlie, cast.closed_room)
    assert names(cast.charlie) == ["Lobby"]


def test_an_archived_room_is_marked(cast: Cast) -> None:
    archive_room(cast.alice, cast.open_room)
    assert entry_of(cast.charlie, cast.open_room).is_archived


@pytest.mark.parametrize("typed", ["Lobby", " lobby ", "ＬＯＢＢＹ"])  # noqa: RUF001
def test_typing_the_name_of_an_open_room_finds_it_in_any_spelling(cast: Cast, typed: str) -> None:
    found = find_room(cast.charlie, typed)
    assert found is not None
    assert found.id == cast.open_room


def test_typing_the_name_of_a_closed_room_finds_it_for_its_members_only(cast: Cast) -> None:
    found = find_room(cast.bob, "board")
    assert found is not None
    assert found.id == cast.closed_room
    for outsider in (cast.charlie, cast.dana):
        assert find_room(outsider, "board") is None


def test_an_open_room_comes_before_a_closed_one_of_the_same_name(cast: Cast) -> None:
    create_room(cast.bob, "Lobby", "closed")
    found = find_room(cast.bob, "Lobby")
    assert found is not None
    assert found.id == cast.open_room


@pytest.mark.parametrize("typed", ["", "Nowhere", "\0", "Lobby\0x", "x" * 100_000])
def test_typing_anything_else_finds_nothing(cast: Cast, typed: str) -> None:
    assert find_room(cast.alice, typed) is None
