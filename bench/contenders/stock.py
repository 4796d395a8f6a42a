"""Flask-SocketIO as its documentation sets it up."""

import sys
from collections.abc import Sequence
from typing import ClassVar

from bench.contenders.contender import Program


class Stock(Program):
    """Flask-SocketIO on eventlet, which relays; with `redis_url` so many processes that share its message queue."""

    name: ClassVar = "stock"

    def __init__(self, workers: int = 1, redis_url: str = "") -> None:
        super().__init__()
        self._workers = workers
        self._queue = [redis_url] if workers > 1 else []

    def command(self) -> Sequence[str]:
        """What serves."""
        return [sys.executable, "-m", "bench.contenders.stock_program", *self._queue]

    def start(self) -> None:
        """Serve; eventlet gives each process a port of its own."""
        for _ in range(self._workers):
            self.spawn()
