"""A socket that reads and writes its connection itself: in order, never waiting in the hub, leaving nothing over."""

import logging
import os
import socket
import struct
from collections.abc import Callable, Iterator

import eventlet
import pytest
from engineio.base_server import BaseServer
from eventlet.event import Event
from websocket import ABNF

from chatapp.realtime.frames import FrameReader, Status, close_frame, text_frame
from chatapp.server.direct_socket import INBOX_MAX, TOO_SLOW, DirectSocket
from chatapp.server.out_queue import Backlog, OutQueue
from chatapp.server.websocket import ASIDES_BURST, ASIDES_PER_SECOND, WebSockets
from chatapp.throttle import Allowance
from tests.realtime.clock import Clock

PING_SECONDS = 20.0
MANY = 2_000  # frames of a kilobyte: more than a connection holds


class Server:
    """What a socket needs of Engine.IO; it notes what it is told."""

    reason = BaseServer.reason
    ping_interval = ping_timeout = PING_SECONDS
    async_handlers = False
    logger = logging.getLogger("engineio.test")

    def __init__(self) -> None:
        self.sockets: dict[str, DirectSocket] = {}
        self.told: list[tuple[str, str]] = []
        self.on_message: Callable[[str], object] = lambda _: None

    def create_queue(self) -> OutQueue:
        return OutQueue(max_frames=2 * MANY, max_bytes=10**9, backlog=Backlog(10**9))

    def _trigger_event(self, event: str, _sid: str, what: str, *, run_async: bool) -> None:
        assert not run_async
        self.told.append((event, what))
        if event == "message":
            self.on_message(what)


class Opened:
    """A socket on one end of a pair, the browser on the other."""

    def __init__(self) -> None:
        near, self.browser = socket.socketpair()
        near.setblocking(False)
        self.browser.setblocking(False)
        self.near = near
        self.server = Server()
        self.clock = Clock()
        around = WebSockets(max_sockets=10, max_bytes=65_536)
        around.asides = Allowance(ASIDES_PER_SECOND, ASIDES_BURST, self.clock)
        self.socket = around(self.server, "sid")
        self.server.sockets["sid"] = self.socket
        self.greenlets = around.greenlets
        self.socket._websocket_handler(near)  # noqa: SLF001 - as the handshake calls it

    def send(self, *texts: str) -> None:
        """What a browser sends."""
        self.browser.sendall(b"".join(frame(text.encode()) for text in texts))

    def heard(self) -> bytes:
        """All that has come to the browser by now."""
        eventlet.sleep(0)
        data = b""
        while True:
            try:
                piece = self.browser.recv(1 << 20)
            except BlockingIOError:
                eventlet.sleep(0.001)  # a turn for the writer
                try:
                    piece = self.browser.recv(1 << 20)
                except BlockingIOError:
                    return data
            if not piece:
                return data
            data += piece


def frame(payload: bytes, opcode: int = ABNF.OPCODE_TEXT) -> bytes:
    return ABNF(fin=1, opcode=opcode, data=payload, mask_value=1).format()


@pytest.fixture
def opened() -> Iterator[Opened]:
    opened = Opened()
    yield opened
    opened.browser.close()
    opened.socket.close(wait=False, abort=True)
    with eventlet.Timeout(10):
        opened.greenlets.wait()


def turns(count: int = 5) -> None:
    for _ in range(count):
        eventlet.sleep(0)


def test_what_fits_is_sent_before_anybody_else_has_a_turn(opened: Opened) -> None:
    opened.socket.write(text_frame(b"4now"))
    assert opened.browser.recv(100) == text_frame(b"4now")


def test_what_does_not_fit_waits_and_comes_in_order_and_whole(opened: Opened) -> None:
    sent = [text_frame(f"4{number} ".encode().ljust(1000, b"x")) for number in range(MANY)]
    for each in sent:
        opened.socket.write(each)
    assert len(opened.socket.queue) > 0
    assert opened.heard() == b"".join(sent)
    assert len(opened.socket.queue) == 0
    opened.socket.write(text_frame(b"4at once again"))
    assert opened.browser.recv(100) == text_frame(b"4at once again")


