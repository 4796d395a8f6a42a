"""Who reads nothing is sent away, before what waits for them takes the worker's memory."""

import socket
from collections.abc import Callable
from functools import partial

import pytest
import websocket

from chatapp.server.direct_socket import TOO_SLOW
from chatapp.server.out_queue import ALL_MAX_BYTES, BURST, FRAME_BYTES, FULL_SECONDS, STUCK_SECONDS, Backlog, OutQueue
from tests.server.conftest import Launched, eventually
from tests.server.stub import OUT_QUEUE_MAX_PACKETS

SMALL_BUFFER = ((socket.SOL_SOCKET, socket.SO_RCVBUF, 4096),)


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def backlog() -> Backlog:
    """For more than one alone may have."""
    return Backlog(2_500)


@pytest.fixture
def waiting(clock: Clock, backlog: Backlog) -> OutQueue:
    """A queue for at most 3 frames and 1,000 bytes."""
    return OutQueue(max_frames=3, max_bytes=1_000, backlog=backlog, clock=clock)


@pytest.fixture
def dropped(waiting: OutQueue) -> list[str]:
    """One word for each time that its reader was dropped."""
    words: list[str] = []
    waiting.drop = lambda: words.append("dropped")
    return words


def put(waiting: OutQueue, *texts: str) -> None:
    for text in texts:
        waiting.put(text.encode())


def test_who_takes_nothing_for_a_while_is_dropped_once_when_too_many_frames_wait(
    waiting: OutQueue, dropped: list[str], clock: Clock
) -> None:
    put(waiting, "a", "b", "c")
    clock.seconds = STUCK_SECONDS + 1
    assert dropped == []

    put(waiting, "d", "e")
    assert dropped == ["dropped"]


def test_so_is_who_lets_too_many_bytes_wait(waiting: OutQueue, dropped: list[str], clock: Clock) -> None:
    put(waiting, "x" * 500)
    clock.seconds = STUCK_SECONDS + 1
    put(waiting, "x" * 500)
    assert dropped == []

    put(waiting, "1")
    assert dropped == ["dropped"]


def test_a_burst_drops_nobody(waiting: OutQueue, dropped: list[str], clock: Clock) -> None:
    clock.seconds = 1_000  # nothing happened for long
    put(waiting, *"a burst in one turn")

    assert dropped == []


@pytest.mark.parametrize("text", ["x", "x" * 900])
def test_far_too_much_is_too_much_for_one_who_reads_on_too(
    waiting: OutQueue, dropped: list[str], clock: Clock, text: str
) -> None:
    # By their number as well: each takes memory beside its bytes.
    rounds = int(BURST * 1_000 / (len(text) + FRAME_BYTES))
    for _ in range(rounds + 1):
        assert dropped == []
        put(waiting, text, text)
        if dropped:
            return
        waiting.sent(1)  # something always goes out
        clock.seconds += 0.1
    pytest.fail("never dropped")


def test_one_answer_may_be_as_large_as_it_is(waiting: OutQueue, dropped: list[str], clock: Clock) -> None:
    put(waiting, "x" * 2_000, "y")
    clock.seconds += 0.5
    waiting.sent(1)
    put(waiting, "z")
    assert dropped == []
    put(waiting, "x" * 2_000)  # nobody asks for the next one before it is there
    assert dropped == ["dropped"]


def test_when_too_much_waits_for_all_the_one_goes_for_whom_most_does(clock: Clock, backlog: Backlog) -> None:
    gone: list[int] = []
    queues = [OutQueue(max_frames=3, max_bytes=1_000, backlog=backlog, clock=clock) for _ in range(4)]
    for number, queue in enumerate(queues):
        queue.drop = partial(gone.append, number)
    for queue, size in zip(queues, (600, 900, 800), strict=False):
        queue.put(b"x" * size)
    assert gone == []

    queues[3].put(b"x" * 100)
    assert (gone, queues[1].waiting_bytes) == ([1], 0)
    queues[0].sent(600)
    queues[3].clear()
    queues[1].put(b"x" * 900)  # somebody still knows it
    assert backlog.weight == 800 + 900 + 2 * FRAME_BYTES


