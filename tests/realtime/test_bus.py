"""The Redis queue between workers, against a real Redis that dies, hangs and comes back."""

import time
from collections.abc import Callable
from contextlib import closing

import pytest
from flask import Flask

from chatapp.config import Settings
from chatapp.realtime import bus as bus_module
from chatapp.realtime.bus import Bus, Signer
from tests.parts.redis import Redis
from tests.realtime.bus_workers import Heard, MakeWorker, ended
from tests.realtime.relay import Relay
from tests.together import eventually

OTHER_SECRET = "secret-of-another-one-32-characters!"
NOTICED_SECONDS = 5.5  # five seconds, and what a busy machine takes to look
AT_ONCE_SECONDS = 1.0  # for a hundred announcements; each wait for Redis would take 2


def publish_many(bus: Bus) -> float:
    """How many seconds a hundred announcements took."""
    begun = time.monotonic()
    for number in range(100):
        bus.publish(ended(number))
    return time.monotonic() - begun


def seconds_until(condition: Callable[[], object]) -> float:
    """How long it took to come true."""
    begun = time.monotonic()
    eventually(condition)
    return time.monotonic() - begun


def joined(one: Bus, two: Bus, heard: Heard) -> bool:
    """Whether what each says arrives at the other; asked until it does."""
    heard.clear()
    one.publish(ended(1))
    two.publish(ended(2))
    wait_until = time.monotonic() + 1
    while time.monotonic() < wait_until and len(heard) < 2:
        time.sleep(0.01)
    return {("one", ended(2)), ("two", ended(1))} <= set(heard)


def test_two_workers_hear_each_other(worker: MakeWorker, heard: Heard) -> None:
    one, two = worker("one"), worker("two")
    one.publish(ended(1))
    eventually(lambda: heard == [("two", ended(1))])
    two.publish(ended(2))
    eventually(lambda: heard == [("two", ended(1)), ("one", ended(2))])


def test_a_worker_does_not_hear_itself(worker: MakeWorker, heard: Heard) -> None:
    one, _ = worker("one"), worker("two")
    one.publish(ended(1))
    one.publish(ended(2))
    eventually(lambda: ("two", ended(2)) in heard)
    assert heard == [("two", ended(1)), ("two", ended(2))]
    assert (one.forged, one.overflowed) == (0, 0)


def test_what_one_worker_says_arrives_in_order(worker: MakeWorker, heard: Heard) -> None:
    one, _ = worker("one"), worker("two")
    for number in range(500):
        one.publish(ended(number))
    eventually(lambda: len(heard) == 500)
    assert heard == [("two", ended(number)) for number in range(500)]


def test_two_companies_on_one_redis_do_not_meet(worker: MakeWorker, heard: Heard) -> None:
    ours, theirs, also_ours = worker("ours"), worker("theirs", secret=OTHER_SECRET), worker("also ours")
    theirs.publish(ended(1))
    ours.publish(ended(2))
    eventually(lambda: heard)
    assert heard == [("also ours", ended(2))]
    assert (theirs.forged, also_ours.forged) == (0, 0)


def test_what_a_stranger_writes_to_redis_is_dropped_and_counted(
    worker: MakeWorker, heard: Heard, redis_server: Redis, secret: str
) -> None:
    one, two = worker("one"), worker("two")
    signer = Signer(secret)
    with redis_server.client() as stranger:
        for frame in (b"", b"junk", ended(7).encode(), Signer(OTHER_SECRET).sign(b"w" * 8 + ended(7).encode())):
            stranger.publish(signer.channel, frame)
    eventually(lambda: two.forged == 4)
    one.publish(ended(1))
    eventually(lambda: heard == [("two", ended(1))])
    assert two.overflowed == 0


