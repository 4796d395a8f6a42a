"""That files are measured: a short `make bench-files`. How long things take is no test's business; memory is."""

import math
from uuid import uuid4

import pytest

from bench.files.house import House
from bench.files.measure import Times, measure
from bench.files.report import BOUNDS, MEMORY
from tests.parts.postgresql import PostgreSQL

pytestmark = pytest.mark.journey

FEW = Times(rounds=1, floods=1, calm_acks=20)
SIZE_MB = 12  # ten of them at once would be three times the bound, were they held in memory


def test_every_figure_is_measured_and_files_that_come_at_once_are_not_held_in_memory(
    postgresql_server: PostgreSQL,
) -> None:
    with House(postgresql_server.create_database(f"bench_{uuid4().hex[:12]}"), SIZE_MB) as house:
        measured = measure(house, FEW)
    assert set(measured) == {bound.figure for bound in BOUNDS}
    assert not any(math.isnan(value) for values in measured.values() for value in values)
    assert max(measured[MEMORY.figure]) <= MEMORY.most
