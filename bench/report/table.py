"""The results as lines of text."""

from statistics import median

from bench.load.ledger import Wrongs
from bench.results import Case, Results, Sample

HELPERS = ("PostgreSQL", "Redis")
PEERS = ("raw", "stock", "node")
HEAD = (
    f"{'':<4}{'':<26}{'server':<7}{'us/delivery':>12}{'(from - to)':>16}{'a second':>10}{'p50 ms':>8}{'p99 ms':>8}"
    f"{'PG us':>8}{'Redis':>7}{': raw':>8}{': stock':>8}{': node':>8}  lost/doubled/reordered"
)


def table(results: Results) -> str:
    """A line for each case and server, and what connections cost."""
    cases = sorted(results.samples, key=lambda case: (case.workload, case.rooms, case.members, case.senders))
    lines = [HEAD, *(_line(results, case) for case in cases)] if cases else []
    lines += _connections(results)
    return "\n".join([*lines, *(f"Note: {note}" for note in results.notes)])


def _line(results: Results, case: Case) -> str:
    samples = results.samples[case]
    us = sorted(sample.us_per_delivery for sample in samples)
    spread = f"({us[0]:.3g} - {us[-1]:.3g})"
    ratios = "".join(f"{_number(results.ratio(case, peer)):>8}" for peer in PEERS)
    helpers = [_number(_median_of_helper(samples, name)) for name in HELPERS]
    wrongs = sum((sample.talk.wrongs for sample in samples), Wrongs())
    return (
        f"{case.workload:<4}{case.words:<26}{case.server:<7}{median(us):>12.3g}{spread:>16}"
        f"{median(sample.per_second for sample in samples):>10.0f}"
        f"{median(sample.talk.p50_ms for sample in samples):>8.3g}"
        f"{median(sample.talk.p99_ms for sample in samples):>8.3g}"
        f"{helpers[0]:>8}{helpers[1]:>7}{ratios}  {wrongs.lost}/{wrongs.doubled}/{wrongs.reordered}"
    )


def _median_of_helper(samples: list[Sample], name: str) -> float | None:
    found = [us for sample in samples if (us := sample.helper_us(name)) is not None]
    return median(found) if found else None


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3g}"


def _connections(results: Results) -> list[str]:
    lines = []
    for (server, count), kib in results.kib.items():
        lines.append(f"W3  KiB (Pss) of an idle connection, {count} of them: {server} {kib:.1f}")
    for server, values in results.connect_ms.items():
        lines.append(f"W4  CPU ms of a connect and join: {server} {median(values):.2f}")
    return lines
