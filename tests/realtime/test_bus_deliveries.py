"""Whatever goes wrong with what another worker says, the next that it says is heard."""

import pytest
from flask import Flask, current_app

from chatapp.config import Settings
from chatapp.realtime import bus as bus_module
from chatapp.realtime.announcements import Announcement
from chatapp.realtime.bus import Bus
from tests.parts.redis import Redis
from tests.realtime.bus_workers import Heard, MakeWorker, ended
from tests.together import eventually


def test_a_delivery_that_fails_does_not_make_a_worker_deaf(
    worker: MakeWorker, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = worker("one"), worker("two")

    def dispatch(announcement: Announcement) -> None:
        if announcement == ended(1):
            raise RuntimeError("cannot deliver")
        heard.append((current_app.name, announcement))

    monkeypatch.setattr(bus_module, "dispatch", dispatch)
    one.publish(ended(1))
    one.publish(ended(2))
    eventually(lambda: heard == [("two", ended(2))])
    assert two.is_connected


def test_a_delivery_whose_session_cannot_even_be_given_up_does_not_make_a_worker_deaf(
    worker: MakeWorker, heard: Heard
) -> None:
    one, two = worker("one"), worker("two")
    left = [RuntimeError("the database is away")]

    @two._app.teardown_appcontext  # noqa: SLF001
    def give_up(_: BaseException | None) -> None:
        if left:
            raise left.pop()

    one.publish(ended(1))
    eventually(lambda: not left)
    one.publish(ended(2))
    eventually(lambda: heard == [("two", ended(1)), ("two", ended(2))])


def test_whatever_goes_wrong_while_it_listens_it_listens_again(redis_server: Redis, secret: str) -> None:
    times_up: list[int] = []

    def catch_up() -> None:
        times_up.append(len(times_up))
        if len(times_up) == 1:
            raise RuntimeError("no fault of Redis")

    bus = Bus(Flask("one"), Settings(secret_key=secret, redis_url=redis_server.url), on_up=[catch_up])
    bus.start()
    try:
        eventually(lambda: times_up == [0, 1] and bus.is_connected)
    finally:
        bus.stop()
