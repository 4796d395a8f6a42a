"""A wire that can break: a TCP proxy whose mode is switched while connections run through it.

What a mode holds back is not lost, as packets are not that TCP sends again: it flows when the wire heals. Connections
that are to be lost are cut with `reset`.
"""

import asyncio
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from tests.faults.background import Background

CHUNK_BYTES = 65_536
SLOW_BUFFER_BYTES = 4_096  # a slow reader's: with the usual ones it would seem to read on for megabytes
USUAL_BUFFER_BYTES = 131_072  # Linux: tcp_rmem
NO_LINGER = struct.pack("ii", 1, 0)  # close() then sends a reset

Address = tuple[str, int]


@dataclass(frozen=True)
class Mode:
    """What the wire does with what comes."""


@dataclass(frozen=True)
class Pass(Mode):
    """All is well."""


@dataclass(frozen=True)
class Delay(Mode):
    """Everything takes this much longer, in each direction."""

    seconds: float


@dataclass(frozen=True)
class BlackHole(Mode):
    """Nothing goes through and nobody is told; not even that the other side has gone."""


@dataclass(frozen=True)
class Reset(Mode):
    """Every connection is cut, and every new one at once."""


@dataclass(frozen=True)
class Trickle(Mode):
    """Towards the one who connected a few bytes now and then; the other way all is well."""

    bytes: int
    every_seconds: float


class Proxy:
    """A port on 127.0.0.1 in front of `target`, which is asked anew for each connection."""

    def __init__(self, background: Background, target: Callable[[], Address], mode: Mode | None = None) -> None:
        self._background = background
        self._target = target
        self._mode = mode or Pass()
        self._changed = asyncio.Event()
        self._connections: set[asyncio.Task[None]] = set()
        self._targets: set[asyncio.StreamWriter] = set()
        self._slowed: set[asyncio.StreamWriter] = set()
        self._server = background.call(self._listen())
        self.address: Address = self._server.sockets[0].getsockname()[:2]

    @property
    def port(self) -> int:
        """Where to connect."""
        return self.address[1]

    @property
    def mode(self) -> Mode:
        """What it does now."""
        return self._mode

    def switch(self, mode: Mode) -> None:
        """Do this from now on, to the connections that run too."""
        self._background.do(self._switch, mode)

    def heal(self) -> None:
        """Let everything through, first what was held back."""
        self.switch(Pass())

    def cut(self) -> None:
        """Reset what is connected, and let new connections through."""
        self.switch(Reset())
        self.heal()

    def close(self) -> None:
        """Cut everything and give the port back."""
        self._background.call(self._close())

    async def _listen(self) -> asyncio.Server:
        return await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=CHUNK_BYTES)

    async def _close(self) -> None:
        self._server.close()
        self._switch(Reset())
        await asyncio.gather(*self._connections, return_exceptions=True)

    def _switch(self, mode: Mode) -> None:
        self._mode = mode
        self._changed.set()
        self._changed = asyncio.Event()
        if isinstance(mode, Reset):
            for connection in self._connections:
                connection.cancel()
        for target in self._targets:
            self._tune(target)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            await self._connect(reader, writer)
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            self._connections.discard(task)
            _abort(writer)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._until_open()
        there = await asyncio.open_connection(*self._target(), limit=CHUNK_BYTES)
        self._targets.add(there[1])
        self._tune(there[1])
        try:
            up = self._carry(reader, there[1], is_towards_client=False)
            down = self._carry(there[0], writer, is_towards_client=True)
            await _first_error(asyncio.ensure_future(up), asyncio.ensure_future(down))
        finally:
            self._targets.discard(there[1])
            self._slowed.discard(there[1])
            _abort(there[1])

    def _tune(self, target: asyncio.StreamWriter) -> None:
        connection = target.get_extra_info("socket")
        if isinstance(self._mode, Trickle):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SLOW_BUFFER_BYTES)
            self._slowed.add(target)
        elif target in self._slowed:
            # Else it would read a message in a second, long after the wire has healed.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, USUAL_BUFFER_BYTES)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_WINDOW_CLAMP, USUAL_BUFFER_BYTES)
            self._slowed.discard(target)

    async def _carry(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, is_towards_client: bool
    ) -> None:
        while data := await self._read(source):
            await self._pass_on(data, sink, is_towards_client=is_towards_client)
        sink.write_eof()

    async def _read(self, source: asyncio.StreamReader) -> bytes:
        data = await source.read(CHUNK_BYTES)
        # The wire may have broken while we waited: then this was never read, not even that it ended.
        await self._until_open()
        return data

    async def _pass_on(self, data: bytes, sink: asyncio.StreamWriter, *, is_towards_client: bool) -> None:
        if isinstance(self._mode, Delay):
            await self._sleep(self._mode.seconds)
        while data:
            await self._until_open()
            mode = self._mode
            if isinstance(mode, Trickle) and is_towards_client:
                piece, data = data[: mode.bytes], data[mode.bytes :]
                await self._write(piece, sink)
                await self._sleep(mode.every_seconds)
            else:
                await self._write(data, sink)
                return

    async def _write(self, data: bytes, sink: asyncio.StreamWriter) -> None:
        sink.write(data)
        await sink.drain()

    async def _until_open(self) -> None:
        if isinstance(self._mode, Reset):
            raise asyncio.CancelledError
        while isinstance(self._mode, BlackHole):
            await self._changed.wait()

    async def _sleep(self, seconds: float) -> None:
        """Wait, but no longer than this mode lasts."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._changed.wait()


async def _first_error(*directions: "asyncio.Future[None]") -> None:
    # One direction may end before the other; an error in either ends both.
    try:
        await asyncio.gather(*directions)
    finally:
        for direction in directions:
            direction.cancel()


def _abort(writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
    writer.transport.abort()