def test_while_others_say_more_than_can_be_heard_whoever_waits_has_a_turn(
    worker: MakeWorker,
    redis_server: Redis,
    secret: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    # In a worker all share one thread: without a turn it seemed to hang, and its master ended it.
    turns, sleep, bus = list[float](), time.sleep, worker("one")
    monkeypatch.setattr(time, "sleep", lambda seconds: [turns.append(seconds), sleep(seconds)])
    with redis_server.client() as client, client.pipeline(transaction=False) as flood:
        for _ in range(2_000):
            flood.publish(Signer(secret).channel, bytes(10_000))
        flood.execute()
    eventually(lambda: bus.forged == 2_000)
    assert turns.count(0) > 1
    # A line a second at most, or the log would be what is flooded.
    assert 1 <= caplog.text.count("bus frame dropped") < 100


def test_frames_are_read_in_c_and_written_out_for_no_log(worker: MakeWorker) -> None:
    # The client's own parser keeps all it has read for as long as more is waiting, and a flood never ends. With the
    # third protocol it makes a text of each frame: 8 MB held a worker for 0.3 s.
    pool = worker("one")._connect().connection_pool  # noqa: SLF001
    connection = pool.make_connection()
    connection.connect()
    with closing(connection._sock):  # noqa: SLF001
        assert type(connection._parser).__name__ == "_HiredisParser"  # noqa: SLF001
        assert connection.protocol == 2


def test_a_killed_redis_makes_nobody_wait_and_is_found_again(
    worker: MakeWorker, heard: Heard, redis_server: Redis
) -> None:
    one, two = worker("one"), worker("two")
    redis_server.kill()
    assert publish_many(one) < AT_ONCE_SECONDS
    eventually(lambda: not one.is_connected and not two.is_connected)
    redis_server.start()
    eventually(lambda: one.is_connected and two.is_connected)
    eventually(lambda: joined(one, two, heard))


def test_a_redis_that_hangs_makes_nobody_wait_and_is_found_again(
    worker: MakeWorker, heard: Heard, redis_server: Redis
) -> None:
    one, two = worker("one"), worker("two")
    redis_server.pause()
    assert publish_many(one) < AT_ONCE_SECONDS
    # Half a link is noticed: nothing closes the connection of a server that hangs.
    assert seconds_until(lambda: not one.is_connected and not two.is_connected) < NOTICED_SECONDS
    redis_server.resume()
    assert seconds_until(lambda: one.is_connected and two.is_connected) < NOTICED_SECONDS
    eventually(lambda: joined(one, two, heard))


def test_a_link_that_swallows_everything_is_noticed_and_left(redis_server: Redis, secret: str) -> None:
    times_up: list[int] = []
    with Relay(redis_server.port) as relay:
        settings = Settings(secret_key=secret, redis_url=f"redis://127.0.0.1:{relay.port}/0")
        bus = Bus(Flask("one"), settings, on_up=[lambda: times_up.append(1)])
        bus.start()
        try:
            eventually(lambda: bus.is_connected)
            relay.swallows.set()
            assert seconds_until(lambda: not bus.is_connected) < NOTICED_SECONDS
            relay.swallows.clear()
            assert seconds_until(lambda: bus.is_connected) < NOTICED_SECONDS
            assert len(times_up) == 2, "the heads are compared at once"
        finally:
            bus.stop()


def test_it_never_waits_longer_than_three_seconds_before_it_tries_again() -> None:
    assert max(bus_module.BACK_OFF_SECONDS) <= 3


def test_what_cannot_be_published_is_said_once_and_not_for_each(
    worker: MakeWorker, redis_server: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    one = worker("one")
    for _ in range(2):
        redis_server.kill()
        caplog.clear()
        publish_many(one)
        eventually(lambda: one._waiting.is_empty and not one.is_connected)  # noqa: SLF001
        assert [each.getMessage() for each in caplog.records].count("bus publish failed error=ConnectionError") <= 1
        redis_server.start()
        eventually(lambda: one.is_connected)
        one.publish(ended(1))
        eventually(lambda: one._waiting.is_empty)  # noqa: SLF001


def test_when_it_is_back_the_heads_are_compared_at_once_and_the_others_asked_who_is_here(app: Flask) -> None:
    tick, live = app.extensions["chatapp_tick"], app.extensions["chatapp_live"]
    assert list(app.extensions["chatapp_bus"]._on_up) == [tick.soon, live.ask]  # noqa: SLF001


def test_a_queue_that_is_full_drops_and_makes_nobody_wait(
    worker: MakeWorker, redis_server: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame_bytes = len(ended(1).encode()) + bus_module.SIGNATURE_BYTES + bus_module.WORKER_BYTES
    monkeypatch.setattr(bus_module, "WAITING_BYTES", 10 * frame_bytes)
    one = worker("one")
    redis_server.pause()
    assert publish_many(one) < AT_ONCE_SECONDS
    assert one.overflowed >= 100 - 10 - 1  # ten wait, and one is on its way
    assert one.forged == 0
    begun = time.monotonic()
    one.stop()
    assert time.monotonic() - begun < bus_module.REDIS_TIMEOUT_SECONDS + AT_ONCE_SECONDS


def test_a_queue_that_is_full_is_said_once_and_so_is_that_it_is_empty_again(
    worker: MakeWorker, redis_server: Redis, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("WARNING")
    monkeypatch.setattr(bus_module, "WAITING_BYTES", 2000)
    one = worker("one")
    for _ in range(2):
        caplog.clear()
        redis_server.pause()
        publish_many(one)
        redis_server.resume()
        eventually(lambda: lines(caplog, "bus queue empty again"))
        assert lines(caplog, "bus queue empty again") == [f"bus queue empty again overflowed={one.overflowed}"]
        assert len(lines(caplog, "bus queue full")) == 1


def lines(caplog: pytest.LogCaptureFixture, beginning: str) -> list[str]:
    return [said for each in caplog.records if (said := each.getMessage()).startswith(beginning)]


def test_without_redis_nothing_runs_and_nothing_is_kept() -> None:
    bus = Bus(Flask("alone"), Settings(secret_key=OTHER_SECRET))
    bus.start()
    assert not bus.is_used
    assert publish_many(bus) < AT_ONCE_SECONDS
    assert (bus.is_connected, bus.overflowed, bus._waiting.is_empty) == (False, 0, True)  # noqa: SLF001
    bus.stop()


def test_a_stopped_bus_says_nothing_more(worker: MakeWorker, heard: Heard) -> None:
    one, two = worker("one"), worker("two")
    one.stop()
    one.publish(ended(1))
    two.stop()
    third, fourth = worker("three"), worker("four")
    third.publish(ended(3))
    eventually(lambda: ("four", ended(3)) in heard)
    assert ended(1) not in [announcement for _, announcement in heard]
    assert fourth.is_connected


def test_each_time_redis_is_back_the_worker_is_told(redis_server: Redis, secret: str) -> None:
    times_up: list[int] = []
    settings = Settings(secret_key=secret, redis_url=redis_server.url)
    bus = Bus(Flask("one"), settings, on_up=[lambda: times_up.append(len(times_up))])
    bus.start()
    try:
        eventually(lambda: times_up == [0])
        redis_server.kill()
        eventually(lambda: not bus.is_connected)
        redis_server.start()
        eventually(lambda: times_up == [0, 1])
    finally:
        bus.stop()
        redis_server.start()
