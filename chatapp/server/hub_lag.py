"""Where the hub hangs, said while it does: slow Python in one greenlet stops everybody on that worker."""

import copy
import logging
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import NamedTuple

import eventlet
from eventlet.hubs import get_hub

LAG_SECONDS = 0.2  # what people begin to feel; ten times what a turn takes on a busy day
TURN_SECONDS = 0.05  # between two looks, and between two turns that are noted: 0.3 % of a processor, when all is idle
PAUSE_SECONDS = 5.0  # after one that was said: a worker that stalls all the time would fill the disk with where
LONG_SECONDS = 1.0  # of one that lasts so long it is said all the same
FRAMES = 15  # the innermost: the view, what it called, and some of what called it
LINE_MAX_BYTES = 4000  # a pipe takes up to 4,096 in one piece, so no other line gets in between
STDOUT = 1

native_os = eventlet.patcher.original("os")
native_time = eventlet.patcher.original("time")
native_threading = eventlet.patcher.original("threading")

Say = Callable[..., None]


class Turn(NamedTuple):
    """A moment in which the hub turned: by the clock, and by what the process had used of a processor."""

    at: float
    cpu: float


class HubLag:
    """Sees from a thread of its own that the hub does not turn; `say` takes facts as a logger does, two for each stall.

    `turned` belongs to the hub, `look` to the thread. What holds the interpreter's lock as well, a regular expression
    for example, keeps the thread from looking: of that only the end is seen.
    """

    def __init__(
        self,
        say: Say,
        where: Callable[[], str],
        *,
        clock: Callable[[], float] = time.monotonic,
        cpu: Callable[[], float] = time.process_time,
    ) -> None:
        self._say = say
        self._where = where
        self._clock = clock
        self._cpu = cpu
        self._turn = Turn(clock(), cpu())
        self._stalled: Turn | None = None  # the last turn before the stall that was said
        self._first_after: Turn | None = None
        self._quiet_until = 0.0
        self._unsaid: set[float] = set()  # stalls since then, by the last turn before each

    def turned(self) -> None:
        """The hub has turned."""
        self._turn = Turn(self._clock(), self._cpu())
        if self._stalled is not None and self._first_after is None:
            self._first_after = self._turn

    def look(self) -> None:
        """Say what there is to say."""
        late = self._clock() - self._turn.at
        if self._stalled is not None:
            self._say_the_end(self._stalled)
        elif self._clock() < self._quiet_until and late <= LONG_SECONDS:
            if late > LAG_SECONDS + TURN_SECONDS:
                self._unsaid.add(self._turn.at)
        elif late > LAG_SECONDS + TURN_SECONDS:
            self._say_the_begin(late)

    def _say_the_begin(self, late: float) -> None:
        self._stalled, self._first_after = self._turn, None
        unsaid = len(self._unsaid - {self._turn.at})
        self._say("hub stalls seconds=%.2f unsaid_before=%d where=%r", late, unsaid, self._where())
        self._unsaid.clear()

    def _say_the_end(self, stalled: Turn) -> None:
        if (turn := self._first_after) is not None:
            lasted, cpu = turn.at - stalled.at, turn.cpu - stalled.cpu
            # Of a processor less than that: then it waited inside C, or the machine had no time for us.
            self._say("hub turns again stalled_seconds=%.2f cpu_seconds=%.2f", lasted, cpu)
            self._stalled, self._quiet_until = None, self._clock() + PAUSE_SECONDS


def watch() -> None:
    """Watch the hub of this thread from now on, for as long as the process lives."""
    hub_thread = native_threading.get_ident()
    lag = HubLag(_writer(), lambda: where(sys._current_frames()[hub_thread]))  # noqa: SLF001 - it is documented
    _turn_again(lag)
    native_threading.Thread(target=_look_again, args=(lag,), name="hub-lag", daemon=True).start()


def where(frame: FrameType) -> str:
    """The innermost functions on this stack, by module and line. No source, no values: they may be what people say."""
    places = (
        f"{each.f_globals.get('__name__', '?')}:{line} {each.f_code.co_name}"
        for each, line in traceback.walk_stack(frame)
    )
    return " < ".join(place for place, _ in zip(places, range(FRAMES), strict=False))


def _turn_again(lag: HubLag) -> None:
    lag.turned()
    get_hub().schedule_call_global(TURN_SECONDS, _turn_again, lag)


def _look_again(lag: HubLag) -> None:
    while True:
        native_time.sleep(TURN_SECONDS)
        lag.look()


def _writer() -> Say:
    # Past logging: its locks are green, and a native thread that waits for one waits for ever. The record is made here,
    # for making one asks which green thread this is; the thread only fills it in.
    blank = logging.LogRecord(__name__, logging.WARNING, __file__, 0, "", (), None)
    handlers = logging.getLogger().handlers
    formatter = (handlers[0].formatter if handlers else None) or logging.Formatter()

    def say(fact: str, *values: object) -> None:
        record = copy.copy(blank)
        record.msg, record.args, record.created = fact, values, time.time()
        line = formatter.format(record).encode(errors="replace")[: LINE_MAX_BYTES - 1] + b"\n"
        with suppress(OSError):  # nobody reads our log: that is no reason to watch no longer
            native_os.write(STDOUT, line)

    return say
