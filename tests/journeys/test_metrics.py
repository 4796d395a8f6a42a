"""`/metrics` of a real server: whichever worker answers, it answers for all, and no sum ever falls."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest

from tests.journeys.metrics import TOKEN, metrics
from tests.journeys.protocol import Client
from tests.journeys.server import Server
from tests.journeys.waiting import eventually
from tests.parts.postgresql import PostgreSQL
from tests.parts.redis import Redis

pytestmark = pytest.mark.journey

MESSAGES = 10


@pytest.fixture
def server(postgresql_server: PostgreSQL, redis_server: Redis) -> Iterator[Server]:
    """Two workers, and Alice's account."""
    database = postgresql_server.create_database(f"metrics_{uuid4().hex[:12]}")
    server = Server("metrics", DATABASE_URL=database, REDIS_URL=redis_server.url, METRICS_TOKEN=TOKEN)
    server.migrate()
    server.create_user("Alice", email="alice@example.org", is_admin=True)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def metrics_of_both(server: Server) -> list[dict[str, float]]:
    """What each of them says."""
    found = []
    for worker in (1, 2):
        with server.only(worker):
            found.append(metrics(server))
    return found


def test_each_worker_answers_for_both_and_goes_on_counting_after_a_kill(server: Server) -> None:
    alice = Client(server.url, "alice@example.org")
    room_id = alice.create_room("Lobby")
    with alice.open_room(room_id, worker=1) as one, alice.open_room(room_id, worker=2) as two:
        for number in range(MESSAGES):
            one.post(room_id, f"message {number}")
        two.wait_for("message:posted", count=MESSAGES)
        eventually(lambda: metrics_agree(server), what="both know each other's numbers")
        before = metrics(server)

        server.kill_worker(1)
        eventually(lambda: len(re.findall("worker started worker=1 ", server.log)) == 2, what="it is started again")
        eventually(lambda: metrics(server)["chatapp_connections"] == 1, what="what it held is gone")
        for each in metrics_of_both(server):
            assert each["chatapp_deliveries_total"] >= before["chatapp_deliveries_total"]
            assert each["chatapp_post_seconds_count"] >= MESSAGES


def metrics_agree(server: Server) -> bool:
    """Whether both say that two sockets are there, that all was posted, and that each socket got it."""
    return all(
        each["chatapp_workers"] == 2
        and each["chatapp_connections"] == 2
        and each["chatapp_bus_connected"] == 2
        and each["chatapp_post_seconds_count"] == MESSAGES
        and each["chatapp_deliveries_total"] >= 2 * MESSAGES
        for each in metrics_of_both(server)
    )
