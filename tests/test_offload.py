import subprocess
import sys
import threading
from pathlib import Path

import pytest

from chatapp.offload import THREADS, offload

ROOT = Path(__file__).resolve().parents[1]

PATCHED = """
import eventlet
eventlet.monkey_patch()
from chatapp.offload import offload
native = eventlet.patcher.original("time")
"""


def run_patched(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", PATCHED + program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_unpatched_it_is_a_plain_call() -> None:
    assert offload(lambda a, *, b: (a, b, threading.get_ident()), 1, b=2) == (1, 2, threading.get_ident())


def test_unpatched_errors_come_out() -> None:
    with pytest.raises(ZeroDivisionError):
        offload(divmod, 1, 0)


def test_other_greenlets_run_on_while_it_works() -> None:
    ticks = run_patched("""
ticks = []
def tick():
    while True:
        ticks.append(1)
        eventlet.sleep(0.01)
eventlet.spawn(tick)
offload(native.sleep, 0.5)
print(len(ticks))
""")
    assert int(ticks) > 10


def test_it_returns_what_the_function_returns_and_raises_what_it_raises() -> None:
    said = run_patched("""
print(offload(divmod, 7, 2))
try:
    offload(divmod, 1, 0)
except ZeroDivisionError:
    print("raised")
""")
    assert said.split("\n") == ["(3, 1)", "raised"]


def test_it_works_on_few_threads() -> None:
    threads = run_patched("""
native_thread = eventlet.patcher.original("threading")
def work():
    native.sleep(0.05)
    return native_thread.get_ident()
pile = eventlet.GreenPile(12)
for _ in range(12):
    pile.spawn(offload, work)
here = native_thread.get_ident()
used = set(pile)
print(len(used), here in used)
""")
    assert threads == f"{THREADS} False"


def test_give_way_lets_the_others_run() -> None:
    program = """
from chatapp.offload import give_way
said = []
eventlet.spawn(said.append, "other")
give_way()
print(said)
"""
    assert run_patched(program) == "['other']"


def test_unpatched_it_brings_no_eventlet() -> None:
    program = "import sys; from chatapp.offload import give_way; give_way(); print('eventlet' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
