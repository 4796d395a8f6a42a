"""What is broken, by what it is: each strike breaks something, says for how many seconds to hold on, and mends it."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from tests.faults.arena import Arena

Strike = Callable[[Arena], AbstractContextManager[float]]
