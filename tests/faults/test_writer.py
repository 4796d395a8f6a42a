"""What was typed goes out on the next connection, however short those before it were."""

import asyncio
from typing import Any

from tests.faults.clients.outbox import Typing
from tests.faults.clients.person import Person
from tests.faults.clients.tab import Pace, Tab
from tests.faults.clients.writer import Writer
from tests.faults.history import Acked, Event
from tests.faults.test_reader import NoWay

TURNS = 20  # of the loop: more than anybody needs to go on


class Answering:
    """A connection whose server takes everything."""

    async def request(self, _event: str, payload: dict[str, Any]) -> dict[str, Any]:
        return {"ok": True, "version": 1, "number": 1, "duplicate": False, "id": 1, **payload}

    def abort(self) -> None:
        """There is nothing to end."""


async def take_turns() -> None:
    for _ in range(TURNS):
        await asyncio.sleep(0)


async def sent_after_a_connection_that_ended_as_it_began(history: list[Event]) -> int:
    tab = Tab(1, Person(7, "p7@example.org"), NoWay(), Pace(), history, 1)
    writer = Writer(tab, [1], Typing())
    writer.begin()
    writer.outboxes[1].type_something()
    await take_turns()
    tab.socket = Answering()  # type: ignore[assignment]
    tab.online.set()
    tab.online.clear()  # before anybody had a turn
    tab.socket = None
    await take_turns()
    tab.socket = Answering()  # type: ignore[assignment]
    tab.online.set()
    await take_turns()
    unsent = writer.unsent
    tab.close()
    return unsent


def test_a_connection_that_is_gone_before_anybody_can_use_it_stops_nothing() -> None:
    history: list[Event] = []
    assert asyncio.run(sent_after_a_connection_that_ended_as_it_began(history)) == 0
    assert [type(event) for event in history][-1] is Acked
