"""The faults to survive, one line each: what strikes, whom and how often, and what must be reached all the same."""

import math
import random
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.faults.arena import Arena
from tests.faults.clients.crowd import Plan
from tests.faults.clients.looker import Looking
from tests.faults.clients.outbox import Typing
from tests.faults.history import Struck
from tests.faults.saboteur import Moment
from tests.faults.strikes import Strike, clients, database, half_open, redis, sends, workers

GRACE_SECONDS = 1.5  # the server promises "at once", and a busy machine and our own clock need a moment
GRACE_BY_TICK_SECONDS = 6.0  # it promises 5
GROWTH = "memory growth"
DATABASE_AWAY = re.compile(r"psycopg2\.(Operational|Interface)Error|sqlalchemy\.exc\.OperationalError")


@dataclass(frozen=True)
class Limit:
    """A figure that must stay below a bound, by its name in the report."""

    name: str
    most: float
    fits_sqlite: bool = True  # it can be kept where there is one worker, and one lock for all rooms


@dataclass(frozen=True)
class Fault:
    """One line of the plan."""

    key: str
    words: str
    strike: Strike
    pause_seconds: float = 2.0  # between two strikes
    fits_sqlite: bool = True  # it can strike where there is one worker and no server
    settings: dict[str, str] = field(default_factory=dict)  # for the workers
    plan: Plan = field(default_factory=Plan)
    has_database_wire: bool = False  # between worker and PostgreSQL; it costs every post some milliseconds
    limits: tuple[Limit, ...] = ()
    strikes_max: int = 1_000_000
    mangles: bool = False  # a quarter of the clients gets events twice and late, and pages in the wrong order
    with_leavers: bool = False  # two are shut out meanwhile
    loses_redis: bool = False  # then a worker learns by its tick who has been shut out, else at once
    loses_database: bool = False  # then a traceback may say so
    kills_workers: bool = False  # else each must live through it, and not grow
    launchers: int | None = None  # so many, whatever the number of workers; else one for each worker
    growth_most: float = 0.2  # of one worker's memory, at any time since the first strike

    def limits_on(self, database: str) -> list[Limit]:
        """What must be reached on this kind of database."""
        limits = self.limits if self.kills_workers else (*self.limits, Limit(GROWTH, self.growth_most))
        return [limit for limit in limits if limit.fits_sqlite or database != "sqlite"]

    @property
    def grace_seconds(self) -> float:
        """How long after the end of their right something may still come to one who has been shut out."""
        return GRACE_BY_TICK_SECONDS if self.loses_redis else GRACE_SECONDS

    def excuses(self, traceback: str) -> bool:
        """Whether this last line of a traceback is of what this fault does."""
        return self.loses_database and DATABASE_AWAY.search(traceback) is not None


TICK = Limit("other worker s", 2.5)
QUICK_ACKS = Limit("p99 ratio", 1.5)
SPREAD = Limit("busiest quarter second", 0.4)  # of those who return after a restart
SMALL_PAGES = Limit("largest page", 200)
PINNED = Plan(pinned=True)
# A room with another name makes each of them ask for the list: that is no measure of coming back.
SCARCE = Plan(
    clients=500,
    open_rooms=1,
    typing=Typing(pause_seconds=100),
    looking=Looking(pause_seconds=100),
    renames_seconds=math.inf,
)
BUSY = Plan(typing=Typing(pause_seconds=0.5))
LARGE = Plan(typing=Typing(pause_seconds=1.5, body_chars=15_000))
FEW = Plan(clients=5, rooms=1, open_rooms=1, second_tabs=1)

AFTER_COMMIT = {"FAULTS_RATES": "commit-ack:0.003 ack-publish:0.003"}
BEFORE_COMMIT = {"FAULTS_RATES": "insert:0.003 commit:0.003"}
ALL_MOMENTS = {"FAULTS_RATES": "insert:0.001 commit:0.001 commit-ack:0.001 ack-publish:0.001"}

