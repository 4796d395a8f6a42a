"""The real server, real browsers, and the cast: Alice administers and founds the rooms, Bob is in them, Charlie is not.

Every browser is watched: a page error, an error on the console (what the Content-Security-Policy refuses is one),
a failed request or a dialog that a journey did not allow makes it fail.
"""

import itertools
import re
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, suppress
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Error, expect, sync_playwright

from tests.journeys.known import KnownClient
from tests.journeys.long_room import empty_rooms
from tests.journeys.people import AWAY, Visitor
from tests.journeys.protocol import Client
from tests.journeys.server import ARTEFACTS, UNTHROTTLED, Server
from tests.parts.postgresql import PostgreSQL
from tests.parts.redis import Redis

WORKERS = 2
PATIENCE_MS = 15_000  # for what a page shows; a busy machine must not fail for it
VISITORS = pytest.StashKey[list[Visitor]]()

Visit = Callable[..., Visitor]
SignIn = Callable[[str], Client]
NewRoom = Callable[..., int]
Said = Callable[..., int]
Enter = Callable[..., Visitor]

_numbers = itertools.count(1)


def email_of(name: str) -> str:
    """The address that somebody of the cast signs in with."""
    return f"{name.lower()}@example.org"


@pytest.fixture(scope="package")
def server(postgresql_server: PostgreSQL, redis_server: Redis) -> Iterator[Server]:
    """chatapp as it is deployed: two workers, PostgreSQL and Redis. Whoever breaks it mends it."""
    database = postgresql_server.create_database(f"journeys_{uuid4().hex[:12]}")
    parts = {"DATABASE_URL": database, "REDIS_URL": redis_server.url, "WEB_CONCURRENCY": str(WORKERS)}
    # What is to stand in a room before somebody looks at it is posted by one person in a moment. Who is told to slow
    # down has servers of their own: test_flood.py and test_slow_down.py.
    server = Server("two-workers", **parts, **UNTHROTTLED)
    server.migrate()
    yield from running(server)


def running(server: Server) -> Iterator[Server]:
    """The server while it runs; it must end well, and nothing in it may have gone wrong unforeseen."""
    server.start()
    try:
        yield server
    finally:
        server.stop()
    assert "Traceback" not in server.log


@pytest.fixture(scope="package")
def ids(server: Server) -> dict[str, int]:
    """Everybody's id, by name; they have accounts from here on: Alice by the operator, the others by her invitation."""
    ids = {"Alice": server.create_user("Alice", email=email_of("Alice"), is_admin=True)}
    alice = Client(server.url, email_of("Alice"))
    return ids | {name: alice.invite(name, email=email_of(name)).id for name in ("Bob", "Charlie")}


@pytest.fixture(scope="package")
def browser(chromium_path: str) -> Iterator[Browser]:
    """Chromium without a window."""
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE_MS)
        browser = playwright.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def past_rooms() -> Iterator[dict[Server, list[int]]]:
    """Rooms that are in nobody's list any more once everybody has gone: hundreds would make every page slower."""
    rooms: dict[Server, list[int]] = {}
    yield rooms
    for server, ids in rooms.items():
        empty_rooms(server, ids)


@pytest.fixture
def arrive(request: pytest.FixtureRequest, browser: Browser, past_rooms: dict[Server, list[int]]) -> Iterator[Visit]:
    """`arrive(name, url, **options)`: somebody with a browser of their own, not signed in."""
    visitors: list[Visitor] = []
    request.node.stash[VISITORS] = visitors

    def come(name: str, url: str, **options: Any) -> Visitor:
        context = browser.new_context(**{"locale": "en-GB", "timezone_id": "Europe/Berlin", **options})
        context.set_default_timeout(PATIENCE_MS)
        visitors.append(Visitor(name, context, url))
        return visitors[-1]

    yield come
    troubles = [each for visitor in visitors for each in visitor.unexpected_troubles()]
    for visitor in visitors:
        visitor.context.close()
    assert troubles == []


@pytest.fixture
def visit(arrive: Visit, server: Server, ids: dict[str, int]) -> Visit:
    """`visit(name, **options)`: somebody of the cast, signed in."""

    def come(name: str, **options: Any) -> Visitor:
        assert name in ids
        visitor = arrive(name, server.url, **options)
        visitor.server = server
        visitor.be_signed_in(KnownClient(server, email_of(name)))
        return visitor

    return come


@pytest.fixture
def sign_in(server: Server, ids: dict[str, int]) -> SignIn:
    """`sign_in(name)`: somebody of the cast without a browser."""

    def come(name: str) -> Client:
        assert name in ids
        return KnownClient(server, email_of(name))

    return come


@pytest.fixture
def new_room(server: Server, sign_in: SignIn, ids: dict[str, int], past_rooms: dict[Server, list[int]]) -> NewRoom:
    """`new_room(kind=...)`: a fresh room of Alice and Bob."""
    alice = sign_in("Alice")

    def make(*, name: str = "", kind: str = "open", members: tuple[str, ...] = ("Bob",)) -> int:
        name = name or f"Room {next(_numbers)} {uuid4().hex[:6]}"
        room_id = alice.create_room(name, kind=kind, members=[ids[member] for member in members])
        past_rooms.setdefault(server, []).append(room_id)
        return room_id

    return make


@pytest.fixture
def room_id(new_room: NewRoom) -> int:
    """An empty room of Alice and Bob."""
    return new_room()


@pytest.fixture
def said(new_room: NewRoom, sign_in: SignIn) -> Said:
    """`said((name, text), ...)`: a fresh room of Alice and Bob in which they said this, in this order; its id."""

    def say(*lines: tuple[str, str]) -> int:
        room_id = new_room()
        with ExitStack() as stack:
            speakers = {name: stack.enter_context(sign_in(name).connect()) for name in dict(lines)}
            for name, text in lines:
                speakers[name].post(room_id, text)
        return room_id

    return say


@pytest.fixture
def enter(visit: Visit, room_id: int) -> Enter:
    """`enter(name, worker=..., **options)`: somebody of the cast, who has the room of the test open."""

    def come(name: str, *, worker: int | None = None, **options: Any) -> Visitor:
        visitor = visit(name, **options)
        visitor.open_room(room_id, worker=worker)
        return visitor

    return come


@pytest.fixture
def bob(visit: Visit) -> Visitor:
    """Bob, signed in, who may lose the connection."""
    bob = visit("Bob")
    bob.allow(AWAY)
    return bob


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call" and report.failed:
        for visitor in item.stash.get(VISITORS, []):
            keep_picture(item.name, visitor)
    return report


def keep_picture(test: str, visitor: Visitor) -> None:
    """What the visitor saw when the journey failed, in tests/artefacts."""
    name = re.sub(r"\W+", "-", f"{test} {visitor.name}").lower()
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    with suppress(Error):  # a page that hangs or has gone must not hide why
        visitor.page.screenshot(path=ARTEFACTS / f"failed-{name}.png")
