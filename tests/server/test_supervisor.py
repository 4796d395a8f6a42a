import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from chatapp.server.listener import listen
from tests.server import stub
from tests.server.conftest import DEADLINE_SECONDS, ROOT, Launched, eventually, is_running

Launch = Callable[..., Launched]


def answering_pids(launched: Launched) -> set[int]:
    return {int(answer) for _ in range(40) if (answer := launched.answers("/pid"))}


def test_two_workers_answer_on_one_port(launch: Launch) -> None:
    launched = launch(workers=2)
    assert launched.url.startswith("http://127.0.0.1:")
    eventually(lambda: answering_pids(launched) == set(launched.worker_pids))
    assert len(launched.worker_pids) == 2
    assert f"chatapp serves on {launched.url} with 2 workers\n" in launched.log


def test_the_running_master_has_no_greenlets(launch: Launch) -> None:
    launched = launch()
    launched.get("/pid")
    assert "greenlet" in Path(f"/proc/{launched.worker_pids[0]}/maps").read_text()
    assert "greenlet" not in Path(f"/proc/{launched.master.pid}/maps").read_text()


def test_a_killed_worker_is_replaced(launch: Launch) -> None:
    launched = launch(workers=2)
    first = int(launched.get("/pid"))
    os.kill(first, signal.SIGKILL)
    eventually(lambda: len(launched.worker_pids) == 3)
    eventually(lambda: launched.worker_pids[2] in answering_pids(launched))
    assert f"pid={first} status=-9" in launched.log


def test_workers_end_when_the_master_is_killed(launch: Launch) -> None:
    launched = launch(workers=2)
    assert launched.url
    launched.master.kill()
    launched.master.wait()
    eventually(lambda: not any(is_running(pid) for pid in launched.worker_pids))


def test_a_worker_without_a_master_ends_even_when_its_end_hangs(launch: Launch) -> None:
    launched = launch(**{stub.HANG_AT_END: "1"})
    assert launched.url
    launched.master.kill()
    launched.master.wait()
    eventually(lambda: not is_running(launched.worker_pids[0]))
    assert " in stop\n" in launched.log


def test_a_running_request_is_finished_before_the_end(launch: Launch) -> None:
    launched = launch()
    with launched.asked("/until-the-drain") as answer:
        assert answer.readline().startswith(b"begun")
        launched.master.send_signal(signal.SIGTERM)
        assert answer.read().endswith(b"finished")
    assert launched.master.wait(DEADLINE_SECONDS) == 0
    assert not launched.answers("/pid")


def test_a_signal_to_the_whole_group_again_and_again_is_one_drain(launch: Launch) -> None:
    launched = launch(workers=2)
    assert launched.url
    while launched.master.poll() is None:
        os.killpg(launched.master.pid, signal.SIGINT)
        os.killpg(launched.master.pid, signal.SIGTERM)
        time.sleep(0.01)
    assert launched.master.returncode == 0
    assert len(launched.worker_pids) == 2
    assert "Traceback" not in launched.log
    assert launched.log.count("drain begins") == 2


def test_a_worker_that_is_told_to_end_drains_and_is_replaced(launch: Launch) -> None:
    launched = launch()
    os.kill(int(launched.get("/pid")), signal.SIGTERM)
    eventually(lambda: len(launched.worker_pids) == 2)
    assert f"pid={launched.worker_pids[0]} status=0" in launched.log


def test_a_hung_worker_says_where_and_is_replaced(launch: Launch) -> None:
    launched = launch(**{stub.SILENT_SECONDS: "4"})
    assert not launched.answers("/hang")
    eventually(lambda: launched.answers("/pid") == str(launched.worker_pids[-1]))
    assert len(launched.worker_pids) == 2
    assert "worker hangs worker=1" in launched.log
    assert " in hang\n" in launched.log


def test_a_stopped_worker_is_replaced(launch: Launch) -> None:
    launched = launch(**{stub.SILENT_SECONDS: "4"})
    os.kill(int(launched.get("/pid")), signal.SIGSTOP)
    eventually(lambda: len(launched.worker_pids) == 2)
    assert "status=-9" in launched.log


def test_a_worker_that_cannot_start_ends_the_master(launch: Launch) -> None:
    launched = launch(workers=2, **{stub.BREAK_START: "1"})
    assert launched.master.wait(DEADLINE_SECONDS) == 1
    assert "this worker cannot start" in launched.log
    assert not any(is_running(pid) for pid in launched.worker_pids)


def run_wsgi(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    given = os.environ | {"SECRET_KEY": "secret-of-the-tests-of-32-letters", "HOST": "127.0.0.1"} | environment
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=given,
        capture_output=True,
        text=True,
        timeout=DEADLINE_SECONDS,
        check=False,
    )


def test_a_second_server_on_the_port_is_refused_with_what_to_do() -> None:
    with listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        second = run_wsgi("wsgi.py", PORT=str(port))
    assert second.returncode == 1
    assert second.stdout == ""
    assert second.stderr == (
        f"port {port} is taken: stop the other program or choose another, e.g. PORT={port + 1} make run\n"
    )


def test_a_server_that_takes_passwords_in_the_clear_says_so_first() -> None:
    with listen("127.0.0.1", 0) as taken:  # it ends at once
        port = str(taken.getsockname()[1])
        said = run_wsgi("wsgi.py", PORT=port, HOST="0.0.0.0", PUBLIC_URL="http://chat.example.org")  # noqa: S104
    assert said.stderr.count("\n") + said.stdout.count("\n") == 2
    assert "passwords and cookies go in the clear" in said.stdout + said.stderr


def test_a_setting_that_cannot_be_used_is_one_line() -> None:
    refused = run_wsgi("wsgi.py", PORT="five thousand")
    assert refused.returncode == 1
    assert refused.stderr == "PORT must be a whole number, not 'five thousand'\n"


@pytest.mark.parametrize("module", ["wsgi", "chatapp.server.supervisor", "chatapp.config", "chatapp.offload"])
def test_what_the_master_imports_brings_no_eventlet(module: str) -> None:
    looked = run_wsgi("-c", f"import sys, {module}; sys.exit('eventlet' in sys.modules)")
    assert looked.returncode == 0, looked.stderr
