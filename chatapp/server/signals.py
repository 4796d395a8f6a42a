"""Signals as something to wait for, in the master's `select` and in a worker's hub alike."""

import os
import signal
from types import FrameType

STOP_SIGNALS = frozenset({signal.SIGTERM, signal.SIGINT})


def signal_pipe(*numbers: signal.Signals) -> int:
    """The reading end of a pipe that gets one byte, the signal's number, whenever one of these arrives.

    A Python handler alone would wait until the hub's next timer: the interpreter sleeps inside poll().
    """
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    os.set_blocking(writer, False)
    for number in numbers:
        signal.signal(number, _noted)
    # A full pipe has woken its reader already, so a byte more would say nothing new.
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    return reader


def ignore(*numbers: signal.Signals) -> None:
    """Nothing happens any more on these: the interpreter's own end would else give them back their deadly default."""
    for number in numbers:
        signal.signal(number, signal.SIG_IGN)


def _noted(_number: int, _frame: FrameType | None) -> None:
    # The byte in the pipe is the message; without a handler the interpreter would not write it.
    pass
