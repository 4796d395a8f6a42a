"""What holds for some seconds and then ends by itself: nobody has to be alive to take it back."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")

Clock = Callable[[], float]


class Leases(Generic[K, V]):
    """Keys that are held until a moment of `now()`, in seconds, each with a value."""

    def __init__(self, now: Clock) -> None:
        self._now = now
        self._held: dict[K, tuple[V, float]] = {}
        self._lock = threading.Lock()

    def hold(self, key: K, value: V, seconds: float) -> None:
        """The key is held for so many seconds from now, whatever was said of it before; not at all for none."""
        with self._lock:
            if seconds > 0:
                self._held[key] = (value, self._now() + seconds)
            else:
                self._held.pop(key, None)

    def seconds_left(self, key: K) -> float:
        """How long the key is still held; 0 when it is not."""
        _, until = self._held.get(key, (None, 0.0))
        return max(0.0, until - self._now())

    def held(self) -> dict[K, V]:
        """What is held now, who has held longest first. The others are forgotten."""
        now = self._now()
        with self._lock:
            self._held = {key: (value, until) for key, (value, until) in self._held.items() if until > now}
            return {key: value for key, (value, _) in self._held.items()}
