"""The floor that a CPython process can reach: one epoll, one `recv` for a message, one `send` for each recipient.

It relays to rooms and knows just enough of Socket.IO for the same client to speak with it. No queue, no layer: a frame
that a socket does not take whole ends the program.
"""

import json
import select
import socket
import sys
import threading
from collections import defaultdict

from bench.load.frames import END_OF_HEAD, Closed, granted, server_frame, split_frames

BACKLOG = 4096
READ_BYTES = 65_536
OPEN = b'0{"sid":"raw","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}'


class Loop:
    """Everybody who is connected, and which room they are in."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=BACKLOG)
        self._listener.settimeout(0)
        self._poll = select.epoll()
        self._poll.register(self._listener, select.EPOLLIN)
        self._sockets: dict[int, socket.socket] = {}
        self._rests: dict[int, bytes] = {}
        self._strangers: set[int] = set()
        self.rooms: defaultdict[int, list[socket.socket]] = defaultdict(list)
        self._room_of: dict[int, int] = {}

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._listener.getsockname()[1])

    def run(self) -> None:
        """Serve for ever."""
        listening = self._listener.fileno()
        while True:
            for descriptor, _ in self._poll.poll():
                if descriptor == listening:
                    self._accept()
                else:
                    self._read(descriptor)

    def _accept(self) -> None:
        connection, _ = self._listener.accept()
        connection.settimeout(0)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        descriptor = connection.fileno()
        self._sockets[descriptor], self._rests[descriptor] = connection, b""
        self._strangers.add(descriptor)
        self._poll.register(descriptor, select.EPOLLIN)

    def _read(self, descriptor: int) -> None:
        try:
            data = self._sockets[descriptor].recv(READ_BYTES)
            if not data:
                raise Closed
            self._take(descriptor, self._rests[descriptor] + data)
        except (Closed, ConnectionError):
            self._forget(descriptor)

    def _take(self, descriptor: int, data: bytes) -> None:
        if descriptor in self._strangers:
            self._let_in(descriptor, data)
        else:
            packets, self._rests[descriptor] = split_frames(data)
            for packet in packets:
                self._answer(descriptor, packet)

    def _let_in(self, descriptor: int, data: bytes) -> None:
        head, mark, self._rests[descriptor] = data.partition(END_OF_HEAD)
        if mark:
            self._strangers.discard(descriptor)
            self._sockets[descriptor].send(granted(head) + server_frame(OPEN))
        else:
            self._rests[descriptor] = data

    def _answer(self, descriptor: int, packet: bytes) -> None:
        if packet.startswith(b'42["message"'):
            frame = server_frame(packet)
            for member in self.rooms[self._room_of[descriptor]]:
                member.send(frame)
        elif packet == b"40":
            self._sockets[descriptor].send(server_frame(b'40{"sid":"raw"}'))
        elif packet.startswith(b'420["join"'):
            room = self._room_of[descriptor] = int(json.loads(packet[3:])[1])
            self.rooms[room].append(self._sockets[descriptor])
            self._sockets[descriptor].send(server_frame(b"430[]"))

    def _forget(self, descriptor: int) -> None:
        connection = self._sockets.pop(descriptor)
        self._strangers.discard(descriptor)
        del self._rests[descriptor]
        room = self._room_of.pop(descriptor, None)
        if room is not None:
            self.rooms[room].remove(connection)
        connection.close()


def main() -> None:
    """Serve until whoever started it goes."""
    loop = Loop()
    threading.Thread(target=loop.run, daemon=True).start()
    sys.stdout.write(f"{loop.port}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main()
