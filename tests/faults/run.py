"""One run: all is well for a while, then the fault strikes until the time is up, then quiet, then the checker."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from tests.faults.arena import Arena
from tests.faults.background import Background
from tests.faults.checker import check
from tests.faults.clients.client import Client
from tests.faults.clients.crowd import Crowd
from tests.faults.clients.looker import Looking
from tests.faults.clients.tab import Pace
from tests.faults.clients.wire import WireBroken
from tests.faults.cluster import Cluster
from tests.faults.faults import GROWTH, Fault, seeded
from tests.faults.figures import Times, figures_of, measured, missed
from tests.faults.history import Event, Struck
from tests.faults.measures import counts
from tests.faults.memory import Memory
from tests.faults.parts import Parts
from tests.faults.violations import Kind, Violation
from tests.parts.found import PartMissing

TICK_SECONDS = 2.0
LEVEL, JUDGED = "level", "judged"  # noted in the history: all have everything; the last moment that the checker sees
SEND_SECONDS = 180.0  # until everybody is back and has sent all, when all is mended; on a busy machine that takes long
SHORT_PACE = Pace(ack=3.0, hold=0.2, connect=5.0, back_off=(0.2, 2.0))

Say = Callable[[str], None]


@dataclass(frozen=True)
class Options:
    """How long, how fast, and on what."""

    seconds: float = 50.0
    warm_seconds: float = 3.0  # until what everything does for the first time is done
    calm_seconds: float = 10.0
    calm_acks: int = 0  # that the calm waits for, thrice as long at most
    seed: int = 1
    database: str = "postgresql"
    workers: int = 2
    clients: int | None = None
    looking: Looking | None = None  # else as the fault has it
    scale: float = 1.0  # of what a fault lasts
    pace: Pace = field(default_factory=Pace)


@dataclass
class Result:
    """What a run found."""

    fault: Fault
    options: Options
    violations: list[Violation] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    figures: dict[str, float] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)
    losses: Counter[str] = field(default_factory=Counter)
    history: list[Event] = field(default_factory=list)

    @property
    def is_valid(self) -> bool:
        """Whether no promise was broken."""
        return not self.violations and not self.wrong

    def count(self, *kinds: Kind) -> int:
        """How many violations of these kinds there are."""
        return sum(violation.kind in kinds for violation in self.violations)


def run(fault: Fault, options: Options, parts: Parts, background: Background, say: Say = lambda _: None) -> Result:
    """Everything that was found in one run of this fault."""
    plan = replace(
        fault.plan,
        clients=options.clients or fault.plan.clients,
        looking=options.looking or fault.plan.looking,
        pace=options.pace,
    )
    cluster = Cluster(
        background,
        parts,
        database=options.database,
        workers=fault.launchers or options.workers,
        people=plan.people,
        rooms=plan.rooms,
        seed=options.seed,
        is_split=plan.is_split,
        has_database_wire=fault.has_database_wire,
        **fault.settings,
    )
    with cluster:
        crowd = Crowd(cluster, plan, options.seed)
        try:
            return Run(fault, options, crowd, say).result()
        finally:
            crowd.end()


class Run:
    """One run on a cluster with its crowd."""

    def __init__(self, fault: Fault, options: Options, crowd: Crowd, say: Say) -> None:
        self.fault = fault
        self.options = options
        self.crowd = crowd
        self.cluster = crowd.cluster
        self.say = say
        self.arena = Arena(self.cluster, crowd, seeded(fault.key, options.seed), options.scale)
        self.calm_at = self.struck_at = self.mended_at = 0.0
        self.leavers: list[Client] = []
        self.memory = Memory(())
        self.history: list[Event] = []  # whole, once everybody has gone

    def result(self) -> Result:
        """Go through all of it."""
        self._begin()
        self.memory = Memory(self.cluster.workers)
        self.struck_at = time.monotonic()
        self._strike_until_the_end()
        self._mend()
        is_sent = self._quiet()
        self.memory.look()
        return self._judged(is_sent=is_sent)

    def _begin(self) -> None:
        crowd = self.crowd
        if self.fault.mangles:
            for client in crowd.clients[: len(crowd.clients) // 4]:
                client.reader.mangles = True
        self.leavers = crowd.add_leavers() if self.fault.with_leavers else []
        crowd.start()
        crowd.start_typing()
        # What everything does for the first time is over after so long, and nothing says when.
        time.sleep(self.options.warm_seconds)
        self._be_calm()

    def _be_calm(self) -> None:
        workers, cpu_seconds, acks = self._workers(), self._cpu_seconds(), self._acks()
        self.calm_at = time.monotonic()
        # What is normal is measured for so long: a ratio needs it.
        time.sleep(self.options.calm_seconds)
        self.crowd.wait(lambda: self._acks() - acks >= self.options.calm_acks, 2 * self.options.calm_seconds)
        if workers == self._workers():  # else one has died in the calm, and its seconds with it
            spent = self._cpu_seconds() - cpu_seconds
            self.arena.facts["calm CPU ms per ack"] = 1000 * spent / max(1, self._acks() - acks)

    def _acks(self) -> int:
        return counts(self.crowd.history)["Acked"]

    def _workers(self) -> list[int]:
        return [worker.pid for worker in self.cluster.workers]

    def _cpu_seconds(self) -> float:
        return sum(worker.cpu_seconds for worker in self.cluster.workers)

    def _strike_until_the_end(self) -> None:
        strikes, end = 0, time.monotonic() + self.options.seconds
        half = time.monotonic() + self.options.seconds / 2
        most = self.fault.strikes_max
        while time.monotonic() < end and strikes < most:
            if self.leavers and (time.monotonic() > half or 2 * strikes >= most):
                self._shut_out()
            self._strike_once(end)
            strikes += 1
            # Between two strikes things come to rest, or do not: that is the fault's rhythm, no condition.
            time.sleep(self.fault.pause_seconds * self.options.scale)
        if self.leavers:
            self._shut_out()
        self.arena.facts["strikes"] = strikes

    def _strike_once(self, end: float) -> None:
        self._note("begins")
        try:
            with self.fault.strike(self.arena) as seconds:
                # The fault lasts as long as it says.
                time.sleep(max(0.0, min(seconds, end - time.monotonic()) if seconds > 1 else seconds))
        except (TimeoutError, OSError, AssertionError, WireBroken, PartMissing) as error:
            self.arena.wrong.append(f"{self.fault.key}: {type(error).__name__}: {str(error)[:300]}")
        self._note("ends")
        self.memory.look()
        self.say(self._progress())

    def _progress(self) -> str:
        acked, since = counts(self.crowd.history)["Acked"], time.monotonic() - self.struck_at
        present = f"{self.crowd.online} online, {self.crowd.unsent} in outboxes"
        return f"{self.fault.key} {since:4.0f} s: {acked} acked, {present}"

    def _note(self, what: str) -> None:
        self.crowd.history.append(Struck(at=time.monotonic(), client=0, fault=self.fault.key, what=what))

    def _shut_out(self) -> None:
        self.crowd.shut_out(self.leavers)
        self.leavers = []

    def _times(self) -> Times:
        return Times(calm=self.calm_at, strikes=self.struck_at, mended=self.mended_at)

    def _mend(self) -> None:
        self.cluster.heal()
        for way in self.crowd.ways.values():
            way.proxy.heal()
        for client in self.crowd.clients:
            if not client.tab.awake.is_set():
                self.crowd.background.do(client.thaw)
        self.mended_at = time.monotonic()

    def _quiet(self) -> bool:
        """Whether every outbox got empty. After that nobody asks for anything: the stream alone must bring the rest."""
        self.crowd.stop_typing()
        is_sent = self.crowd.wait(self.crowd.is_back_and_sent, SEND_SECONDS)
        self.crowd.wait(self.crowd.is_level, 2 * TICK_SECONDS + 5)
        self._note(LEVEL)
        # What a tick still says now, and what is held after it, was said twice or to one who may not hear it. That
        # nothing comes can only be waited for.
        time.sleep(TICK_SECONDS + self.options.pace.hold)
        self._note(JUDGED)
        return is_sent

    def _judged(self, *, is_sent: bool) -> Result:
        crowd = self.crowd
        crowd.leave()
        history = self.history = list(crowd.history)
        database = self.cluster.read()
        ending = database, crowd.copies, crowd.heads, self.cluster.deaths, crowd.badges
        violations = check(history, *ending, grace_seconds=self.fault.grace_seconds)
        if not is_sent:
            violations.append(Violation(Kind.UNSENT, f"{crowd.unsent} in outboxes, {crowd.online} online"))
        result = Result(self.fault, self.options, violations, list(self.arena.wrong), history=history)
        result.wrong += [repr(trouble) for trouble in crowd.troubles]
        figures = figures_of(history, self.arena, self._times())
        result.figures = measured({**figures, GROWTH: self.memory.growth})
        result.losses = sum((client.losses for client in crowd.clients), Counter())
        result.troubles = self.cluster.troubles
        result.wrong += [f"traceback: {each}" for each in result.troubles if not self.fault.excuses(each)]
        result.missed = missed(self.fault.limits_on(self.options.database), result.figures)
        return result
