"""The figures with their bounds, and the table of what was measured."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Bound:
    """What a figure may be at most, at this share of its values; 0.5 is the median."""

    figure: str
    unit: str
    share: float
    most: float


BOUNDS = (
    Bound("switch to a warm room, key to painted", "ms", 0.95, 50),
    Bound("switch to a cold room, key to painted", "ms", 0.95, 150),
    Bound("own message, Enter to painted", "ms", 0.5, 16),
    Bound("own message, Enter to sent", "ms", 0.95, 60),
    Bound("JavaScript and CSS over the wire", "KB", 0.5, 60),
    Bound("first room, largest contentful paint", "ms", 0.5, 800),
    Bound("first room, cumulative layout shift", "", 0.5, 0.02),
    Bound("heap after the last switch : after a tenth", "", 0.5, 1.1),
    Bound("the same without compiled code", "", 0.5, 1.1),
    Bound("scrolling back, one frame", "ms", 0.95, 50),
)

Measured = dict[str, list[float]]


def at_share(values: Sequence[float], share: float) -> float:
    """The value below which this share of them lies; of none, no number."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else math.nan


def is_reached(measured: Measured) -> bool:
    """Whether every figure was measured and is within its bound."""
    return all(at_share(measured.get(bound.figure, []), bound.share) <= bound.most for bound in BOUNDS)


def table(measured: Measured) -> str:
    """A line for each figure: its median, its p95, what is asked and how many times it was measured."""
    lines = [f"{'':<44}{'median':>9}{'p95':>9}   asked"]
    for bound in BOUNDS:
        values = measured.get(bound.figure, [])
        asked = f"{'median' if bound.share == 0.5 else 'p95'} <= {bound.most:g} {bound.unit}".rstrip()
        verdict = "reached" if at_share(values, bound.share) <= bound.most else "MISSED"
        found = f"{at_share(values, 0.5):>9.4g}{at_share(values, 0.95):>9.4g}"
        lines.append(f"{bound.figure:<44}{found}   {asked:<20}{verdict:<8} (n = {len(values)})")
    return "\n".join(lines)
