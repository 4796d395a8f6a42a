"""The figures that the issue asks for, held against what was measured."""

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from bench.results import Case, Results


@dataclass(frozen=True)
class Target:
    """A figure; `value` is None where it was not measured."""

    figure: str
    value: float | None
    most: float
    unit: str = ""
    is_strict: bool = False  # less than, and not equal

    @property
    def is_missed(self) -> bool:
        """Whether it was measured and is not so."""
        if self.value is None:
            return False
        return not (self.value < self.most if self.is_strict else self.value <= self.most)

    @property
    def asked(self) -> str:
        """What it has to be."""
        return f"{'<' if self.is_strict else '<='} {self.most:g}{self.unit}"

    @property
    def verdict(self) -> str:
        """In a word."""
        return "not measured" if self.value is None else "MISSED" if self.is_missed else "reached"

    def __str__(self) -> str:
        value = "" if self.value is None else f"{self.value:.3g}"
        return f"{self.figure:<64}{value:>8}   {self.asked:<10} {self.verdict}"


def targets(results: Results) -> list[Target]:
    """All of them, in the issue's order."""
    groups = (_one_room, _small_rooms, _two_workers, _connections, _order)
    return [target for group in groups for target in group(results)]


def _ours(workload: str, rooms: int, members: int, senders: int = 1) -> Case:
    return Case(workload, rooms, members, senders, "ours")


def _one_room(results: Results) -> Iterator[Target]:
    for members, most in ((1000, 1.5), (500, 2.0), (100, 4.2)):
        yield Target(f"W1, room of {members}, ours : raw", results.ratio(_ours("W1", 1, members), "raw"), most)
    yield Target("W1, room of 1000, ours : node", results.ratio(_ours("W1", 1, 1000), "node"), 0.6, is_strict=True)
    yield Target("W1, room of 500, ours : node", results.ratio(_ours("W1", 1, 500), "node"), 1.0, is_strict=True)
    for members in (100, 500, 1000):
        ratio = results.ratio(_ours("W1", 1, members, 4), "node")
        yield Target(f"W1, room of {members}, 4 senders, ours : node", ratio, 1.3)
    growth = _quotient(results.us(_ours("W1", 1, 1000)), results.us(_ours("W1", 1, 500)))
    yield Target("W1, growth: a delivery in a room of 1000 : of 500", growth, 1.2)


def _small_rooms(results: Results) -> Iterator[Target]:
    yield Target("W1, room of 10, ours : stock", results.ratio(_ours("W1", 1, 10), "stock"), 1.25)
    yield Target("W2, 100 rooms x 10, ours : stock", results.ratio(_ours("W2", 100, 10), "stock"), 1.25)


def _two_workers(results: Results) -> Iterator[Target]:
    for members in (100, 500, 1000):
        for senders in (1, 4):
            case = _ours("W5", 1, members, senders)
            ratio = _quotient(results.us(case), results.us(case._replace(workload="W1")))
            yield Target(f"W5, {case.words}: two workers : one", ratio, 1.3)


def _connections(results: Results) -> Iterator[Target]:
    found = [(count, kib) for (server, count), kib in results.kib.items() if server == "ours"]
    yield Target("W3, memory of an idle signed-in connection", max(found)[1] if found else None, 45, " KiB")
    storm = results.connect_ms.get("ours")
    yield Target("W4, CPU of a connect, sign-in check, room open", median(storm) if storm else None, 2, " ms")


def _order(results: Results) -> Iterator[Target]:
    yield Target("ours, workloads that were given up", results.given_up["ours"] if results.samples else None, 0)
    wrongs = results.wrongs_of("ours") if any(results.of("ours")) else None
    for kind in ("lost", "doubled", "reordered"):
        yield Target(f"ours, {kind}", None if wrongs is None else getattr(wrongs, kind), 0)


def _quotient(one: float | None, other: float | None) -> float | None:
    return one / other if one is not None and other else None
