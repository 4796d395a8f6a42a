"""`python -m tests.attacks`: each attack on a server of its own, while honest members write and read.

The exit status is 1 when anything came of one that may not, somebody else paid for it, or anything was lost.
"""

import argparse
import os
import signal
import sys
import time

from tests.attacks.attacks import ATTACKS, BY_KEY
from tests.attacks.report import published, table
from tests.attacks.run import Result, run, run_short, what_became
from tests.attacks.soak import cycles
from tests.attacks.target import Target
from tests.faults.parts import Parts
from tests.journeys.server import ROOT

PAGE = ROOT / "docs" / "attacks.md"
# Workers learn the languages of code in the first 20 s; what everything does for the first time is no growth.
WARM_SECONDS = 25.0
WARM_CYCLES = 2_000
ARRIVALS_PER_SECOND = 15.0  # of all insiders together
NICE = 10


def main() -> int:
    """The exit status: 0 when nothing was missed."""
    # Ended by a signal, everything that was started must end too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    wanted = _arguments()
    chosen = [BY_KEY[wanted.attack]] if wanted.attack else ATTACKS
    results: list[Result] = []
    with Parts() as parts, Target(parts) as target:
        # The attacker is on another machine: here they must not take the processor from those who are attacked.
        os.nice(NICE)
        _warm(target)
        target.pause_seconds = 1 / ARRIVALS_PER_SECOND
        for attack in chosen:
            results.append(run(attack, target, _progress))
            _end_progress()
            _say(table(results[-1:], None))
        end = target.honest.end()
    _say("\n" + table(results, end))
    if wanted.publish:
        PAGE.write_text(published(PAGE.read_text("utf-8"), results, end), "utf-8")
    return int(any(result.missed() for result in results) or bool(what_became(end)))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.attacks", description=__doc__)
    parser.add_argument("--attack", choices=[*BY_KEY], help="this alone")
    parser.add_argument("--publish", action="store_true", help=f"write the table of {PAGE.name}")
    return parser.parse_args()


def _warm(target: Target) -> None:
    began = time.monotonic()
    for number, _ in enumerate(cycles(target, WARM_CYCLES)):
        if number % 100 == 0:
            _progress(f"warming up: {number} came and went")
    for attack in ATTACKS:
        if attack.warms:
            _progress(f"warming up: {attack.key}")
            run_short(attack, target, times=attack.full if attack.fills else None)
    # Nothing says when they have.
    time.sleep(max(0.0, began + WARM_SECONDS - time.monotonic()))
    _end_progress()


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _progress(line: str) -> None:
    if sys.stdout.isatty():
        sys.stdout.write(f"\r\033[K{line}")
        sys.stdout.flush()
    else:
        _say(line)


def _end_progress() -> None:
    if sys.stdout.isatty():
        sys.stdout.write("\r\033[K")


if __name__ == "__main__":
    sys.exit(main())
