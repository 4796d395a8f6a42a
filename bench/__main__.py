"""`python -m bench`: how messages are delivered, and whether the figures are reached.

A quick look: `python -m bench --only W1 --servers ours,raw --rounds 1 --members 100`.
"""

import argparse
import sys
from collections.abc import Callable

from bench.measure import SERVERS, WORKLOADS, Bench, Options
from bench.progress import Progress
from bench.report import table, targets


def main() -> int:
    """The exit status: 1 when a figure is missed, or one of ours lost, doubled or reordered anything."""
    asked = _asked()
    progress = Progress()
    results = Bench(_options(asked), progress.say).run()
    progress.end()
    sys.stdout.write(table(results) + "\n")
    found = targets(results)
    sys.stdout.write("\n".join(map(str, found)) + "\n")
    return int(any(each.is_missed for each in found))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure how messages are delivered.")
    few = Options()
    parser.add_argument("--only", type=_words(WORKLOADS), default=WORKLOADS, help=",".join(WORKLOADS))
    parser.add_argument("--servers", type=_words(SERVERS), default=SERVERS, help=",".join(SERVERS))
    parser.add_argument("--members", type=_numbers, default=few.members, help="sizes of the one room")
    parser.add_argument("--senders", type=_numbers, default=few.senders, help="how many talk in it")
    parser.add_argument("--rounds", type=int, default=few.rounds)
    parser.add_argument("--seconds", type=float, default=few.seconds, help="of each measurement")
    return parser.parse_args()


def _options(asked: argparse.Namespace) -> Options:
    return Options(
        only=asked.only,
        servers=asked.servers,
        members=asked.members,
        senders=asked.senders,
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


if __name__ == "__main__":
    sys.exit(main())
