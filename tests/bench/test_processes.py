"""What is read of processes is what they have used."""

import os
import subprocess
import sys
import time

import pytest

from bench.processes import cpu_seconds_of, pss_kib, trees, wait_until_calm

WORK_SECONDS = 0.3
# Its child works until it has used so much, and ends; the parent says so and waits.
PARENT = f"""
import subprocess, sys
work = "import time\\nwhile time.process_time() < {WORK_SECONDS}: pass"
subprocess.run([sys.executable, "-c", work], check=True)
sys.stdout.write("done\\n"); sys.stdout.flush(); sys.stdin.read()
"""


def test_what_a_child_used_is_counted_also_when_it_has_ended() -> None:
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", PARENT], stdin=pipe, stdout=pipe) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"done\n"
        assert cpu_seconds_of([parent.pid]) >= WORK_SECONDS - 0.02
        assert wait_until_calm([parent.pid])


def test_a_tree_is_a_process_and_what_it_has_started() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        assert {os.getpid(), child.pid} <= set(trees([os.getpid()]))
        assert pss_kib([os.getpid()]) > pss_kib([child.pid]) > 0


def test_who_works_is_not_calm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bench.processes.PATIENCE_SECONDS", 1.0)
    with subprocess.Popen([sys.executable, "-c", "while True: pass"]) as busy:
        try:
            began = time.monotonic()
            assert not wait_until_calm([busy.pid])
            assert time.monotonic() - began >= 1.0
        finally:
            busy.kill()
