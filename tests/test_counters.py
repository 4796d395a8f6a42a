"""What is counted where messages go by must cost nothing."""

from time import process_time

import pytest

from chatapp.counters import BOUNDS_SECONDS, Counters, Timings, timed

MOST_SECONDS = 0.3e-6  # of a delivery
ROUNDS = 100_000


def test_a_time_falls_into_the_first_bound_that_holds_it() -> None:
    timings = Timings()
    for seconds in (0.0, 0.001, 0.0011, 10.0, 11.0):
        timings.took(seconds)
    assert (timings.counts[0], timings.counts[1], timings.counts[-2], timings.counts[-1]) == (2, 1, 1, 1)
    assert len(timings.counts) == len(BOUNDS_SECONDS) + 1
    assert timings.seconds == pytest.approx(21.0021)


def test_what_fails_is_not_timed_and_comes_out() -> None:
    timings = Timings()

    @timed(timings)
    def halve(number: int) -> float:
        return 1 / number

    assert halve(2) == 0.5
    with pytest.raises(ZeroDivisionError):
        halve(0)
    assert sum(timings.counts) == 1


def test_to_count_a_frame_for_two_costs_each_of_them_less_than_a_third_of_a_microsecond() -> None:
    counters = Counters()
    began = process_time()
    for _ in range(ROUNDS):
        # As `FanOut` does for each batch, which is for two at least: who talks, and who listens.
        counters.deliveries += 2
        counters.delivering.took(0.0004)
    assert (process_time() - began) / ROUNDS / 2 < MOST_SECONDS
