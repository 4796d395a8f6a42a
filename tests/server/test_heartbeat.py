"""Pings for all sockets, by one clock."""

from collections.abc import Callable

import pytest

from chatapp.server.heartbeat import TICKS, Heartbeat
from tests.realtime.clock import Clock

INTERVAL, TIMEOUT = 20.0, 10.0


class Listening:
    """A socket that notes what it is asked."""

    def __init__(self) -> None:
        self.closed = False
        self.last_ping: float | None = 1.0
        self.words: list[str] = []

    def send_ping(self) -> None:
        self.words.append("ping")

    def fell_silent(self) -> None:
        self.words.append("silent")


class Beating(Heartbeat):
    """A heartbeat that beats when the test says so."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.jobs: list[tuple[float, Callable[[], None]]] = []
        super().__init__(INTERVAL, TIMEOUT, every=lambda *job: self.jobs.append(job), clock=self.clock)

    def after(self, seconds: float) -> None:
        self.clock.go_on(seconds)
        self.beat()


@pytest.fixture
def heart() -> Beating:
    return Beating()


def test_it_begins_with_the_first_socket_and_beats_often_enough(heart: Beating) -> None:
    for _ in range(3):
        heart.ask_later(Listening())
    assert [(seconds, job) for seconds, job in heart.jobs] == [(INTERVAL / TICKS, heart.beat)]


def test_who_answers_is_asked_again_and_again(heart: Beating) -> None:
    socket = Listening()
    for round_number in range(1, 4):
        heart.ask_later(socket)
        heart.after(INTERVAL - 1)
        assert len(socket.words) == round_number - 1
        heart.after(1)
        assert socket.words == ["ping"] * round_number
    heart.ask_later(socket)
    heart.after(TIMEOUT)
    assert "silent" not in socket.words


def test_who_does_not_answer_in_time_has_fallen_silent_once(heart: Beating) -> None:
    silent, alive = Listening(), Listening()
    heart.ask_later(silent)
    heart.ask_later(alive)
    heart.after(INTERVAL)
    heart.ask_later(alive)
    heart.after(TIMEOUT - 1)
    assert silent.words == ["ping"]
    heart.after(1)
    heart.after(TIMEOUT)
    assert (silent.words, alive.words) == (["ping", "silent"], ["ping", "ping"])


def test_one_that_is_closed_is_asked_nothing(heart: Beating) -> None:
    before, after = Listening(), Listening()
    heart.ask_later(before)
    heart.ask_later(after)
    before.closed = True
    heart.after(INTERVAL)
    after.closed = True
    heart.after(TIMEOUT)
    assert (before.words, after.words) == ([], ["ping"])
