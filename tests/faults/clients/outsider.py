"""Somebody who reads nothing and posts what they are told, by a new socket each time, on every worker in turn."""

import asyncio
import time
from contextlib import suppress
from typing import Any

from tests.faults.clients.person import Person
from tests.faults.clients.room_copy import Payload
from tests.faults.clients.wire import NotLetIn, Socket, WireBroken
from tests.faults.history import Acked, Arrived, Event, Sent, Typed
from tests.faults.proxy import Address

OUTSIDERS = 1_000  # their client numbers begin here
PATIENCE_SECONDS = 180
ACK_SECONDS = 5
PAUSE_SECONDS = 0.2


class Outsider:
    """One person by this client number. The history knows what they typed, sent and were told."""

    def __init__(self, number: int, person: Person, addresses: list[Address], history: list[Event]) -> None:
        self.number = OUTSIDERS + number
        self.person = person
        self._addresses = addresses
        self._history = history
        self._note(Arrived, user=person.user)

    def types(self, room: int, client_id: str) -> None:
        """From now on this message must not be lost."""
        self._note(Typed, room=room, client_id=client_id)

    async def post(self, room: int, client_id: str, body: str, *, nth: int = 0) -> Payload:
        """The ack, and after how many `tries`; the first goes to the `nth` worker. Raises TimeoutError."""
        noted = {"room": room, "client_id": client_id, "action": "post"}
        self._note(Sent, **noted, body=body)
        tries = 1
        async with asyncio.timeout(PATIENCE_SECONDS):
            while (
                ack := await self._try(nth + tries, {"room_id": room, "client_id": client_id, "body": body})
            ) is None:
                tries += 1
                await asyncio.sleep(PAUSE_SECONDS)
        self._note(Acked, **noted, **{name: ack[name] for name in ("version", "number", "duplicate")})
        return {**ack, "tries": tries}

    async def _try(self, nth: int, payload: Payload) -> Payload | None:
        address = self._addresses[nth % len(self._addresses)]
        try:
            async with asyncio.timeout(ACK_SECONDS):
                socket = await Socket.open(address, self.person.cookie, lambda _event, _payload: None)
            return await self._asked(socket, payload)
        except NotLetIn:
            # Not signed in yet, or not in the end: a page that came, and a login that did not, leave a cookie too.
            with suppress(WireBroken):
                await self.person.sign_in(address)
        except (WireBroken, TimeoutError):
            pass
        return None

    async def _asked(self, socket: Socket, payload: Payload) -> Payload | None:
        awake = asyncio.Event()
        awake.set()
        listening = asyncio.create_task(socket.listen(awake))
        try:
            async with asyncio.timeout(ACK_SECONDS):
                ack = await socket.request("message:post", payload)
            return ack if ack["ok"] else None
        finally:
            socket.abort()
            with suppress(WireBroken):
                await listening

    def _note(self, kind: type[Event], **fields: Any) -> None:
        self._history.append(kind(at=time.monotonic(), client=self.number, **fields))
