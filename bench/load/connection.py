"""One connection of the crowd: the handshake, the way into its room, and what arrives from then on."""

import socket
from collections.abc import Callable
from time import perf_counter

from bench.load.dialects import JOINED, MARK, POSTED, TOKEN_CHARS, Dialect
from bench.load.frames import END_OF_HEAD, Closed, asked, client_frame, split_frames

READ_BYTES = 65_536
MARK_CHARS = len(MARK)
WELCOME, PING, PONG, ACK = b"40", b"2", b"3", b"43"


class Refused(Exception):
    """The server lets somebody not in; the words are its own."""


class Connection:
    """Somebody in one room. `on_joined` is called when they are in it, `on_put_off` when they have to ask again."""

    def __init__(self, address: tuple[str, int], room: int, cookie: str, dialect: Dialect) -> None:
        self.room = room
        self.heard: list[bytes] = []
        self.on_joined: Callable[[], None] = _nothing
        self.on_put_off: Callable[[], None] = _nothing
        self.on_heard: Callable[[bytes, float], None] = _nothing
        self.on_acked: Callable[[bytes], None] = _nothing
        self._address = address
        self._cookie = cookie
        self._dialect = dialect
        self._arrival = dialect.arrival
        self._rest = b""
        self._request = b""
        self._is_open = False
        self._socket = socket.socket()
        self._socket.settimeout(0)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._joined_ack = ACK + str(JOINED).encode()
        self._posted_ack = ACK + str(POSTED).encode()

    def begin(self) -> int:
        """Set out to the server; the file descriptor."""
        self._socket.connect_ex(self._address)
        return self._socket.fileno()

    def ask(self) -> None:
        """The way is open: ask for a WebSocket. Raises OSError when nobody is there."""
        if error := self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            raise OSError(error, "cannot connect")
        host, port = self._address
        self._socket.sendall(asked(f"{host}:{port}", self._cookie))

    def ask_again(self) -> None:
        """Say once more what the server had no time for."""
        self._send(self._request)

    def post(self, text: str) -> None:
        """Say something in the room."""
        self._send(self._dialect.post(self.room, text))

    def read(self) -> None:
        """Take all that is there now. Raises Closed, Refused."""
        try:
            data = self._socket.recv(READ_BYTES)
        except BlockingIOError:
            return
        if not data:
            raise Closed
        now = perf_counter()
        data = self._rest + data if self._rest else data
        if not self._is_open:
            data = self._after_head(data)
        frames, self._rest = split_frames(data) if self._is_open else ([], data)
        for packet in frames:
            if packet.startswith(self._arrival):
                start = packet.find(MARK) + MARK_CHARS
                self.on_heard(packet[start : start + TOKEN_CHARS], now)
            else:
                self._answer(packet)

    def close(self) -> None:
        """Go away."""
        self._socket.close()

    def _after_head(self, data: bytes) -> bytes:
        head, mark, rest = data.partition(END_OF_HEAD)
        if not mark:
            return data
        if b" 101 " not in head.split(b"\r\n", 1)[0]:
            raise Refused(head[:200].decode(errors="replace"))
        self._is_open = True
        return rest

    def _answer(self, packet: bytes) -> None:
        if packet == PING:
            self._send(PONG)
        elif packet.startswith(self._posted_ack):
            self.on_acked(packet)
        elif packet.startswith(b"0"):
            self._ask(WELCOME)
        elif packet.startswith(WELCOME):
            self._ask(self._dialect.join(self.room))
        elif packet.startswith(self._joined_ack):
            self._take_joined(packet)
        elif packet.startswith(b"44"):
            self._take_refusal(packet)

    def _take_joined(self, packet: bytes) -> None:
        if b'"ok":false' in packet:
            self._take_refusal(packet)
        else:
            self.on_joined()

    def _take_refusal(self, packet: bytes) -> None:
        if b'"unavailable"' not in packet:
            raise Refused(packet.decode(errors="replace"))
        self.on_put_off()

    def _ask(self, packet: bytes) -> None:
        self._request = packet
        self._send(packet)

    def _send(self, packet: bytes) -> None:
        self._socket.sendall(client_frame(packet))


def _nothing(*_: object) -> None:
    """Until somebody listens."""
