"""How often something may be done: so many times a second, some of them at once. Counted in this worker's memory."""

import time
from collections.abc import Callable, Hashable

from flask import Flask, current_app

from chatapp.config import Settings

TIDY_SECONDS = 60  # between two looks for those who have everything back: for 10,000 of them they take 1 ms
NOTHING_SECONDS = 1e-6  # what adding up fractions may be wrong by
ABUSE_BURSTS = 10  # of refused events: no browser of ours sends on when it is told to wait


class Allowance:
    """`per_second` takings for each key, and `burst` of them at once.

    A token bucket, of which one number is kept: when it will be full again. A full one needs none, so those who have
    gone are forgotten by themselves. For the path of every event: a taking costs less than a microsecond.
    """

    __slots__ = ("_ahead", "_clock", "_each", "_full_at", "_tidy_at")

    def __init__(self, per_second: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._each = 1 / per_second
        self._ahead = (burst - 1) * self._each
        self._clock = clock
        self._full_at: dict[Hashable, float] = {}
        self._tidy_at = clock() + TIDY_SECONDS

    def __len__(self) -> int:
        return len(self._full_at)

    def take(self, key: Hashable) -> float:
        """0.0, and one is taken; else nothing is, and in so many seconds there will be one."""
        now = self._clock()
        full_at = self._full_at.get(key, now)
        if full_at < now:
            full_at = now
        early = full_at - now - self._ahead
        if early > NOTHING_SECONDS:
            return early
        self._full_at[key] = full_at + self._each
        if now >= self._tidy_at:
            self._tidy(now)
        return 0.0

    def left(self, key: Hashable) -> bool:
        """True when there is one to take."""
        now = self._clock()
        return self._full_at.get(key, now) - now - self._ahead <= NOTHING_SECONDS

    def _tidy(self, now: float) -> None:
        self._full_at = {key: full_at for key, full_at in self._full_at.items() if full_at > now}
        self._tidy_at = now + TIDY_SECONDS


class Throttle:
    """What a socket may say, and a person post.

    Posts are counted for their person and for nothing else: typing, reading and reacting leave them alone.
    """

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._events = Allowance(settings.events_per_second, settings.events_burst, clock)
        # Of all workers together no more than the setting says; each gives the whole burst, since a browser has one
        # socket, and what it kept while it was away comes by that.
        per_worker = settings.posts_per_second / settings.web_concurrency
        self._posts = Allowance(per_worker, settings.posts_burst, clock)
        most = ABUSE_BURSTS * settings.events_burst
        self._refusals = Allowance(most / 60, most, clock)

    def event(self, sid: str) -> float:
        """0.0 when this socket may say something now, else the seconds it has to wait."""
        return self._events.take(sid)

    def post(self, user_id: int) -> float:
        """0.0 when this person may post now, else the seconds they have to wait."""
        return self._posts.take(user_id)

    def has_patience_with(self, sid: str) -> bool:
        """False when this socket was refused once too often: it does not wait when it is told to."""
        return self._refusals.take(sid) == 0.0


def init_app(app: Flask, settings: Settings) -> None:
    """Let everybody have all that is theirs."""
    app.extensions["chatapp_allowances"] = Throttle(settings)


def throttle() -> Throttle:
    """That of the running application."""
    found: Throttle = current_app.extensions["chatapp_allowances"]
    return found
