"""Who keeps the rooms: the founder, who gives one of them another name now and then, by HTTP, one after the other."""

import asyncio
import math
import random
import time

from tests.faults.clients.person import Person
from tests.faults.clients.wire import WireBroken
from tests.faults.history import Event, Named
from tests.faults.workers import Worker

AGAIN_SECONDS = 0.2
BUSY = 429  # and what is above: the server cannot take it just now


class Keeper:
    """One person who may rename these rooms. The history knows what each was to be called, and what it was told."""

    def __init__(
        self, person: Person, workers: list[Worker], rooms: list[int], history: list[Event], seed: int
    ) -> None:
        self.person = person
        self.is_keeping = asyncio.Event()
        self.is_asking = False
        self._workers = workers
        self._rooms = rooms
        self._history = history
        self._chance = random.Random(f"keeper {seed}")  # noqa: S311 - to be repeated, not to be secret
        self._task: asyncio.Task[None] | None = None
        self._count = 0

    def begin(self, pause_seconds: float) -> None:
        """Rename when it is time to, with such pauses on average."""
        if math.isfinite(pause_seconds):
            self._task = asyncio.create_task(self._keep(pause_seconds))

    def end(self) -> None:
        """Stop everything."""
        if self._task is not None:
            self._task.cancel()

    @property
    def troubles(self) -> list[BaseException]:
        """What went wrong in this very program, or was refused."""
        if self._task is None or not self._task.done() or self._task.cancelled():
            return []
        return [error] if (error := self._task.exception()) is not None else []

    async def _keep(self, pause_seconds: float) -> None:
        while True:
            await self.is_keeping.wait()
            # Evenly: who compares times with those of the calm wants as many in it.
            await asyncio.sleep(self._chance.uniform(0.5, 1.5) * pause_seconds)
            if self.is_keeping.is_set():
                self.is_asking = True
                await self._rename(self._chance.choice(self._rooms))
                self.is_asking = False

    async def _rename(self, room: int) -> None:
        self._count += 1
        name = f"Room {room} for the {self._count}. time"
        self._note(room, name, is_done=False)
        while not await self._is_named(room, name):
            await asyncio.sleep(AGAIN_SECONDS)
        self._note(room, name, is_done=True)

    async def _is_named(self, room: int, name: str) -> bool:
        """Whether the server says so. Raises RuntimeError when it never will."""
        address = self._chance.choice(self._workers).address
        try:
            if not self.person.is_signed_in:
                await self.person.sign_in(address)
            status = (await self.person.post(address, f"/rooms/{room}/rename", {"name": name})).status
        except WireBroken:
            return False
        if not (status < 300 or status >= BUSY):
            raise RuntimeError(f"room {room} was not to be called {name}: {status}")
        return status < 300

    def _note(self, room: int, name: str, *, is_done: bool) -> None:
        self._history.append(Named(at=time.monotonic(), client=0, room=room, name=name, is_done=is_done))
