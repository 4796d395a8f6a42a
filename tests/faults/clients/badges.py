"""What is unread, as one tab counts it: by the browser's rules (static/js/room/unread.js), in every room of its person.

A count begins with the list of rooms and goes on by what comes down. What that cannot tell makes it doubtful, and the
list is asked for again.
"""

import asyncio
from collections.abc import Awaitable, Callable

from tests.faults.clients.room_copy import Payload
from tests.faults.clients.tab import Tab
from tests.faults.clients.wire import Socket, WireBroken
from tests.faults.evidence import Badge
from tests.faults.history import Counted, Stands

COUNTED_MAX = 1_000
SOON_SECONDS = 0.3
AGAIN_SECONDS = 5.0
POSTED, EDITED, DELETED = "message:posted", ("message:edited", "message:changed"), "message:deleted"
ROOMS_CHANGED = ("room:changed", "room:removed")
JOINED, READ = "member:joined", "room:read"


class RoomBadge:
    """The count of one room, equal to a recount at `version` unless it is doubtful."""

    def __init__(self, me: int, counted: Payload) -> None:
        self._me = me
        self._is_member = counted["is_member"]
        self._take(counted)

    def read(self, counted: Payload) -> None:
        """How far one has read, here or elsewhere."""
        ours = self.generation, self.number
        theirs = counted["generation"], counted["last_read_number"]
        if theirs >= ours and counted["version"] >= self.version:
            self._take(counted)
        elif theirs > ours:
            # Counted before what we have heard of since.
            self.generation, self.number = theirs
            self.is_doubtful = True

    def moved(self, name: str, payload: Payload) -> None:
        """The room moved on."""
        if payload["version"] > self.version:
            is_next = payload["prev"] <= self.version
            self.version = payload["version"]
            if not (is_next and self._apply(name, payload)):
                self.is_doubtful = True

    def _apply(self, name: str, payload: Payload) -> bool:
        """Whether it is plain what the count is now."""
        if "number" not in payload or not self._is_member:
            return True
        number, author = payload["number"], payload["author"]["id"]
        if name == POSTED and number == self.last_number + 1:
            self._posted(number, author)
            return True
        if number > self.last_number:
            return False
        return self._deleted(number, author) if name == DELETED else name in EDITED

    def _posted(self, number: int, author: int) -> None:
        self.last_number = number
        if author == self._me:
            self.number, self.unread = number, 0
        elif number > self.number:
            self.unread = min(self.unread + 1, COUNTED_MAX)

    def _deleted(self, number: int, author: int) -> bool:
        counts = author != self._me and number > self.number
        if counts and self.unread == COUNTED_MAX:
            return False
        self.unread -= counts
        return True

    def _take(self, counted: Payload) -> None:
        self.version, self.last_number = counted["version"], counted["last_number"]
        self.unread, self.is_doubtful = counted["unread"], False
        self.number, self.generation = counted["last_read_number"], counted["generation"]


class Badges:
    """The counts of all rooms. `fetch()` gives what `GET /rooms` says; it raises WireBroken."""

    def __init__(self, tab: Tab, fetch: Callable[[], Awaitable[Payload]]) -> None:
        self.tab = tab
        self.recounts = 0
        self._fetch = fetch
        self._rooms: dict[int, RoomBadge] = {}
        self._held: list[tuple[str, Payload]] = []  # heard while the list was on its way: the versions tell
        self._counting = asyncio.Lock()
        self._is_asking = False  # the list is on its way
        self._is_wanted = False

    def final(self, rooms: list[int]) -> list[Badge]:
        """What it says of these rooms in the end."""
        said = ((room, self._rooms[room]) for room in rooms if room in self._rooms)
        me = self.tab.number, self.tab.person.user
        return [Badge(*me, room, badge.unread, badge.number, badge.generation) for room, badge in said]

    def receive(self, name: str, payload: Payload) -> None:
        """Anything that came down."""
        if name in ROOMS_CHANGED or (name == JOINED and payload["person"]["id"] == self.tab.person.user):
            self._recount_soon()
        if name == READ or "prev" in payload:
            event = payload.get("event", name), payload
            if self._is_asking:
                self._held.append(event)
            self._apply(*event)

    def expect(self) -> None:
        """A connection has begun, and the list will be asked for on it: what comes before needs no other count."""
        self._is_asking = True

    async def recount(self) -> None:
        """Count anew, one at a time. Raises WireBroken."""
        async with self._counting:
            self._held = []
            # None while the next connection is on its way: what is said until it is there comes by neither.
            asked_on = self.tab.socket
            rooms = await self._ask()
            self._rooms = {room["id"]: RoomBadge(self.tab.person.user, room) for room in rooms}
            for room in rooms:
                self._note(room, asked_on)
            for event in self._held:
                self._apply(*event)

    async def _ask(self) -> list[Payload]:
        self._is_asking = True
        try:
            rooms: list[Payload] = (await self._fetch())["rooms"]
        finally:
            self._is_asking = False
        return rooms

    def _apply(self, name: str, payload: Payload) -> None:
        badge = self._rooms.get(payload["room_id"])
        if badge is not None and name == READ:
            badge.read(payload)
        elif badge is not None:
            badge.moved(name, payload)
        # What a count that is under way explains, needs no other.
        if not self._is_asking and (badge is None or badge.is_doubtful):
            self._recount_soon()

    def _recount_soon(self) -> None:
        if not self._is_wanted:
            self._is_wanted = True
            self.tab.spawn(self._recount_after(SOON_SECONDS))

    async def _recount_after(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await self.tab.awake.wait()
        self._is_wanted = False
        self.recounts += 1
        try:
            await self.recount()
        except WireBroken:
            await asyncio.sleep(AGAIN_SECONDS)
            self._recount_soon()

    def _note(self, room: Payload, asked_on: Socket | None) -> None:
        if asked_on is not None and asked_on is self.tab.socket:
            self.tab.note(Counted, room=room["id"], version=room["version"], connection=self.tab.connection)
        if room["is_member"]:
            stands = {"number": room["last_read_number"], "generation": room["generation"]}
            self.tab.note(Stands, room=room["id"], **stands)
