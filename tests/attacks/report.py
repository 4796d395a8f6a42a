"""The table that the attacks end with, for a terminal and for docs/attacks.md."""

import datetime as dt
import os
import platform
from collections import Counter
from pathlib import Path

from tests.attacks.honest import End
from tests.attacks.run import Result, p99, what_became

BEGIN, END = "<!-- attacks: begin -->", "<!-- attacks: end -->"
HEADS = (
    f"{'attack':<12}{'':<38}{'tried':>8}{'seconds':>9}{'MB before':>11}{'at most':>9}{'after':>7}"
    f"{'p99 before':>12}{'during':>8}{'newcomer':>10}{'tracebacks':>12}"
)
PAGE_HEADS = (
    "| attack | tried | what came of it | MB before, at most, after | p99 before, during | newcomers | tracebacks |\n"
    "|---|---|---|---|---|---|---|"
)


def table(results: list[Result], end: End | None) -> str:
    """A line for each attack, and under it what came of the tries and what was missed."""
    lines = [HEADS]
    for result in results:
        lines += [_row(result), f"{'':<12}{came(result.outcomes)}"]
        lines += [f"{'':<12}{each}" for each in result.attack.because.splitlines()]
        lines += [f"{'':<12}MISSED: {each}" for each in result.missed()]
    if end is not None:
        lines += ["", _summary(results, end), *(f"MISSED: {each}" for each in what_became(end))]
    return "\n".join(lines)


def published(page: str, results: list[Result], end: End) -> str:
    """The page with these results between its marks. Raises ValueError when it has none."""
    before, begin, rest = page.partition(BEGIN)
    _, mark, after = rest.partition(END)
    if not (begin and mark):
        raise ValueError(f"the page has no place for it: {BEGIN}")
    rows = "\n".join([PAGE_HEADS, *(_page_row(result) for result in results)])
    return f"{before}{BEGIN}\n\n{_machine()}\n\n{rows}\n\n{_summary(results, end)}\n\n{END}{after}"


def came(outcomes: Counter[str]) -> str:
    """What came of the tries, the most frequent first."""
    return ", ".join(f"{count:,}x {outcome}" for outcome, count in outcomes.most_common())


def _row(result: Result) -> str:
    assert result.during is not None
    newcomer = max(result.during.arrivals, default=0.0)
    return (
        f"{result.attack.key:<12}{result.attack.words:<38}{result.tried:>8,}{result.seconds:>7.0f} s"
        f"{result.kb_before / 1024:>11.0f}{result.kb_peak / 1024:>9.0f}{result.kb_after / 1024:>7.0f}"
        f"{1000 * p99(result.before):>9.1f} ms{1000 * p99(result.during):>5.1f} ms{1000 * newcomer:>7.0f} ms"
        f"{result.tracebacks:>12}"
    )


def _page_row(result: Result) -> str:
    assert result.during is not None
    memory = ", ".join(f"{kb / 1024:.0f}" for kb in (result.kb_before, result.kb_peak, result.kb_after))
    delays = f"{1000 * p99(result.before):.1f}, {1000 * p99(result.during):.1f} ms"
    newcomer = f"{1000 * max(result.during.arrivals, default=0.0):.0f} ms at most"
    missed = "".join(f"; MISSED: {each}" for each in result.missed())
    cells = (
        f"{result.attack.key}: {result.attack.words}",
        f"{result.tried:,} in {result.seconds:.0f} s",
        came(result.outcomes) + missed,
        memory,
        delays,
        newcomer,
        str(result.tracebacks),
    )
    return f"| {' | '.join(cells)} |"


def _summary(results: list[Result], end: End) -> str:
    tried, tracebacks = sum(result.tried for result in results), sum(result.tracebacks for result in results)
    return (
        f"{tried:,} tries; {end.posts:,} messages of honest members meanwhile:\n{end.lost} lost, {end.strange} that "
        f"nobody wrote, {end.sent_away} of their sockets ended; {tracebacks} tracebacks"
    )


def _machine() -> str:
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.machine(),
    )
    today = dt.datetime.now(dt.UTC).date().isoformat()
    load = os.getloadavg()[0]
    return (
        f"{today}, {os.cpu_count()} cores of {model}, Python {platform.python_version()}; load at the end {load:.1f}."
    )
