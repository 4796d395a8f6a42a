"""The company in the pictures: four people, their rooms, and what they said in two days."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.journeys.protocol import Client, Socket
from tests.journeys.server import Server

COMPANY = "Harbour & Sons"
ZONE = ZoneInfo("Europe/Berlin")  # of the journeys' browsers
LAUNCH = "Launch week"
PEOPLE = {"Alice Kim": "alice", "Bob Martin": "bob", "박지훈": "jihoon", "Mariam Haddad": "mariam"}

FIX = """Found it: we add the line once per *page*. This adds it once per receipt:

```python
def receipt_lines(order):
    return [*item_lines(order), vat_line(order)]  # once, after the last page
```"""
PLAN = """Good morning! For today:

1. Bob switches the shop over at **10:30**
2. 지훈 checks the Korean receipts
3. Mariam keeps an eye on the queue"""

YESTERDAY, TODAY = -1, 0
# When (on which day, and the time there), who, what, the number of the message it answers, and who liked it with what.
TALK: list[tuple[tuple[int, str], str, str, int, dict[str, str]]] = [
    ((YESTERDAY, "16:41:08"), "Mariam Haddad", "The import is through: **12,480 orders**, and every total matches.", 0,
     {"Alice Kim": "🎉", "박지훈": "🎉"}),
    ((YESTERDAY, "16:43:30"), "Bob Martin", "Beautiful. Then I switch the shop over tomorrow, after the morning rush.",
     0, {}),
    ((TODAY, "09:12:02"), "Alice Kim", PLAN, 0, {"Bob Martin": "👍", "박지훈": "👍", "Mariam Haddad": "👍"}),
    ((TODAY, "09:15:44"), "박지훈", "영수증 확인했습니다. 부가세가 두 번 인쇄돼요.", 0, {}),
    ((TODAY, "09:16:20"), "박지훈", "The receipts are fine, but the VAT line is printed twice.", 0,
     {"Mariam Haddad": "👀"}),
    ((TODAY, "09:24:51"), "Mariam Haddad", FIX, 5, {"Alice Kim": "❤", "Bob Martin": "❤"}),
    ((TODAY, "09:27:13"), "Bob Martin", "“Once, after the last page.” That deserves a medal. Merged.", 0, {}),
    ((TODAY, "09:29:40"), "Alice Kim", "Thank you, all three! 10:30 it is.", 0, {}),
]  # fmt: skip
# The other rooms: who is in them with Alice, and what she has not read there.
OTHERS: list[tuple[str, str, list[str], list[tuple[str, str]]]] = [
    ("Quayside shop", "open", ["Bob Martin", "박지훈", "Mariam Haddad"], [("Bob Martin", "Who has the keys?")] * 3),
    ("Kitchen", "open", ["Bob Martin", "박지훈"], []),
    ("Books 2026", "closed", ["Mariam Haddad"], []),
    ("", "direct", ["Bob Martin"], [("Bob Martin", "Coffee before the switch?")]),
    ("", "direct", ["박지훈"], []),
]


def email_of(name: str) -> str:
    """The address that somebody in the pictures signs in with."""
    return f"{PEOPLE[name]}@harbour.example"


def found(server: Server, database: Path) -> tuple[int, dict[str, Socket]]:
    """The company on this server, whose SQLite file is `database`: its first room, and everybody else's socket."""
    server.create_user("Alice Kim", email=email_of("Alice Kim"), is_admin=True)
    server.start()
    alice = Client(server.url, email_of("Alice Kim"))
    guests = {name: alice.invite(name, email=email_of(name)) for name in PEOPLE if name != "Alice Kim"}
    room_id = alice.create_room(LAUNCH, members=[guest.id for guest in guests.values()])
    sockets = {name: person.connect() for name, person in {"Alice Kim": alice, **guests}.items()}
    for _, name, text, answered, liked in TALK:
        answer = {"reply_to": answered} if answered else {}
        said = sockets[name].post(room_id, text, **answer)
        for person, emoji in liked.items():
            assert sockets[person].request("reaction:add", {"message_id": said["id"], "emoji": emoji})["ok"]
    for name, kind, members, unread in OTHERS:
        other = alice.create_room(name, kind=kind, members=[guests[member].id for member in members])
        for author, text in unread:
            sockets[author].post(other, text)
    _move_to_their_times(database, room_id)
    sockets.pop("Alice Kim").close()
    return room_id, sockets


def _move_to_their_times(database: Path, room_id: int) -> None:
    """Two days of talk instead of one second: only the database can say so."""
    with closing(sqlite3.connect(database, timeout=10)) as connection, connection:
        connection.execute("UPDATE messages SET created_at = ?", (_stored(TODAY, "09:20:00"),))
        for number, said in enumerate(TALK, start=1):
            moment: Any = (_stored(*said[0]), number, room_id)
            connection.execute("UPDATE messages SET created_at = ? WHERE number = ? AND room_id = ?", moment)
        connection.execute("UPDATE company SET name = ?", (COMPANY,))


def _stored(day: int, clock: str) -> str:
    date = datetime.now(ZONE).date() + timedelta(days=day)
    moment = datetime.combine(date, time.fromisoformat(clock), ZONE)
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
