"""A deploy under load: one server of two workers, hundreds who are connected, and somebody who always writes."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.faults.arena import Arena
from tests.faults.clients.crowd import Plan
from tests.faults.clients.looker import Looking
from tests.faults.clients.outbox import Typing
from tests.faults.clients.tab import Pace
from tests.faults.faults import Fault, Limit

CLIENTS = 500
POSTS_PER_SECOND = 50
AFTER_SECONDS = 30.0  # browsers that have failed three times wait for up to eight
START_SECONDS = 60.0  # that the master gives a new worker

# As `static/js/room/backoff.js` and the socket do: a page stays until it is closed, and then waits 0.5 s and more.
BROWSER = Pace(back_off=(1.5, 15.0), waits_to_be_closed=True)
ONE_SERVER = {"WEB_CONCURRENCY": "2", "DRAIN_SECONDS": "5"}
CROWD = Plan(
    clients=CLIENTS,
    rooms=20,  # so that of 500 sockets 25 hear each post: clients and server share two cores
    open_rooms=1,
    second_tabs=10,  # people by the rooms: 40 of 500 clients, 20 of 30
    is_split=True,
    straight=True,
    typing=Typing(pause_seconds=CLIENTS / POSTS_PER_SECOND, edits=0, deletes=0, reactions=0),
    looking=Looking(pause_seconds=100),
    renames_seconds=math.inf,
)
EXIT, REFUSED = Limit("exit s", 20), Limit("refused", 0)
SPREAD = (Limit("busiest second", 0.4), Limit("busiest three seconds", 0.99))  # of all who return


@contextmanager
def restarted(arena: Arena) -> Iterator[float]:
    """SIGTERM to the server, and a new one in its place."""
    arena.restarts.append(time.monotonic())
    arena.worst("exit s", arena.worker().restart())
    yield AFTER_SECONDS * arena.scale


@contextmanager
def rolled(arena: Arena) -> Iterator[float]:
    """SIGHUP to the server."""
    server = arena.worker().server
    began, workers = time.monotonic(), len(server.worker_pids)
    arena.restarts.append(began)
    server.reload()
    for nth in range(1, workers + 1):  # one after the other
        _await_count(arena, "drain begins", nth)
        leaving_since = time.monotonic()
        _await_count(arena, "worker replaced", nth)
        arena.worst("exit s", time.monotonic() - leaving_since)
    _await_count(arena, "roll done", 1)
    arena.worst("roll s", time.monotonic() - began)
    yield AFTER_SECONDS * arena.scale


def _await_count(arena: Arena, fact: str, count: int) -> None:
    server = arena.cluster.workers[0].server
    arena.crowd.wait(lambda: server.log.count(fact) >= count, START_SECONDS, f"{count} times {fact}")


RESTART = Fault("restart", "one server restarted", restarted, plan=CROWD, strikes_max=1, kills_workers=True,
                settings=ONE_SERVER, launchers=1, limits=(EXIT, REFUSED, *SPREAD))  # fmt: skip
ROLL = Fault("roll", "one server rolled", rolled, plan=CROWD, strikes_max=1, kills_workers=True,
             settings=ONE_SERVER, launchers=1, limits=(EXIT, REFUSED, *SPREAD))  # fmt: skip
DEPLOYS = {fault.key: fault for fault in (RESTART, ROLL)}