def test_messages_are_handled_one_by_one_though_a_handler_waits(opened: Opened) -> None:
    go, words = Event(), list[str]()

    def handle(word: str) -> None:
        words.append(f"begins {word}")
        if word == "one":
            go.wait()
        words.append(f"ends {word}")

    opened.server.on_message = handle
    opened.send("4one", "4two")
    turns()
    assert words == ["begins one"]
    go.send()
    turns()
    assert words == ["begins one", "ends one", "begins two", "ends two"]


def test_who_sends_faster_than_we_handle_is_read_no_further(opened: Opened) -> None:
    go = Event()
    opened.server.on_message = lambda _: go.wait()
    opened.send(*["42x"] * (2 * INBOX_MAX))
    turns()
    opened.send("42y")
    turns()
    left = FrameReader(100).feed(opened.near.recv(100))
    assert [each.data for each in left] == [b"42y"]  # it is still in the connection
    go.send()
    eventually(lambda: len(opened.server.told) == 2 * INBOX_MAX)
    opened.send("42z")
    eventually(lambda: opened.server.told[-1] == ("message", "2z"))


def test_a_handler_that_fails_ends_the_connection_and_is_written_down(
    opened: Opened, caplog: pytest.LogCaptureFixture
) -> None:
    opened.server.on_message = lambda _: 1 // 0
    opened.send("4x")
    eventually(lambda: opened.socket.closed)
    assert "ZeroDivisionError" in caplog.text
    assert opened.server.told[-1] == ("disconnect", BaseServer.reason.TRANSPORT_CLOSE)
    assert opened.server.sockets == {}


@pytest.mark.parametrize("how", ["we", "they", "silence"])
def test_when_it_is_over_the_descriptor_is_given_back(opened: Opened, how: str) -> None:
    descriptor = opened.near.fileno()
    if how == "we":
        opened.socket.close(wait=False)
        assert opened.heard() == text_frame(b"1") + b"\x88\x02\x03\xe8"
        opened.browser.close()
    elif how == "they":
        opened.browser.close()
    else:
        opened.socket.fell_silent()
        turns()
        opened.browser.close()
    eventually(lambda: opened.near.fileno() == -1)
    assert opened.socket.closed
    os.close(os.open(os.devnull, os.O_RDONLY))
    opened.socket.write(text_frame(b"4to nobody"))  # nor to whoever has that number now
    assert descriptor >= 0
    assert [word for word, _ in opened.server.told] == ["disconnect"]


def test_a_good_bye_waits_for_what_was_to_be_sent_before(opened: Opened) -> None:
    sent = [text_frame(b"4".ljust(1000, b"x"))] * MANY
    for each in sent:
        opened.socket.write(each)
    opened.socket.close(wait=False)
    assert opened.heard() == b"".join(sent) + text_frame(b"1") + b"\x88\x02\x03\xe8"


def test_of_many_pings_the_last_is_answered_and_none_while_something_waits(opened: Opened) -> None:
    opened.browser.sendall(b"".join(frame(str(number).encode(), ABNF.OPCODE_PING) for number in range(ASIDES_BURST)))
    assert opened.heard() == b"\x8a\x0299"
    while not opened.socket.queue:
        opened.socket.write(text_frame(b"4".ljust(1000, b"x")))
    waiting = len(opened.socket.queue)
    opened.clock.go_on(1)
    opened.browser.sendall(frame(b"?", ABNF.OPCODE_PING))
    turns()
    assert len(opened.socket.queue) <= waiting
    assert b"\x8a" not in opened.heard()


ASIDES = {
    "ping": (b"?", ABNF.OPCODE_PING),
    "pong": (b"", ABNF.OPCODE_PONG),
    "engine's pong": (b"3", ABNF.OPCODE_TEXT),
    "upgrade": (b"5", ABNF.OPCODE_TEXT),
    "coming": (b"40", ABNF.OPCODE_TEXT),
    "going": (b"41", ABNF.OPCODE_TEXT),
    "another namespace": (b"40/foo,", ABNF.OPCODE_TEXT),
    "nothing": (b"4", ABNF.OPCODE_TEXT),
}


