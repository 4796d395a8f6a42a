"""Who types and who is here, on two workers of which one may die. Leases are short here, so that nobody waits long."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.conftest import NewRoom, SignIn, Visit, email_of, running
from tests.journeys.line import Line
from tests.journeys.people import AWAY, Visitor
from tests.journeys.protocol import Client
from tests.journeys.server import Server
from tests.parts.postgresql import PostgreSQL
from tests.parts.redis import Redis

pytestmark = pytest.mark.journey

ALICE_TYPES = re.compile(r"^\W*Alice\W* is typing$")


@pytest.fixture(scope="module")
def server(postgresql_server: PostgreSQL, redis_server: Redis) -> Iterator[Server]:
    """Two workers that soon believe that somebody has gone."""
    server = Server(
        "presence",
        DATABASE_URL=postgresql_server.create_database(f"presence_{uuid4().hex[:12]}"),
        REDIS_URL=redis_server.url,
        WEB_CONCURRENCY="2",
        PRESENCE_LEASE_SECONDS="3",
        PRESENCE_GRACE_SECONDS="1",
    )
    server.migrate()
    yield from running(server)


@pytest.fixture(scope="module")
def ids(server: Server) -> dict[str, int]:
    """Everybody's id, by name."""
    ids = {"Alice": server.create_user("Alice", email=email_of("Alice"), is_admin=True)}
    alice = Client(server.url, email_of("Alice"))
    return ids | {name: alice.invite(name, email=email_of(name)).id for name in ("Bob", "Charlie", "Dana")}


@pytest.fixture
def alice(visit: Visit) -> Visitor:
    """Alice, whose worker may die."""
    alice = visit("Alice")
    alice.allow(AWAY)
    return alice


@pytest.fixture(scope="module")
def direct_room(server: Server, ids: dict[str, int]) -> int:
    """The conversation of Alice and Bob."""
    return Client(server.url, email_of("Alice")).create_room("", kind="direct", members=[ids["Bob"]])


def typing(visitor: Visitor) -> Locator:
    """The line that says who types."""
    return visitor.page.locator(".typing")


def begin_typing(writer: Visitor, reader: Visitor) -> None:
    """Write something, until it shows at the other's."""
    writer.box.fill("")
    writer.box.press_sequentially("hello")
    expect(typing(reader)).to_have_text(ALICE_TYPES)


# behaviour 13
def test_bob_sees_alice_typing_until_she_sends_empties_her_box_or_leaves_it(
    alice: Visitor, bob: Visitor, room_id: int
) -> None:
    alice.open_room(room_id, worker=1)
    bob.open_room(room_id, worker=2)
    log = bob.page.locator(".log").bounding_box()
    for stop in (lambda: alice.box.press("Enter"), lambda: alice.box.fill(""), alice.box.blur):
        begin_typing(alice, bob)
        assert bob.page.locator(".log").bounding_box() == log
        stop()
        expect(typing(bob)).to_have_text("")
    expect(bob.bodies).to_have_text(["hello"])
    expect(typing(alice)).to_have_text("")


def test_what_alice_types_ends_when_her_worker_dies(server: Server, alice: Visitor, bob: Visitor, room_id: int) -> None:
    alice.open_room(room_id, worker=1)
    bob.open_room(room_id, worker=2)
    begin_typing(alice, bob)
    server.kill_worker(1)
    expect(typing(bob)).to_have_text("")
    alice.wait_until_live()
    expect(alice.box).to_have_value("hello")


@pytest.mark.parametrize(
    ("locale", "lines"),
    [
        ("en-GB", ["Alice is typing", "Alice and Charlie are typing", "Alice, Charlie and 1 other are typing"]),
        (
            "ko-KR",
            [
                "Alice 님이 입력 중입니다",
                "Alice 님과 Charlie 님이 입력 중입니다",
                "Alice 님, Charlie 님 외 1명이 입력 중입니다",
            ],
        ),
    ],
)
def test_the_line_says_who_they_are_in_the_readers_language(
    visit: Visit, sign_in: SignIn, new_room: NewRoom, locale: str, lines: list[str]
) -> None:
    room_id = new_room(members=("Bob", "Charlie", "Dana"))
    bob = visit("Bob", locale=locale)
    bob.open_room(room_id)
    with ExitStack() as stack:
        for name, line in zip(("Alice", "Charlie", "Dana"), lines, strict=True):
            socket = stack.enter_context(sign_in(name).open_room(room_id))
            assert socket.request("typing:start", {"room_id": room_id})["ok"]
            bob.eventually(lambda line=line: shown(bob) == line, line)


def shown(visitor: Visitor) -> str:
    """The line as it is read, without the marks that keep a name of another direction to itself."""
    return re.sub("[\u2068\u2069]", "", typing(visitor).inner_text())


def test_while_the_connection_is_away_nothing_is_sent_and_nothing_waits(alice: Visitor, room_id: int) -> None:
    line = Line(alice.page)
    alice.open_room(room_id)
    alice.box.press_sequentially("a")
    alice.eventually(lambda: typing_sent(line.sent) == ["start"], "it is sent while the connection is there")
    line.cut()
    alice.box.press_sequentially("bc")
    alice.box.blur()
    line.mend()
    alice.page.evaluate("dispatchEvent(new Event('online'))")
    alice.eventually(lambda: line.connections == 2, "it connects again")
    alice.box.press("Enter")
    expect(alice.bodies).to_have_text(["abc"])
    assert typing_sent(line.sent) == ["start"]


def typing_sent(packets: list[str]) -> list[str]:
    """What a page told of its reader's typing."""
    return [found[1] for packet in packets if (found := re.search(r'"typing:(\w+)"', packet))]


def dot(visitor: Visitor, ids: dict[str, int], name: str = "Alice") -> Locator:
    """What says whether somebody is here."""
    return visitor.page.locator(f'main .presence[data-person-id="{ids[name]}"]')


# behaviour 51
@pytest.mark.parametrize("path", ["/rooms", "/people"])
def test_bob_sees_that_alice_comes_and_goes(
    bob: Visitor, sign_in: SignIn, ids: dict[str, int], direct_room: int, path: str
) -> None:
    bob.goto(path)
    expect(dot(bob, ids)).to_have_text("away")
    with sign_in("Alice").connect():
        expect(dot(bob, ids)).to_have_text("online")
        expect(dot(bob, ids)).to_have_class(re.compile("presence--here"))
    expect(dot(bob, ids)).to_have_text("away")


def test_alice_is_away_soon_after_her_worker_died(
    server: Server, bob: Visitor, sign_in: SignIn, ids: dict[str, int], direct_room: int
) -> None:
    bob.open_room(direct_room, worker=2)
    with sign_in("Alice").open_room(direct_room, worker=1) as socket:
        expect(dot(bob, ids)).to_have_text("online")
        server.kill_worker(1)
        socket.wait_until_closed()
        expect(dot(bob, ids)).to_have_text("away")


def test_a_worker_that_starts_learns_who_is_here_from_the_others(
    server: Server, bob: Visitor, sign_in: SignIn, ids: dict[str, int], direct_room: int
) -> None:
    with sign_in("Alice").open_room(direct_room, worker=2):
        pid = server.worker_pids[1]
        server.kill_worker(1)
        bob.eventually(lambda: server.worker_pids[1] != pid, "the worker is started again")
        bob.open_room(direct_room, worker=1)
        expect(dot(bob, ids)).to_have_text("online")
