"""A figure that nobody measured is not reached."""

import math
from typing import Any

import pytest

from tests.faults import targets
from tests.faults.faults import BY_KEY, Fault, Limit
from tests.faults.figures import CALM_MIN, Times, ack_times, measured, missed
from tests.faults.measures import Wait, percentile
from tests.faults.run import Options, Result
from tests.faults.violations import Kind, Violation

SOON = Limit("worst delay s", 2.5)


def test_a_figure_within_its_limit_is_reached() -> None:
    assert missed([SOON], {"worst delay s": 2.5}) == []


def test_one_above_it_is_missed() -> None:
    assert missed([SOON], {"worst delay s": 2.51}) == ["worst delay s: 2.51 > 2.5"]


@pytest.mark.parametrize("figures", [{}, measured({"worst delay s": percentile([], 0.99)})], ids=["missing", "empty"])
def test_one_that_was_not_measured_is_missed(figures: dict[str, float]) -> None:
    assert missed([SOON], figures) == ["worst delay s: not measured"]


AT = Times(calm=10, strikes=20, mended=30)


def waits(count: int, *, at: float, seconds: float) -> list[Wait]:
    return [Wait(client=1, room=1, began=at, ended=at + seconds)] * count


def test_what_is_normal_is_told_by_the_calm_without_its_first_seconds() -> None:
    found = [*waits(9, at=5, seconds=9), *waits(CALM_MIN, at=15, seconds=0.1), *waits(CALM_MIN, at=25, seconds=0.2)]
    figures = ack_times(found, AT)
    assert figures["p99 ratio"] == pytest.approx(2)
    assert figures["p99 calm ms"] == pytest.approx(100)


def test_of_too_few_acks_nobody_can_tell_what_is_normal() -> None:
    found = [*waits(CALM_MIN - 1, at=15, seconds=0.1), *waits(CALM_MIN, at=25, seconds=0.2)]
    ratio = Limit("p99 ratio", 1.5)
    assert missed([ratio], measured(ack_times(found, AT))) == ["p99 ratio: not measured"]


def test_figures_to_reach_are_the_medians_of_their_runs() -> None:
    within = {name: [bound, bound, math.inf] for name, bound in targets.BOUNDS.items()}

    assert targets.are_reached(within, "postgresql")


@pytest.mark.parametrize("values", [None, [], [math.inf] * 3])
def test_one_that_no_run_measured_is_missed(values: list[float] | None) -> None:
    found = {name: [0.0] for name in targets.BOUNDS}
    del found[targets.CATCH_UP]

    assert not targets.are_reached({**found, **({} if values is None else {targets.CATCH_UP: values})}, "postgresql")


def all_reached(fault: Fault, options: Options, **more: Any) -> Result:
    """A run in which every figure is as good as it can be."""
    names = {figure for _, figures in targets.WANTED for figure in figures.values()}
    return Result(fault, options, figures=dict.fromkeys(names, 0.0), **more)


@pytest.mark.parametrize("database", ["postgresql", "sqlite"])
def test_figures_are_reached_when_nothing_was_broken_for_them(database: str) -> None:
    assert targets.measure(Options(database=database), all_reached, lambda _: None).is_reached


def test_on_sqlite_nothing_is_measured_that_needs_redis_or_a_second_worker() -> None:
    on_sqlite = targets.measure(Options(database="sqlite"), all_reached, lambda _: None)

    assert set(on_sqlite.figures) == {targets.CATCH_UP}
    assert not targets.are_reached({targets.CATCH_UP: [math.inf] * 3}, "sqlite")


def test_a_lock_of_the_whole_file_is_not_held_against_its_other_rooms() -> None:
    ratio = "other rooms p99 ratio"

    assert ratio in [limit.name for limit in BY_KEY["F8"].limits_on("postgresql")]
    assert ratio not in [limit.name for limit in BY_KEY["F8"].limits_on("sqlite")]


@pytest.mark.parametrize(
    "broken", [{"violations": [Violation(Kind.LOST, "one")]}, {"wrong": ["traceback: of ours"]}], ids=["lost", "wrong"]
)
def test_they_are_not_when_a_promise_broke_in_one_of_their_runs(broken: dict[str, Any]) -> None:
    def run(fault: Fault, options: Options) -> Result:
        return all_reached(fault, options, **(broken if fault.key == "F16" and options.seed == 2 else {}))

    assert not targets.measure(Options(), run, lambda _: None).is_reached


@pytest.mark.parametrize(("runs", "is_enough"), [([15_000, 5_000], True), ([15_000, 4_999], False), ([], False)])
def test_a_whole_run_needs_twenty_thousand_messages_acked_under_faults(runs: list[int], is_enough: bool) -> None:
    results = [Result(BY_KEY["F1"], Options(), figures={"acked": float(count)}) for count in runs]

    assert targets.enough_acked(results, lambda _: None) is is_enough
