"""The figures with their bounds, and the table of what was measured."""

from dataclasses import dataclass

from tests.figures.report import at_share

Measured = dict[str, list[float]]


@dataclass(frozen=True)
class Bound:
    """What a figure has to be, at this share of its values: 0.5 is the median, 1 the worst."""

    figure: str
    unit: str
    share: float
    least: float = 0.0
    most: float = float("inf")

    def holds(self, measured: Measured) -> bool:
        """Whether it was measured, and is so."""
        return self.least <= at_share(measured.get(self.figure, []), self.share) <= self.most

    @property
    def asked(self) -> str:
        """The bound in words; empty for what is only told."""
        which = {0.5: "median", 1.0: "worst"}[self.share]
        if self.least:
            return f"{which} >= {self.least:g} {self.unit}".rstrip()
        return "" if self.most == float("inf") else f"{which} <= {self.most:g} {self.unit}".rstrip()


UP = Bound("upload, rate of the app : of the plain process", "", 0.5, least=0.5)
DOWN = Bound("download, rate of the app : of a sendfile loop", "", 0.5, least=0.6)
LAG_UP = Bound("upload, longest wait of another greenlet", "ms", 1.0, most=20)
LAG_DOWN = Bound("download, longest wait of another greenlet", "ms", 1.0, most=20)
MEMORY = Bound("ten uploads at once, memory of the worker", "MB", 1.0, most=40)
ACKS = Bound("the same, p99 ack of others : p99 in the calm", "", 0.5, most=2)
# Told beside them, for whoever wants to know where it goes.
UP_RATE, DOWN_RATE = (Bound(f"{way}, rate of the app", "MB/s", 0.5) for way in ("upload", "download"))
UP_CPU, DOWN_CPU = (Bound(f"{way}, CPU of the app per MB", "ms", 0.5) for way in ("upload", "download"))
UP_PLAIN_CPU, DOWN_PLAIN_CPU = (Bound(f"{way}, CPU of the other per MB", "ms", 0.5) for way in ("upload", "download"))
IDLE_LAG = Bound("longest wait while the app does nothing", "ms", 1.0)
CALM, BUSY = Bound("p99 ack in the calm", "ms", 0.5), Bound("p99 ack beside ten uploads", "ms", 0.5)

BOUNDS: tuple[Bound, ...] = (
    UP,
    UP_RATE,
    UP_CPU,
    UP_PLAIN_CPU,
    LAG_UP,
    DOWN,
    DOWN_RATE,
    DOWN_CPU,
    DOWN_PLAIN_CPU,
    LAG_DOWN,
)
BOUNDS += (IDLE_LAG, MEMORY, ACKS, CALM, BUSY)


def is_reached(measured: Measured) -> bool:
    """Whether every figure was measured and is within its bound."""
    return all(bound.holds(measured) for bound in BOUNDS)


def table(measured: Measured) -> str:
    """A line for each figure: its median, the least and the most of it, and what is asked."""
    lines = [f"{'':<50}{'median':>9}{'least':>9}{'most':>9}   asked"]
    for bound in BOUNDS:
        values = measured.get(bound.figure, [])
        found = "".join(f"{at_share(values, share):>9.3g}" for share in (0.5, 0.0, 1.0))
        verdict = ("reached" if bound.holds(measured) else "MISSED") if bound.asked else bound.unit
        lines.append(f"{bound.figure:<50}{found}   {bound.asked:<20}{verdict:<8} (n = {len(values)})")
    return "\n".join(lines)
