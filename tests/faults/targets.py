"""The figures to reach, each the median of three runs."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from statistics import median

from tests.faults.arena import Arena
from tests.faults.clients.crowd import Plan
from tests.faults.clients.looker import Looking
from tests.faults.clients.outbox import Typing
from tests.faults.faults import BY_KEY, Fault
from tests.faults.run import Options, Result

RUNS = 3
FOR_SECONDS = 25.0
ACKED_MIN = 20_000  # messages of a whole run, under faults
REDIS_DEAD_DELAY = "worst delay to another worker, Redis dead (s)"
REDIS_DEAD_ACKS = "p99 ack, Redis dead : normal"
CATCH_UP = "10,000 changes missed, until equal (s)"
TO_EVERYONE = "write to everyone, 2 workers, 4 writers (median ms)"
BOUNDS = {REDIS_DEAD_DELAY: 2.2, REDIS_DEAD_ACKS: 1.5, CATCH_UP: 3.0, TO_EVERYONE: 20.0}


@contextmanager
def _redis_stays_dead(arena: Arena) -> Iterator[float]:
    arena.cluster.parts.redis.kill()
    yield 20
    # Started again by the end of the run.


@contextmanager
def _nothing(_arena: Arena) -> Iterator[float]:
    yield 10


FOUR_WRITERS = Plan(
    clients=4,
    rooms=1,
    open_rooms=1,
    second_tabs=0,
    typing=Typing(pause_seconds=0.1, edits=0, deletes=0, reactions=0),
    looking=Looking(pause_seconds=math.inf),
    renames_seconds=math.inf,
    straight=True,
)
# So few that the processor is no bound: what is to be seen is Redis alone.
CALM = Plan(pinned=True, typing=Typing(pause_seconds=3), renames_seconds=math.inf)
REDIS_DEAD = replace(BY_KEY["F4"], strike=_redis_stays_dead, plan=CALM, strikes_max=1)
IDLE = Fault("idle", "nothing strikes", _nothing, plan=FOUR_WRITERS, strikes_max=1)

WANTED = (
    (REDIS_DEAD, {REDIS_DEAD_DELAY: "other worker s", REDIS_DEAD_ACKS: "p99 ratio"}),
    (BY_KEY["F16"], {CATCH_UP: "catch-up s"}),
    (IDLE, {TO_EVERYONE: "p50 write to everyone ms"}),
)


def wanted_on(database: str) -> list[tuple[Fault, dict[str, str]]]:
    """What is measured on this kind of database. SQLite has one worker, whoever lives with it: no other, no Redis."""
    return [(fault, names) for fault, names in WANTED if database != "sqlite" or CATCH_UP in names]


@dataclass(frozen=True)
class Measured:
    """Each figure of each of its runs, and whether every promise was kept meanwhile."""

    figures: dict[str, list[float]]
    is_valid: bool
    database: str

    @property
    def is_reached(self) -> bool:
        """Whether the median of each is within its bound, and nothing was broken for it."""
        return self.is_valid and are_reached(self.figures, self.database)


def measure(options: Options, run: Callable[[Fault, Options], Result], say: Callable[[str], None]) -> Measured:
    """What all those runs showed."""
    is_valid = True
    found: defaultdict[str, list[float]] = defaultdict(list)
    for nth in range(RUNS):
        for fault, names in wanted_on(options.database):
            # Where it is the measure, as long as the fault: then it has as many acks, and as many slow ones.
            calm = FOR_SECONDS if REDIS_DEAD_ACKS in names else options.calm_seconds
            result = run(fault, replace(options, seconds=FOR_SECONDS, calm_seconds=calm, seed=options.seed + nth))
            is_valid = is_valid and result.is_valid
            for name, figure in names.items():
                found[name].append(result.figures.get(figure, math.inf))
                say(f"{name}: {found[name][-1]:.2f}{'' if result.is_valid else ' with violations'}")
    return Measured(dict(found), is_valid, options.database)


def enough_acked(results: list[Result], say: Callable[[str], None]) -> bool:
    """Whether so many messages were acked while something struck that losing none of them says something."""
    acked = sum(result.figures.get("acked", 0) for result in results)
    say(f"messages acked under faults: {acked:,.0f} of at least {ACKED_MIN:,}")
    return acked >= ACKED_MIN


def are_reached(measured: dict[str, list[float]], database: str) -> bool:
    """Whether the median of each that is wanted on this kind of database is within its bound."""
    names = [name for _, names in wanted_on(database) for name in names]
    return all(median(measured.get(name) or [math.inf]) <= BOUNDS[name] for name in names)
