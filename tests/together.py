"""Several at once, as people are, and waiting for what must come true."""

import threading
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from flask import Flask

T = TypeVar("T")

PATIENCE_SECONDS = 30.0  # a busy machine must not fail a test; a test that passes never waits so long
POLL_SECONDS = 0.01


def at_once(app: Flask, jobs: Sequence[Callable[[], T]]) -> list[T | Exception]:
    """What each job returned or raised. They begin in the same moment, each in a thread and context of its own."""
    outcomes: dict[int, T | Exception] = {}
    start = threading.Barrier(len(jobs))

    def run(place: int, job: Callable[[], T]) -> None:
        with app.app_context():
            start.wait()
            try:
                outcomes[place] = job()
            except Exception as error:  # noqa: BLE001 - whatever it is, it is the outcome
                outcomes[place] = error

    threads = [threading.Thread(target=run, args=each) for each in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    return [outcomes[place] for place in range(len(jobs))]


def eventually(condition: Callable[[], object]) -> None:
    """Nothing, as soon as the condition is true. Raises AssertionError when it does not become so."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it did not become true"
        time.sleep(POLL_SECONDS)
