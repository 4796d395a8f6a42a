"""The table that a fault run ends with."""

from collections import Counter
from statistics import median

from tests.faults.run import Result
from tests.faults.violations import Kind

SHOWN_VIOLATIONS = 5

COUNTED = {
    "lost": (Kind.LOST, Kind.MOVED, Kind.UNSENT),
    "dupl": (Kind.DUPLICATE, Kind.TWICE),
    "reord": (Kind.REORDERED, Kind.AUTHOR_ORDER, Kind.OUT_OF_ORDER),
    "gaps": (Kind.GAP, Kind.HOLE),
    "other": (
        Kind.REFUSED,
        Kind.REFUSED_BUT_THERE,
        Kind.PHANTOM,
        Kind.CHANGED,
        Kind.WRONG_AUTHOR,
        Kind.UNCERTAIN,
        Kind.AFTER_REMOVAL,
    ),
    "unread": (Kind.UNREAD,),
    "not conv": (Kind.NOT_CONVERGED,),
}
HEADS = (
    f"{'fault':<7}{'':<26}{'acked':>7}{'lost':>6}{'dupl':>6}{'reord':>6}{'gaps':>6}{'other':>6}{'unread':>7}"
    f"{'not conv':>9}{'worst delay':>13}{'p50 ack':>9}{'p99 ack':>9}{'calm p99':>10}"
)


def table(results: list[Result]) -> str:
    """A line for each run, and under it what was wrong."""
    lines = [HEADS]
    for result in results:
        lines += [_row(result), *_notes(result)]
    total = sum(result.figures.get("acked", 0) for result in results)
    bad = sum(len(result.violations) + len(result.wrong) for result in results)
    missed = sum(len(result.missed) for result in results)
    said = f"{total:,.0f} messages acked under faults in {len(results)} runs"
    return "\n".join([*lines, "", f"{said}: {bad} violations, {missed} figures missed"])


def medians(figures: dict[str, list[float]], bounds: dict[str, float]) -> str:
    """The figures to reach, each the median of its runs."""
    lines = ["figures to reach"]
    for name, values in figures.items():
        verdict = "reached" if median(values) <= bounds[name] else "MISSED"
        runs = ", ".join(f"{value:.2f}" for value in values)
        lines.append(f"  {name:<52}{median(values):>9.2f} <= {bounds[name]:<8g}{verdict:<9}({runs})")
    return "\n".join(lines)


def _row(result: Result) -> str:
    figures = result.figures
    counted = [result.count(*kinds) for kinds in COUNTED.values()]
    widths = (6, 6, 6, 6, 6, 7, 9)
    cells = "".join(f"{count:>{width}}" for count, width in zip(counted, widths, strict=True))
    return (
        f"{result.fault.key:<7}{result.fault.words:<26}{figures.get('acked', 0):>7.0f}{cells}"
        f"{_cell(figures, 'worst delay s', 11, 2)} s{_cell(figures, 'p50 ack ms', 6)} ms"
        f"{_cell(figures, 'p99 ack ms', 6)} ms{_cell(figures, 'p99 calm ms', 7)} ms"
    )


def _cell(figures: dict[str, float], name: str, width: int, digits: int = 0) -> str:
    return f"{figures[name]:>{width}.{digits}f}" if name in figures else f"{'-':>{width}}"


def _notes(result: Result) -> list[str]:
    more = [name for name in result.figures if name not in _IN_ROW and result.figures[name]]
    facts = ", ".join(f"{name} {result.figures[name]:.3g}" for name in more)
    lines = [f"         {facts}"]
    kinds = Counter(violation.kind.value for violation in result.violations)
    if kinds:
        lines.append(f"         VIOLATIONS (seed {result.options.seed}): {dict(kinds)}")
    lines += [f"           {each.kind}: {each.what}" for each in result.violations[:SHOWN_VIOLATIONS]]
    lines += [f"         WRONG: {what}" for what in result.wrong[:SHOWN_VIOLATIONS]]
    lines += [f"         figure missed: {what}" for what in result.missed]
    if result.losses:
        lines.append("         connections: " + ", ".join(f"{n}x {why}" for why, n in result.losses.most_common(6)))
    lines += [f"         traceback: {count}x {line[:150]}" for line, count in Counter(result.troubles).most_common(5)]
    return lines


_IN_ROW = {"acked", "worst delay s", "p50 ack ms", "p99 ack ms", "p99 calm ms"}
