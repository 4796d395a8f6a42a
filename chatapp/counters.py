"""What this worker has done since it started, in plain numbers: to add one must cost nothing worth saving.

`metrics` makes of them what a monitoring reads.
"""

from bisect import bisect_left
from collections.abc import Callable
from functools import wraps
from time import perf_counter
from typing import ParamSpec, TypeVar

BOUNDS_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

P = ParamSpec("P")
T = TypeVar("T")


class Timings:
    """How often something took how long: `counts` has a place for each bound, and one for what is over all."""

    __slots__ = ("counts", "seconds")

    def __init__(self) -> None:
        self.counts = [0] * (len(BOUNDS_SECONDS) + 1)
        self.seconds = 0.0

    def took(self, seconds: float) -> None:
        """Once more, so long."""
        self.counts[bisect_left(BOUNDS_SECONDS, seconds)] += 1
        self.seconds += seconds


class Counters:
    """All of them. Changed by one thread at a time, since a worker has one."""

    __slots__ = ("deliveries", "delivering", "fills", "hub_lag", "posting", "requests", "sync_pages")

    def __init__(self) -> None:
        self.deliveries = 0  # frames for one connection each
        self.fills = 0  # gaps in a room that were read from the database
        self.sync_pages = 0  # of changes that browsers missed
        self.requests = [0] * 6  # by the first digit of their status
        self.posting = Timings()
        self.delivering = Timings()
        self.hub_lag = Timings()


counters = Counters()


def timed(timings: Timings) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """A function whose calls that succeed are timed."""

    def wrap(function: Callable[P, T]) -> Callable[P, T]:
        @wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> T:
            began = perf_counter()
            result = function(*args, **kwargs)
            timings.took(perf_counter() - began)
            return result

        return call

    return wrap
