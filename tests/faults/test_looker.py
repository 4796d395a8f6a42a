"""A client reads as a page does: told as it grows, tried again when nobody answered, down by "mark unread" alone."""

import asyncio
import random
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from tests.faults.clients.looker import Looker, Looking
from tests.faults.clients.person import Person
from tests.faults.clients.reader import Reader
from tests.faults.clients.tab import Pace, Tab
from tests.faults.clients.wire import WireBroken
from tests.faults.history import Event, Reads, Stands
from tests.faults.test_reader import NoWay

ROOM = 1
Told = tuple[str, int, int]


class Socket:
    """A server that keeps one reading, and may be away."""

    def __init__(self) -> None:
        self.is_away = False
        self.number, self.generation = 0, 0
        self.heard: list[Told] = []

    async def request(self, event: str, command: dict[str, Any]) -> dict[str, Any]:
        """The ack."""
        if self.is_away:
            raise WireBroken("away")
        self.heard.append((event, command["number"], command["generation"]))
        if event == "room:read" and command["generation"] == self.generation:
            self.number = max(self.number, command["number"])
        elif event == "room:mark_unread" and command["generation"] == self.generation:
            self.number, self.generation = command["number"] - 1, self.generation + 1
        return {"ok": True, "last_read_number": self.number, "generation": self.generation}


def looked(what: Callable[[Looker, Socket], Coroutine[Any, Any, None]]) -> tuple[Socket, list[Event]]:
    """What the server heard and what the history says after this."""
    socket, history = Socket(), []

    async def look() -> None:
        tab = Tab(1, Person(7, "p7@example.org"), NoWay(), Pace(), history, 1)
        tab.socket = socket  # type: ignore[assignment]
        tab.online.set()
        looker = Looker(tab, Reader(tab, [ROOM], []), Looking(by_http=0, marks=0))
        looker.reader.pointers.told(ROOM, {"last_read_number": 0, "generation": 0})
        await what(looker, socket)

    asyncio.run(look())
    return socket, history


def test_what_is_read_is_said_once_and_noted() -> None:
    async def twice(looker: Looker, _: Socket) -> None:
        for _again in range(2):
            await looker._read(ROOM, 5)  # noqa: SLF001
        await looker._read(ROOM, 4)  # noqa: SLF001

    socket, history = looked(twice)
    assert socket.heard == [("room:read", 5, 0)]
    assert [(each.number, each.marks) for each in history if isinstance(each, Reads)] == [(5, False)]
    assert [(each.number, each.answers) for each in history if isinstance(each, Stands)] == [(0, 0), (5, 5)]


def test_what_nobody_answered_is_said_again() -> None:
    async def away_and_back(looker: Looker, socket: Socket) -> None:
        socket.is_away = True
        with pytest.raises(WireBroken):
            await looker._read(ROOM, 5)  # noqa: SLF001
        socket.is_away = False
        await looker._read(ROOM, 5)  # noqa: SLF001

    assert looked(away_and_back)[0].number == 5


def test_marking_under_a_generation_that_is_over_is_asked_once_more() -> None:
    async def overtaken(looker: Looker, socket: Socket) -> None:
        await looker._read(ROOM, 5)  # noqa: SLF001
        socket.generation = 3
        await looker._mark(ROOM, 2)  # noqa: SLF001
        await looker._read(ROOM, 5)  # noqa: SLF001

    socket, _ = looked(overtaken)
    assert socket.heard[1:] == [("room:mark_unread", 2, 0), ("room:mark_unread", 2, 3), ("room:read", 5, 4)]


def test_looks_are_at_random_and_change_nothing_of_what_is_typed() -> None:
    tab = Tab(1, Person(7, "p7@example.org"), NoWay(), Pace(), [], 1)
    before = tab.chance.getstate()
    assert isinstance(tab.chance_of("looks"), random.Random)
    assert tab.chance.getstate() == before
