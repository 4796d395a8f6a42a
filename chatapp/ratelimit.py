"""At most N per window."""

import math
import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from chatapp.errors import TooManyRequests


class RateLimit:
    """At most `per_minute` tries for each key, in this worker."""

    def __init__(self, per_minute: int, name: str) -> None:
        self._item = RateLimitItemPerMinute(per_minute, namespace=name)
        self._storage = MemoryStorage()
        self._limiter = FixedWindowRateLimiter(self._storage)

    def take(self, key: str) -> None:
        """Use up one try of `key`. Raises TooManyRequests with `retry_after` in seconds when none is left."""
        if not self._limiter.hit(self._item, key):
            reset_at = self._limiter.get_window_stats(self._item, key).reset_time
            raise TooManyRequests(retry_after=max(1, math.ceil(reset_at - time.time())))

    def give_back(self, key: str) -> None:
        """Return a try that should not count after all."""
        self._storage.incr(self._item.key_for(key), self._item.get_expiry(), amount=-1)
