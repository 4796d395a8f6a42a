"""What waits to be told or carried, in order, and never more than memory has room for."""

import queue
import threading
from typing import Generic, TypeVar

TAKEN_MAX = 64  # at once

T = TypeVar("T")


class Backlog(Generic[T]):
    """A queue that refuses what would make it heavier than `max_weight`; the caller says what an item weighs.

    Refused is the newest: the others keep their order, and what it was stands in the database.
    """

    def __init__(self, max_weight: int) -> None:
        self._max_weight = max_weight
        self._weight = 0
        self._given = 0  # of it, with whoever takes all
        self._lock = threading.Lock()
        self._waiting: queue.SimpleQueue[tuple[T, int] | None] = queue.SimpleQueue()

    def put(self, item: T, weight: int = 1) -> bool:
        """Take it in, without waiting; False when there is no room for it."""
        with self._lock:
            if self._weight + weight > self._max_weight:
                return False
            self._weight += weight
        self._waiting.put((item, weight))
        return True

    def get(self) -> T | None:
        """The next, as soon as there is one; None after `end`, once all that waited was taken out."""
        found = self._waiting.get()
        if found is None:
            return None
        item, weight = found
        self._lighten(weight)
        return item

    def get_all(self) -> list[T]:
        """All that waits, up to a bound, as soon as there is one; nothing after `end`, once all was taken out.

        What is given counts as waiting until it is called again.
        """
        self._lighten(self._given)
        taken = [found for found in [self._waiting.get()] if found is not None]
        while taken and len(taken) < TAKEN_MAX and not self._waiting.empty():
            found = self._waiting.get()
            if found is None:
                self.end()  # for the next call
                break
            taken.append(found)
        self._given = sum(weight for _, weight in taken)
        return [item for item, _ in taken]

    def _lighten(self, weight: int) -> None:
        with self._lock:
            self._weight -= weight

    def end(self) -> None:
        """Nothing more comes."""
        self._waiting.put(None)

    @property
    def weight(self) -> int:
        """Of all that waits, and of what was given last."""
        return self._weight

    @property
    def is_empty(self) -> bool:
        """True when nothing waits."""
        return self._waiting.empty()
