"""A minute in which everything breaks once, with shortened times, always in the same order. `make faults` runs more."""

from dataclasses import replace

import pytest

from tests.faults.background import Background
from tests.faults.clients.looker import Looking
from tests.faults.faults import mixed, mixed_kinds
from tests.faults.history import Named, Reads, Struck
from tests.faults.parts import Parts
from tests.faults.report import table
from tests.faults.run import JUDGED, LEVEL, SHORT_PACE, TICK_SECONDS, Options, Result, run

pytestmark = pytest.mark.journey

DATABASES = ["postgresql", "sqlite"]
# A bound: a run ends when every kind has struck once. Longer than that it lasts only where something never ends.
SECONDS = 150


@pytest.mark.parametrize("database", DATABASES)
def test_nothing_said_is_lost_while_everything_breaks(database: str, parts: Parts, background: Background) -> None:
    is_sqlite = database == "sqlite"
    kinds = set(mixed_kinds(is_sqlite=is_sqlite))
    fault = replace(mixed(is_sqlite=is_sqlite), strikes_max=len(kinds))
    options = Options(
        seconds=SECONDS,
        warm_seconds=0,
        calm_seconds=1,
        database=database,
        scale=0.25,
        clients=12,
        looking=Looking(pause_seconds=1.5),
        pace=SHORT_PACE,
    )

    result = run(fault, options, parts, background)

    assert result.is_valid, "\n" + table([result])
    assert result.missed == [], "\n" + table([result])
    assert result.figures["acked"] > 100, "\n" + table([result])
    struck = {event.fault for event in result.history if isinstance(event, Struck) and event.what == "begins"}
    assert struck - {fault.key} == kinds
    assert any(isinstance(event, Reads) and event.marks for event in result.history)
    assert any(isinstance(event, Named) and event.is_done for event in result.history)
    # Long enough to see what a tick brings to those who have everything.
    assert noted(result, JUDGED) - noted(result, LEVEL) >= TICK_SECONDS + SHORT_PACE.hold


def noted(result: Result, what: str) -> float:
    """When the run noted this."""
    return next(event.at for event in result.history if isinstance(event, Struck) and event.what == what)
