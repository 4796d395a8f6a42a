"""A minute in which everything breaks, with shortened times, always in the same order. `make faults` runs more."""

import pytest

from tests.faults.background import Background
from tests.faults.clients.looker import Looking
from tests.faults.faults import mixed
from tests.faults.history import Named, Reads, Struck
from tests.faults.parts import Parts
from tests.faults.report import table
from tests.faults.run import JUDGED, LEVEL, SHORT_PACE, TICK_SECONDS, Options, Result, run

pytestmark = pytest.mark.journey

SECONDS = {"postgresql": 35, "sqlite": 14}
# By these a slow reader and changes that nobody announced come early, however slow the machine is.
SEEDS = {"postgresql": 3, "sqlite": 25}


@pytest.mark.parametrize("database", SECONDS)
def test_nothing_said_is_lost_while_everything_breaks(database: str, parts: Parts, background: Background) -> None:
    options = Options(
        seconds=SECONDS[database],
        warm_seconds=0,
        calm_seconds=1,
        seed=SEEDS[database],
        database=database,
        scale=0.25,
        clients=12,
        looking=Looking(pause_seconds=1.5),
        pace=SHORT_PACE,
    )

    result = run(mixed(is_sqlite=database == "sqlite"), options, parts, background)

    assert result.is_valid, "\n" + table([result])
    assert result.missed == [], "\n" + table([result])
    assert result.figures["acked"] > 100, "\n" + table([result])
    assert {"F12", "F16"} <= {event.fault for event in result.history if isinstance(event, Struck)}
    assert any(isinstance(event, Reads) and event.marks for event in result.history)
    assert any(isinstance(event, Named) and event.is_done for event in result.history)
    # Long enough to see what a tick brings to those who have everything.
    assert noted(result, JUDGED) - noted(result, LEVEL) >= TICK_SECONDS + SHORT_PACE.hold


def noted(result: Result, what: str) -> float:
    """When the run noted this."""
    return next(event.at for event in result.history if isinstance(event, Struck) and event.what == what)
