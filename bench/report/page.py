"""The results as a part of docs/performance.md, which is written anew."""

from statistics import median

from bench.load.ledger import Wrongs
from bench.report.table import connections, number
from bench.report.targets import targets
from bench.results import Case, Results

BEGIN, END = "<!-- written by `python -m bench --publish` -->", "<!-- until here -->"
SERVERS = ("ours", "raw", "stock", "node")
COSTS = """| CPU us for a delivery | ours | raw | stock | node | ours : raw | : stock | : node |
|---|---|---|---|---|---|---|---|"""
DETAILS = """| | | us, from - to | a second | p50 ms | p99 ms | PostgreSQL us | Redis us | wrong |
|---|---|---|---|---|---|---|---|---|"""


def published(page: str, results: Results) -> str:
    """The page with these results between its marks. Raises ValueError when it has none."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"the page has no place for it: {BEGIN}")
    return f"{before}{BEGIN}\n\n{markdown(results)}\n\n{END}{after}"


def markdown(results: Results) -> str:
    """All that was measured, as tables."""
    parts = []
    if results.samples:
        whats = dict.fromkeys(case._replace(server="ours") for case in results.in_order())
        parts.append("\n".join([COSTS, *(_costs(results, case) for case in whats)]))
        parts.append("\n".join([DETAILS, *(_details(results, case) for case in results.in_order())]))
    if results.kib or results.connect_ms:
        parts.append("\n".join(["| | ours | raw | stock | node |", "|---|---|---|---|---|", *_connections(results)]))
    parts.append("\n".join(["| asked | | | |", "|---|---|---|---|", *_targets(results)]))
    parts += [f"Note: {note}" for note in results.notes]
    return "\n\n".join(parts)


def _costs(results: Results, case: Case) -> str:
    costs = [results.us(case._replace(server=server)) for server in SERVERS]
    ratios = [results.ratio(case, server) for server in SERVERS[1:]]
    return f"| {case.workload}, {case.words} | {' | '.join(map(number, [*costs, *ratios]))} |"


def _details(results: Results, case: Case) -> str:
    samples = results.samples[case]
    us = sorted(sample.us_per_delivery for sample in samples)
    wrongs = sum((sample.talk.wrongs for sample in samples), Wrongs())
    cells = [
        f"{case.workload}, {case.words}",
        case.server,
        f"{number(us[0])} - {number(us[-1])}",
        f"{median(sample.per_second for sample in samples):.0f}",
        number(median(sample.talk.p50_ms for sample in samples)),
        number(median(sample.talk.p99_ms for sample in samples)),
        *map(number, results.helpers_us(case)),
        str(wrongs) if wrongs else "nothing",
    ]
    return f"| {' | '.join(cells)} |"


def _connections(results: Results) -> list[str]:
    return [
        f"| {what} | {' | '.join(number(values.get(server)) for server in SERVERS)} |"
        for what, values in connections(results).items()
    ]


def _targets(results: Results) -> list[str]:
    return [f"| {each.figure} | {number(each.value)} | {each.asked} | {each.verdict} |" for each in targets(results)]
