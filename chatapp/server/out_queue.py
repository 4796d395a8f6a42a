"""What waits for one browser, with a bound: a phone in a tunnel must not take the worker's memory."""

import logging
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from engineio.async_drivers.eventlet import _async
from eventlet.queue import Queue

STUCK_SECONDS = 1.0  # a burst fills the queue in one turn of the hub; only a reader that takes nothing leaves it so

logger = logging.getLogger(__name__)


def install(max_packets: int, max_bytes: int) -> None:
    """Have Engine.IO queue in these what it has to send."""
    _async["queue"] = partial(OutQueue, max_packets=max_packets, max_bytes=max_bytes)


class OutQueue(Queue):  # type: ignore[misc]  # eventlet ships no types
    """Packets on their way to one socket, which is dropped by `drop` when too many wait and none goes out.

    Nothing is lost by it: the browser comes back and fetches what it has missed.
    """

    def __init__(self, *, max_packets: int, max_bytes: int, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self.drop: Callable[[], None] | None = None
        self._max_packets = max_packets
        self._max_bytes = max_bytes
        self._clock = clock
        self._bytes = 0
        self._stuck_since = 0.0

    def put(self, packet: Any, *arguments: Any, **options: Any) -> None:
        """Add a packet; None, which ends the writer, has no size."""
        if not self.qsize():
            self._stuck_since = self._clock()
        self._bytes += _size(packet)
        super().put(packet, *arguments, **options)
        if self._is_stuck():
            self._drop_reader()

    def get(self, *arguments: Any, **options: Any) -> Any:
        """The next packet, for the writer: it has sent the one before."""
        packet = super().get(*arguments, **options)
        self._stuck_since = self._clock()
        self._bytes -= _size(packet)
        return packet

    def _is_stuck(self) -> bool:
        is_full = self.qsize() > self._max_packets or self._bytes > self._max_bytes
        return is_full and self._clock() - self._stuck_since > STUCK_SECONDS

    def _drop_reader(self) -> None:
        drop, self.drop = self.drop, None
        if drop is not None:
            logger.warning("slow reader dropped packets=%d bytes=%d", self.qsize(), self._bytes)
            drop()


def _size(packet: Any) -> int:
    data = getattr(packet, "data", None)
    return len(data) if isinstance(data, str | bytes) else 0