FAULTS = [
    Fault("F1", "worker killed", workers.worker_killed, kills_workers=True, limits=(Limit("reconnect p99 s", 10),)),
    Fault("F2", "worker dies after commit", workers.worker_dies, kills_workers=True, settings=AFTER_COMMIT),
    Fault("F3", "worker dies before commit", workers.worker_dies, kills_workers=True, settings=BEFORE_COMMIT),
    Fault("F4", "Redis killed", redis.redis_killed, fits_sqlite=False, plan=PINNED, limits=(TICK, QUICK_ACKS),
          with_leavers=True, loses_redis=True),
    Fault("F5", "Redis hangs", redis.redis_hangs, fits_sqlite=False, plan=PINNED, loses_redis=True,
          limits=(Limit("p99 ratio", 2), Limit("listener back s", 5))),
    Fault("F6", "worker cut from Redis", redis.worker_cut_from_redis, fits_sqlite=False, plan=PINNED, limits=(TICK,),
          loses_redis=True),
    Fault("F7", "PostgreSQL restarted", database.postgresql_restarted, fits_sqlite=False, pause_seconds=5,
          has_database_wire=True, limits=(Limit("deaths", 0),), loses_database=True),
    Fault("F8", "room locked", database.room_locked, pause_seconds=4,
          limits=(Limit("other rooms p99 ratio", 2, fits_sqlite=False),)),
    Fault("F10", "client half open", half_open.half_open_until_gone, pause_seconds=8,
          limits=(Limit("seen gone after s", 45),)),
    Fault("F11", "laptop sleeps", clients.laptop_sleeps, limits=(Limit("syncs after sleep", 1),)),
    Fault("F12", "slow reader", clients.slow_reader, plan=LARGE, settings={"OUT_QUEUE_MAX_BYTES": "1000000"},
          # In the end they catch up, by pages of six megabytes.
          limits=(Limit("p99 ratio", 2), Limit("growth by slow readers", 0.2)), growth_most=0.4),
    Fault("F13", "sent eight ways", sends.sent_eight_ways, pause_seconds=0.2),
    Fault("F14", "client id used again", sends.id_used_again, pause_seconds=0.2),
    Fault("F15", "catch-up in disorder", clients.wires_cut, mangles=True),
    Fault("F16", "10,000 changes missed", clients.long_absence, plan=FEW, strikes_max=1,
          limits=(Limit("catch-up s", 3), SMALL_PAGES)),
    Fault("F17", "rooms opened and closed", clients.rooms_opened_and_closed, plan=BUSY, with_leavers=True),
    Fault("F18", "wall clock set", workers.clock_set),
    Fault("F21", "deploy", workers.deployed, kills_workers=True, limits=(Limit("exit s", 20), SPREAD)),
    Fault("F22", "all return at once", workers.all_return, plan=SCARCE, strikes_max=1, kills_workers=True,
          limits=(Limit("sync p99 s", 5), Limit("connections over the pool", 0))),
]  # fmt: skip
BY_KEY = {fault.key: fault for fault in FAULTS}
# Those that take long by themselves, or need settings or a crowd of their own, are shorter among others.
SHORT: dict[str, Strike] = {
    "F2": workers.dies_at(Moment.COMMIT_ACK, Moment.ACK_PUBLISH),
    "F3": workers.dies_at(Moment.INSERT, Moment.COMMIT),
    "F10": half_open.client_half_open,
    "F11": clients.laptop_dozes,
    "F12": clients.slow_for_a_while,
    "F16": clients.some_changes_missed,
    "F22": workers.all_killed,
}


def mixed_kinds(*, is_sqlite: bool) -> dict[str, Strike]:
    """All that can strike there, each as one of many."""
    fitting = [fault for fault in FAULTS if fault.fits_sqlite or not is_sqlite]
    slow: dict[str, Strike] = {} if is_sqlite else {"F8, slow": database.database_slow}
    return {fault.key: SHORT.get(fault.key) or fault.strike for fault in fitting} | slow


def mixed(*, is_sqlite: bool) -> Fault:
    """All of it in one run: a strike of a random kind each time, and workers that die by themselves."""
    kinds = list(mixed_kinds(is_sqlite=is_sqlite).items())
    return Fault(
        "mixed",
        "everything" if not is_sqlite else "everything, on SQLite",
        _one_after_another(kinds),
        pause_seconds=0.5,
        settings={**ALL_MOMENTS, "LOCK_TIMEOUT_MS": "1000"},
        mangles=True,
        with_leavers=True,
        loses_redis=True,
        loses_database=True,
        kills_workers=True,
        has_database_wire=not is_sqlite,
        limits=(SMALL_PAGES,),
    )


def _one_after_another(kinds: list[tuple[str, Strike]]) -> Strike:
    bag: list[tuple[str, Strike]] = []

    @contextmanager
    def strike(arena: Arena) -> Iterator[float]:
        # Each kind once before any comes again.
        if not bag:
            bag.extend(arena.chance.sample(kinds, len(kinds)))
        key, strikes = bag.pop()
        arena.crowd.history.append(Struck(at=time.monotonic(), client=0, fault=key, what="begins"))
        with strikes(arena) as seconds:
            yield seconds

    return strike


def seeded(*words: object) -> random.Random:
    """Chance that is the same for the same words."""
    return random.Random(" ".join(map(str, words)))  # noqa: S311 - to be repeated, not to be secret
