"""The results as lines of text."""

from statistics import median

from bench.load.ledger import Wrongs
from bench.results import Case, Results

PEERS = ("raw", "stock", "node")
HEAD = (
    f"{'':<33}{'server':<7}{'us/delivery':>11}{'(from - to)':>17}{'a second':>10}{'p50 ms':>8}{'p99 ms':>8}"
    f"{'PG us':>7}{'Redis':>7}{': raw':>8}{': stock':>8}{': node':>8}"
)


def table(results: Results) -> str:
    """A line for each case and server, and what connections cost."""
    lines = [HEAD, *(_line(results, case) for case in results.in_order())] if results.samples else []
    lines += _connections(results)
    return "\n".join([*lines, *(f"Note: {note}" for note in results.notes)])


def _line(results: Results, case: Case) -> str:
    samples = results.samples[case]
    us = sorted(sample.us_per_delivery for sample in samples)
    wrongs = sum((sample.talk.wrongs for sample in samples), Wrongs())
    talks = [sample.talk for sample in samples]
    numbers = [median(talk.p50_ms for talk in talks), median(talk.p99_ms for talk in talks)]
    helpers = "".join(f"{number(value):>7}" for value in results.helpers_us(case))
    ratios = "".join(f"{number(results.ratio(case, peer)):>8}" for peer in PEERS)
    return (
        f"{f'{case.workload} {case.words}':<33}{case.server:<7}{number(median(us)):>11}"
        f"{f'({number(us[0])} - {number(us[-1])})':>17}{median(each.per_second for each in samples):>10.0f}"
        f"{''.join(f'{number(value):>8}' for value in numbers)}{helpers}{ratios}{f'  {wrongs}' if wrongs else ''}"
    )


def number(value: float | None) -> str:
    """As many digits as say something; nothing for what was not measured."""
    if value is None:
        return ""
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def connections(results: Results) -> dict[str, dict[str, float]]:
    """What connections cost, by what it is and by server."""
    found = {"W3 MiB (Pss) before anybody came": dict(results.empty_mib)}
    for (server, count), kib in results.kib.items():
        found.setdefault(f"W3 KiB (Pss) of an idle connection, {count} of them", {})[server] = kib
    found["W4 CPU ms of a connect and join"] = {name: median(ms) for name, ms in results.connect_ms.items()}
    return {what: values for what, values in found.items() if values}


def _connections(results: Results) -> list[str]:
    return [
        f"{what:<52}{''.join(f'  {server} {number(value)}' for server, value in values.items())}"
        for what, values in connections(results).items()
    ]