def test_who_takes_one_now_and_then_is_reading(waiting: OutQueue, dropped: list[str], clock: Clock) -> None:
    for _ in range(10):
        put(waiting, "a", "b")
        clock.seconds += STUCK_SECONDS - 0.1
        waiting.sent(1)

    assert dropped == []


def test_who_takes_a_little_for_long_and_never_catches_up_is_dropped(
    waiting: OutQueue, dropped: list[str], clock: Clock
) -> None:
    put(waiting, *"abcdefghij")
    for _ in range(9):
        clock.seconds += FULL_SECONDS / 10 - 0.05
        waiting.sent(1)
        put(waiting, "x")
    assert dropped == []
    clock.seconds += FULL_SECONDS / 10 - 0.05
    waiting.sent(1)
    clock.seconds += 0.9
    put(waiting, "x")
    assert len(dropped) == 1


def test_who_catches_up_in_between_is_not(waiting: OutQueue, dropped: list[str], clock: Clock) -> None:
    for _ in range(30):
        put(waiting, *"abcdefghij")
        clock.seconds += STUCK_SECONDS - 0.1
        waiting.sent(10)
    assert dropped == []


def test_what_was_taken_is_counted_no_more(waiting: OutQueue, dropped: list[str], clock: Clock) -> None:
    for _ in range(20):
        put(waiting, "x" * 500)
        clock.seconds += STUCK_SECONDS + 1
        waiting.sent(500)

    assert (len(waiting), dropped) == (0, [])


def test_what_waits_leaves_together_from_where_it_stopped(waiting: OutQueue) -> None:
    put(waiting, "ab", "cd", "ef")
    assert waiting.head() == b"abcdef"
    waiting.sent(3)
    assert waiting.head() == b"def"
    waiting.sent(3)
    assert (waiting.head(), len(waiting)) == (b"", 0)


@pytest.fixture
def joined(served: Launched) -> Callable[..., websocket.WebSocket]:
    """A socket that gets what is said to all."""

    def join(**options: object) -> websocket.WebSocket:
        connection = served.websocket(**options)
        connection.send("40")
        assert connection.recv().startswith("40{")
        return connection

    return join


@pytest.mark.asvs("15.2.2")
def test_one_who_does_not_read_is_dropped_and_the_others_get_all(
    served: Launched, joined: Callable[..., websocket.WebSocket]
) -> None:
    joined(sockopt=SMALL_BUFFER)
    reader = joined()
    rounds = 0

    def is_one_left() -> bool:
        nonlocal rounds
        rounds += 1
        answer = served.get(f"/say/{OUT_QUEUE_MAX_PACKETS // 2}/10000")
        for _ in range(OUT_QUEUE_MAX_PACKETS // 2):
            assert reader.recv().startswith('42["said","xxx')
        return answer == "1 sockets"

    eventually(is_one_left)
    assert "slow reader dropped" in served.log
    assert served.get("/why-they-went") == TOO_SLOW
    reader.send("2probe")


def test_however_many_read_nothing_what_waits_for_all_has_a_bound(
    launch: Callable[..., Launched],
) -> None:
    launched = launch()
    slow = [launched.websocket(sockopt=SMALL_BUFFER) for _ in range(20)]
    for each in slow:
        each.send("40")
        assert each.recv().startswith("40{")
    launched.get("/say/4/2000000")  # each by itself may have as much
    assert ALL_MAX_BYTES / 2 < int(launched.get("/waiting")) <= ALL_MAX_BYTES
    assert "slow reader dropped" in launched.log
    eventually(lambda: TOO_SLOW in launched.get("/why-they-went"))
    assert int(launched.get("/say/0/0").split()[0]) > len(slow) / 4


def test_what_waits_is_known_in_bytes(waiting: OutQueue) -> None:
    put(waiting, "abc", "de")
    assert waiting.waiting_bytes == 5
    waiting.sent(4)
    assert waiting.waiting_bytes == 1
