"""F4-F6: what happens to Redis, and to the way there."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPException
from urllib.request import urlopen

from tests.faults.arena import Arena
from tests.faults.proxy import BlackHole, Delay, Reset

BACK_SECONDS = 30


@contextmanager
def redis_killed(arena: Arena) -> Iterator[float]:
    """F4"""
    redis = arena.cluster.parts.redis
    redis.kill()
    yield arena.between(3, 12)
    redis.start()


@contextmanager
def redis_hangs(arena: Arena) -> Iterator[float]:
    """F5: paused, or at the other end of a dead wire."""
    redis, workers = arena.cluster.parts.redis, arena.cluster.workers
    if arena.chance.random() < 0.5:
        redis.pause()
        yield arena.between(4, 8)
        redis.resume()
    else:
        for worker in workers:
            worker.to_redis.switch(BlackHole())
        yield arena.between(4, 8)
        for worker in workers:
            worker.to_redis.heal()
    arena.worst("listener back s", _seconds_until_connected(arena))


@contextmanager
def worker_cut_from_redis(arena: Arena) -> Iterator[float]:
    """F6"""
    worker = arena.worker()
    worker.to_redis.switch(arena.chance.choice([BlackHole(), Reset(), Delay(3)]))
    yield arena.between(4, 8)
    worker.to_redis.heal()


def _seconds_until_connected(arena: Arena) -> float:
    """From now until every worker says that Redis is there."""
    began = time.monotonic()
    urls = [worker.server.url for worker in arena.cluster.workers]
    arena.crowd.wait(lambda: not any(map(_is_degraded, urls)), BACK_SECONDS)
    return time.monotonic() - began


def _is_degraded(url: str) -> bool:
    with suppress(OSError, HTTPException), urlopen(f"{url}/ready", timeout=5) as answer:  # noqa: S310
        return b'"degraded":true' in answer.read().replace(b" ", b"")
    return True
