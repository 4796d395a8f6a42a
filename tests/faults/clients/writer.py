"""The writing half of a client: what its person types goes into an outbox, and from there up, one thing at a time."""

import asyncio
from typing import Any

from tests.faults.clients.outbox import EVENTS, Entry, RoomOutbox, Typing
from tests.faults.clients.room_copy import Payload
from tests.faults.clients.tab import COMES_BACK, Tab
from tests.faults.clients.wire import Socket, WireBroken
from tests.faults.history import GIVEN_UP, Acked, Refused, Sent, Typed


class Writer:
    """What one tab says."""

    def __init__(self, tab: Tab, rooms: list[int], typing: Typing) -> None:
        self.tab = tab
        self.typing = typing
        self.outboxes = {room: RoomOutbox(tab.number, room, tab.chance, typing) for room in rooms}
        self.is_typing = asyncio.Event()
        self.told_to_wait = 0  # times that the server could not take it just then
        self._wake = {room: asyncio.Event() for room in rooms}

    @property
    def unsent(self) -> int:
        """Things in the outboxes."""
        return sum(len(outbox.waiting) for outbox in self.outboxes.values())

    def begin(self) -> None:
        """Type when it is time to, and send what was typed."""
        for room in self.outboxes:
            self.tab.spawn(self._type(room))
            self.tab.spawn(self._flush(room))

    def give_up(self, room: int) -> None:
        """The tab has this room no more, and what it still wanted to say there is not said."""
        outbox = self.outboxes.pop(room, None)
        for entry in outbox.waiting if outbox is not None else ():
            self.tab.note(Refused, room=room, client_id=entry.client_id, action=entry.action, error=GIVEN_UP)

    async def _type(self, room: int) -> None:
        while room in self.outboxes:
            await self.is_typing.wait()
            await self.tab.awake.wait()
            await asyncio.sleep(self.tab.chance.expovariate(1 / self.typing.pause_seconds))
            if room in self.outboxes and self.is_typing.is_set():
                self._type_now(room)

    def _type_now(self, room: int) -> None:
        entry = self.outboxes[room].type_something()
        if entry is not None and entry.action == "post":
            self.tab.note(Typed, room=room, client_id=entry.client_id)
        self._wake[room].set()

    async def _flush(self, room: int) -> None:
        while room in self.outboxes:
            await self.tab.awake.wait()
            await self.tab.online.wait()
            outbox, socket = self.outboxes.get(room), self.tab.socket
            if outbox is None or not outbox.waiting:
                self._wake[room].clear()
                await self._wake[room].wait()
            elif socket is not None:  # else it has gone again before it was our turn: wait for the next
                await self._send(socket, outbox, outbox.waiting[0])

    async def _send(self, socket: Socket, outbox: RoomOutbox, entry: Entry) -> None:
        noted = {"room": outbox.room_id, "client_id": entry.client_id, "action": entry.action}
        self.tab.note(Sent, **noted, body=entry.body)
        payload = entry.payload(outbox.room_id, outbox.ids.get(entry.client_id, 0))
        try:
            async with asyncio.timeout(self.tab.pace.ack):
                ack = await socket.request(EVENTS[entry.action], payload)
        except TimeoutError:
            # Half open, perhaps: the same client id again, on another connection.
            await self.tab.awake.wait()
            self.tab.lose(socket)
        except WireBroken:
            self.tab.lose(socket)
        else:
            await self._answered(socket, ack, outbox, entry, noted)

    async def _answered(
        self, socket: Socket, ack: Payload, outbox: RoomOutbox, entry: Entry, noted: dict[str, Any]
    ) -> None:
        if ack["ok"]:
            facts = {name: ack[name] for name in ("number", "duplicate") if name in ack}
            self.tab.note(Acked, **noted, version=ack["version"], **facts)
            outbox.acked(entry, ack.get("id"))
        elif ack["error"] == "signed_out":
            self.tab.lose(socket)
        elif ack["error"] in COMES_BACK:
            self.told_to_wait += 1
            await asyncio.sleep(min(self.tab.pace.back_off[1], ack.get("retry_after", 1)))
        else:
            self.tab.note(Refused, **noted, error=ack["error"])
            outbox.refused(entry)
