import os
import re
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from chatapp.server.child import MANY_ENDS, what_to_look_at
from tests.server import stub
from tests.server.conftest import Launched, eventually

ENDED = re.compile(r"worker ended worker=1 pid=\d+ status=3 served_seconds=\S+ ends=(\d+) back_off_seconds=(\S+)")


def test_a_worker_that_keeps_failing_is_started_ever_more_slowly_while_the_other_serves(
    launch: Callable[..., Launched], tmp_path: Path
) -> None:
    code = tmp_path / "code"
    code.write_text("")
    launched = launch(workers=2, **{stub.CODE: str(code)})
    assert launched.url
    first, second = launched.worker_pids
    code.write_text("worker 1 fails soon")
    os.kill(first, signal.SIGKILL)

    eventually(lambda: len(ENDED.findall(launched.log)) == MANY_ENDS)

    # The first end is the one by our own hand, without a pause.
    assert [int(ends) for ends, _ in ENDED.findall(launched.log)] == [2, 3, 4]
    pauses = [float(pause) for _, pause in ENDED.findall(launched.log)]
    assert pauses == sorted(set(pauses))
    assert "level=ERROR" in next(line for line in launched.log.splitlines() if "worker keeps ending" in line)
    advice = "look at the traceback before this line and at what was deployed last"
    assert re.search(rf"worker=1 ends=3 advice=.*{advice}", launched.log)
    assert launched.get("/pid") == str(second)
    assert launched.master.poll() is None


def test_a_worker_whose_fault_was_mended_serves_again(launch: Callable[..., Launched], tmp_path: Path) -> None:
    code = tmp_path / "code"
    code.write_text("")
    launched = launch(**{stub.CODE: str(code)})
    assert launched.url
    code.write_text("broken")
    os.kill(launched.worker_pids[0], signal.SIGKILL)
    eventually(lambda: "worker keeps ending" in launched.log)
    code.write_text("")
    assert eventually(lambda: launched.answers("/pid")) == str(launched.worker_pids[-1])


@pytest.mark.parametrize(
    ("status", "said"), [(-9, "memory"), (-6, "SIGABRT"), (0, "told to end"), (1, "traceback"), (3, "traceback")]
)
def test_the_log_says_where_to_look(status: int, said: str) -> None:
    assert said in what_to_look_at(status)
