"""Days go by while a page lies open."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import NewRoom, Visit

pytestmark = pytest.mark.journey

ZONE = "Asia/Seoul"  # a reader whose midnight is neither ours nor the server's


@pytest.mark.parametrize(("locale", "today", "yesterday"), [("en-GB", "Today", "Yesterday"), ("ko-KR", "오늘", "어제")])
def test_at_the_readers_midnight_today_becomes_yesterday(
    visit: Visit, new_room: NewRoom, locale: str, today: str, yesterday: str
) -> None:  # behaviour 32
    bob, room_id = visit("Bob", timezone_id=ZONE, locale=locale), new_room()
    now = datetime.now(ZoneInfo(ZONE))
    bob.page.clock.install(time=now)
    bob.open_room(room_id)
    bob.say("late at night")
    day = bob.page.locator(".day__name")
    expect(day).to_have_text(today)

    midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    bob.page.clock.fast_forward(int((midnight - now).total_seconds() * 1000) + 61_000)
    expect(day).to_have_text(yesterday)
