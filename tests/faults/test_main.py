"""What `make faults` says at its end: 0 when every promise was kept, 1 when one was broken."""

import math
import signal
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import pytest

from tests.faults import __main__ as program
from tests.faults.arena import Arena
from tests.faults.faults import BY_KEY, Fault
from tests.faults.history import Acked
from tests.faults.run import SHORT_PACE, Options
from tests.faults.strikes import Strike

pytestmark = pytest.mark.journey

ACKED_SECONDS = 30.0  # on a busy machine


@contextmanager
def nothing(arena: Arena) -> Iterator[float]:
    """Wait for one who hears that a message is stored."""
    arena.crowd.wait(lambda: _first_ack(arena) is not None, ACKED_SECONDS, "a message is acked")
    yield 0.1


@contextmanager
def one_lost(arena: Arena) -> Iterator[float]:
    """The same, and then it is not there any more: what the server must never do is done past it."""
    with nothing(arena) as seconds:
        acked = _first_ack(arena)
        assert acked is not None
        with closing(arena.cluster.connect()) as connection, closing(connection.cursor()) as cursor:
            cursor.execute("DELETE FROM messages WHERE client_id = ?", (acked.client_id,))
        yield seconds


def _first_ack(arena: Arena) -> Acked | None:
    acks = (event for event in list(arena.crowd.history) if isinstance(event, Acked) and event.action == "post")
    return next(acks, None)


@pytest.fixture
def _shortly(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Its runs are short here, and what it keeps of them does not stay."""
    short = partial(Options, warm_seconds=0, calm_seconds=0.5, clients=4, pace=SHORT_PACE)
    monkeypatch.setattr(program, "Options", short)
    monkeypatch.setattr(program, "ARTEFACTS", tmp_path)
    handler = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, handler)


@pytest.mark.usefixtures("_shortly")
@pytest.mark.parametrize(("strike", "status"), [(nothing, 0), (one_lost, 1)], ids=["kept", "broken"])
def test_it_ends_with_1_when_a_promise_was_broken_and_says_which(
    strike: Strike, status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    fault = Fault("planted", "one thing alone", strike, strikes_max=1, growth_most=math.inf)
    monkeypatch.setitem(BY_KEY, fault.key, fault)
    arguments = ["--fault", fault.key, "--database", "sqlite", "--seconds", "5"]
    monkeypatch.setattr(sys, "argv", ["tests.faults", *arguments])

    assert program.main() == status

    said, kept = capsys.readouterr().out, list(tmp_path.glob("faults-planted-*.jsonl"))
    assert ("0 violations" in said) == (status == 0), said
    assert len(kept) == status
