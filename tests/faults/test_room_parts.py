"""The clients keep a room's name and number of members as the browser does, in whatever order things come."""

from typing import Any

import pytest

from tests.faults.clients.room_copy import RoomCopy
from tests.faults.evidence import Copy
from tests.faults.history import Event


def nothing(_kind: type[Event], **_fields: object) -> Event:
    return Event(at=0, client=1)


@pytest.fixture
def copy() -> RoomCopy:
    """Of a room at version 5, in which are two."""
    copy = RoomCopy(Copy(1, 1, cursor=5), nothing)
    copy.parts.saw(answer(5, "First"), 5)
    copy.parts.counted(2)
    return copy


def answer(head: int, name: str, **more: Any) -> dict[str, Any]:
    return {"head": head, "up_to": head, "items": [], "more": False, "room": {"name": name}, **more}


def renamed(version: int, name: str) -> dict[str, Any]:
    return {"room_id": 1, "version": version, "prev": version - 1, "room": {"name": name}}


def joined(version: int, count: int) -> dict[str, Any]:
    return {"room_id": 1, "version": version, "prev": version - 1, "person": {"id": 7}, "members_count": count}


def shown(copy: RoomCopy) -> tuple[str, int]:
    return copy.copy.name, copy.copy.members


def test_events_tell_it(copy: RoomCopy) -> None:
    copy.take_event(renamed(6, "Second"), 1)
    copy.take_event(joined(7, 3), 1)

    assert shown(copy) == ("Second", 3)
    assert not copy.parts.is_doubtful


def test_in_their_order_whatever_comes_first(copy: RoomCopy) -> None:
    copy.take_event(renamed(7, "Third"), 1)
    copy.take_event(joined(8, 3), 1)
    assert shown(copy) == ("First", 2)
    copy.take_event(renamed(6, "Second"), 1)

    assert shown(copy) == ("Third", 3)


def test_an_answer_says_the_name(copy: RoomCopy) -> None:
    copy.parts.saw(answer(9, "Ninth"), 5)

    assert shown(copy) == ("Ninth", 2)


def test_but_not_one_that_was_overtaken_by_an_event(copy: RoomCopy) -> None:
    copy.take_event(renamed(6, "Second"), 1)
    copy.parts.saw(answer(5, "First"), 5)

    assert copy.copy.name == "Second"


def test_versions_that_no_message_explains_are_a_reason_to_count(copy: RoomCopy) -> None:
    copy.parts.saw(answer(7, "First", items=[{}, {}]), 5)
    assert not copy.parts.is_doubtful

    copy.parts.saw(answer(8, "First", items=[{}, {}]), 5)
    assert copy.parts.is_doubtful


def test_so_are_they_in_a_page_with_more_to_come(copy: RoomCopy) -> None:
    copy.parts.saw(answer(9, "First", items=[{}], up_to=7, more=True), 5)

    assert copy.parts.is_doubtful


def test_so_is_an_opened_room_of_which_the_answer_brings_no_page(copy: RoomCopy) -> None:
    copy.parts.saw({"version": 9, "room": {"name": "First"}}, 5)

    assert copy.parts.is_doubtful


def test_a_count_that_an_event_overtook_is_asked_for_again(copy: RoomCopy) -> None:
    copy.parts.is_asking = True
    copy.take_event(joined(6, 3), 1)
    copy.parts.counted(2)

    assert shown(copy) == ("First", 3)
    assert copy.parts.is_doubtful
