"""What was measured."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median
from typing import NamedTuple

from bench.load.ledger import Wrongs
from bench.load.talk import Talk

HELPERS = ("PostgreSQL", "Redis")


class Case(NamedTuple):
    """What was done to one server: so many rooms of so many, in each so many senders."""

    workload: str
    rooms: int
    members: int
    senders: int
    server: str

    @property
    def words(self) -> str:
        """The case without its server."""
        where = f"room of {self.members}" if self.rooms == 1 else f"{self.rooms} rooms x {self.members}"
        count = self.rooms * self.senders
        return f"{where}, {count} sender{'s' if count > 1 else ''}"


@dataclass(frozen=True)
class Sample:
    """One case, once."""

    talk: Talk
    cpu_seconds: float
    helper_seconds: dict[str, float]

    @property
    def us_per_delivery(self) -> float:
        """CPU microseconds of the server for each text that arrived somewhere."""
        return self._us(self.cpu_seconds)

    @property
    def per_second(self) -> float:
        """How many arrived in a second."""
        return self.talk.deliveries / self.talk.seconds

    def helper_us(self, name: str) -> float | None:
        """The same as `us_per_delivery` of a part that serves it; None where it has none."""
        return self._us(self.helper_seconds[name]) if name in self.helper_seconds else None

    def _us(self, seconds: float) -> float:
        return seconds * 1e6 / self.talk.deliveries if self.talk.deliveries else float("nan")


@dataclass
class Results:
    """All samples, and what a connection costs."""

    samples: defaultdict[Case, list[Sample]] = field(default_factory=lambda: defaultdict(list))
    kib: dict[tuple[str, int], float] = field(default_factory=dict)  # of a connection, by server and how many there are
    empty_mib: dict[str, float] = field(default_factory=dict)  # of a server to which nobody has come yet
    connect_ms: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    given_up: Counter[str] = field(default_factory=Counter)  # workloads, by server
    notes: list[str] = field(default_factory=list)

    def us(self, case: Case) -> float | None:
        """The median of its CPU for a delivery; None where it was not measured."""
        samples = self.samples.get(case)
        return median(sample.us_per_delivery for sample in samples) if samples else None

    def helpers_us(self, case: Case) -> list[float | None]:
        """The medians of what its parts used for a delivery, in the order of HELPERS."""
        samples = self.samples[case]
        found = {name: [us for each in samples if (us := each.helper_us(name)) is not None] for name in HELPERS}
        return [median(values) if values else None for values in found.values()]

    def in_order(self) -> list[Case]:
        """The cases, servers side by side."""
        return sorted(self.samples, key=lambda case: (case.workload, case.rooms, case.members, case.senders))

    def ratio(self, case: Case, server: str) -> float | None:
        """The same, held against another server's."""
        mine, other = self.us(case), self.us(case._replace(server=server))
        return mine / other if mine is not None and other else None

    def wrongs_of(self, server: str) -> Wrongs:
        """What went wrong with everything that this one delivered."""
        of_server = (sample.talk.wrongs for case, samples in self.of(server) for sample in samples)
        return sum(of_server, Wrongs())

    def of(self, server: str) -> Iterator[tuple[Case, list[Sample]]]:
        """Its cases."""
        return ((case, samples) for case, samples in self.samples.items() if case.server == server)
