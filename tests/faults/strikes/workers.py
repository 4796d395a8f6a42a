"""F1-F3, F18, F21, F22: what happens to workers."""

import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.faults.arena import Arena
from tests.faults.measures import percentile
from tests.faults.saboteur import Moment
from tests.faults.strikes import Strike

POOL = 8  # connections of a worker: DATABASE_POOL_SIZE
WATCH_SECONDS = 0.2
DOOMED_SECONDS = 30.0  # until somebody posts by that worker; on a busy machine it must first be there again
DYING_SECONDS = 2.0  # a killed worker's connections end a moment after it
OURS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


@contextmanager
def worker_killed(arena: Arena) -> Iterator[float]:
    """F1"""
    arena.worker().kill()
    yield arena.between(4, 6)


@contextmanager
def worker_dies(arena: Arena) -> Iterator[float]:
    """F2, F3: they end themselves, see `saboteur`."""
    yield arena.between(1, 2)


def dies_at(*moments: Moment) -> Strike:
    """F2, F3 as one of many things that break: at the next post, in each of these moments."""

    @contextmanager
    def strike(arena: Arena) -> Iterator[float]:
        for moment in moments:
            _die(arena, moment)
        yield arena.between(1, 2)

    return strike


def _die(arena: Arena, moment: Moment) -> None:
    # All are told, and one shall do it: after others died, everybody may be at one worker, and nobody posts by another.
    workers = arena.cluster.workers
    for worker in workers:
        worker.doom(moment)
    arena.crowd.wait(lambda: not all(worker.is_doomed for worker in workers), DOOMED_SECONDS, f"one dies at {moment}")
    for worker in workers:
        worker.spare()


@contextmanager
def clock_set(arena: Arena) -> Iterator[float]:
    """F18"""
    worker, seconds = arena.worker(), arena.chance.choice([30, -3600])
    worker.shift_clock(seconds)
    yield arena.between(8, 12)
    worker.shift_clock(0)


@contextmanager
def deployed(arena: Arena) -> Iterator[float]:
    """F21: each worker in its turn."""
    for worker in arena.cluster.workers:
        arena.restarts.append(time.monotonic())
        arena.worst("exit s", worker.restart())
    yield arena.between(2, 4)


@contextmanager
def all_killed(arena: Arena) -> Iterator[float]:
    """F22 as one of many things that break: without the crowd that it takes to measure how all come back."""
    for worker in arena.cluster.workers:
        worker.kill()
    yield arena.between(4, 6)


@contextmanager
def all_return(arena: Arena) -> Iterator[float]:
    """F22: every worker is killed, and everybody comes back at once."""
    for client in arena.crowd.clients:
        client.reader.sync_seconds.clear()
    for worker in arena.cluster.workers:
        worker.kill()
    with _counting_connections(arena):
        yield arena.between(20, 20)
    # Who is not back yet counts too, as the longest.
    syncs = [seconds for client in arena.crowd.clients for seconds in client.reader.sync_seconds or [math.inf]]
    arena.worst("sync p99 s", percentile(syncs, 0.99))


@contextmanager
def _counting_connections(arena: Arena) -> Iterator[None]:
    done = threading.Event()
    watch = threading.Thread(target=_count_connections, args=(arena, done))
    watch.start()
    try:
        yield
    finally:
        done.set()
        watch.join()


def _count_connections(arena: Arena, done: threading.Event) -> None:
    pool = POOL * len(arena.cluster.workers)
    if arena.cluster.is_sqlite:
        # A file has no connections to run out of.
        arena.worst("connections over the pool", 0)
        return
    began = time.monotonic()
    while not done.wait(WATCH_SECONDS):
        held = arena.cluster.ask(OURS)[0][0]
        arena.worst("connections", held)
        arena.worst("connections over the pool", over_the_pool(held, pool, time.monotonic() - began))


def over_the_pool(held: int, pool: int, seconds: float) -> int:
    """How many connections are too many, so many seconds after every worker was killed."""
    return max(0, held - (2 * pool if seconds < DYING_SECONDS else pool))
