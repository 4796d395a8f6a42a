"""Of one who will be shut out, all that comes is noted."""

import asyncio
from typing import Any

import pytest

from tests.faults.clients.person import Person
from tests.faults.clients.reader import Reader
from tests.faults.clients.tab import Pace, Tab
from tests.faults.history import Delivered, Event


class NoWay:
    """For a client that stays where it is."""

    worker = 1
    address = ("127.0.0.1", 9)

    def choose(self) -> None:
        """There is nothing to choose."""


def noted(event: str, payload: dict[str, Any]) -> list[Event]:
    """What the history says after this came."""
    history: list[Event] = []

    async def take() -> None:
        tab = Tab(1, Person(7, "p7@example.org"), NoWay(), Pace(), history, 1)
        reader = Reader(tab, [], [1])
        reader.is_watched = True
        reader.take(event, payload)
        tab.close()

    asyncio.run(take())
    return history


@pytest.mark.parametrize(
    ("event", "payload", "place"),
    [
        ("room:advanced", {"room_id": 1, "version": 5, "number": 3}, (1, 5)),
        ("typing:changed", {"room_id": 1, "people": []}, (1, 0)),
        ("person:changed", {"name": "P7"}, (0, 0)),
    ],
)
def test_what_has_no_version_is_noted_too(event: str, payload: dict[str, Any], place: tuple[int, int]) -> None:
    told = [(each.event, each.room, each.version) for each in noted(event, payload) if isinstance(each, Delivered)]

    assert told == [(event, *place)]


def test_the_word_that_one_is_out_is_not_held_against_the_server() -> None:
    assert noted("room:removed", {"room_id": 1}) == []
