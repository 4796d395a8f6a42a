"""A browser without a window: it comes, stays, loses its connection and comes back, by the rules of the real one."""

import asyncio
import math
import time
from collections import Counter
from contextlib import suppress

from tests.faults.clients.looker import Looker
from tests.faults.clients.reader import Reader
from tests.faults.clients.room_copy import Payload
from tests.faults.clients.tab import Tab
from tests.faults.clients.wire import NotLetIn, Socket, WireBroken
from tests.faults.clients.writer import Writer
from tests.faults.history import Arrived, Closed, Left, ShutOut


class Client:
    """One tab with its two halves, and the eyes of its person."""

    def __init__(self, tab: Tab, reader: Reader, writer: Writer, looker: Looker) -> None:
        self.tab = tab
        self.reader = reader
        self.writer = writer
        self.looker = looker
        self.number = tab.number
        self.reconnect_seconds: list[float] = []
        self.is_shut_out = False
        self.losses: Counter[str] = Counter()  # why connections ended, or never began
        self._tries = 0
        self._left_at = time.monotonic()  # not a number while it is connected

    def begin(self) -> None:
        """Come, and stay until `end`."""
        self.tab.note(Arrived, user=self.tab.person.user)
        self.tab.spawn(self._live())
        self.writer.begin()
        self.looker.begin()

    def end(self) -> None:
        """Go away."""
        self.tab.close()

    def start_typing(self) -> None:
        """Say something now and then in every open room, and read what is said there."""
        self.writer.is_typing.set()
        self.looker.is_looking.set()

    def stop_typing(self) -> None:
        """Say nothing new and read nothing more; what is in the outbox still goes out."""
        self.writer.is_typing.clear()
        self.looker.is_looking.clear()

    def freeze(self) -> None:
        """The lid is closed: sockets stay open, nothing is read and nothing is sent."""
        self.tab.awake.clear()

    def thaw(self) -> None:
        """The lid is opened: ask once for what is missing."""
        self.tab.awake.set()
        if self.tab.socket is not None and self.tab.online.is_set():
            self.tab.spawn(self._sync_or_lose(self.tab.socket))

    def drop(self) -> None:
        """Lose the connection."""
        if self.tab.socket is not None:
            self.tab.socket.abort()

    def is_being_removed_from(self, room: int) -> None:
        """From now on it may be committed at any moment."""
        self.tab.note(Left, room=room)

    def shut_out_of(self, room: int) -> None:
        """It is committed that this client is no longer in the room, or signed out when it is 0."""
        self.tab.note(ShutOut, room=room)
        self.is_shut_out = room == 0
        for each in [room] if room else list(self.reader.copies):
            self.writer.give_up(each)
            self.reader.forget(each)

    async def _live(self) -> None:
        while not self.is_shut_out:
            self._tries += 1
            await self.tab.awake.wait()
            try:
                await self._connected()
            except NotLetIn as refusal:
                self.losses[refusal.error] += 1
                await self._sign_in(refusal)
            except (WireBroken, TimeoutError) as error:
                self.losses[str(error) or "no answer in time"] += 1
            await asyncio.sleep(self._back_off())

    async def _connected(self) -> None:
        tab = self.tab
        tab.way.choose()
        if not tab.person.is_signed_in:
            await tab.person.sign_in(tab.way.address)
        # First: what comes before the welcome is of this connection.
        tab.connection += 1
        async with asyncio.timeout(tab.pace.connect):
            tab.socket = socket = await Socket.open(tab.way.address, tab.person.cookie, self._take)
        listening = asyncio.create_task(socket.listen(tab.awake))
        try:
            await self.reader.sync(socket)
            self._came_online()
            await listening
        finally:
            self._went_offline(socket)
            listening.cancel()
            with suppress(WireBroken, asyncio.CancelledError):
                await listening

    def _came_online(self) -> None:
        self.reconnect_seconds.append(time.monotonic() - self._left_at)
        self._tries, self._left_at = 0, math.nan
        self.tab.online.set()

    def _went_offline(self, socket: Socket) -> None:
        self.tab.online.clear()
        self.tab.socket = None
        socket.abort()
        self.tab.note(Closed, connection=self.tab.connection)
        if math.isnan(self._left_at):
            self._left_at = time.monotonic()

    def _back_off(self) -> float:
        least, most = self.tab.pace.back_off
        return min(most, least * 2.0 ** min(self._tries, 10) / 2) * self.tab.chance.uniform(0.5, 1.5)

    async def _sign_in(self, refusal: NotLetIn) -> None:
        if refusal.error == "signed_out" and not self.reader.is_watched:
            with suppress(WireBroken):
                await self.tab.person.sign_in(self.tab.way.address)

    async def _sync_or_lose(self, socket: Socket) -> None:
        try:
            await self.reader.sync(socket)
        except (WireBroken, TimeoutError):
            socket.abort()

    def _take(self, event: str, payload: Payload) -> None:
        if event == "server:draining" and not self.tab.pace.waits_to_be_closed:
            asyncio.get_running_loop().call_later(self.tab.chance.random(), self.drop)
        elif event != "server:draining":
            self.reader.take(event, payload)
