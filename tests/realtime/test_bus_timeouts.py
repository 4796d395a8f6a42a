"""A Redis that can be reached and never answers: nobody waits for it, and the publisher gives up in time."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from uuid import uuid4

import pytest
from flask import Flask

from chatapp import db
from chatapp.config import Settings
from chatapp.models import Message
from chatapp.realtime.bus import REDIS_TIMEOUT_SECONDS, Bus
from chatapp.realtime.outbox import Outbox
from tests.parts.redis import Redis
from tests.realtime.bus_workers import Heard, MakeWorker, ended
from tests.realtime.relay import Relay
from tests.sockets.wire import RawSocket
from tests.support import Cast
from tests.together import eventually

GIVEN_UP = "bus publish failed error=TimeoutError"
AT_ONCE_SECONDS = 1.0  # for a post and its ack; with a wait for Redis it would be twice as long
LOOK_SECONDS = 1.5  # what a busy machine takes to notice


@pytest.fixture
def relay(redis_server: Redis) -> Iterator[Relay]:
    """A link to Redis that can swallow everything."""
    with Relay(redis_server.port) as relay:
        yield relay


@contextmanager
def bus_to(port: int, secret: str, app: Flask | None = None) -> Iterator[Bus]:
    """A running bus whose Redis is at this port."""
    bus = Bus(app or Flask("one"), Settings(secret_key=secret, redis_url=f"redis://127.0.0.1:{port}/0"))
    bus.start()
    try:
        yield bus
    finally:
        bus.stop()


@contextmanager
def full_port() -> Iterator[int]:
    """A port that takes nobody in any more and tells nobody so: whoever connects hears nothing."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        waiting = stack.enter_context(socket.socket())
        waiting.connect(listener.getsockname())
        yield listener.getsockname()[1]


def seconds_until_given_up(caplog: pytest.LogCaptureFixture) -> float:
    """How long it took until the publisher said so."""
    begun = time.monotonic()
    eventually(lambda: GIVEN_UP in caplog.messages)
    return time.monotonic() - begun


def test_a_link_that_swallows_everything_holds_up_neither_a_commit_nor_an_ack(
    app: Flask,
    cast: Cast,
    alice: RawSocket,
    relay: Relay,
    secret: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with bus_to(relay.port, secret, app) as bus:
        outbox = Outbox(app, bus)
        outbox.start()
        monkeypatch.setitem(app.extensions, "chatapp_outbox", outbox)
        eventually(lambda: bus.is_connected)
        relay.swallows.set()

        begun = time.monotonic()
        posts = [{"room_id": cast.open_room, "client_id": str(uuid4()), "body": body} for body in ("one", "two")]
        acks = [alice.request("message:post", post) for post in posts]
        assert time.monotonic() - begun < AT_ONCE_SECONDS
        with app.app_context():
            assert [db.session().get_one(Message, ack["id"]).body for ack in acks] == ["one", "two"]

        assert seconds_until_given_up(caplog) < REDIS_TIMEOUT_SECONDS + LOOK_SECONDS
        outbox.stop()


@pytest.mark.parametrize("has_published", [True, False], ids=["a connection of before", "a new connection"])
def test_the_publisher_gives_up_in_time_says_so_and_goes_on_once_the_link_is_back(
    worker: MakeWorker, heard: Heard, relay: Relay, secret: str, caplog: pytest.LogCaptureFixture, has_published: bool
) -> None:
    worker("two")
    with bus_to(relay.port, secret) as bus:
        eventually(lambda: bus.is_connected)
        if has_published:
            bus.publish(ended(1))
            eventually(lambda: heard == [("two", ended(1))])
        relay.swallows.set()
        bus.publish(ended(2))
        assert seconds_until_given_up(caplog) < REDIS_TIMEOUT_SECONDS + LOOK_SECONDS

        relay.swallows.clear()
        bus.publish(ended(3))
        eventually(lambda: ("two", ended(3)) in heard)
        assert caplog.messages.count(GIVEN_UP) == 1


def test_a_redis_that_takes_no_connection_is_given_up_in_time(secret: str, caplog: pytest.LogCaptureFixture) -> None:
    with full_port() as port, bus_to(port, secret) as bus:
        bus.publish(ended(1))
        assert seconds_until_given_up(caplog) < REDIS_TIMEOUT_SECONDS + LOOK_SECONDS
