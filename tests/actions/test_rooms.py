"""Making rooms, and changing what they are."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from chatapp import access, db
from chatapp.actions import people, rooms
from chatapp.actions.messages import post_message
from chatapp.errors import (
    BadRequest,
    ChatError,
    NameEmpty,
    NameHasControlCharacters,
    NameTooLong,
    NotAllowed,
    NotAMember,
    PersonNotFound,
    RoomArchived,
    RoomNameTaken,
    RoomNotFound,
)
from chatapp.models import Membership, Person, Room
from tests.actions.questions import head_of
from tests.support import Cast

pytestmark = pytest.mark.usefixtures("context")

Change = Callable[[Person, int], Room]

CHANGES: list[Change] = [
    lambda person, room_id: rooms.rename_room(person, room_id, "Another name"),
    rooms.archive_room,
    rooms.restore_room,
]
change = pytest.mark.parametrize("change", CHANGES, ids=["rename", "archive", "restore"])


def number_of_rooms() -> int:
    db.session().rollback()
    return db.session().scalar(select(func.count()).select_from(Room)) or 0


@pytest.mark.parametrize("kind", ["open", "closed"])
def test_a_new_room_has_its_founder_and_the_picked_people_in_it(cast: Cast, kind: str) -> None:
    room = rooms.create_room(cast.alice, "Kitchen", kind, [cast.bob.id, cast.bob.id])
    assert (room.kind, room.name, room.version, room.last_number) == (kind, "Kitchen", 3, 0)
    assert sorted(Membership.user_ids_of(room.id)) == sorted([cast.alice.id, cast.bob.id])


def test_an_open_room_is_seen_by_everyone_and_a_closed_one_by_its_members(cast: Cast) -> None:
    opened = rooms.create_room(cast.alice, "Kitchen", "open")
    closed = rooms.create_room(cast.alice, "Cellar", "closed")
    for outsider in (cast.charlie, cast.dana):
        assert access.readable_room(outsider, opened.id).name == "Kitchen"
        with pytest.raises(RoomNotFound):
            access.readable_room(outsider, closed.id)


@pytest.mark.parametrize("kind", ["direct", "secret", "", "OPEN"])
def test_a_room_of_any_other_kind_is_refused(cast: Cast, kind: str) -> None:
    with pytest.raises(BadRequest):
        rooms.create_room(cast.alice, "Kitchen", kind, [cast.bob.id])


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("", NameEmpty),
        (" \t ", NameEmpty),
        ("\u3164\u200b", NameEmpty),
        ("x" * 81, NameTooLong),
        ("\ufdfa" * 80, NameTooLong),  # 80 characters that fold to 1,440
        ("two\nlines", NameHasControlCharacters),
        ("nul\0", NameHasControlCharacters),
        ("\u202egnihsihp", NameHasControlCharacters),
        ("half \ud800", NameHasControlCharacters),
    ],
)
def test_a_bad_name_is_refused(cast: Cast, name: str, error: type[ChatError]) -> None:
    before = number_of_rooms()
    with pytest.raises(error):
        rooms.create_room(cast.alice, name, "open")
    with pytest.raises(error):
        rooms.rename_room(cast.alice, cast.open_room, name)
    assert number_of_rooms() == before


@pytest.mark.parametrize("character", ["x", "한", "😀"])
def test_a_name_of_80_characters_fits_in_any_script(cast: Cast, character: str) -> None:
    assert rooms.create_room(cast.alice, character * 80, "open").name == character * 80


def test_a_name_is_trimmed_and_otherwise_kept_as_typed(cast: Cast) -> None:
    assert rooms.create_room(cast.alice, "  Straße \t 12 ", "open").name == "Straße 12"


@pytest.mark.parametrize(
    "look_alike",
    ["Lobby", "lobby", "LOBBY", " Lobby ", "Ｌｏｂｂｙ", "Lob\u00adby", "L\u200bobby", "𝐋𝐨𝐛𝐛𝐲"],  # noqa: RUF001
)
def test_an_open_room_of_a_name_that_looks_the_same_is_refused(cast: Cast, look_alike: str) -> None:
    with pytest.raises(RoomNameTaken):
        rooms.create_room(cast.charlie, look_alike, "open")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Straße", "STRASSE"),
        ("ﬁnance", "Finance"),
        ("한국", "\u1112\u1161\u11ab\u1100\u116e\u11a8"),
        ("café", "CAFE\u0301"),
    ],
)
def test_names_are_the_same_in_any_composition_and_case(cast: Cast, first: str, second: str) -> None:
    rooms.create_room(cast.alice, first, "open")
    with pytest.raises(RoomNameTaken):
        rooms.create_room(cast.bob, second, "open")


def test_closed_rooms_may_share_a_name_with_any_room(cast: Cast) -> None:
    first = rooms.create_room(cast.alice, "Lobby", "closed")
    second = rooms.create_room(cast.alice, "Lobby", "closed")
    assert len({first.id, second.id, cast.open_room}) == 3


def test_an_archived_room_keeps_its_name(cast: Cast) -> None:
    rooms.archive_room(cast.alice, cast.open_room)
    with pytest.raises(RoomNameTaken):
        rooms.create_room(cast.bob, "Lobby", "open")


def test_unknown_people_are_refused_and_no_room_is_made(cast: Cast) -> None:
    before = number_of_rooms()
    for stranger in (0, 999_999, 2**63 - 1):
        with pytest.raises(PersonNotFound):
            rooms.create_room(cast.alice, "Kitchen", "open", [stranger])
    assert number_of_rooms() == before


def test_deactivated_people_are_refused(cast: Cast) -> None:
    people.deactivate(cast.dana, cast.charlie.id)
    with pytest.raises(PersonNotFound):
        rooms.create_room(cast.alice, "Kitchen", "closed", [cast.charlie.id])


def test_a_renamed_room_has_its_new_name_and_frees_the_old_one(cast: Cast) -> None:  # behaviour 62
    assert rooms.rename_room(cast.alice, cast.open_room, " Hall ").name == "Hall"
    assert rooms.create_room(cast.bob, "Lobby", "open").name == "Lobby"


def test_a_room_may_be_renamed_to_another_spelling_of_its_own_name(cast: Cast) -> None:
    assert rooms.rename_room(cast.alice, cast.open_room, "LOBBY").name == "LOBBY"


def test_a_room_cannot_be_renamed_to_the_name_of_another_open_one(cast: Cast) -> None:
    rooms.create_room(cast.bob, "Kitchen", "open")
    head = head_of(cast.open_room)
    with pytest.raises(RoomNameTaken):
        rooms.rename_room(cast.alice, cast.open_room, "KITCHEN")
    assert head_of(cast.open_room) == head


def test_a_closed_room_may_be_renamed_to_the_name_of_an_open_one(cast: Cast) -> None:
    assert rooms.rename_room(cast.alice, cast.closed_room, "Lobby").name == "Lobby"


def test_an_archived_room_is_read_but_not_written(cast: Cast) -> None:
    post_message(cast.alice, cast.open_room, "before")
    rooms.archive_room(cast.alice, cast.open_room)
    assert access.readable_room(cast.charlie, cast.open_room).is_archived
    with pytest.raises(RoomArchived):
        post_message(cast.alice, cast.open_room, "after")


def test_a_restored_room_is_written_again(cast: Cast) -> None:
    rooms.archive_room(cast.alice, cast.open_room)
    assert not rooms.restore_room(cast.alice, cast.open_room).is_archived
    assert post_message(cast.bob, cast.open_room, "we are back").number == 1


def test_archiving_twice_keeps_the_first_date(cast: Cast) -> None:
    first = rooms.archive_room(cast.alice, cast.open_room).archived_at
    assert rooms.archive_room(cast.alice, cast.open_room).archived_at == first


@change
def test_each_change_takes_the_next_version_and_no_number(cast: Cast, change: Change) -> None:
    version, number = head_of(cast.open_room)
    change(cast.alice, cast.open_room)
    assert head_of(cast.open_room) == (version + 1, number)


@change
def test_a_member_who_did_not_found_the_room_may_not_change_it(cast: Cast, change: Change) -> None:
    head = head_of(cast.open_room)
    with pytest.raises(NotAllowed):
        change(cast.bob, cast.open_room)
    assert head_of(cast.open_room) == head


@change
def test_outsiders_may_not_change_a_room_not_even_an_administrator(cast: Cast, change: Change) -> None:
    for outsider in (cast.charlie, cast.dana):
        with pytest.raises(NotAMember):
            change(outsider, cast.open_room)
        for room_id in (cast.closed_room, cast.direct_room, 999_999, 2**62):
            with pytest.raises(RoomNotFound):
                change(outsider, room_id)
