"""What its person looks at in one tab: what they see is read, and now and then something is to be unread again.

By the browser's rules (static/js/room/read_pointer.js): told as it grows and never backwards, and what nobody answered
is told again with the next look.
"""

import asyncio
import math
from contextlib import suppress
from dataclasses import dataclass

from tests.faults.clients.reader import Reader
from tests.faults.clients.room_copy import Payload
from tests.faults.clients.tab import Tab
from tests.faults.clients.wire import Socket, WireBroken
from tests.faults.history import Reads

PAST = 12  # messages from the newest one, among which is what they mark


@dataclass(frozen=True)
class Looking:
    """How a person reads. The shares are of their looks."""

    pause_seconds: float = 4.0  # on average, between two looks of one tab
    marks: float = 0.1  # "mark unread from here"
    by_http: float = 0.15  # the browser's way, which needs no socket; it costs more


class Looker:
    """One tab's person, who looks at one of its open rooms now and then."""

    def __init__(self, tab: Tab, reader: Reader, looking: Looking) -> None:
        self.tab = tab
        self.reader = reader
        self.looking = looking
        self.is_looking = asyncio.Event()
        self.is_asking = False
        self._chance = tab.chance_of("looks")

    def begin(self) -> None:
        """Look when it is time to."""
        if math.isfinite(self.looking.pause_seconds):
            self.tab.spawn(self._look_now_and_then())

    async def _look_now_and_then(self) -> None:
        while True:
            await self.is_looking.wait()
            await self.tab.awake.wait()
            await asyncio.sleep(self._chance.expovariate(1 / self.looking.pause_seconds))
            rooms = sorted(self.reader.copies)
            if rooms and self.is_looking.is_set() and self.tab.awake.is_set():
                self.is_asking = True
                # What fails, the next look tries again.
                with suppress(WireBroken, TimeoutError):
                    await self._look(self._chance.choice(rooms))
                self.is_asking = False

    async def _look(self, room: int) -> None:
        shown = sorted(self.reader.copies[room].copy.messages)
        if shown and self._chance.random() < self.looking.marks:
            await self._mark(room, self._chance.choice(shown[-PAST:]))
        elif shown:
            await self._read(room, shown[-1])

    async def _read(self, room: int, number: int) -> None:
        pointer = self.reader.pointers[room]
        if number > pointer.number:
            before, pointer.number = pointer.number, number
            try:
                await self._ask(room, number, pointer.generation, marks=False)
            except (WireBroken, TimeoutError):
                pointer.number = min(before, pointer.number)
                raise

    async def _mark(self, room: int, number: int) -> None:
        reading = await self._ask(room, number, self.reader.pointers[room].generation, marks=True)
        # Under a generation that is over nothing was marked: asked once more.
        if reading["last_read_number"] != number - 1:
            await self._ask(room, number, reading["generation"], marks=True)

    async def _ask(self, room: int, number: int, generation: int, *, marks: bool) -> Payload:
        """How it stands then. Raises WireBroken, TimeoutError."""
        is_by_http, fields = self._chance.random() < self.looking.by_http, {"number": number, "generation": generation}
        socket = self.tab.socket
        if not is_by_http and (socket is None or not self.tab.online.is_set()):
            raise WireBroken("offline")
        self.tab.note(Reads, room=room, **fields, marks=marks)
        if is_by_http or socket is None:
            answer = await self._by_http(room, fields, marks=marks)
        else:
            answer = await self._by_socket(socket, {"room_id": room, **fields}, marks=marks)
        is_of_it = not marks and answer["generation"] == generation
        self.reader.pointers.told(room, answer, answers=number if is_of_it else 0)
        return answer

    async def _by_http(self, room: int, fields: Payload, *, marks: bool) -> Payload:
        path = f"/rooms/{room}/{'mark-unread' if marks else 'read'}"
        answer = await self.tab.person.post(self.tab.way.address, path, fields)
        if answer.status != 200:
            raise WireBroken(f"{path}: {answer.status}")
        reading: Payload = answer.json
        return reading

    async def _by_socket(self, socket: Socket, command: Payload, *, marks: bool) -> Payload:
        async with asyncio.timeout(self.tab.pace.ack):
            ack = await socket.request("room:mark_unread" if marks else "room:read", command)
        if not ack["ok"]:
            raise WireBroken(f"not read: {ack['error']}")
        return ack
