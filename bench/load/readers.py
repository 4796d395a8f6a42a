"""Whoever stands behind a file descriptor of the epoll."""

import os
from collections import deque
from typing import Protocol

READ_BYTES = 1 << 20


class Reader(Protocol):
    """Reads when there is something."""

    def read(self) -> None:
        """Take what is there."""


class Orders:
    """The lines that come by a pipe, one order each."""

    def __init__(self, descriptor: int) -> None:
        self.lines: deque[str] = deque()
        self._descriptor = descriptor
        self._rest = b""

    def read(self) -> None:
        """Take what is there. Raises EOFError when whoever gives orders has gone."""
        data = os.read(self._descriptor, READ_BYTES)
        if not data:
            raise EOFError
        *lines, self._rest = (self._rest + data).split(b"\n")
        self.lines.extend(line.decode() for line in lines)
