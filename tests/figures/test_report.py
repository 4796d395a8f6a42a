"""What is said of the figures."""

import math

from tests.figures.report import BOUNDS, at_share, is_reached, table

GOOD = {bound.figure: [bound.most / 2] * 20 for bound in BOUNDS}
SLOWEST = BOUNDS[0].figure  # its p95 counts


def test_all_within_their_bounds_are_reached() -> None:
    assert is_reached(GOOD)
    assert "MISSED" not in table(GOOD)


def test_one_slow_value_in_twenty_is_allowed_where_the_p95_counts_and_two_are_not() -> None:
    bound = BOUNDS[0].most
    assert is_reached(GOOD | {SLOWEST: [1.0] * 19 + [bound * 9]}) == (at_share([1.0] * 19 + [bound * 9], 0.95) <= bound)
    assert not is_reached(GOOD | {SLOWEST: [1.0] * 18 + [bound * 9] * 2})


def test_what_was_not_measured_is_missed() -> None:
    assert not is_reached(GOOD | {SLOWEST: []})
    assert table({}).count("MISSED") == len(BOUNDS)
    assert math.isnan(at_share([], 0.5))
