"""How often something may be done: so many times a second, some of them at once. Counted in this worker's memory."""

import time
from collections.abc import Callable, Hashable

from flask import Flask, current_app

from chatapp.config import Settings

TIDY_SECONDS = 60  # between two looks for those who have everything back: for 10,000 of them they take 1 ms
POSTS_LEAST_SHARE = 1 / 2  # of them each worker gives, however many there are: eight would give a browser one a second
NOTHING_SECONDS = 1e-6  # what adding up fractions may be wrong by
ABUSE_BURSTS = 10  # of events that come before their time: no browser of ours sends on when it is told to wait


class Allowance:
    """`per_second` takings for each key, and `burst` of them at once.

    A token bucket, of which one number is kept: when it will be full again. A full one needs none, so those who have
    gone are forgotten by themselves. For the path of every event: a taking costs less than a microsecond.
    """

    __slots__ = ("_ahead", "_clock", "_each", "_full_at", "_tidy_at", "_told")

    def __init__(self, per_second: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._each = 1 / per_second
        self._ahead = (burst - 1) * self._each
        self._clock = clock
        self._full_at: dict[Hashable, float] = {}
        self._told: dict[Hashable, float] = {}  # the last turn that somebody was told to wait for
        self._tidy_at = clock() + TIDY_SECONDS

    def __len__(self) -> int:
        return len(self._full_at)

    def take(self, key: Hashable) -> float:
        """0.0, and one is taken; else nothing is, and in so many seconds there will be one.

        Of several who are refused at once each hears another time: told the same, all would come back as one, and all
        but one be refused again.
        """
        now = self._clock()
        full_at = self._full_at.get(key, now)
        if full_at < now:
            full_at = now
        early = full_at - now - self._ahead
        if early > NOTHING_SECONDS:
            return self._turn(key, now, early)
        self._full_at[key] = full_at + self._each
        if now >= self._tidy_at:
            self._tidy(now)
        return 0.0

    def left(self, key: Hashable) -> bool:
        """True when there is one to take."""
        now = self._clock()
        return self._full_at.get(key, now) - now - self._ahead <= NOTHING_SECONDS

    def _turn(self, key: Hashable, now: float, early: float) -> float:
        # No further ahead than the whole burst: of those who were told most may have left.
        turn = min(max(now + early, self._told.get(key, now) + self._each), now + early + self._ahead)
        self._told[key] = turn
        return turn - now

    def _tidy(self, now: float) -> None:
        self._full_at = {key: full_at for key, full_at in self._full_at.items() if full_at > now}
        self._told = {key: turn for key, turn in self._told.items() if turn > now}
        self._tidy_at = now + TIDY_SECONDS


class Patience:
    """With those who were refused and come again before their time: so often a minute, whichever socket they use.

    Who waits as long as they were told costs none of it, however often they are refused.
    """

    def __init__(self, most: int, clock: Callable[[], float]) -> None:
        self._too_early = Allowance(most / 60, most, clock)
        self._clock = clock
        self._back_at: dict[str, float] = {}  # each socket, at the earliest
        self._tidy_at = clock() + TIDY_SECONDS

    def is_left(self, sid: str, user_id: int, wait: float) -> bool:
        """True for a socket that is refused now, and told to wait so long; False when that was once too often."""
        now = self._clock()
        if now >= self._tidy_at:
            self._back_at = {sid: back_at for sid, back_at in self._back_at.items() if back_at > now}
            self._tidy_at = now + TIDY_SECONDS
        if now < self._back_at.get(sid, now):
            return self._too_early.take(user_id) == 0.0
        self._back_at[sid] = now + wait
        return True


class Throttle:
    """What a socket may say, and a person say and post.

    A person has more events than a socket, in all tabs together, and who comes again and again has no more. Posts are
    counted for their person and for nothing else: typing, reading and reacting leave them alone.
    """

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._events = Allowance(settings.events_per_second, settings.events_burst, clock)
        # Each worker gives its share, but never less than a browser may say, which has one socket on one of them; and
        # the whole burst, since what it kept while it was away comes by that.
        share = 1 / settings.web_concurrency
        of_person = max(settings.events_per_person * share, min(settings.events_per_person, settings.events_per_second))
        posts = settings.posts_per_second * max(share, POSTS_LEAST_SHARE)
        self._of_person = Allowance(of_person, settings.events_per_person_burst, clock)
        self._posts = Allowance(posts, settings.posts_burst, clock)
        self._patience = Patience(ABUSE_BURSTS * settings.events_burst, clock)

    def event(self, sid: str, user_id: int) -> float:
        """0.0 when this socket of this person may say something now, else the seconds it has to wait."""
        return self._events.take(sid) or self._of_person.take(user_id)

    def change(self, user_id: int) -> float:
        """0.0 when this person may change something by HTTP now, which counts as an event, else the seconds to wait."""
        return self._of_person.take(user_id)

    def post(self, user_id: int) -> float:
        """0.0 when this person may post now, else the seconds they have to wait."""
        return self._posts.take(user_id)

    def has_patience_with(self, sid: str, user_id: int, wait: float) -> bool:
        """False when this socket, which is told to wait so long, came once too often before its time."""
        return self._patience.is_left(sid, user_id, wait)


def init_app(app: Flask, settings: Settings) -> None:
    """Let everybody have all that is theirs."""
    app.extensions["chatapp_allowances"] = Throttle(settings)


def throttle() -> Throttle:
    """That of the running application."""
    found: Throttle = current_app.extensions["chatapp_allowances"]
    return found
