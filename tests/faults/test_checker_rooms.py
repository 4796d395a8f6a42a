"""A room has one name and so many members, for everybody: a former name and a wrong number are planted and found."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.faults.evidence import Copy, Database
from tests.faults.history import Named
from tests.faults.made_up import MadeUp
from tests.faults.spoiling import every, found, kinds
from tests.faults.violations import Kind


def called(story: MadeUp, name: str) -> Database:
    """The database in which the first room is called so; everybody shows it."""
    database = story.database
    for copy in story.copies:
        copy.name = name if copy.room == 1 else copy.name
    rooms = [replace(room, name=name) if room.id == 1 else room for room in database.rooms]
    return Database(rooms, database.messages, database.pointers)


def test_a_name_that_everybody_shows_passes(story: MadeUp) -> None:
    assert {(copy.room, copy.name) for copy in story.copies} == {(1, "Hall 1"), (2, "Hall 2")}
    assert found(story) == []


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda copy: setattr(copy, "name", "Hall"), id="former name"),
        pytest.param(lambda copy: setattr(copy, "name", ""), id="no name"),
        pytest.param(lambda copy: setattr(copy, "members", copy.members + 1), id="one who left is counted"),
        pytest.param(lambda copy: setattr(copy, "members", copy.members - 1), id="one who came is not"),
    ],
)
def test_a_client_that_shows_another_has_not_converged(story: MadeUp, spoil: Callable[[Copy], None]) -> None:
    spoil(story.copies[0])

    assert [violation.kind for violation in found(story)] == [Kind.NOT_CONVERGED]


def test_members_of_whom_nobody_heard_are_found_in_every_copy(story: MadeUp) -> None:
    database = story.database
    rooms = [replace(room, members=room.members + 1) for room in database.rooms]
    wrong = found(story, Database(rooms, database.messages, database.pointers))

    assert [violation.kind for violation in wrong] == [Kind.NOT_CONVERGED] * len(story.copies)


@pytest.mark.parametrize("name", ["Room 1", "Hall"], ids=["the first one", "one before the last"])
def test_an_acked_name_that_is_gone_is_lost(story: MadeUp, name: str) -> None:
    database = called(story, name)

    assert kinds(story, database) == {Kind.LOST}


def test_one_whose_ack_never_came_may_be_there_or_not(story: MadeUp) -> None:
    story.add(Named, 0, room=1, name="Perhaps")
    assert found(story) == []

    assert found(story, called(story, "Perhaps")) == []


def test_of_a_room_that_was_never_renamed_every_name_is_right(story: MadeUp) -> None:
    story.events = [event for event in story.events if not isinstance(event, Named)]
    database = called(story, "Any")

    assert every(story, Named) == []
    assert found(story, database) == []
