"""What a browser speaks, in an event loop: HTTP for a question, and Socket.IO over a WebSocket for all else."""

import asyncio
import base64
import itertools
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.faults.proxy import Address

WELCOME = b"HTTP/1.1 101"
SIGNED_OUT = b"HTTP/1.1 401"
TEXT, CLOSE = 0x1, 0x8  # opcodes of RFC 6455
LONG, LONGER = 126, 127  # lengths that say that the length follows

Take = Callable[[str, dict[str, Any]], None]


class WireBroken(Exception):
    """There is no connection, or there is none any more."""


class NotLetIn(Exception):
    """The server took the connection and refused the person; `error` is its code."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


@dataclass(frozen=True)
class Answer:
    """What came back by HTTP."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as data."""
        return json.loads(self.body)

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies that it sets."""
        values = [value for name, value in self.headers if name == "set-cookie"]
        pairs = (value.partition(";")[0].partition("=") for value in values)
        return {name: value for name, _, value in pairs}


async def ask(address: Address, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> Answer:
    """The answer to one request, on a connection of its own. Raises WireBroken."""
    length = {"Content-Length": str(len(body))} if body else {}
    try:
        reader, writer = await asyncio.open_connection(*address)
        try:
            # 1.0: the answer ends with the connection.
            writer.write(_head(f"{method} {path} HTTP/1.0", address, {**headers, **length}) + body)
            return _answer(await reader.read(-1))
        finally:
            writer.transport.abort()
    except OSError as error:
        raise WireBroken(str(error)) from error


def _answer(raw: bytes) -> Answer:
    head, _, body = raw.partition(b"\r\n\r\n")
    status, *lines = head.decode("latin-1").split("\r\n")
    if not status.startswith("HTTP/"):
        raise WireBroken("no answer")
    pairs = (line.partition(":") for line in lines)
    return Answer(int(status.split()[1]), [(name.lower(), value.strip()) for name, _, value in pairs], body)


def _head(request: str, address: Address, headers: dict[str, str]) -> bytes:
    lines = [request, f"Host: {address[0]}:{address[1]}", *(f"{name}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


class Socket:
    """A Socket.IO connection. `take(event, payload)` is called for what comes down, in the order in which it comes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, take: Take) -> None:
        self._reader = reader
        self._writer = writer
        self._take = take
        self._ids = itertools.count()
        self._acks: dict[int, asyncio.Future[Any]] = {}
        self._silence_seconds = 0.0

    @classmethod
    async def open(cls, address: Address, cookie: str, take: Take) -> "Socket":
        """A connection that the server has let in. Raises WireBroken, NotLetIn."""
        try:
            reader, writer = await asyncio.open_connection(*address, limit=2**20)
        except OSError as error:
            raise WireBroken(str(error)) from error
        socket = cls(reader, writer, take)
        try:
            await socket._shake_hands(address, cookie)
        except BaseException:
            socket.abort()
            raise
        return socket

    async def listen(self, awake: asyncio.Event) -> None:
        """Take what comes until the connection ends; nothing is taken while its owner sleeps. Raises WireBroken."""
        try:
            while True:
                await awake.wait()
                async with asyncio.timeout(self._silence_seconds):
                    packet = await self._receive()
                await awake.wait()
                self._understand(packet)
        except TimeoutError as error:
            raise WireBroken("silence") from error
        finally:
            self._fail_all()

    async def request(self, event: str, payload: dict[str, Any]) -> dict[str, Any]:
        """The ack of a command. Raises WireBroken."""
        ack_id = next(self._ids)
        self._acks[ack_id] = ack = asyncio.get_running_loop().create_future()
        try:
            self._send(f"42{ack_id}{json.dumps([event, payload])}")
            answer: dict[str, Any] = await ack
        finally:
            self._acks.pop(ack_id, None)
        return answer

    def abort(self) -> None:
        """Go away without a word."""
        self._writer.transport.abort()

    async def _shake_hands(self, address: Address, cookie: str) -> None:
        headers = {
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
            "Origin": f"http://{address[0]}:{address[1]}",
            "Cookie": cookie,
        }
        self._writer.write(_head("GET /socket.io/?EIO=4&transport=websocket HTTP/1.1", address, headers))
        try:
            head = await self._reader.readuntil(b"\r\n\r\n")
        except (OSError, asyncio.IncompleteReadError) as error:
            raise WireBroken("no handshake") from error
        if head.startswith(SIGNED_OUT):
            raise NotLetIn("signed_out")
        if not head.startswith(WELCOME):
            raise WireBroken(head.partition(b"\r\n")[0].decode())
        await self._come_in()

    async def _come_in(self) -> None:
        opened = json.loads((await self._receive())[1:])
        self._silence_seconds = (opened["pingInterval"] + opened["pingTimeout"]) / 1000
        self._send("40")
        early = []
        while not (answer := await self._receive()).startswith(("40", "44")):
            if answer.startswith("42"):
                early.append(answer)  # it overtook the welcome: the browser keeps it until then, too
            else:
                self._understand(answer)
        if answer.startswith("44"):
            raise NotLetIn(_error_of(answer))
        for packet in early:
            self._understand(packet)

    def _understand(self, packet: str) -> None:
        if packet == "2":
            self._send("3")
        elif packet.startswith("42"):
            event, payload = json.loads(packet[2:])
            self._take(event, payload)
        elif packet.startswith("43"):
            ack_id, _, data = packet[2:].partition("[")
            ack = self._acks.get(int(ack_id))
            if ack is not None and not ack.done():
                ack.set_result(json.loads(f"[{data}")[0])
        elif packet in ("1", "41"):
            raise WireBroken("sent away")

    def _fail_all(self) -> None:
        for ack in self._acks.values():
            if not ack.done():
                ack.set_exception(WireBroken("the connection has ended"))

    def _send(self, text: str) -> None:
        if self._writer.is_closing():
            raise WireBroken("closed")
        data = text.encode()
        mask = os.urandom(4)
        key = int.from_bytes((mask * (len(data) // 4 + 1))[: len(data)], "big")
        masked = (int.from_bytes(data, "big") ^ key).to_bytes(len(data), "big")
        self._writer.write(bytes([0x80 | TEXT]) + _length(len(data)) + mask + masked)

    async def _receive(self) -> str:
        try:
            opcode, data = await self._frame()
        except (OSError, asyncio.IncompleteReadError) as error:
            raise WireBroken("the connection has ended") from error
        if opcode == CLOSE:
            raise WireBroken("closed by the server")
        return data.decode()

    async def _frame(self) -> tuple[int, bytes]:
        first, length = await self._reader.readexactly(2)
        if length == LONG:
            length = int.from_bytes(await self._reader.readexactly(2), "big")
        elif length == LONGER:
            length = int.from_bytes(await self._reader.readexactly(8), "big")
        return first & 0xF, await self._reader.readexactly(length)


def _length(size: int) -> bytes:
    if size < LONG:
        return bytes([0x80 | size])
    if size < 2**16:
        return bytes([0x80 | LONG]) + size.to_bytes(2, "big")
    return bytes([0x80 | LONGER]) + size.to_bytes(8, "big")


def _error_of(answer: str) -> str:
    return str(json.loads(answer[2:])["message"])
