"""Workers that are joined by a real Redis, and what each of them delivers."""

from collections.abc import Callable, Iterator
from secrets import token_hex

import pytest
from flask import Flask, current_app

from chatapp.config import Settings
from chatapp.realtime import bus as bus_module
from chatapp.realtime.announcements import Announcement, SignInsEnded
from chatapp.realtime.bus import Bus
from tests.parts.redis import Redis
from tests.together import eventually

Heard = list[tuple[str, Announcement]]
MakeWorker = Callable[..., Bus]


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Heard:
    """What was delivered, and by which worker."""
    heard: Heard = []
    monkeypatch.setattr(bus_module, "dispatch", lambda announcement: heard.append((current_app.name, announcement)))
    return heard


@pytest.fixture
def secret() -> str:
    """The company's secret: another one in each test, since a worker that was stopped listens a little longer."""
    return token_hex(16)


@pytest.fixture
def worker(redis_server: Redis, heard: Heard, secret: str) -> Iterator[MakeWorker]:
    """Makes workers that are joined by Redis; each runs until the test ends."""
    running: list[Bus] = []

    def make(name: str, *, secret: str = secret) -> Bus:
        assert heard == []
        bus = Bus(Flask(name), Settings(secret_key=secret, redis_url=redis_server.url))
        bus.start()
        running.append(bus)
        eventually(lambda: bus.is_connected)
        return bus

    yield make
    for bus in running:
        bus.stop()
    redis_server.resume()
    redis_server.start()


def ended(number: int) -> SignInsEnded:
    """Something to tell, told apart by its number."""
    return SignInsEnded(sign_in_ids=(number,))
