"""`python -m bench`: how messages are delivered, and whether the figures are reached.

A quick look: `python -m bench --only W1 --servers ours,raw --rounds 1 --members 100`.
"""

import argparse
import signal
import sys
from collections.abc import Callable
from typing import NoReturn

from bench.load.generator import ROOT
from bench.measure import SERVERS, WORKLOADS, Bench, Options
from bench.progress import Progress
from bench.report import draw, published, table, targets
from bench.results import Results

PAGE = ROOT / "docs" / "performance.md"
PICTURE = ROOT / "docs" / "images" / "delivery.png"


def main() -> int:
    """The exit status: 1 when a figure is missed, or one of ours lost, doubled or reordered anything."""
    asked = _asked()
    progress = Progress()
    bench = Bench(_options(asked), progress.say)
    try:
        results = bench.run()
    finally:
        # Also of a run that was stopped, or that a server ended.
        progress.end()
        sys.stdout.write(table(bench.results) + "\n")
    found = targets(results)
    # A quick look shows its own figures only; a whole run also those that it had no one to hold against.
    is_whole = set(_options(asked).only) == set(WORKLOADS)
    sys.stdout.write("\n".join(str(each) for each in found if is_whole or each.value is not None) + "\n")
    if asked.publish:
        publish(results)
    return int(any(each.is_missed for each in found))


def publish(results: Results) -> None:
    """Put the results where people read them."""
    PAGE.write_text(published(PAGE.read_text(encoding="utf-8"), results), encoding="utf-8")
    if any(case.workload == "W1" for case in results.samples):
        draw(results, PICTURE)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure how messages are delivered.")
    few = Options()
    parser.add_argument("--only", type=_words(WORKLOADS), default=WORKLOADS, help=",".join(WORKLOADS))
    parser.add_argument("--servers", type=_words(SERVERS), default=SERVERS, help=",".join(SERVERS))
    parser.add_argument("--members", type=_numbers, default=few.members, help="sizes of the one room")
    parser.add_argument("--senders", type=_numbers, default=few.senders, help="how many talk in it")
    parser.add_argument("--idle", type=_numbers, default=few.idle, help="how many connections do nothing")
    parser.add_argument("--storm", type=int, default=few.storm, help="how many connect at once")
    parser.add_argument("--rounds", type=int, default=few.rounds)
    parser.add_argument("--seconds", type=float, default=few.seconds, help="of each measurement")
    parser.add_argument("--publish", action="store_true", help=f"write {PICTURE.name} and the tables of {PAGE.name}")
    return parser.parse_args()


def _options(asked: argparse.Namespace) -> Options:
    return Options(
        only=asked.only,
        servers=asked.servers,
        members=asked.members,
        senders=asked.senders,
        idle=asked.idle,
        storm=asked.storm,
        rounds=asked.rounds,
        seconds=asked.seconds,
    )


def _words(known: tuple[str, ...]) -> Callable[[str], tuple[str, ...]]:
    def parsed(said: str) -> tuple[str, ...]:
        chosen = tuple(said.split(","))
        if unknown := set(chosen) - set(known):
            raise argparse.ArgumentTypeError(f"{', '.join(sorted(unknown))}: there are {', '.join(known)}")
        return chosen

    return parsed


def _numbers(said: str) -> tuple[int, ...]:
    return tuple(sorted(int(each) for each in said.split(",")))


def _stop(*_: object) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    # Else what was started would outlive us.
    signal.signal(signal.SIGTERM, _stop)
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("stopped: all that was started has ended")
