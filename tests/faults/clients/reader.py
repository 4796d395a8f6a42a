"""The reading half of a client: room copies that are opened, followed, and filled where something is missing."""

import asyncio
import time

from tests.faults.clients.badges import Badges
from tests.faults.clients.people_here import CHANGED, PeopleHere
from tests.faults.clients.read_pointer import ReadPointers
from tests.faults.clients.room_copy import Payload, RoomCopy
from tests.faults.clients.room_parts import RoomParts
from tests.faults.clients.tab import COMES_BACK, Tab
from tests.faults.clients.wire import Socket, WireBroken
from tests.faults.evidence import Badge, Copy, Head
from tests.faults.history import Delivered, Opened, Told

ADVANCED, REMOVED, READ = "room:advanced", "room:removed", "room:read"
BUSY = (429, 503)
LATE_SECONDS = 0.05


class Reader:
    """What one tab sees: some rooms are open, others it follows by their small frames."""

    def __init__(self, tab: Tab, rooms: list[int], followed: list[int]) -> None:
        self.tab = tab
        self.copies = {room: RoomCopy(Copy(tab.number, room), tab.note) for room in rooms}
        self.heads = dict.fromkeys(followed, 0)
        self.badges = Badges(tab, self._fetch_rooms)
        self.pointers = ReadPointers(tab, rooms)
        self.people = PeopleHere()
        self.mangles = False  # events come twice and late, pages in the wrong order
        self.is_watched = False  # will be shut out: everything that comes is noted
        self.sync_seconds: list[float] = []
        self.fills = 0  # asked for while connected: the stream had left something out
        self.pages = 0
        self.largest_page = 0
        self._filling = {room: asyncio.Lock() for room in rooms}

    def has_reached(self, versions: dict[int, int]) -> bool:
        """Whether each open room is at this version at least, and who is in it is not just being asked."""
        return all(copy.cursor >= versions[room] and not copy.parts.is_asking for room, copy in self.copies.items())

    def final_heads(self) -> list[Head]:
        """What it knows of the rooms that it only follows."""
        return [Head(self.tab.number, room, number) for room, number in self.heads.items()]

    def final_badges(self) -> list[Badge]:
        """What it says is unread, in all rooms that it has."""
        return self.badges.final([*self.copies, *self.heads])

    def forget(self, room: int) -> None:
        """The tab has this room no more."""
        self.copies.pop(room, None)
        self.heads.pop(room, None)

    # Catching up

    async def sync(self, socket: Socket) -> None:
        """Open every room here, fetch what is missing, and count what is unread. Raises WireBroken, TimeoutError."""
        began = time.monotonic()
        self.badges.expect()
        for room in list(self.copies):
            await self.open_room(socket, room)
        # The list brings the followed rooms up to date, too; the badges alone are not what one waits for.
        if self.heads:
            await self.badges.recount()
        self.sync_seconds.append(time.monotonic() - began)
        if not self.heads:
            await self.badges.recount()

    async def open_room(self, socket: Socket, room: int) -> None:
        """Open one room. Raises WireBroken, TimeoutError."""
        copy = self.copies[room]
        copy.is_opening, since = True, copy.cursor
        ack = await self._asked_to_open(socket, copy, since)
        self.tab.note(Opened, room=room, connection=self.tab.connection, worker=self.tab.way.worker)
        self.pointers.told(room, ack)
        has_missed_more = self._take_ack(copy, since, ack)
        copy.is_opening = False
        copy.settle()
        if has_missed_more or copy.is_behind:
            await self._fill(room)

    async def close_and_open(self, room: int) -> None:
        """Go out of the room and come back, on the present connection. Raises WireBroken, TimeoutError."""
        socket = self.tab.socket
        if socket is not None and self.tab.online.is_set():
            async with asyncio.timeout(self.tab.pace.ack):
                await socket.request("room:close", {"room_id": room})
            await self.open_room(socket, room)

    async def _asked_to_open(self, socket: Socket, copy: RoomCopy, since: int) -> Payload:
        request = {"room_id": copy.copy.room, "since": since, "epoch": copy.epoch or None}
        async with asyncio.timeout(self.tab.pace.ack):
            ack = await socket.request("room:open", request)
        if ack["ok"]:
            return ack
        elif ack["error"] in COMES_BACK:
            await self._wait_to_ask_again(ack.get("retry_after", 1))
            return await self._asked_to_open(socket, copy, since)
        elif ack["error"] == "cursor_ahead":
            copy.forget()
        raise WireBroken(f"not opened: {ack['error']}")

    async def _wait_to_ask_again(self, seconds: float) -> None:
        # On the same connection: whoever leaves and comes back for this asks for more than before.
        await asyncio.sleep(seconds * self.tab.chance.uniform(0.5, 1.5))

    def _take_ack(self, copy: RoomCopy, since: int, ack: Payload) -> bool:
        """Whether there is more to fetch."""
        if copy.epoch not in ("", ack["epoch"]):
            copy.forget()
        copy.epoch = ack["epoch"]
        self._see(copy.copy.room, ack, since)
        if "items" not in ack:
            return True
        self._count(ack)
        copy.take_page(since, ack)
        return bool(ack["more"])

    async def _fetch_rooms(self) -> Payload:
        rooms = await self._asked("/rooms")
        for room in rooms["rooms"]:
            self._advance(room["id"], room["last_number"])
        return rooms

    def _advance(self, room: int, number: int) -> None:
        if room in self.heads:
            self.heads[room] = max(self.heads[room], number)

    # What comes down

    def take(self, event: str, payload: Payload) -> None:
        """An event, as it comes."""
        # All that comes, with a version or without; but not the word that says that one is out.
        if self.is_watched and event != REMOVED:
            self.tab.note(Delivered, room=payload.get("room_id", 0), version=payload.get("version", 0), event=event)
        if "prev" in payload:
            frame = {name: payload[name] for name in ("version", "prev")}
            self.tab.note(Told, room=payload["room_id"], **frame, connection=self.tab.connection)
        self.badges.receive(event, payload)
        if event == READ:
            self.pointers.told(payload["room_id"], payload)
        elif event == CHANGED:
            self.people.told(payload)
        elif event == ADVANCED:
            self._advance(payload["room_id"], payload["number"])
        elif "prev" in payload and payload["room_id"] in self.copies:
            self._take_change(payload, self.tab.connection)

    def _take_change(self, payload: Payload, connection: int) -> None:
        fate = self.tab.chance.random() if self.mangles else 1.0
        if fate < 0.2:
            asyncio.get_running_loop().call_later(LATE_SECONDS, self._take_now, payload, connection)
        else:
            self._take_now(payload, connection)
        if 0.2 <= fate < 0.4:
            self._take_now(payload, connection)

    def _take_now(self, payload: Payload, connection: int) -> None:
        room = payload["room_id"]
        copy = self.copies.get(room)
        if copy is None:
            return
        copy.take_event(payload, connection)
        if copy.is_behind and not copy.is_opening and not self._filling[room].locked():
            self.tab.spawn(self._fill_after_hold(room))

    async def _fill_after_hold(self, room: int) -> None:
        async with self._filling[room]:
            await asyncio.sleep(self.tab.pace.hold)
        while room in self.copies and self.copies[room].is_behind and self.tab.socket is not None:
            self.fills += not self.mangles
            try:
                await self._fill(room)
            except WireBroken:
                await asyncio.sleep(self.tab.pace.back_off[0])

    async def _fill(self, room: int) -> None:
        async with self._filling[room]:
            more = True
            while more and room in self.copies:
                more = await self._page(room)

    async def _page(self, room: int) -> bool:
        copy = self.copies[room]
        since = copy.cursor
        page = await self._changes(room, since)
        if self.mangles and page["more"]:
            # The second page before the first: it must be held until the first has come.
            copy.take_page(page["up_to"], await self._changes(room, page["up_to"]))
        copy.take_page(since, page)
        return bool(page["more"])

    async def _changes(self, room: int, since: int) -> Payload:
        page = await self._asked(f"/rooms/{room}/changes?since={since}")
        self._count(page)
        self._see(room, page, since)
        return page

    def _see(self, room: int, answer: Payload, since: int) -> None:
        if room in self.copies:
            parts = self.copies[room].parts
            parts.saw(answer, since)
            if parts.is_doubtful and not parts.is_asking:
                parts.is_asking = True
                self.tab.spawn(self._count_members(room, parts))

    async def _count_members(self, room: int, parts: RoomParts) -> None:
        while parts.is_doubtful and room in self.copies:
            await self.tab.awake.wait()
            parts.is_doubtful = False
            try:
                parts.counted(len((await self._asked(f"/rooms/{room}/members"))["members"]))
            except WireBroken:
                parts.is_doubtful = True
                await asyncio.sleep(self.tab.pace.back_off[0])
        parts.is_asking = False

    async def _asked(self, path: str) -> Payload:
        answer = await self.tab.person.get(self.tab.way.address, path)
        while answer.status in BUSY:
            await self._wait_to_ask_again(float(dict(answer.headers).get("retry-after", 1)))
            answer = await self.tab.person.get(self.tab.way.address, path)
        if answer.status != 200:
            raise WireBroken(f"{path}: {answer.status}")
        data: Payload = answer.json
        return data

    def _count(self, page: Payload) -> None:
        self.pages += 1
        self.largest_page = max(self.largest_page, len(page["items"]))
