"""What the parts of a client share: who it is, its connection, whether it is awake, and the history it writes."""

import asyncio
import random
import time
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, Protocol

from tests.faults.clients.person import Person
from tests.faults.clients.wire import Socket
from tests.faults.history import Event
from tests.faults.proxy import Address

COMES_BACK = {"unavailable", "slow_down", "internal_error"}  # what was refused so is asked again


@dataclass(frozen=True)
class Pace:
    """The browser's times in seconds, or shorter ones for a shorter run."""

    ack: float = 10.0
    hold: float = 0.3
    connect: float = 10.0
    back_off: tuple[float, float] = (0.5, 15.0)
    waits_to_be_closed: bool = False  # by a server that ends, as a page does; else it goes within a second


class Way(Protocol):
    """How a client reaches a worker."""

    worker: int

    @property
    def address(self) -> Address:
        """Where to connect."""

    def choose(self) -> None:
        """Take the worker that a balancer would give the next connection."""


class Tab:
    """One tab of one person, on one connection at a time."""

    def __init__(self, number: int, person: Person, way: Way, pace: Pace, history: list[Event], seed: int) -> None:
        self.number = number
        self.person = person
        self.way = way
        self.pace = pace
        self.chance = random.Random(f"{seed} {number}")  # noqa: S311 - to be repeated, not to be secret
        self.online = asyncio.Event()
        self.awake = asyncio.Event()
        self.awake.set()
        self.socket: Socket | None = None
        self.connection = 0
        self.troubles: list[BaseException] = []  # faults of this very program
        self._seed = seed
        self._history = history
        self._tasks: set[asyncio.Task[None]] = set()

    def chance_of(self, what: str) -> random.Random:
        """A chance of its own for this: what is done by it changes nothing of what is done by `chance`."""
        return random.Random(f"{self._seed} {self.number} {what}")  # noqa: S311

    def note(self, kind: type[Event], **fields: Any) -> Event:
        """Write down what happens now."""
        event = kind(at=time.monotonic(), client=self.number, **fields)
        self._history.append(event)
        return event

    def spawn(self, coroutine: Coroutine[Any, Any, None]) -> None:
        """Do this beside everything else, until the tab is closed."""
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def lose(self, socket: Socket) -> None:
        """This connection is no good: another one must be made."""
        if socket is self.socket:
            self.online.clear()
        socket.abort()

    def close(self) -> None:
        """Stop everything."""
        for task in self._tasks:
            task.cancel()
        if self.socket is not None:
            self.socket.abort()

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self.troubles.append(error)
