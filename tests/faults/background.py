"""An event loop in a thread of its own: proxies and clients live there, while the faults strike from outside."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, Self, TypeVar

T = TypeVar("T")


class Background:
    """A running loop. `call` from any other thread; what is still running at the end is cancelled."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, name="background", daemon=True)

    def call(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """What the coroutine returns; it runs in the loop."""
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result()

    def do(self, what: Callable[..., T], *arguments: object) -> T:
        """The same for a plain function that belongs to the loop."""

        async def done() -> T:
            return what(*arguments)

        return self.call(done())

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.call(_cancel_others())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()


async def _cancel_others() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
