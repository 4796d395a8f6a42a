"""One attack from the calm before to the verdict."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

from tests.attacks.attacks import Attack
from tests.attacks.honest import End, Stretch
from tests.attacks.target import LOOK_SECONDS, Target
from tests.faults.measures import percentile

CALM_SECONDS = 8.0
LEAST_SECONDS = 9.0  # an attack that is over sooner is made again: for so long its cost is measured
MOST_SECONDS = 170.0  # the longest of them waits for what is given up after 95
SAY_SECONDS = 2.0
GROWTH_MOST = 0.1
FLOOR_SECONDS = 0.01  # doubling less than this says more about a busy machine than about an attack
STRAY_DESCRIPTORS = 40  # connections to the database, which are opened where they are needed, and the newcomer's

Say = Callable[[str], None]


@dataclass
class Result:
    """What was tried, what came of it, and what it cost the others."""

    attack: Attack
    outcomes: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    kb_before: int = 0
    kb_peak: int = 0
    kb_after: int = 0
    before: Stretch | None = None
    during: Stretch | None = None
    tracebacks: int = 0

    @property
    def tried(self) -> int:
        """How often."""
        return self.outcomes.total()

    @property
    def growth(self) -> float:
        """By what share the workers had grown when all was over."""
        return self.kb_after / self.kb_before - 1

    @property
    def peak_growth(self) -> float:
        """By what share they had grown at most."""
        return self.kb_peak / self.kb_before - 1

    @property
    def peak_most(self) -> float:
        """By what share they may: a tenth, and what the attack is allowed to hold as long as it lasts."""
        return GROWTH_MOST + self.attack.holds_kb * self.attack.full / self.kb_before

    def missed(self) -> list[str]:
        """What was asked and is not so."""
        found = self.wrong()
        if self.growth > GROWTH_MOST:
            found.append(f"memory {self.growth:+.0%} after")
        if self.peak_growth > self.peak_most:
            found.append(f"memory {self.peak_growth:+.0%} at most")
        if p99(self.during) > 2 * max(p99(self.before), FLOOR_SECONDS):
            found.append("p99 more than doubled")
        return found

    def wrong(self) -> list[str]:
        """The same without what depends on times and the machine."""
        found = self.attack.missed(self.outcomes)
        if self.tracebacks:
            found.append(f"{self.tracebacks} tracebacks logged")
        if self.during is not None and self.during.sent_away:
            found.append(f"{self.during.sent_away} honest sockets ended")
        if self.during is not None and self.during.refused:
            found.append(f"{self.during.refused} newcomers refused")
        return found


def p99(stretch: Stretch | None) -> float:
    """From writing to reading, of those members, in seconds."""
    return percentile(stretch.delays, 0.99) if stretch else 0.0


def run(attack: Attack, target: Target, say: Say) -> Result:
    """The long form, measured."""
    result = Result(attack)
    descriptors = target.descriptors()
    result.kb_before = target.settled_kb(descriptors + STRAY_DESCRIPTORS)
    tracebacks, calm_at = target.tracebacks(), time.monotonic()
    time.sleep(CALM_SECONDS)  # what is normal is measured for so long
    with Watch(target) as watch:
        struck_at = time.monotonic()
        while not result.tried or time.monotonic() - struck_at < LEAST_SECONDS:
            _strike(attack, target, attack.full, result, say)
        ended_at = time.monotonic()
    result.seconds, result.kb_peak = ended_at - struck_at, watch.peak_kb
    result.before = target.honest.stretch(calm_at, struck_at)
    result.during = target.honest.stretch(struck_at, ended_at)
    result.kb_after = target.settled_kb(descriptors + STRAY_DESCRIPTORS)
    result.tracebacks = target.tracebacks() - tracebacks
    return result


def run_short(attack: Attack, target: Target, *, times: int | None = None) -> Result:
    """The short form: what comes of it, and that the others go on."""
    result, tracebacks, began = Result(attack), target.tracebacks(), time.monotonic()
    _strike(attack, target, times or attack.short, result, lambda _: None)
    result.during = target.honest.stretch(began, time.monotonic())
    result.tracebacks = target.tracebacks() - tracebacks
    return result


def what_became(end: End) -> list[str]:
    """What of all that the members wrote is not as it must be."""
    found = {"lost": end.lost, "that nobody wrote": end.strange, "honest sockets ended": end.sent_away}
    return [f"{count} {what}" for what, count in found.items() if count]


def _strike(attack: Attack, target: Target, times: int, result: Result, say: Say) -> None:
    began = said = time.monotonic()
    for number, outcome in enumerate(attack.tries(target, times)):
        result.outcomes[outcome] += 1
        time.sleep(max(0.0, began + number / attack.per_second - time.monotonic()))  # not faster than it is to be
        now = time.monotonic()
        if now - said > SAY_SECONDS:
            said = now
            say(
                f"{attack.key} {now - began:4.0f} s: {result.tried} tried, workers hold {target.rss_kb() / 1024:.0f} MB"
            )
        if now - began > MOST_SECONDS:
            result.outcomes["not over in time"] += 1
            return


class Watch:
    """Looks at the workers' memory all the time."""

    def __init__(self, target: Target) -> None:
        self.peak_kb = 0
        self._target = target
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._is_over.wait(LOOK_SECONDS):
            self.peak_kb = max(self.peak_kb, self._target.rss_kb())
