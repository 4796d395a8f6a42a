import signal
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import eventlet
import pytest
import websocket

from chatapp.server.drain import close_sockets
from tests.server import stub
from tests.server.conftest import DEADLINE_SECONDS, Launched, eventually

Launch = Callable[..., Launched]


def status_of(launched: Launched, path: str) -> int:
    with launched.asked(path) as answer:
        return answer.status


def test_sockets_are_closed_by_the_engine_so_that_browsers_come_back(launch: Launch) -> None:  # behaviour 48
    launched = launch()
    connections = [launched.websocket() for _ in range(3)]
    launched.master.send_signal(signal.SIGTERM)
    for connection in connections:
        assert connection.recv() == "1"  # Engine.IO: close
        assert connection.recv_frame().opcode == websocket.ABNF.OPCODE_CLOSE
    assert launched.master.wait(DEADLINE_SECONDS) == 0
    assert "drain cut" not in launched.log  # although none of them has closed its side


def test_everybody_is_told_of_the_drain_before_their_sockets_are_closed(launch: Launch) -> None:
    launched = launch()
    connections = [launched.websocket() for _ in range(3)]
    for connection in connections:
        connection.send("40")
        assert connection.recv().startswith("40")
    launched.master.send_signal(signal.SIGTERM)
    for connection in connections:
        assert connection.recv() == '42["server:draining",{"spread_seconds":10}]'
        assert connection.recv() == "1"


def test_they_are_closed_one_after_the_other_over_some_seconds(launch: Launch) -> None:  # behaviour 48
    launched = launch()
    connections = [launched.websocket() for _ in range(100)]  # 0.05 s for each

    def closed_at(connection: websocket.WebSocket) -> float:
        assert connection.recv() == "1"
        return time.monotonic()

    with ThreadPoolExecutor(len(connections)) as pool:
        waiting = pool.map(closed_at, connections)
        launched.master.send_signal(signal.SIGTERM)
        times = sorted(waiting)
    each_second = Counter(int(moment - times[0]) for moment in times)
    assert times[-1] - times[0] > 3
    assert max(each_second.values()) < 0.4 * len(connections), each_second


class Quiet:
    """A socket that closes."""

    closed = False

    def close(self, *, wait: bool) -> None:
        assert not wait
        self.closed = True


def test_very_many_are_closed_in_time_though_each_pause_ends_late() -> None:
    now = [0.0]

    def sleep(seconds: float) -> None:
        eventlet.sleep(0)
        now[0] += seconds + 0.002  # what the others did before it was our turn again

    sockets = [Quiet() for _ in range(2000)]
    close_sockets(sockets, 5, ends_at=13, clock=lambda: now[0], sleep=sleep)
    assert all(socket.closed for socket in sockets)
    assert 4.9 < now[0] < 5.1


def test_so_many_that_it_takes_too_long_are_left_to_the_end(caplog: pytest.LogCaptureFixture) -> None:
    now = [0.0]

    def sleep(_: float) -> None:
        eventlet.sleep(0)
        now[0] += 0.1

    sockets = [Quiet() for _ in range(2000)]
    close_sockets(sockets, 5, ends_at=13, clock=lambda: now[0], sleep=sleep)
    assert 13 < now[0] < 14
    assert caplog.messages == ["drain left sockets to the end of the process"]


def test_a_draining_worker_is_not_ready_and_takes_no_new_socket(launch: Launch) -> None:
    launched = launch()
    connections = [launched.websocket() for _ in range(200)]  # as many pauses: ten seconds to look around
    assert status_of(launched, "/ready") == 200
    launched.master.send_signal(signal.SIGTERM)
    eventually(lambda: status_of(launched, "/ready") == 503)
    with pytest.raises(websocket.WebSocketBadStatusException) as refusal:
        launched.websocket()
    assert refusal.value.status_code == 503
    for connection in connections:
        connection.close()
    assert launched.master.wait(DEADLINE_SECONDS) == 0


def test_the_port_is_free_while_the_last_request_is_finished(launch: Launch) -> None:
    launched = launch()
    with launched.asked("/until-the-drain") as answer:
        assert answer.readline().startswith(b"begun")
        launched.master.send_signal(signal.SIGTERM)
        eventually(lambda: not launched.answers("/pid"))
        assert launched.master.poll() is None
        assert answer.read().endswith(b"finished")


def test_what_a_socket_asked_for_is_finished_before_the_end(launch: Launch) -> None:
    launched = launch()
    connection = launched.websocket()
    connection.send("40")
    assert connection.recv().startswith("40")
    connection.send('42["hear late"]')
    launched.master.send_signal(signal.SIGTERM)
    assert launched.master.wait(DEADLINE_SECONDS) == 0
    assert "heard late" in launched.log
    assert "drain cut" not in launched.log


def test_a_worker_ends_by_itself_whatever_it_waits_for(launch: Launch) -> None:
    launched = launch(**{stub.LEAVE_SECONDS: "6", stub.KILL_SECONDS: "8", stub.END_LATE: "60"})
    with launched.asked("/endless") as answer:
        assert answer.read(1)
        launched.master.send_signal(signal.SIGTERM)
        assert launched.master.wait(DEADLINE_SECONDS) == 0
    assert "drain cut the requests that took longer seconds=1" in launched.log
    assert "stopped pid=" in launched.log
    assert "ending the workers" not in launched.log
