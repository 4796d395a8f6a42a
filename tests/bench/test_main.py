"""`python -m bench` as somebody at a terminal sees it."""

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bench.processes import trees

ROOT = Path(__file__).resolve().parents[2]
QUICK = ["--only", "W1", "--servers", "raw", "--members", "5", "--senders", "1", "--rounds", "1"]


def bench(*words: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "bench", *words]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_a_quick_look_ends_well_with_a_table() -> None:
    with bench(*QUICK, "--seconds", "0.1") as process:
        table, progress = process.communicate()
    assert process.returncode == 0
    assert re.search(r"^W1 room of 5, 1 sender +raw +\d", table, re.MULTILINE)
    assert "W1, room of 5, 1 sender, round 1: raw" in progress
    assert "not measured" not in table


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_what_was_started_ends_when_it_is_stopped(how: signal.Signals) -> None:
    with bench(*QUICK, "--seconds", "60") as process:
        assert process.stderr is not None
        said = next(line for line in process.stderr if "round 1" in line)
        started = trees([process.pid])
        process.send_signal(how)
        _, rest = process.communicate()
    assert len(started) >= 3, said  # itself, the server and the load generator
    assert "stopped" in rest
    assert "Traceback" not in rest
    assert process.returncode == 1
    assert [pid for pid in started if Path(f"/proc/{pid}").exists()] == []


def test_a_workload_that_there_is_not_is_told_with_those_that_there_are() -> None:
    with bench("--only", "W9") as process:
        _, said = process.communicate()
    assert process.returncode == 2
    assert "W9: there are W1, W2, W3, W4, W5" in said
