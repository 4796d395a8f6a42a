"""Each attack in short: what comes of it, no traceback, and that the others go on. `make attack` measures as well."""

from collections.abc import Iterator

import pytest

from chatapp.events import Up
from tests.attacks.attacks import ATTACKS, Attack
from tests.attacks.fuzz import EVENTS
from tests.attacks.run import run_short, what_became
from tests.attacks.soak import soak
from tests.attacks.target import Target
from tests.faults.parts import Parts

pytestmark = pytest.mark.journey

SOAK_CYCLES = 200
PATIENCE_SECONDS = 1  # where it would be 10, 30 or 95


@pytest.fixture(scope="module")
def target() -> Iterator[Target]:
    """A server that soon gives up the slow, and its members, of whom nothing may be lost in the end."""
    with Parts() as parts, Target(parts, patience=PATIENCE_SECONDS) as target:
        yield target
        assert what_became(target.honest.end()) == []
        assert target.tracebacks() == 0


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.key)
def test_an_attack_is_refused_and_others_go_on(target: Target, attack: Attack) -> None:
    result = run_short(attack, target)

    assert result.wrong() == [], dict(result.outcomes)
    assert result.during is not None


def test_of_hundreds_who_come_and_go_nothing_stays(target: Target) -> None:
    found = soak(target, SOAK_CYCLES, seconds=0, samples=2, say=lambda _: None)

    assert found.missed() == [], found.table()
    assert found.outcomes.total() == SOAK_CYCLES
    assert [sample.cycles for sample in found.samples] == [0, SOAK_CYCLES // 2, SOAK_CYCLES]


def test_every_event_is_fuzzed() -> None:
    assert set(EVENTS) == set(Up)
