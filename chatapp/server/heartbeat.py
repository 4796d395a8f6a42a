"""The pings of all sockets, by one clock: a greenlet and two timers for each cost more than what they say."""

import time
from collections import deque
from collections.abc import Callable
from typing import Protocol

TICKS = 40  # in the time between two pings of one socket


class Pinged(Protocol):
    """A socket as the heartbeat sees it. `last_ping` is when the ping was sent that it has not answered yet."""

    closed: bool
    last_ping: float | None

    def send_ping(self) -> None:
        """Ask whether it is still there."""

    def fell_silent(self) -> None:
        """It has not answered in time."""


class Heartbeat:
    """Asks each socket `interval` seconds after its last answer, and gives it `timeout` seconds for the next one.

    `every(seconds, job)` calls a job again and again.
    """

    def __init__(
        self,
        interval: float,
        timeout: float,
        *,
        every: Callable[[float, Callable[[], None]], object],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._interval = interval
        self._timeout = timeout
        self._every = every
        self._clock = clock
        self._is_beating = False
        # In the order in which they are due, since all wait equally long.
        self._to_ask: deque[tuple[float, Pinged]] = deque()
        self._asked: deque[tuple[float, Pinged]] = deque()

    def ask_later(self, socket: Pinged) -> None:
        """It is there: ask again after a while."""
        socket.last_ping = None
        self._to_ask.append((self._clock() + self._interval, socket))
        if not self._is_beating:
            self._is_beating = True
            self._every(self._interval / TICKS, self.beat)

    def beat(self) -> None:
        """Ask who is to be asked by now, and end who did not answer in time."""
        now = self._clock()
        while self._to_ask and self._to_ask[0][0] <= now:
            _, socket = self._to_ask.popleft()
            if not socket.closed:
                socket.last_ping = now
                socket.send_ping()
                self._asked.append((now, socket))
        while self._asked and self._asked[0][0] + self._timeout <= now:
            asked_at, socket = self._asked.popleft()
            if socket.last_ping == asked_at and not socket.closed:
                socket.fell_silent()
