"""How much work one message may cost: rendering stands on the event loop, where everyone on the worker waits.

Work is counted while the parser runs, so it holds for whatever markup is nested in whatever other markup. One unit
is 2-5 microseconds; whoever goes over the budget is shown their text as they typed it.
"""

from collections.abc import MutableMapping
from typing import Any

MAX_WORK = 4500  # units, 10-20 ms; 16,000 characters of prose or of a log need 2,000-3,000

# The parser stops at 20 levels and drops what is deeper; we stop before it, and drop nothing.
MAX_NESTING = 20
DEEPEST_BLOCK = MAX_NESTING - 3  # a list adds two levels at once, and a quote in it one more

WORK_PER_LINE = 2
WORK_PER_BREAK = 1  # a line break inside a paragraph
WORK_PER_BLOCK = 7
WORK_PER_MARK = 2  # `*`, `_`, `~`, a backtick, `&`: each becomes a token, and may be paired with others
WORK_PER_CELL = 3
WORK_PER_LINK = 12  # its address is parsed, encoded and looked through by the sanitizer
CHARS_MATCHED_PER_UNIT = 64  # by a regular expression
CHARS_READ_PER_UNIT = 8  # one by one, in Python

Budget = MutableMapping[str, Any]


class TooMuchWork(Exception):
    """This text costs more than a message may; show it plain."""


def new_budget() -> Budget:
    """The parser's environment of one message, with nothing spent."""
    return {"work": 0}


def spend(budget: Budget, units: int) -> None:
    """Count `units` of work. Raises TooMuchWork over MAX_WORK."""
    budget["work"] += units
    if budget["work"] > MAX_WORK:
        raise TooMuchWork
