"""How long a greenlet waits for its turn, as one process writes it and another reads it."""

from itertools import count
from pathlib import Path

import pytest

from bench.files import lag
from bench.files.lag import TICK_SECONDS, Lag


class Over(Exception):
    """Enough was seen."""


def test_the_longest_wait_is_read_once_by_another(tmp_path: Path) -> None:
    reader, writer = Lag.made(tmp_path / "lag"), Lag(tmp_path / "lag")
    for seconds in (0.002, 0.03, 0.001):
        writer.note(seconds)
    assert (reader.take(), reader.take()) == (0.03, 0.0)


def test_a_sleep_that_is_late_is_a_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # It wakes in time, half a second late, and in time again.
    times = iter([0.0, TICK_SECONDS, 1.0, 1.5 + TICK_SECONDS, 2.0, 2.0 + TICK_SECONDS])
    monkeypatch.setattr(lag.time, "monotonic", lambda: next(times))
    slept = count()

    def sleep(_seconds: float) -> None:
        if next(slept) == 3:
            raise Over

    watched = Lag.made(tmp_path / "lag")
    with pytest.raises((Over, StopIteration)):
        watched.watch(sleep)
    assert watched.take() == pytest.approx(0.5)
