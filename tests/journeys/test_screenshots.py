"""The pictures of the README, taken of the real thing: SCREENSHOTS=1 writes the committed ones anew."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Visit, running
from tests.journeys.protocol import Client
from tests.journeys.server import ARTEFACTS, ROOT, Server

pytestmark = pytest.mark.journey

FOLDER = ROOT / "docs" / "images" if os.environ.get("SCREENSHOTS") == "1" else ARTEFACTS
NOW = datetime.fromisoformat("2026-03-04T09:31:00+01:00")
ROOM = "Launch week"

FIX = """Found it: we add the line once per *page*. This adds it once per receipt:

```python
def receipt_lines(order):
    return [*item_lines(order), vat_line(order)]  # once, after the last page
```"""
PLAN = """Good morning! For today:

1. Bob switches the shop over at **10:30**
2. 지훈 checks the Korean receipts
3. Mariam keeps an eye on the queue"""

TALK = [
    ("2026-03-03T15:41:08Z", "Mariam Haddad", "The import is through: **12,480 orders**, and every total matches."),
    ("2026-03-03T15:43:30Z", "Bob Martin", "Beautiful. Then I switch the shop over tomorrow, after the morning rush."),
    ("2026-03-04T08:12:02Z", "Alice Kim", PLAN),
    ("2026-03-04T08:15:44Z", "박지훈", "영수증 확인했습니다. 부가세 줄이 두 번 인쇄되는 문제만 남았어요."),
    ("2026-03-04T08:16:20Z", "박지훈", "The receipts are fine but for one thing: the VAT line is printed twice."),
    ("2026-03-04T08:24:51Z", "Mariam Haddad", FIX),
    ("2026-03-04T08:27:13Z", "Bob Martin", "> once, after the last page\n\nThat comment deserves a medal. Merged."),
    ("2026-03-04T08:29:40Z", "Alice Kim", "Thank you, all three! 10:30 it is."),
]
PEOPLE = {"Alice Kim": "alice", "Bob Martin": "bob", "박지훈": "jihoon", "Mariam Haddad": "mariam"}

DESK: dict[str, Any] = {"viewport": {"width": 1200, "height": 800}, "color_scheme": "light"}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 780},
    "device_scale_factor": 2,
    "color_scheme": "dark",
    "is_mobile": True,
    "has_touch": True,
    "locale": "ko-KR",
}


def email_of(name: str) -> str:
    """The address that somebody in the picture signs in with."""
    return f"{PEOPLE[name]}@harbour.example"


@pytest.fixture(scope="module", params=["sqlite"])
def talk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, int]]:
    """A server on which four people have talked, and the room in which they did."""
    database = tmp_path_factory.mktemp("screenshots") / "chatapp.db"
    server = Server("screenshots", DATABASE_URL=f"sqlite:///{database}")
    server.migrate()
    server.create_user("Alice Kim", email=email_of("Alice Kim"), is_admin=True)
    for _ in running(server):
        room_id = have_talked(Client(server.url, email_of("Alice Kim")))
        move_to_their_times(database)
        yield server, room_id


def have_talked(alice: Client) -> int:
    """The room in which everything has been said."""
    guests = {name: alice.invite(name, email=email_of(name)) for name in PEOPLE if name != "Alice Kim"}
    room_id = alice.create_room(ROOM, members=[guest.id for guest in guests.values()])
    sockets = {name: person.connect() for name, person in {"Alice Kim": alice, **guests}.items()}
    for _, name, text in TALK:
        sockets[name].post(room_id, text)
    for socket in sockets.values():
        socket.close()
    return room_id


def move_to_their_times(database: Path) -> None:
    """Two days of talk instead of one second: only the database can say so."""
    with closing(sqlite3.connect(database, timeout=10)) as connection, connection:
        for number, (moment, _, _) in enumerate(TALK, start=1):
            stored = datetime.fromisoformat(moment).strftime("%Y-%m-%d %H:%M:%S.%f")
            connection.execute("UPDATE messages SET created_at = ? WHERE number = ?", (stored, number))
        connection.execute("UPDATE company SET name = 'Harbour & Sons'")


@pytest.mark.parametrize(("file", "options"), [("room.png", DESK), ("room-dark-phone.png", PHONE)])
def test_a_room_as_the_readme_shows_it(
    arrive: Visit, talk: tuple[Server, int], file: str, options: dict[str, Any]
) -> None:
    server, room_id = talk
    alice = arrive("Alice Kim", server.url, **options)
    alice.page.clock.set_fixed_time(NOW)
    alice.sign_in(email_of("Alice Kim"))
    alice.open_room(room_id)
    expect(alice.lines).to_have_count(len(TALK))
    expect(alice.page.locator(".day__name").last).to_have_text("오늘" if "locale" in options else "Today")

    alice.page.mouse.move(0, 0)
    FOLDER.mkdir(parents=True, exist_ok=True)
    alice.page.screenshot(path=FOLDER / file, animations="disabled", caret="hide")

    assert (FOLDER / file).stat().st_size > 10_000
