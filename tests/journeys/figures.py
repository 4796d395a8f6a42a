"""What a page costs, measured in it: figures for the journeys that print them."""

import statistics
from dataclasses import dataclass

from tests.journeys.people import Visitor

STEP_PX = 240  # scrolled in each frame: three lines of a wheel
MEASURE_SECONDS = 240  # the most that a way through a long history may take
# Frames from the newest line to the room's beginning, while older pages come in between.
SCROLL_BACK = """step => new Promise((resolve) => {
  const log = document.querySelector(".log");
  const older = log.querySelector("[data-slot=older]");
  const frames = [];
  let last = null, lines = 0;
  function frame(now) {
    if (last !== null) frames.push(now - last);
    last = now;
    lines = Math.max(lines, log.querySelectorAll(".log__messages > .message").length);
    const before = log.scrollTop;
    log.scrollTop -= step;
    if (older.hidden && log.scrollTop === before) resolve({ frames, lines });
    else requestAnimationFrame(frame);
  }
  requestAnimationFrame(frame);
})"""


@dataclass(frozen=True)
class Frames:
    """How long the frames of a way through a log took, in milliseconds; `lines`: the most that stood in it."""

    count: int
    median_ms: float
    p95_ms: float
    longest_ms: float
    lines: int


def scroll_frames(visitor: Visitor, room_id: int) -> Frames:
    """The frames of scrolling back from the newest message of a room to its first."""
    visitor.open_room(room_id)
    visitor.page.set_default_timeout(MEASURE_SECONDS * 1000)
    measured = visitor.page.evaluate(SCROLL_BACK, STEP_PX)
    frames = measured["frames"]
    return Frames(
        count=len(frames),
        median_ms=statistics.median(frames),
        p95_ms=statistics.quantiles(frames, n=20)[-1],
        longest_ms=max(frames),
        lines=measured["lines"],
    )
