"""What happens now, on one line."""

import sys
from time import monotonic

CLEAR = "\r\x1b[K"


class Progress:
    """On a terminal one line that is written over; elsewhere nothing but what lasts."""

    def __init__(self) -> None:
        self._began = monotonic()
        self._is_terminal = sys.stderr.isatty()

    def say(self, words: str) -> None:
        """What is done from now on."""
        line = f"{monotonic() - self._began:5.0f} s  {words}"
        sys.stderr.write(f"{CLEAR}{line}" if self._is_terminal else f"{line}\n")
        sys.stderr.flush()

    def end(self) -> None:
        """There is no more to do."""
        if self._is_terminal:
            sys.stderr.write(CLEAR)
            sys.stderr.flush()
