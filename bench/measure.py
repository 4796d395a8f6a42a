"""Every workload on every server, in turn."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace

from bench.contenders.contender import Contender, Missing
from bench.contenders.node import Node
from bench.contenders.ours import Ours
from bench.contenders.parts import Parts
from bench.contenders.raw import Raw
from bench.contenders.stock import Stock
from bench.descriptors import allow_connections
from bench.load.generator import Generator, GeneratorEnded, Place
from bench.processes import cpu_seconds_of, pss_kib, wait_until_calm
from bench.results import Case, Results, Sample

Say = Callable[[str], None]

WORKLOADS = ("W1", "W2", "W3", "W4", "W5")
SERVERS = ("ours", "raw", "stock", "node")
CLUSTERED = ("ours", "stock")  # who runs with two workers and Redis
SENDERS = (1, 4)
MANY_ROOMS = (100, 10)
WARM_SECONDS = 0.5  # Node compiles what is used often


@dataclass(frozen=True)
class Options:
    """What is measured, and how much of it."""

    only: tuple[str, ...] = WORKLOADS
    servers: tuple[str, ...] = SERVERS
    members: tuple[int, ...] = (10, 100, 500, 1000)
    senders: tuple[int, ...] = SENDERS
    many_rooms: tuple[int, int] = MANY_ROOMS
    idle: tuple[int, ...] = (1000, 5000)
    storm: int = 2000
    rounds: int = 3
    seconds: float = 1.0

    @property
    def clustered_members(self) -> tuple[int, ...]:
        """The rooms that are measured with two workers: in a small one the message costs more than its deliveries."""
        return tuple(each for each in self.members if each >= 100) or self.members


class Bench:
    """Measures as it is told; what it found is in `results`."""

    def __init__(self, options: Options, say: Say) -> None:
        self._options = options
        self._say = say
        self.results = Results()

    def run(self) -> Results:
        """Everything that was asked for."""
        self._stay_within_descriptors()
        wanted = self._options.only
        with Parts() as parts:
            if {"W1", "W2", "W3", "W4"} & set(wanted):
                with self._serving(parts, self._options.servers, workers=1) as contenders:
                    self._one_worker(contenders, wanted)
            if "W5" in wanted:
                servers = tuple(name for name in self._options.servers if name in CLUSTERED)
                with self._serving(parts, servers, workers=2) as contenders:
                    self._deliveries("W5", contenders, self._options.clustered_members)
                    self._many_rooms("W5", contenders)
        return self.results

    def _stay_within_descriptors(self) -> None:
        options = self._options
        wanted = max(*options.idle, options.storm) if {"W3", "W4"} & set(options.only) else 0
        most = allow_connections(wanted)
        if most < wanted:
            self._note(f"no more than {most} connections: `ulimit -Hn` is too low for {wanted}")
            idle = tuple(count for count in options.idle if count <= most) or (most // 10 * 10,)
            self._options = replace(options, idle=idle, storm=min(options.storm, most // 10 * 10))

    def _one_worker(self, contenders: list[Contender], wanted: tuple[str, ...]) -> None:
        # Memory first: what a server has given back to its own allocator is not seen again.
        if "W3" in wanted:
            for contender in contenders:
                self._attempt("W3", contender, self._memory)
        if "W4" in wanted:
            for contender in contenders:
                self._attempt("W4", contender, self._storm)
        if "W1" in wanted:
            self._deliveries("W1", contenders, self._options.members)
        if "W2" in wanted:
            self._many_rooms("W2", contenders)

    def _deliveries(self, workload: str, contenders: list[Contender], members: tuple[int, ...]) -> None:
        for count in members:
            self._talks(workload, contenders, (1, count), tuple(n for n in self._options.senders if n <= count))

    def _many_rooms(self, workload: str, contenders: list[Contender]) -> None:
        self._talks(workload, contenders, self._options.many_rooms, (1,))

    def _talks(
        self, workload: str, contenders: list[Contender], topology: tuple[int, int], senders: tuple[int, ...]
    ) -> None:
        """Rounds in turn: whatever else happens on the machine then happens to all of them."""
        with ExitStack() as stack:
            crowds = [(each, stack.enter_context(self._crowd(workload, each, topology))) for each in contenders]
            for number in range(self._options.rounds):
                for contender, generator in crowds:
                    for count in senders:
                        case = Case(workload, *topology, count, contender.name)
                        self._say(f"{workload}, {case.words}, round {number + 1}: {contender.name}")
                        self._sample(case, contender, generator, is_first=number == 0)
        wait_until_calm([pid for each in contenders for pid in each.pids])

    @contextmanager
    def _crowd(self, workload: str, contender: Contender, topology: tuple[int, int]) -> Iterator[Generator]:
        rooms, members = topology
        self._say(f"{workload}, {rooms * members} connections: {contender.name}")
        with Generator(contender.ports, contender.dialect) as generator:
            self._bring(contender, generator, contender.places(rooms, members))
            self._calm(contender)
            yield generator

    def _sample(self, case: Case, contender: Contender, generator: Generator, *, is_first: bool) -> None:
        if is_first:
            generator.talk(WARM_SECONDS, case.senders)
        helpers = contender.helper_pids
        before = {name: cpu_seconds_of([pid]) for name, pid in helpers.items()}
        began = cpu_seconds_of(contender.pids)
        talk = generator.talk(self._options.seconds, case.senders)
        used = cpu_seconds_of(contender.pids) - began
        spent = {name: cpu_seconds_of([pid]) - before[name] for name, pid in helpers.items()}
        self.results.samples[case].append(Sample(talk, used, spent))

    def _attempt(self, workload: str, contender: Contender, measure: Callable[[Contender], None]) -> None:
        """Thousands at once may be too many for one of them: the others are measured all the same."""
        try:
            measure(contender)
        except GeneratorEnded as error:
            self.results.given_up[contender.name] += 1
            self._note(f"{workload} of {contender.name} was given up: {error}")
            self._calm(contender)

    def _memory(self, contender: Contender) -> None:
        with Generator(contender.ports, contender.dialect) as generator:
            self._calm(contender)
            self.results.empty_mib[contender.name] = pss_kib(contender.pids) / 1024
            places = contender.places(self._options.idle[-1] // 10, 10)
            # What the first ones make it load stays, and is no connection's.
            here = few = max(1, self._options.idle[0] // 20)
            self._bring(contender, generator, places[:few])
            self._calm(contender)
            with_few = pss_kib(contender.pids)
            for count in self._options.idle:
                self._say(f"W3, {count} idle connections: {contender.name}")
                self._bring(contender, generator, places[here:count])
                here = count
                self._calm(contender)
                self.results.kib[contender.name, count] = (pss_kib(contender.pids) - with_few) / (count - few)
        self._calm(contender)

    def _storm(self, contender: Contender) -> None:
        count = self._options.storm
        self._say(f"W4, {count} connect at once: {contender.name}")
        with Generator(contender.ports, contender.dialect) as generator:
            began = cpu_seconds_of(contender.pids)
            self._bring(contender, generator, contender.places(count // 10, 10))
            self._calm(contender)  # whatever is told because of them belongs to them
            used = cpu_seconds_of(contender.pids) - began
            self.results.connect_ms[contender.name].append(1000 * used / count)
        self._calm(contender)

    def _bring(self, contender: Contender, generator: Generator, places: list[Place]) -> None:
        if put_off := generator.connect(places):
            self._note(f"{contender.name} told {put_off} of {len(places)} that came at once to ask again")

    def _calm(self, contender: Contender) -> None:
        if not wait_until_calm(contender.pids):
            self._note(f"{contender.name} did not come to rest before it was measured")

    def _note(self, words: str) -> None:
        if words not in self.results.notes:
            self.results.notes.append(words)

    @contextmanager
    def _serving(self, parts: Parts, names: tuple[str, ...], *, workers: int) -> Iterator[list[Contender]]:
        with ExitStack() as stack:
            contenders = []
            for name in names:
                self._say(f"starting {name}")
                try:
                    contenders.append(stack.enter_context(self._contender(name, parts, workers)))
                except Missing as error:
                    self._note(f"{name} is missing: {error}")
            yield contenders

    def _contender(self, name: str, parts: Parts, workers: int) -> Contender:
        if name == "ours":
            return Ours(parts, self._topologies(workers), workers)
        if name == "stock":
            return Stock(workers, parts.redis_url() if workers > 1 else "")
        return Raw() if name == "raw" else Node()

    def _topologies(self, workers: int) -> list[tuple[int, int]]:
        wanted, options = self._options.only, self._options
        found = [(1, each) for each in options.members] if {"W1", "W5"} & set(wanted) else []
        found += [options.many_rooms] if {"W2", "W5"} & set(wanted) else []
        if workers == 1:
            found += [(options.idle[-1] // 10, 10)] if "W3" in wanted else []
            found += [(options.storm // 10, 10)] if "W4" in wanted else []
        return list(dict.fromkeys(found))