@pytest.mark.parametrize("aside", ASIDES)
def test_who_sends_frames_that_are_no_event_without_end_is_sent_away(opened: Opened, aside: str) -> None:
    one = frame(*ASIDES[aside])
    opened.browser.sendall(one * ASIDES_BURST)
    turns()
    opened.clock.go_on(1)
    opened.browser.sendall(one * ASIDES_PER_SECOND)
    opened.heard()
    assert not opened.socket.closed
    opened.browser.sendall(one * 5_000)
    eventually(lambda: opened.heard().endswith(close_frame(Status.NOT_ALLOWED, "Too many frames.")))
    eventually(lambda: opened.socket.closed)
    assert opened.server.told[-1] == ("disconnect", "Too many frames.")
    assert sum(word == "message" for word, _ in opened.server.told) <= ASIDES_BURST + ASIDES_PER_SECOND


def test_answers_to_our_pings_are_not_counted(opened: Opened) -> None:
    for _ in range(2 * ASIDES_BURST):
        opened.socket.last_ping = 1.0  # as the heartbeat notes it
        opened.browser.sendall(frame(b"3"))
        turns()
    assert opened.socket.last_ping is None
    assert not opened.socket.closed


def test_an_end_is_seen_also_of_one_of_whom_no_more_is_read(opened: Opened) -> None:
    go = Event()
    opened.server.on_message = lambda _: go.wait()
    while not opened.socket.queue:
        opened.socket.write(text_frame(b"4".ljust(1000, b"x")))
    opened.send(*["42x"] * (2 * INBOX_MAX))
    turns()
    opened.browser.close()  # which the writer alone meets
    go.send()
    eventually(lambda: opened.near.fileno() == -1)
    assert opened.server.told[-1] == ("disconnect", BaseServer.reason.TRANSPORT_CLOSE)


def test_who_sends_too_much_hears_why_though_more_is_on_its_way(opened: Opened) -> None:
    sending = frame(b"4".ljust(200_000, b"x"))
    sent = opened.browser.send(sending)
    turns()
    said = opened.heard()
    assert (said[0], struct.unpack("!H", said[2:4])[0]) == (0x88, 1009)
    for start in range(sent, len(sending), 1000):
        try:
            opened.browser.send(sending[start : start + 1000])  # no reset: they are heard out
        except BlockingIOError:
            turns()
    opened.browser.close()
    eventually(lambda: opened.near.fileno() == -1)


def test_nothing_leads_back_to_a_socket_that_is_over(opened: Opened) -> None:
    opened.browser.close()
    eventually(lambda: opened.near.fileno() == -1)
    assert opened.socket.queue.drop is None


def test_who_takes_nothing_is_dropped_and_nothing_of_theirs_is_kept(opened: Opened) -> None:
    opened.browser.sendall(ABNF(fin=0, opcode=ABNF.OPCODE_TEXT, data=b"x" * 60_000, mask_value=1).format())
    for _ in range(MANY):
        opened.socket.write(text_frame(b"4".ljust(1000, b"x")))
    eventually(lambda: opened.socket._reader._message)  # noqa: SLF001 - what has begun to come
    assert opened.socket.queue.waiting_bytes > 0
    opened.socket.queue.drop()
    eventually(lambda: opened.near.fileno() == -1)
    assert opened.socket.closed
    assert opened.server.told == [("disconnect", TOO_SLOW)]
    opened.greenlets.wait()
    assert (len(opened.socket.queue), opened.socket.queue.waiting_bytes) == (0, 0)
    assert not opened.socket._reader._message  # noqa: SLF001


def eventually(question: Callable[[], object]) -> None:
    with eventlet.Timeout(10):
        while not question():
            eventlet.sleep(0.001)
