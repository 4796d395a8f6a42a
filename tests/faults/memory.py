"""How much the workers grow while something strikes, by what the kernel says of each process."""

import math
from collections.abc import Iterable
from typing import Protocol


class Process(Protocol):
    """What runs now."""

    @property
    def pid(self) -> int:
        """Which one it is."""

    @property
    def rss_kb(self) -> int:
        """The memory that it holds, 0 when it does not run."""


class Memory:
    """What each worker holds, from now on. `look` at it now and then: what was given back in the end counts too."""

    def __init__(self, workers: Iterable[Process]) -> None:
        self._before = [(worker, worker.pid, worker.rss_kb) for worker in workers]
        self._worst = -1.0
        self._are_the_same = all(rss_kb for _, _, rss_kb in self._before)

    def look(self) -> None:
        """See how much each holds now."""
        self._are_the_same = self._are_the_same and all(worker.pid == pid for worker, pid, _ in self._before)
        if self._are_the_same:
            self._worst = max(self._worst, *(worker.rss_kb / before - 1 for worker, _, before in self._before))

    @property
    def growth(self) -> float:
        """By what share the worst of them grew; not a number when one of them was replaced: nobody can say then."""
        return self._worst if self._are_the_same and self._before else math.nan
