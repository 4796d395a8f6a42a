"""Closed loops: who speaks says the next when their own last has come back."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from time import perf_counter

from bench.load.connection import Connection, Refused
from bench.load.crowd import Crowd
from bench.load.dialects import text_with, token_of
from bench.load.ledger import Ledger, Wrongs, at_share, judge

SILENCE_SECONDS = 3.0  # without one arrival: what has not come by then is lost
LATE_SECONDS = 0.02  # after the last that was awaited, for one that comes twice


@dataclass(frozen=True)
class Talk:
    """What a crowd heard while some of it talked."""

    seconds: float
    messages: int
    deliveries: int
    p50_ms: float
    p99_ms: float
    wrongs: Wrongs

    def as_json(self) -> dict[str, object]:
        """For the pipe."""
        return asdict(self)


class Sender:
    """Somebody who says the next when their own last is back; where it is acked, when the ack has come as well."""

    numbers: dict[Connection, int] = {}  # noqa: RUF012 - of this process: a token is never used again

    def __init__(self, number: int, connection: Connection, ledger: Ledger, *, is_acked: bool) -> None:
        self._number = number
        self._connection = connection
        self._ledger = ledger
        self._awaited = 2 if is_acked else 1
        self._missing = 0
        self._token = b""
        self._until = 0.0
        self._listen()

    def begin(self, until: float) -> None:
        """Speak from now on, and begin nothing new after `until`."""
        self._until = until
        self._speak()

    @property
    def is_waiting(self) -> bool:
        """Whether their last is not back yet, or its ack is missing."""
        return self._missing > 0

    def _listen(self) -> None:
        on_heard = self._connection.on_heard

        def heard(token: bytes, now: float) -> None:
            on_heard(token, now)
            if token == self._token:
                self._one_is_back()

        self._plain_hearing = on_heard
        self._connection.on_heard = heard
        self._connection.on_acked = self._acked

    def end(self) -> None:
        """Listen as the others do."""
        self._connection.on_heard = self._plain_hearing

    def _acked(self, packet: bytes) -> None:
        if b'"ok":true' not in packet:
            raise Refused(packet.decode(errors="replace"))
        self._one_is_back()

    def _one_is_back(self) -> None:
        self._missing -= 1
        if self._missing == 0 and perf_counter() < self._until:
            self._speak()

    def _speak(self) -> None:
        said = Sender.numbers[self._connection] = Sender.numbers.get(self._connection, 0) + 1
        self._token, self._missing = token_of(self._number, said), self._awaited
        self._ledger.said[self._token] = perf_counter()
        self._connection.post(text_with(self._token))


def talk(crowd: Crowd, seconds: float, senders_per_room: int, *, is_acked: bool) -> Talk:
    """Let this many in each room talk so long, and wait until all of it has arrived."""
    for ledger in crowd.ledgers.values():
        ledger.clear()
    del crowd.waits[:]
    with _senders(crowd, senders_per_room, is_acked=is_acked) as senders:
        began = perf_counter()
        for sender in senders:
            sender.begin(began + seconds)
        ended = _listen(crowd, senders, began + seconds)
    return _told(crowd, ended - began)


@contextmanager
def _senders(crowd: Crowd, per_room: int, *, is_acked: bool) -> Iterator[list[Sender]]:
    chosen = [(room, each) for room, connections in crowd.rooms.items() for each in _spread(connections, per_room)]
    senders = [Sender(n, each, crowd.ledgers[room], is_acked=is_acked) for n, (room, each) in enumerate(chosen)]
    yield senders
    for sender in senders:
        sender.end()


def _spread(connections: list[Connection], count: int) -> list[Connection]:
    """So many of them, from the first on: neighbours may all have come to the same worker."""
    return [connections[number * len(connections) // count] for number in range(count)]


def _listen(crowd: Crowd, senders: list[Sender], until: float) -> float:
    """When the last that was awaited arrived."""
    last, heard = perf_counter(), 0
    while True:
        crowd.turn(SILENCE_SECONDS / 10)
        now = perf_counter()
        if len(crowd.waits) != heard:
            last, heard = now, len(crowd.waits)
        if now >= until and heard >= _awaited(crowd) and not any(sender.is_waiting for sender in senders):
            break
        if now - last > SILENCE_SECONDS:
            break
    while perf_counter() - last < LATE_SECONDS:
        crowd.turn(LATE_SECONDS)
    return last


def _awaited(crowd: Crowd) -> int:
    return sum(len(ledger.said) * len(ledger.heard) for ledger in crowd.ledgers.values())


def _told(crowd: Crowd, seconds: float) -> Talk:
    wrongs = sum((judge(ledger) for ledger in crowd.ledgers.values()), Wrongs())
    messages = sum(len(ledger.said) for ledger in crowd.ledgers.values())
    p50, p99 = (1000 * at_share(crowd.waits, share) for share in (0.5, 0.99))
    return Talk(seconds, messages, len(crowd.waits), p50, p99, wrongs)
