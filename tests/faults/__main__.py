"""`python -m tests.faults`: each fault on PostgreSQL, all of them mixed on both databases, and the figures to reach.

The exit status is 1 when a promise broke or a figure was missed.
"""

import argparse
import signal
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tests.faults import history, targets
from tests.faults.background import Background
from tests.faults.deploys import BROWSER, DEPLOYS
from tests.faults.faults import BY_KEY, FAULTS, Fault, mixed
from tests.faults.figures import CALM_MIN
from tests.faults.parts import Parts
from tests.faults.report import medians, table
from tests.faults.run import Options, Result, run
from tests.journeys.server import ARTEFACTS

MIXED, FIGURES = "mixed", "figures"
POSTGRESQL, SQLITE = "postgresql", "sqlite"


def main() -> int:
    """The exit status: 0 when nothing that was promised broke."""
    # Ended by a signal, everything that was started must end too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    wanted = _arguments()
    chosen = {name: getattr(wanted, name) for name in ("seconds", "seed", "workers", "database")}
    # Twice what a ratio needs: up to half of them are of those whose own wire will be broken, and do not count.
    options = Options(**chosen, calm_acks=2 * CALM_MIN)
    with Parts() as parts, Background() as background:
        results = [_run(fault, on, parts, background) for fault, on in _plan(wanted.fault, options)]
        if len(results) > 1:
            _say("\n" + table(results))
        is_enough = wanted.fault is not None or options.database == SQLITE or targets.enough_acked(results, _say)
        is_reached = wanted.fault not in (None, FIGURES) or _measure(options, parts, background)
    return 0 if is_enough and is_reached and all(result.is_valid and not result.missed for result in results) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--fault", choices=[*BY_KEY, *DEPLOYS, MIXED, FIGURES], help="this alone")
    parser.add_argument("--seconds", type=float, default=50, help="how long each fault strikes")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--database", choices=[POSTGRESQL, SQLITE], default=POSTGRESQL)
    return parser.parse_args()


def _plan(wanted: str | None, options: Options) -> Iterator[tuple[Fault, Options]]:
    """What runs on what."""
    is_sqlite = options.database == SQLITE
    if wanted == MIXED:
        yield mixed(is_sqlite=is_sqlite), options
    elif wanted in DEPLOYS:
        yield DEPLOYS[wanted], _as_browsers(options)
    elif wanted is None:
        yield from ((fault, options) for fault in FAULTS if fault.fits_sqlite or not is_sqlite)
        yield from ((fault, _as_browsers(options)) for fault in DEPLOYS.values() if not is_sqlite)
        yield mixed(is_sqlite=is_sqlite), options
        if not is_sqlite:
            yield mixed(is_sqlite=True), replace(options, database=SQLITE)
    elif wanted != FIGURES:
        yield BY_KEY[wanted], options


def _as_browsers(options: Options) -> Options:
    return replace(options, pace=BROWSER)


def _run(fault: Fault, options: Options, parts: Parts, background: Background) -> Result:
    _say(f"\n{fault.key}: {fault.words} (seed {options.seed}, {options.database})")
    result = run(fault, options, parts, background, _progress)
    _end_progress()
    if not result.is_valid:
        _say(f"what happened is kept in {_keep(result)}")
    _say(table([result]))
    # Without its history: twenty of them would fill the memory.
    return replace(result, history=[])


def _keep(result: Result) -> Path:
    options = result.options
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    path = ARTEFACTS / f"faults-{result.fault.key}-{options.database}-{options.seed}-{options.seconds:g}s.jsonl"
    history.write(path, result.history)
    return path


def _measure(options: Options, parts: Parts, background: Background) -> bool:
    measured = targets.measure(options, lambda fault, on: _run(fault, on, parts, background), _say)
    _say("\n" + medians(measured.figures, targets.BOUNDS))
    return measured.is_reached


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
