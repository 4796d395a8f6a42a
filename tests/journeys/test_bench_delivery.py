"""That deliveries are measured: a short form of `make bench-delivery`. How long things take is no test's business."""

import pytest

from bench.measure import Bench, Options
from bench.results import Case

pytestmark = pytest.mark.journey

SHORT = Options(only=("W1",), servers=("ours", "raw"), members=(5,), senders=(1, 4), rounds=1, seconds=0.5)


def test_ours_and_the_floor_are_measured_side_by_side_and_ours_delivers_all_in_order() -> None:
    said: list[str] = []
    results = Bench(SHORT, said.append).run()
    assert set(results.samples) == {Case("W1", 1, 5, n, name) for n in (1, 4) for name in ("ours", "raw")}
    for samples in results.samples.values():
        assert [sample.talk.messages * 5 == sample.talk.deliveries > 0 for sample in samples] == [True]
    assert not results.wrongs_of("ours")
    assert not results.wrongs_of("raw")
    assert results.notes == []
    assert any("ours" in line for line in said)
