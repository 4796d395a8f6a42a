"""`python -m tests.attacks.soak`: ten minutes in which 20,000 come, are refused or break off, and what of them stays.

Descriptors and memory of the workers are looked at before, after every 2,000 and at the end, once nobody of them is
there any more. The exit status is 1 when the descriptors are not what they were, or the memory grew after that.
"""

import argparse
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.attacks.raw import KEY, PATH, UPGRADE, Raw
from tests.attacks.run import Say, what_became
from tests.attacks.target import Target
from tests.faults.parts import Parts

CYCLES = 20_000
SECONDS = 600
SAMPLES = 10  # after the start; the first of them is what the memory is held to
WARM_CYCLES = 200
GROWTH_MOST = 0.1
STRAY = 2  # one of the members comes and goes, and may be there when we look
HEADS = f"{'':<10}{'cycles':>10}{'descriptors':>13}{'MB':>8}"


@dataclass(frozen=True)
class Sample:
    """What the workers hold at a moment."""

    when: str
    cycles: int
    descriptors: int
    kb: int


@dataclass
class Soak:
    """What was seen."""

    samples: list[Sample] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    tracebacks: int = 0

    def missed(self) -> list[str]:
        """What grew, and what came of a cycle that may not."""
        start, first, end = self.samples[0], self.samples[1], self.samples[-1]
        found = [f"{count}x {outcome}" for outcome, count in self.outcomes.items() if outcome not in MAY]
        if end.descriptors > start.descriptors + STRAY:
            found.append(f"{end.descriptors - start.descriptors} descriptors stay")
        if first is end:
            found.append("no memory looked at meanwhile")
        elif end.kb > (1 + GROWTH_MOST) * first.kb:
            found.append(f"memory {end.kb / first.kb - 1:+.0%} after {first.when}")
        if self.tracebacks:
            found.append(f"{self.tracebacks} tracebacks logged")
        return found

    def table(self) -> str:
        """The samples, and what is missed."""
        rows = [
            f"{each.when:<10}{each.cycles:>10,}{each.descriptors:>13}{each.kb / 1024:>8.0f}" for each in self.samples
        ]
        said = ", ".join(f"{count:,}x {outcome}" for outcome, count in self.outcomes.most_common())
        return "\n".join([HEADS, *rows, said, *(f"MISSED: {each}" for each in self.missed())])


def come_and_leave(target: Target, number: int) -> str:
    """As a browser does whose page is closed."""
    with target.insider(number) as raw:
        raw.frame(b"41")
        return "came and left"


def be_refused(target: Target, number: int) -> str:
    """One without a sign-in, or of another site."""
    cookie, origin = target.credentials(number)
    with target.raw() as raw:
        return raw.upgrade(cookie, "Origin: http://evil.example") if number % 2 else raw.upgrade(origin)


def break_off_in_the_handshake(target: Target, number: int) -> str:
    """Half a head, then nobody is there."""
    raw = target.raw()
    raw.say(
        "\r\n".join([f"GET {PATH} HTTP/1.1", f"Host: {raw.host}", *UPGRADE[: number % len(UPGRADE)], KEY[:9]]).encode()
    )
    return _broken(raw)


def break_off_after_the_handshake(target: Target, number: int) -> str:
    """The connection is open, and nobody has said who it is for; of half of them the answer is on its way."""
    if number % 2:
        return _broken(target.arrived(number))
    raw = target.raw()
    lines = [f"GET {PATH} HTTP/1.1", f"Host: {raw.host}", *UPGRADE, *target.credentials(number), "", ""]
    raw.say("\r\n".join(lines).encode())
    return _broken(raw)


def break_off_inside(target: Target, number: int) -> str:
    """A socket like any other, in the middle of a word."""
    raw = target.insider(number)
    raw.say(b"\xc1\xfe")  # a frame's first bytes
    return _broken(raw)


def _broken(raw: Raw) -> str:
    raw.abort()
    return "broken off"


KINDS: tuple[Callable[[Target, int], str], ...] = (
    come_and_leave,
    be_refused,
    break_off_in_the_handshake,
    break_off_after_the_handshake,
    break_off_inside,
)
MAY = {"came and left", "broken off", "HTTP 401", "HTTP 403", "HTTP 429"}


def cycles(target: Target, count: int) -> Iterator[str]:
    """So many who come, each kind in turn."""
    for number in range(count):
        yield KINDS[number % len(KINDS)](target, number // len(KINDS))


def soak(target: Target, count: int, *, seconds: float, samples: int, say: Say) -> Soak:
    """So many, spread over so many seconds, and looked at so often after the start."""
    found, tracebacks = Soak(), target.tracebacks()
    for _ in cycles(target, min(count, WARM_CYCLES)):
        pass
    found.samples.append(_sample(target, "start", 0, None))
    resting = found.samples[0].descriptors
    began = time.monotonic()
    for number, outcome in enumerate(cycles(target, count), 1):
        found.outcomes[outcome] += 1
        time.sleep(max(0.0, began + seconds * number / count - time.monotonic()))  # spread over that time
        if number % (count // samples) == 0 and number < count:
            found.samples.append(_sample(target, f"{time.monotonic() - began:.0f} s", number, resting))
            say(f"soak {found.samples[-1].when}: {number:,} cycles, {found.samples[-1].kb / 1024:.0f} MB")
    found.samples.append(_sample(target, "end", count, resting))
    found.tracebacks = target.tracebacks() - tracebacks
    return found


def _sample(target: Target, when: str, count: int, resting: int | None) -> Sample:
    kb = target.settled_kb(None if resting is None else resting + STRAY)
    return Sample(when, count, target.descriptors(), kb)


def main() -> int:
    """The exit status: 0 when all is as flat as asked."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    parser = argparse.ArgumentParser(prog="python -m tests.attacks.soak", description=__doc__)
    parser.add_argument("--cycles", type=int, default=CYCLES)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    wanted = parser.parse_args()
    with Parts() as parts, Target(parts) as target:
        found = soak(target, wanted.cycles, seconds=wanted.seconds, samples=SAMPLES, say=_say)
        end = target.honest.end()
    _say(found.table())
    for each in what_became(end):
        _say(f"MISSED: {each}")
    return int(bool(found.missed() or what_became(end)))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
