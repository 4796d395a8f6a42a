"""Days go by while a page lies open."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Route, expect

from tests.journeys.conftest import NewRoom, Visit

pytestmark = pytest.mark.journey

ZONE = "Asia/Seoul"  # a reader whose midnight is neither ours nor the server's


@pytest.mark.parametrize("zone", ["Etc/GMT-14", "Asia/Seoul", "Etc/GMT+12"])  # in one of them it is another day
def test_a_day_has_the_date_of_the_readers_calendar(visit: Visit, new_room: NewRoom, zone: str) -> None:
    bob = visit("Bob", timezone_id=zone)  # behaviour 32
    bob.open_room(new_room())
    bob.say("what day is it?")
    expect(bob.bodies).to_have_count(1)
    said = datetime.fromisoformat(bob.lines.locator(".message__time").get_attribute("datetime") or "")
    today = said.astimezone(ZoneInfo(zone)).date().isoformat()
    expect(bob.page.locator(".day__name")).to_have_attribute("datetime", today)


@pytest.mark.parametrize(("locale", "today", "yesterday"), [("en-GB", "Today", "Yesterday"), ("ko-KR", "오늘", "어제")])
def test_at_the_readers_midnight_today_becomes_yesterday(
    visit: Visit, new_room: NewRoom, locale: str, today: str, yesterday: str
) -> None:  # behaviour 32
    bob, room_id = visit("Bob", timezone_id=ZONE, locale=locale), new_room()
    passed = timedelta()

    def answer_as_of_then(route: Route) -> None:
        response = route.fetch()
        date = format_datetime(datetime.now(UTC) + passed, usegmt=True)
        route.fulfill(response=response, headers={**response.headers, "date": date})

    bob.page.route(re.compile("/rooms$"), answer_as_of_then)
    now = datetime.now(ZoneInfo(ZONE))
    bob.page.clock.install(time=now)
    bob.open_room(room_id)
    bob.say("late at night")
    day = bob.page.locator(".day__name")
    expect(day).to_have_text(today)

    midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    passed = midnight - now + timedelta(seconds=61)  # for the server too
    bob.let_pass(int(passed.total_seconds() * 1000))
    expect(day).to_have_text(yesterday)
    bob.page.unroute_all(behavior="wait")
