"""Run something slow without stopping the other greenlets; let them run now and then."""

import sys
from collections.abc import Callable
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import ParamSpec, TypeVar

THREADS = 3  # argon2 takes 20-30 ms of one core each; more threads would only take the core from the hub

P = ParamSpec("P")
T = TypeVar("T")


def offload(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """What `function(*args, **kwargs)` returns, computed on a native thread while other greenlets run on.

    Where nothing is patched (tests, the command line) it is simply called. On the thread there is no request,
    no database session and no log: SQLAlchemy and logging hold green locks, and hang there.
    """
    pool = _pool()
    if pool is None:
        return function(*args, **kwargs)
    result: T = pool.execute(function, *args, **kwargs)
    return result


def give_way() -> None:
    """Let every greenlet run that is ready, once. For whoever might otherwise go on and on without ever waiting."""
    if is_green():
        from eventlet import sleep

        sleep(0)


def soon(job: Callable[[], object]) -> None:
    """Run `job` when everything else that is ready has had its turn; where nothing is patched, at once."""
    if is_green():
        from eventlet import spawn_n

        spawn_n(job)
    else:
        job()


def native(name: str) -> ModuleType:
    """The module of the standard library as it is without greenlets: for what waits on a thread."""
    patcher = sys.modules.get("eventlet.patcher")
    module: ModuleType = patcher.original(name) if patcher else import_module(name)
    return module


def is_green() -> bool:
    """True in a worker, where threads are greenlets."""
    patcher = sys.modules.get("eventlet.patcher")
    return patcher is not None and bool(patcher.is_monkey_patched("thread"))


def _pool() -> ModuleType | None:
    return _bounded_pool() if is_green() else None


@cache
def _bounded_pool() -> ModuleType:
    # Imported here only: everybody imports this file, and the master imports no eventlet.
    from eventlet import tpool

    tpool.set_num_threads(THREADS)
    pool: ModuleType = tpool
    return pool
