"""Jobs in greenlets that are used again."""

import logging
import weakref

import eventlet
import pytest
from eventlet.event import Event
from eventlet.support.greenlets import getcurrent

from chatapp.server.greenlet_pool import IDLE_MAX, GreenletPool


@pytest.fixture
def pool() -> GreenletPool:
    return GreenletPool()


def test_a_greenlet_that_is_idle_takes_the_next_job(pool: GreenletPool) -> None:
    ran: list[object] = []
    for _ in range(3):
        pool.soon(lambda: ran.append(getcurrent()))
        eventlet.sleep(0)
    assert len(ran) == 3
    assert len(set(map(id, ran))) == 1


def test_one_that_waits_keeps_nobody_waiting(pool: GreenletPool) -> None:
    go, words = Event(), list[str]()

    def waits() -> None:
        words.append(go.wait())

    pool.soon(waits)
    pool.soon(lambda: words.append("did not wait"))
    eventlet.sleep(0)
    assert words == ["did not wait"]
    go.send("waited")
    pool.wait()
    assert words == ["did not wait", "waited"]


def test_one_that_fails_is_written_down_and_harms_no_other(
    pool: GreenletPool, caplog: pytest.LogCaptureFixture
) -> None:
    ran: list[int] = []
    with caplog.at_level(logging.ERROR):
        pool.soon(lambda: 1 // 0)
        pool.soon(lambda: ran.append(1))
        eventlet.sleep(0)
    assert ran == [1]
    assert "ZeroDivisionError" in caplog.text
    pool.wait()  # none is under way


def test_after_a_burst_only_some_are_kept(pool: GreenletPool) -> None:
    go = Event()
    for _ in range(2 * IDLE_MAX):
        pool.soon(go.wait)
    eventlet.sleep(0)
    go.send()
    pool.wait()
    assert len(pool._idle) == IDLE_MAX  # noqa: SLF001


def test_who_has_been_served_is_not_remembered(pool: GreenletPool) -> None:
    class Served:
        def job(self) -> None:
            pass

    served = Served()
    gone = weakref.ref(served)
    pool.soon(served.job)
    eventlet.sleep(0)
    del served
    assert gone() is None
