import inspect
import re
from collections.abc import Callable
from types import FrameType
from typing import cast

import pytest
import websocket

from chatapp.server.hub_lag import FRAMES, LAG_SECONDS, PAUSE_SECONDS, TURN_SECONDS, HubLag, where
from tests.server import stub
from tests.server.conftest import Launched, eventually

Launch = Callable[..., Launched]
STALLS = re.compile(r"^level=WARNING process=worker logger=chatapp\.server\.hub_lag hub stalls (.*)$", re.MULTILINE)
ENDS = re.compile(r"hub turns again stalled_seconds=(\S+) cpu_seconds=(\S+)$", re.MULTILINE)


class Hub:
    """A hub that turns when it is told to, and who watches it."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.cpu = 10.0
        self.said: list[str] = []
        self.lag = HubLag(self._hear, lambda: "here", clock=lambda: self.now, cpu=lambda: self.cpu)

    def _hear(self, fact: str, *values: object) -> None:
        self.said.append(fact % values)

    def turns(self, seconds: float) -> None:
        for _ in range(round(seconds / TURN_SECONDS)):
            self.now += TURN_SECONDS
            self.lag.turned()
            self.lag.look()

    def hangs(self, seconds: float) -> None:
        for _ in range(round(seconds / TURN_SECONDS)):
            self.now += TURN_SECONDS
            self.cpu += TURN_SECONDS / 2
            self.lag.look()


def test_nothing_is_said_of_a_hub_that_turns() -> None:
    hub = Hub()
    hub.turns(60)
    hub.hangs(LAG_SECONDS)
    hub.turns(1)
    assert hub.said == []


def test_a_stall_is_said_once_while_it_lasts_and_once_when_it_is_over() -> None:
    hub = Hub()
    hub.turns(1)
    hub.hangs(2)
    assert hub.said == ["hub stalls seconds=0.30 unsaid_before=0 where='here'"]
    hub.turns(1)
    assert hub.said[1:] == ["hub turns again stalled_seconds=2.05 cpu_seconds=1.00"]


def test_of_many_stalls_some_are_said_and_the_others_counted() -> None:
    hub = Hub()
    for _ in range(4):
        hub.hangs(0.5)
        hub.turns(0.5)
    assert len(hub.said) == 2
    hub.turns(PAUSE_SECONDS)
    hub.hangs(0.5)
    assert hub.said[2] == "hub stalls seconds=0.30 unsaid_before=3 where='here'"


def test_a_long_stall_is_said_however_soon_it_comes() -> None:
    hub = Hub()
    hub.hangs(0.5)
    hub.turns(0.5)
    hub.hangs(2)
    assert hub.said[2] == "hub stalls seconds=1.05 unsaid_before=0 where='here'"


def test_where_is_the_innermost_functions_and_nothing_of_what_they_hold() -> None:
    def deeper(depth: int, text: str) -> str:
        return deeper(depth - 1, text) if depth else where(cast("FrameType", inspect.currentframe()))

    found = deeper(100, "what somebody says")
    assert re.fullmatch(rf"{__name__}:\d+ deeper", found.split(" < ")[0])
    assert len(found.split(" < ")) == FRAMES
    assert "what somebody says" not in found


@pytest.mark.parametrize(("path", "function"), [("busy", "busy_loop"), ("asleep", "asleep_in_c")])
def test_a_worker_says_where_its_hub_hangs_and_its_sockets_live(launch: Launch, path: str, function: str) -> None:
    launched = launch(**{stub.PING_SECONDS: "600"})
    connection = launched.websocket()
    assert launched.get(f"/{path}/5.0") == "done"
    (lasted, cpu), *_ = eventually(lambda: [each for each in ENDS.findall(launched.log) if float(each[0]) > 4])
    stalls = [stall for stall in STALLS.findall(launched.log) if f" {function} < " in stall]
    assert len(stalls) == 1
    assert float(lasted) >= 5
    assert (float(cpu) > 1) == (path == "busy")
    connection.send("40")
    assert connection.recv().startswith("40")
    assert len(launched.worker_pids) == 1


def pid_behind(connection: websocket.WebSocket) -> int:
    connection.send('420["pid"]')
    return int(connection.recv().removeprefix("430[").removesuffix("]"))


def sockets_of_both(launched: Launched) -> dict[websocket.WebSocket, int]:
    """Connections, at least one to each of two workers, and the process behind each."""
    here: dict[websocket.WebSocket, int] = {}
    while len(set(here.values())) < 2:
        connection = launched.websocket()
        connection.send("40")
        assert connection.recv().startswith("40")
        here[connection] = pid_behind(connection)
    return here


def test_a_worker_in_an_endless_loop_is_replaced_while_the_sockets_of_the_other_live(launch: Launch) -> None:
    launched = launch(workers=2, **{stub.PING_SECONDS: "600", stub.SILENT_SECONDS: "4"})
    here = sockets_of_both(launched)
    assert not launched.answers("/busy/600.0")
    eventually(lambda: len(launched.worker_pids) == 3)
    hung = int(re.findall(r"worker ended worker=\d+ pid=(\d+) status=-6", launched.log)[0])
    assert " in busy_loop\n" in launched.log  # by faulthandler, in whole
    assert any(" busy_loop < " in stall for stall in STALLS.findall(launched.log))
    for connection, pid in here.items():
        if pid != hung:
            assert pid_behind(connection) == pid
    new = launched.worker_pids[-1]
    eventually(lambda: launched.answers("/pid") == str(new))
