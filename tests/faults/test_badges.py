"""The clients count as the browser does: what they hear in any order, the count ends as a recount."""

import asyncio
import random
from typing import Any

import pytest

from tests.faults.clients import badges
from tests.faults.clients.badges import Badges, RoomBadge
from tests.faults.clients.person import Person
from tests.faults.clients.tab import Pace, Tab
from tests.faults.clients.wire import Socket
from tests.faults.history import Counted, Event
from tests.faults.test_reader import NoWay

ME, OTHER, ROOM = 7, 8, 1


class Room:
    """A room as the server keeps it, and tells of it."""

    def __init__(self) -> None:
        self.version, self.number, self.generation = 0, 0, 0
        self.posts: list[dict[str, Any]] = []

    def post(self, author: int) -> tuple[str, dict[str, Any]]:
        self.posts.append({"number": len(self.posts) + 1, "author": author, "deleted": False})
        if author == ME:
            self.number = len(self.posts)
        return self._told("message:posted", self.posts[-1])

    def change(self, number: int, event: str) -> tuple[str, dict[str, Any]]:
        self.posts[number - 1]["deleted"] |= event == "message:deleted"
        return self._told(event, self.posts[number - 1])

    def read(self, number: int) -> tuple[str, dict[str, Any]]:
        self.number = max(number, self.number)
        return "room:read", self.counted

    def mark(self, number: int) -> tuple[str, dict[str, Any]]:
        self.number, self.generation = number - 1, self.generation + 1
        return "room:read", self.counted

    @property
    def counted(self) -> dict[str, Any]:
        unread = sum(p["author"] != ME and not p["deleted"] and p["number"] > self.number for p in self.posts)
        return {
            "id": ROOM, "room_id": ROOM, "is_member": True, "version": self.version, "last_number": len(self.posts),
            "last_read_number": self.number, "generation": self.generation, "unread": unread,
        }  # fmt: skip

    def something(self, chance: random.Random) -> tuple[str, dict[str, Any]]:
        what, number = chance.randrange(8), chance.randint(1, max(1, len(self.posts)))
        if what < 4 or not self.posts:
            return self.post(ME if what == 0 else OTHER)
        elif what == 4:
            return self.read(number)
        elif what == 5:
            return self.mark(number)
        is_gone = self.posts[number - 1]["deleted"]
        event = "message:deleted" if what == 6 and not is_gone else "message:changed"
        return self.change(number, event)

    def _told(self, event: str, post: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        self.version += 1
        facts = {"version": self.version, "prev": self.version - 1, "number": post["number"]}
        return "room:advanced", {"room_id": ROOM, "event": event, "author": {"id": post["author"]}, **facts}


def test_own_posts_edits_and_reactions_count_nothing_and_deletions_count_down() -> None:
    room = Room()
    badge = RoomBadge(ME, room.counted)
    for _ in range(3):
        badge.moved("message:posted", room.post(OTHER)[1])
    badge.moved("message:edited", room.change(2, "message:edited")[1])
    badge.moved("message:changed", room.change(2, "message:changed")[1])
    assert (badge.unread, badge.is_doubtful) == (3, False)
    badge.moved("message:deleted", room.change(1, "message:deleted")[1])
    assert badge.unread == 2
    badge.moved("message:posted", room.post(ME)[1])
    assert (badge.unread, badge.is_doubtful) == (0, False)


@pytest.mark.parametrize("seed", range(40))
def test_whatever_is_lost_late_or_twice_the_count_ends_as_a_recount(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(badges, "SOON_SECONDS", 0)

    async def run() -> tuple[int, int]:
        room, chance = Room(), random.Random(seed)  # noqa: S311
        tab = Tab(1, Person(ME, "p7@example.org"), NoWay(), Pace(), [], seed)

        async def fetch() -> dict[str, Any]:
            counted = room.counted
            await asyncio.sleep(0)
            return {"rooms": [counted]}

        mine = Badges(tab, fetch)
        await mine.recount()
        for _ in range(60):
            event = room.something(chance)
            for _ in range(chance.choice([0, 1, 1, 1, 2])):
                mine.receive(*event)
            if chance.random() < 0.3:
                await asyncio.sleep(0)
        mine.receive(*room.post(OTHER))
        mine.receive(*room.read(0))  # the tick tells it to whom it was not told
        for _ in range(20):
            await asyncio.sleep(0)
        (badge,) = mine.final([ROOM])
        return badge.unread, room.counted["unread"]

    said, counted = asyncio.run(run())
    assert said == counted


@pytest.mark.parametrize("was_let_in", [True, False])
def test_a_count_says_what_a_connection_had_only_when_it_was_asked_for_on_it(was_let_in: bool) -> None:
    async def run() -> list[Event]:
        history: list[Event] = []
        tab = Tab(1, Person(ME, "p7@example.org"), NoWay(), Pace(), history, 0)
        socket = Socket.__new__(Socket)  # which one it is, is all that counts
        tab.connection = 2  # on its way
        tab.socket = socket if was_let_in else None

        async def fetch() -> dict[str, Any]:
            # Read now; what is said until the connection is there, comes by neither.
            counted = Room().counted
            tab.socket = socket
            return {"rooms": [counted]}

        await Badges(tab, fetch).recount()
        return history

    counts = [event.connection for event in asyncio.run(run()) if isinstance(event, Counted)]
    assert counts == ([2] if was_let_in else [])
