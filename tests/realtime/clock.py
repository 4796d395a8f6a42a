"""A clock that stands until it is told."""


class Clock:
    """Seconds; called, it says what time it is."""

    def __init__(self) -> None:
        self.seconds = 1_000.0

    def __call__(self) -> float:
        return self.seconds

    def go_on(self, seconds: float) -> None:
        """Let so many seconds pass."""
        self.seconds += seconds
