"""Waiting for a condition, never for a time."""

import time
from collections.abc import Callable
from typing import TypeVar

DEADLINE_SECONDS = 30  # a second or two on an idle machine
PAUSE_SECONDS = 0.02

T = TypeVar("T")


def eventually(
    question: Callable[[], T], *, pause: Callable[[], object] = lambda: time.sleep(PAUSE_SECONDS), what: str = ""
) -> T:
    """The first true answer to `question`, which is asked again after each `pause`. Raises TimeoutError."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not (answer := question()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"never became true: {what or question}")
        pause()
    return answer
