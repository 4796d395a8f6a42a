"""The Redis of compose.yaml, and its user, who may do what chatapp needs and nothing else."""

import json
import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
import redis
from redis.exceptions import NoPermissionError

from tests.command_line import run_command
from tests.journeys.protocol import Client
from tests.journeys.server import ROOT, Server
from tests.journeys.test_metrics import TOKEN, metrics
from tests.journeys.waiting import eventually
from tests.parts.postgresql import PostgreSQL
from tests.parts.redis import Redis

pytestmark = pytest.mark.journey

PASSWORD = "of-compose"
RIGHTS = re.compile(r"^user chatapp on >secret (.+)$", re.MULTILINE)


class ComposeRedis(Redis):
    """Redis with what compose.yaml gives it."""

    variable = "TEST_REDIS_OF_COMPOSE_URL"  # nobody's: another server has other users

    def command(self) -> list[str]:
        own = super().command()
        return own[: own.index("--save")] + [word.replace("${REDIS_PASSWORD:?}", PASSWORD) for word in compose_words()]

    @property
    def own_url(self) -> str:
        return f"redis://chatapp:{PASSWORD}@127.0.0.1:{self.port}/0"


def compose_words() -> list[str]:
    found = re.search(r'command: (\["redis-server".+?\])\n', (ROOT / "compose.yaml").read_text(), re.DOTALL)
    assert found is not None
    words: list[str] = json.loads(found[1])
    return words[1:]


@pytest.fixture
def redis_of_compose() -> Iterator[ComposeRedis]:
    with ComposeRedis() as server:
        yield server


@pytest.fixture
def server(postgresql_server: PostgreSQL, redis_of_compose: ComposeRedis) -> Iterator[Server]:
    database = postgresql_server.create_database(f"redis_user_{uuid4().hex[:12]}")
    server = Server("redis-user", DATABASE_URL=database, REDIS_URL=redis_of_compose.url, METRICS_TOKEN=TOKEN)
    server.migrate()
    server.create_user("Alice", email="alice@example.org", is_admin=True)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def test_its_rights_are_enough_for_the_bus_for_health_and_for_doctor(server: Server) -> None:
    eventually(lambda: metrics(server)["chatapp_bus_connected"] == 2, what="both workers are on the bus")
    alice = Client(server.url, "alice@example.org")
    room_id = alice.create_room("Lobby")
    with alice.open_room(room_id, worker=1) as one, alice.open_room(room_id, worker=2) as two:
        one.post(room_id, "by way of Redis")
        two.wait_for("message:posted", count=1)
    found = run_command(["doctor", "--json"], server.environment).stdout
    states = {each["check"]: each["state"] for each in json.loads(found) if each["check"].startswith("redis")}
    assert states == dict.fromkeys(
        ("redis", "redis user", "redis version", "redis clock", "redis login", "redis tls"), "ok"
    )
    assert "bus down" not in server.log


@pytest.mark.parametrize(
    "words",
    [
        ("EVAL", "return 1", "0"),
        ("GET", "chatapp:1"),
        ("SET", "chatapp:1", "1"),
        ("KEYS", "*"),
        ("CONFIG", "GET", "*"),
        ("ACL", "LIST"),
        ("FLUSHALL",),
        ("PUBLISH", "another", "word"),
        ("SUBSCRIBE", "another"),
        ("PSUBSCRIBE", "*"),
    ],
    ids=" ".join,
)
def test_it_may_do_nothing_else(redis_of_compose: ComposeRedis, words: tuple[str, ...]) -> None:
    with redis_of_compose.client() as client, pytest.raises(NoPermissionError):
        client.execute_command(*words)  # type: ignore[no-untyped-call]


def test_nobody_comes_without_the_password(redis_of_compose: ComposeRedis) -> None:
    with redis.Redis(port=redis_of_compose.port) as stranger, pytest.raises(redis.AuthenticationError):
        stranger.ping()


def test_the_papers_give_the_same_rights() -> None:
    found = RIGHTS.search((ROOT / "docs" / "deploy.md").read_text())
    assert found is not None
    words = compose_words()
    assert found[1].split() == words[words.index("resetchannels") :]
