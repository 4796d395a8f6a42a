"""What waits for one browser, with a bound: a phone in a tunnel must not take the worker's memory."""

import logging
import time
from collections import deque
from collections.abc import Callable

STUCK_SECONDS = 1.0  # a burst fills the queue in one turn of the hub; only a reader that takes nothing leaves it so
FULL_SECONDS = 10.0  # one who takes a few bytes now and then reads too slowly: to come back and ask is sooner done
SENT_BYTES = 262_144  # at once: a connection takes some 200 KB before its reader reads

# A frame takes this much beside its bytes. Without it a million pongs weighed nothing.
FRAME_BYTES = 50
# Times the bound: more than that is too much also for one who reads on, but for the frame that is on its way: a page of
# changes (`PAGE_MAX_CHARS` in actions/history.py) may be 2.4 MB, since each emoji takes twelve bytes of an ack. A
# browser asks for one at a time, and who were dropped for it would come back and ask again.
BURST = 1.25
# Of all sockets of a worker. Each by itself might wait for its bound, and a person has twenty: what is left of a small
# machine's memory. Thousands who read wait for none of it: a connection takes their answers as they are given.
ALL_MAX_BYTES = 64 * 2**20

logger = logging.getLogger(__name__)


class Backlog:
    """What waits for all sockets of a worker. When it is too much, the one is dropped for whom most does."""

    def __init__(self, max_bytes: int = ALL_MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._weights: dict[OutQueue, int] = {}
        self.weight = 0

    def note(self, queue: "OutQueue", weight: int) -> None:
        """Know that so much waits in `queue` from now on."""
        self.weight += weight - self._weights.pop(queue, 0)
        if weight:
            self._weights[queue] = weight
        while self.weight > self._max_bytes:
            max(self._weights, key=self._weights.__getitem__).drop_reader()


class OutQueue:
    """Frames on their way to one socket, which is dropped by `drop` when too many wait and none goes out, or for long,
    or far too many do, or too many for all in `backlog` and most of them for this one.

    Nothing is lost by it: the browser comes back and fetches what it has missed.
    """

    __slots__ = (
        "_backlog",
        "_bytes",
        "_clock",
        "_frames",
        "_full_since",
        "_max_bytes",
        "_max_frames",
        "_stuck_since",
        "drop",
    )

    def __init__(
        self, *, max_frames: int, max_bytes: int, backlog: Backlog, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.drop: Callable[[], None] | None = None
        self._backlog = backlog
        self._max_frames = max_frames
        self._max_bytes = max_bytes
        self._clock = clock
        self._frames: deque[bytes] = deque()
        self._bytes = 0
        self._stuck_since = 0.0
        self._full_since: float | None = None

    def __len__(self) -> int:
        return len(self._frames)

    @property
    def waiting_bytes(self) -> int:
        """Of all frames that wait."""
        return self._bytes

    def put(self, frame: bytes) -> None:
        """Add a frame, or the rest of one."""
        if not self._frames:
            self._stuck_since = self._clock()
        self._frames.append(frame)
        self._bytes += len(frame)
        if self._is_full() and self._is_too_slow():
            self.drop_reader()
        self._backlog.note(self, self._weight())

    def head(self) -> bytes:
        """The first that wait, in one piece."""
        frames, size = [], 0
        for frame in self._frames:
            frames.append(frame)
            size += len(frame)
            if size >= SENT_BYTES:
                break
        return b"".join(frames)

    def sent(self, size: int) -> None:
        """So many bytes of `head` have gone out."""
        self._stuck_since = self._clock()
        self._bytes -= size
        while size:
            frame = self._frames.popleft()
            if size < len(frame):
                self._frames.appendleft(frame[size:])
            size -= min(size, len(frame))
        if not self._is_full():
            self._full_since = None
        self._backlog.note(self, self._weight())

    def clear(self) -> None:
        """Let go of all that waits: nobody is there any more."""
        self._frames.clear()
        self._bytes = 0
        self._backlog.note(self, 0)

    def drop_reader(self) -> None:
        """Send its reader away, and let go of all that waits at once: it is not for the reader to say when."""
        drop, self.drop = self.drop, None
        if drop is not None:
            logger.warning("slow reader dropped frames=%d bytes=%d", len(self._frames), self._bytes)
            drop()
        self.clear()

    def _weight(self) -> int:
        return self._bytes + FRAME_BYTES * len(self._frames)

    def _is_full(self) -> bool:
        return len(self._frames) > self._max_frames or self._bytes > self._max_bytes

    def _is_too_slow(self) -> bool:
        now = self._clock()
        if self._full_since is None:
            self._full_since = now
        if now - self._stuck_since > STUCK_SECONDS or now - self._full_since > FULL_SECONDS:
            return True
        return self._weight() - len(self._frames[0]) > BURST * self._max_bytes
