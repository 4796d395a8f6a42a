"""All connections of one server, on one epoll."""

import select
from array import array
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable
from time import perf_counter

from bench.load.connection import Connection
from bench.load.dialects import Dialect
from bench.load.ledger import Ledger
from bench.load.readers import Reader

AT_ONCE = 100  # handshakes under way: more would wait in the server's backlog, and the kernel's clock be measured
PATIENCE_SECONDS = 240.0  # for all to come in
TURN_SECONDS = 0.2
RETRY_SECONDS = 1.0  # as our server asks who comes while it is busy


class Crowd:
    """Connects people, and hands each what arrives. `waits` are the seconds from each text to each of its hearers."""

    def __init__(self, ports: list[int], dialect: Dialect) -> None:
        self.rooms: defaultdict[int, list[Connection]] = defaultdict(list)
        self.ledgers: defaultdict[int, Ledger] = defaultdict(Ledger)
        self.waits = array("d")
        self._ports = ports
        self._dialect = dialect
        self._poll = select.epoll()
        self._readers: dict[int, Reader] = {}
        self._coming: dict[int, Connection] = {}
        self._put_off: deque[tuple[float, Connection]] = deque()
        self.put_off_count = 0
        self._count = 0
        self._sent_to: Counter[int] = Counter()

    def register(self, descriptor: int, reader: Reader) -> None:
        """Let somebody else read beside the connections."""
        self._readers[descriptor] = reader
        self._poll.register(descriptor, select.EPOLLIN)

    def turn(self, seconds: float) -> None:
        """Take what is there, or wait for something so long. Raises what connections raise."""
        for descriptor, _ in self._poll.poll(seconds):
            if descriptor in self._coming:
                self._come(descriptor)
            else:
                self._readers[descriptor].read()

    def connect(self, places: Iterable[tuple[int, str]]) -> float:
        """Bring all of these, room and cookie, in; the seconds it took. Raises TimeoutError."""
        began, waiting = perf_counter(), deque(places)
        wanted = self._count + len(waiting)
        while self._count < wanted:
            under_way = wanted - self._count - len(waiting)
            for _ in range(min(AT_ONCE - under_way, len(waiting))):
                self._begin(*waiting.popleft())
            self.turn(TURN_SECONDS)
            self._ask_again()
            if perf_counter() - began > PATIENCE_SECONDS:
                raise TimeoutError(f"{self._count} of {wanted} came in")
        return perf_counter() - began

    def _ask_again(self) -> None:
        while self._put_off and self._put_off[0][0] <= perf_counter():
            self.put_off_count += 1
            self._put_off.popleft()[1].ask_again()

    def close(self) -> None:
        """Let everybody go."""
        for connections in self.rooms.values():
            for connection in connections:
                connection.close()
        self._poll.close()

    def _begin(self, room: int, cookie: str) -> None:
        # Processes without a port in common get a half of each room, and half of the rooms' first ones.
        self._sent_to[room] += 1
        port = self._ports[(room + self._sent_to[room]) % len(self._ports)]
        connection = Connection(("127.0.0.1", port), room, cookie, self._dialect)
        connection.on_joined = lambda: self._count_in(connection)
        connection.on_put_off = lambda: self._put_off.append((perf_counter() + RETRY_SECONDS, connection))
        connection.on_heard = self._hearer(connection, self.ledgers[room])
        descriptor = connection.begin()
        self._coming[descriptor] = connection
        self._poll.register(descriptor, select.EPOLLOUT)

    def _come(self, descriptor: int) -> None:
        connection = self._coming.pop(descriptor)
        connection.ask()
        self._readers[descriptor] = connection
        self._poll.modify(descriptor, select.EPOLLIN)

    def _count_in(self, connection: Connection) -> None:
        self._count += 1
        self.rooms[connection.room].append(connection)
        self.ledgers[connection.room].heard.append(connection.heard)

    def _hearer(self, connection: Connection, ledger: Ledger) -> Callable[[bytes, float], None]:
        said, heard, waits = ledger.said, connection.heard.append, self.waits.append

        def on_heard(token: bytes, now: float) -> None:
            heard(token)
            waits(now - said.get(token, now))

        return on_heard
