"""What is said of the figures of files."""

from bench.files.report import ACKS, BOUNDS, LAG_UP, UP, is_reached, table

GOOD = {bound.figure: [max(bound.least, 1.0)] * 9 for bound in BOUNDS}


def test_all_within_their_bounds_are_reached() -> None:
    assert is_reached(GOOD)
    assert "MISSED" not in table(GOOD)


def test_a_ratio_counts_by_its_median_and_a_wait_by_its_worst() -> None:
    assert is_reached(GOOD | {UP.figure: [0.1] * 4 + [0.6] * 5})
    assert not is_reached(GOOD | {UP.figure: [0.1] * 5 + [0.6] * 4})
    assert is_reached(GOOD | {ACKS.figure: [1.5] * 5 + [9.0] * 4})
    assert not is_reached(GOOD | {LAG_UP.figure: [1.0] * 8 + [21.0]})


def test_what_was_not_measured_is_missed() -> None:
    assert not is_reached(GOOD | {UP.figure: []})
    assert table({}).count("MISSED") == sum(bool(bound.asked) for bound in BOUNDS)
