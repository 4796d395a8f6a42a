"""That the figures are measured: a short form of `make figures`. How long things take is no test's business."""

import pytest
from playwright.sync_api import Browser

from chatapp.web.static_files import is_bundled
from tests.figures.company import Company, Size
from tests.figures.measure import COLD, FRAME, PAINT, SENT, SHIFT, SHOWN, WARM, WIRE, Times, measure
from tests.figures.report import BOUNDS
from tests.parts.postgresql import PostgreSQL
from tests.parts.redis import Redis

pytestmark = pytest.mark.journey

FEW = Times(loads=1, cold_rounds=1, warm=6, messages=3, switches=20, scrolled=500)
SMALL = Size(rooms=6, long_room=2000, other_rooms=60)
TIMED = (WARM, COLD, SHOWN, SENT, PAINT, FRAME)


def test_every_figure_is_measured_and_what_takes_no_time_is_reached(
    browser: Browser, postgresql_server: PostgreSQL, redis_server: Redis
) -> None:
    with Company(postgresql_server, redis_server.url, SMALL) as company:
        measured = measure(browser, company, FEW)
    assert set(measured) == {bound.figure for bound in BOUNDS}
    assert [figure for figure in TIMED if min(measured[figure]) <= 0] == []
    assert is_bundled(), "the bundle is missing or older than its sources: run `make setup`"
    for bound in BOUNDS:
        if bound.figure in (WIRE, SHIFT):
            assert max(measured[bound.figure]) <= bound.most
