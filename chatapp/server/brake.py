"""The brake: how long the master waits before it starts a worker again that ends again and again."""

import random
import time
from collections.abc import Callable

# After the first end none: one that was killed is missed by somebody. Then ever longer, for what fails at once would
# else eat the processor of those that serve. Half a minute at most: it may be mended by then.
PAUSES_SECONDS = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0)
JITTER = 0.25  # of a pause may be left out: workers that fail together need not start together
GOOD_LIFE_SECONDS = 60.0  # who served this long did not end of what ended the one before


class Brake:
    """Counts the ends of one worker, without those before a good life. `clock` and `chance` are for tests."""

    def __init__(
        self, *, clock: Callable[[], float] = time.monotonic, chance: Callable[[], float] = random.random
    ) -> None:
        self._clock = clock
        self._chance = chance
        self._free_at = 0.0
        self.ends = 0  # one after another, none of them after a good life

    @property
    def is_off(self) -> bool:
        """True when the worker may be started."""
        return self._clock() >= self._free_at

    def note_end(self, served_seconds: float) -> float:
        """The pause in seconds, which begins now, after a worker that had served for so long."""
        if served_seconds >= GOOD_LIFE_SECONDS:
            self.ends = 0
        whole = PAUSES_SECONDS[min(self.ends, len(PAUSES_SECONDS) - 1)]
        pause = whole * (1 - JITTER * self._chance())
        self.ends += 1
        self._free_at = self._clock() + pause
        return pause
