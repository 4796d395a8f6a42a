"""A deploy while people write: a restart and a roll, with few of them. `make faults FAULT=roll` is with 500."""

from dataclasses import replace

import pytest

from tests.faults.background import Background
from tests.faults.deploys import BROWSER, DEPLOYS, EXIT, REFUSED
from tests.faults.parts import Parts
from tests.faults.report import table
from tests.faults.run import Options, run

pytestmark = pytest.mark.journey

CLIENTS = 30


@pytest.mark.parametrize(("key", "database"), [("restart", "postgresql"), ("roll", "postgresql"), ("roll", "sqlite")])
def test_nothing_is_lost_or_refused_by_a_deploy_while_people_write(
    key: str, database: str, parts: Parts, background: Background
) -> None:
    fault = DEPLOYS[key]
    # So few are back within a second or two, and need no spreading.
    typing = replace(fault.plan.typing, pause_seconds=3.0)
    fault = replace(fault, plan=replace(fault.plan, typing=typing), limits=(EXIT, REFUSED))
    options = Options(warm_seconds=0, calm_seconds=1, clients=CLIENTS, database=database, pace=BROWSER, scale=0.1)

    result = run(fault, options, parts, background)

    assert result.is_valid, "\n" + table([result])
    assert result.missed == [], "\n" + table([result])
    assert result.figures["acked"] > CLIENTS, "\n" + table([result])
    assert result.figures["deaths"] == 0, "\n" + table([result])
