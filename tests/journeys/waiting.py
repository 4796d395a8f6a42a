"""Waiting for a condition, never for a time."""

import time
from collections.abc import Callable
from typing import TypeVar

DEADLINE_SECONDS = 30  # a second or two on an idle machine
PAUSE_SECONDS = 0.02

T = TypeVar("T")


def pause_briefly() -> None:
    """Between two questions."""
    time.sleep(PAUSE_SECONDS)


def within(seconds: float, question: Callable[[], T], *, pause: Callable[[], object] = pause_briefly) -> T:
    """The first true answer to `question`, which is asked again after each `pause`; the last answer when time is up."""
    deadline = time.monotonic() + seconds
    while not (answer := question()) and time.monotonic() < deadline:
        pause()
    return answer


def eventually(question: Callable[[], T], *, pause: Callable[[], object] = pause_briefly, what: str = "") -> T:
    """The first true answer to `question`. Raises TimeoutError when none comes."""
    if not (answer := within(DEADLINE_SECONDS, question, pause=pause)):
        raise TimeoutError(f"never became true: {what or question}")
    return answer
