"""How long things took, read from a history."""

import math
from bisect import bisect
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tests.faults.history import Acked, Applied, Arrived, Closed, Event, Opened, Refused, Sent

Version = tuple[int, int]  # room, version


@dataclass(frozen=True, slots=True)
class Wait:
    """One thing that somebody did, from the first try to the ack."""

    client: int
    room: int
    began: float
    ended: float

    @property
    def seconds(self) -> float:
        """How long the sender waited."""
        return self.ended - self.began


@dataclass(frozen=True, slots=True)
class Delay:
    """From the moment a change was known to be committed to its arrival at one client."""

    client: int
    at: float
    seconds: float
    is_other_worker: bool


def counts(history: Iterable[Event]) -> Counter[str]:
    """How often each kind of event happened, and how many acks said that it was a duplicate."""
    found: Counter[str] = Counter()
    for event in history:
        found[type(event).__name__] += 1
        found["duplicate acks"] += isinstance(event, Acked) and event.duplicate
    return found


def posts_acked(history: Iterable[Event], since: float, until: float) -> int:
    """How many messages were acked for the first time between these moments. Each counts once, whatever it was told."""
    users: dict[int, int] = {}
    first: dict[tuple[int, int, str], float] = {}
    for event in history:
        if isinstance(event, Arrived):
            users[event.client] = event.user
        elif isinstance(event, Acked) and event.action == "post":
            first.setdefault((users[event.client], event.room, event.client_id), event.at)
    return sum(since <= at < until for at in first.values())


def waits(history: Iterable[Event]) -> list[Wait]:
    """Every ack with the time that it took, retries included."""
    began: dict[tuple[int, str, str], float] = {}
    found = []
    for event in history:
        if isinstance(event, Sent):
            began.setdefault((event.client, event.client_id, event.action), event.at)
        elif isinstance(event, Acked | Refused):
            start = began.pop((event.client, event.client_id, event.action), event.at)
            if isinstance(event, Acked):
                found.append(Wait(event.client, event.room, start, event.at))
    return found


def delays(history: list[Event]) -> Iterator[Delay]:
    """How long each change took to those who had the room open at its commit, also when they had to ask for it."""
    committed, workers = _committed(history)
    opened: dict[tuple[int, int], Opened] = {}
    for event in history:
        if isinstance(event, Opened):
            opened[event.client, event.room] = event
        elif isinstance(event, Closed):
            opened = {place: each for place, each in opened.items() if place[0] != event.client}
        elif isinstance(event, Applied):
            here, at = opened.get((event.client, event.room)), committed[event.room, event.version]
            if here is not None and here.at < at:
                worker = workers.get((event.room, event.version))
                yield Delay(event.client, event.at, event.at - at, worker not in (None, here.worker))


def to_everyone(history: list[Event]) -> list[float]:
    """How long each post took from the first try until the last of its live readers had it."""
    began: dict[tuple[int, str], float] = {}
    last: dict[tuple[int, str], float] = {}
    for event in history:
        if isinstance(event, Sent) and event.action == "post":
            began.setdefault((event.room, event.client_id), event.at)
        elif isinstance(event, Applied) and event.connection and (event.room, event.client_id) in began:
            last[event.room, event.client_id] = event.at
    return [at - began[key] for key, at in last.items()]


def returns_after(history: Iterable[Event], moments: list[float]) -> list[float]:
    """How long after the last of these moments each connection that came later was there, first ones included."""
    seen: set[tuple[int, int]] = set()
    found = []
    for event in history:
        if isinstance(event, Opened) and (event.client, event.connection) not in seen:
            seen.add((event.client, event.connection))
            if (nth := bisect(moments, event.at)) > 0:
                found.append(event.at - moments[nth - 1])
    return found


def busiest(values: Iterable[float], width: float) -> float:
    """The largest share of the values that lies within any stretch so wide; not a number when there are none."""
    ordered = sorted(values)
    most = max((bisect(ordered, value + width) - index for index, value in enumerate(ordered)), default=0)
    return most / len(ordered) if ordered else math.nan


def _committed(history: Iterable[Event]) -> tuple[dict[Version, float], dict[Version, int]]:
    """When each version was first known to be there, and the worker that took it."""
    at: dict[Version, float] = {}
    workers: dict[Version, int] = {}
    here: dict[int, int] = {}
    for event in history:
        if isinstance(event, Opened):
            here[event.client] = event.worker
        elif isinstance(event, Applied | Acked):
            at.setdefault((event.room, event.version), event.at)
            if isinstance(event, Acked) and event.client in here:
                workers[event.room, event.version] = here[event.client]
    return at, workers


def percentile(values: Iterable[float], share: float) -> float:
    """The value below which this share of the values lies; not a number when there are none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else math.nan
