"""One room's changes in their one order, each once, for the sockets of this worker.

Redis carries the changes and is only a hint: it may lose, double or reorder them. The versions tell. The next one is
told, an older one dropped, one ahead held for a moment; what is still missing then is read from the database.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from chatapp.counters import counters
from chatapp.realtime.announcements import RoomMoved

HOLD_SECONDS = 0.05  # two workers' changes cross within this

logger = logging.getLogger(__name__)

Admit = Callable[[RoomMoved], None]
Tell = Callable[[RoomMoved], None]
Read = Callable[[int, int], Sequence[RoomMoved]]
Later = Callable[[float, Callable[[], None]], None]


class RoomStream:
    """Gives every change to `tell`, in order, with `prev` = the version before it in this stream.

    Before it, `admit(change)` lets sockets in or out whose right it changed; where that fails the stream stays where it
    stood, and nobody hears more before it is known who may. `read(room_id, since)` gives the changes after a version
    from the database, in order; `later(seconds, job)` calls back. A stream begins with `start`; what comes before is
    held. After `end` it tells nothing.
    """

    def __init__(self, room_id: int, *, admit: Admit, tell: Tell, read: Read, later: Later) -> None:
        self.room_id = room_id
        self.version: int | None = None
        self._admit = admit
        self._tell = tell
        self._read = read
        self._later = later
        self._held: dict[int, RoomMoved] = {}
        self._is_filling = False
        self._is_waiting = False
        self._has_ended = False
        # The outbox, the bus and the tick all bring changes; one of them at a time moves the stream.
        self._lock = threading.RLock()

    def start(self, head: int) -> None:
        """The stream stands at version `head`; nothing when it has begun already."""
        with self._lock:
            if self.version is None:
                self.version = head
                self._drain()

    def receive(self, moved: RoomMoved) -> None:
        """Take in a change, from wherever it comes."""
        with self._lock:
            if not self._has_ended:
                self._held[moved.version] = moved
                self._drain()

    def end(self) -> None:
        """Nobody follows the room any more. What still waits is told by the room's next stream, else it came twice."""
        with self._lock:
            self._has_ended = True
            self._held.clear()

    def expect(self, head: int) -> None:
        """The room is known to stand at `head`: what has not come by now is read."""
        if self.version is not None and head > self.version:
            self.fill()

    def fill(self) -> None:
        """Read what is missing from the database and tell it. Where that fails, the next tick tries again."""
        with self._lock:
            if self.version is None or self._is_filling or self._has_ended:
                return
            self._is_filling = True
        counters.fills += 1
        try:
            while self._tell_missing(self._read(self.room_id, self.version)):
                pass
        finally:
            with self._lock:
                self._is_filling = False
                self._drain()

    def _tell_missing(self, missing: Sequence[RoomMoved]) -> bool:
        with self._lock:
            if self._has_ended:
                return False
            for moved in missing:
                self._move(moved)
        return bool(missing)

    def _drain(self) -> None:
        if self.version is None or self._is_filling:
            return
        while (moved := self._held.pop(self.version + 1, None)) is not None:
            self._move(moved)
        self._held = {version: moved for version, moved in self._held.items() if version > self.version}
        self._wait_for_what_is_missing()

    def _wait_for_what_is_missing(self) -> None:
        if self._held and not self._is_waiting:
            self._is_waiting = True
            self._later(HOLD_SECONDS, partial(self._give_up_waiting, self.version))

    def _give_up_waiting(self, version: int | None) -> None:
        with self._lock:
            self._is_waiting = False
            if self.version != version:
                # What was missing has come. In a busy room something always is, each for a moment: to read each time
                # would cost more than all the rest.
                self._wait_for_what_is_missing()
                return
        if self._held:
            self.fill()

    def _move(self, moved: RoomMoved) -> None:
        if self.version is None or moved.version <= self.version:
            return
        self._admit(moved)
        prev, self.version = self.version, moved.version
        try:
            self._tell(_after(moved, prev))
        except Exception:
            # One that cannot be told must not stop the room; browsers see the gap and fetch it.
            logger.exception("delivery failed room=%s version=%s", self.room_id, moved.version)


def _after(moved: RoomMoved, prev: int) -> RoomMoved:
    if moved.payload["prev"] == prev and (moved.advanced is None or moved.advanced["prev"] == prev):
        return moved  # as nearly always
    advanced = {**moved.advanced, "prev": prev} if moved.advanced is not None else None
    return replace(moved, payload={**moved.payload, "prev": prev}, advanced=advanced)
