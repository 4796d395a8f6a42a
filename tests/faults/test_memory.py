"""A worker that grew is seen, also when it gave the memory back; of one that was replaced nobody can say."""

import math
import os
from dataclasses import dataclass

import pytest

from tests.faults.faults import FAULTS, GROWTH, Fault, Limit, mixed
from tests.faults.figures import measured, missed
from tests.faults.memory import Memory
from tests.faults.workers import rss_kb_of

MEMORY = Limit(GROWTH, 0.2)


@dataclass
class Process:
    """One that holds what a test says."""

    pid: int = 1
    rss_kb: int = 100


def grown(*held: int, pid: int = 1) -> float:
    """What is said of two workers of which one held so much, one look after the other."""
    still, worker = Process(pid=2), Process()
    memory = Memory([still, worker])
    for worker.rss_kb in held:
        memory.look()
    worker.pid = pid
    memory.look()
    return memory.growth


def test_the_worst_moment_of_the_worst_worker_counts() -> None:
    assert grown(110, 150, 90) == 0.5
    assert grown(90) == 0


def test_of_one_that_was_replaced_nothing_is_known_and_the_figure_is_missed() -> None:
    growth = grown(101, pid=3)

    assert math.isnan(growth)
    assert missed([MEMORY], measured({MEMORY.name: growth})) == ["memory growth: not measured"]


def test_of_one_that_did_not_run_when_it_began_neither() -> None:
    memory = Memory([Process(rss_kb=0)])
    memory.look()

    assert math.isnan(memory.growth)


def test_a_growth_above_the_bound_is_missed() -> None:
    assert missed([MEMORY], {MEMORY.name: grown(121)}) == ["memory growth: 0.21 > 0.2"]


@pytest.mark.parametrize("fault", [*FAULTS, mixed(is_sqlite=False), mixed(is_sqlite=True)], ids=lambda f: f.words)
@pytest.mark.parametrize("database", ["postgresql", "sqlite"])
def test_memory_is_bounded_in_every_fault_that_kills_no_worker(fault: Fault, database: str) -> None:
    kills = fault.key in ("F1", "F2", "F3", "F21", "F22", "mixed")

    assert [limit.most for limit in fault.limits_on(database) if limit.name == GROWTH] == (
        [] if kills else [0.4 if fault.key == "F12" else 0.2]
    )


def test_a_real_process_holds_something() -> None:
    assert rss_kb_of(os.getpid()) > 10_000
    assert rss_kb_of(2**22 + 1) == 0  # there is no such process: pids end below
