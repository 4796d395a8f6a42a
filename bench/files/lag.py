"""How long a worker's greenlets had to wait for their turn: written by the worker, read from outside."""

import mmap
import struct
import time
from collections.abc import Callable
from pathlib import Path

TICK_SECONDS = 0.001
SLOT = struct.Struct("d")


class Lag:
    """The longest wait since it was last asked for, in a file that two processes share."""

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self._shared = mmap.mmap(file.fileno(), SLOT.size)

    @classmethod
    def made(cls, path: Path) -> "Lag":
        """One in a new file."""
        path.write_bytes(bytes(SLOT.size))
        return cls(path)

    def note(self, seconds: float) -> None:
        """Keep this wait, if none was longer."""
        if seconds > self._longest():
            SLOT.pack_into(self._shared, 0, seconds)

    def take(self) -> float:
        """The longest, in seconds; from here on it counts anew."""
        longest = self._longest()
        SLOT.pack_into(self._shared, 0, 0.0)
        return longest

    def watch(self, sleep: Callable[[float], object]) -> None:
        """Note for ever by how much `sleep` is late: it returns when it is this greenlet's turn again."""
        while True:
            before = time.monotonic()
            sleep(TICK_SECONDS)
            self.note(time.monotonic() - before - TICK_SECONDS)

    def _longest(self) -> float:
        longest: float
        (longest,) = SLOT.unpack_from(self._shared)
        return longest
