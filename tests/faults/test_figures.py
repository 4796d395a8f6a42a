"""A figure that nobody measured is not reached."""

import math

import pytest

from tests.faults import targets
from tests.faults.faults import Limit
from tests.faults.figures import measured, missed
from tests.faults.measures import percentile

SOON = Limit("worst delay s", 2.5)


def test_a_figure_within_its_limit_is_reached() -> None:
    assert missed([SOON], {"worst delay s": 2.5}) == []


def test_one_above_it_is_missed() -> None:
    assert missed([SOON], {"worst delay s": 2.51}) == ["worst delay s: 2.51 > 2.5"]


@pytest.mark.parametrize("figures", [{}, measured({"worst delay s": percentile([], 0.99)})], ids=["missing", "empty"])
def test_one_that_was_not_measured_is_missed(figures: dict[str, float]) -> None:
    assert missed([SOON], figures) == ["worst delay s: not measured"]


def test_figures_to_reach_are_the_medians_of_their_runs() -> None:
    within = {name: [bound, bound, math.inf] for name, bound in targets.BOUNDS.items()}

    assert targets.are_reached(within)


@pytest.mark.parametrize("values", [None, [], [math.inf] * 3])
def test_one_that_no_run_measured_is_missed(values: list[float] | None) -> None:
    found = {name: [0.0] for name in targets.BOUNDS}
    del found[targets.CATCH_UP]

    assert not targets.are_reached({**found, **({} if values is None else {targets.CATCH_UP: values})})
