import inspect
import socket
import struct
from collections.abc import Callable
from urllib.parse import urlsplit

import engineio.async_drivers.eventlet as driver
import engineio.server
import engineio.socket
import pytest
import websocket
from engineio.base_server import BaseServer
from eventlet import wsgi
from eventlet.hubs.hub import BaseHub
from websocket import ABNF

from chatapp.realtime.frames import MAX_FRAMES
from tests.server.conftest import Launched, eventually
from tests.server.stub import FRAME_MAX_BYTES, MAX_SOCKETS, PING_SECONDS


def frame(payload: bytes, opcode: int, *, fin: int) -> bytes:
    return ABNF(fin=fin, opcode=opcode, data=payload, mask_value=1).format()


def send_fragments(connection: websocket.WebSocket, *payloads: bytes) -> None:
    for index, payload in enumerate(payloads):
        opcode = ABNF.OPCODE_CONT if index else ABNF.OPCODE_TEXT
        connection.sock.sendall(frame(payload, opcode, fin=int(index == len(payloads) - 1)))


def closing_status(connection: websocket.WebSocket) -> int:
    closing = connection.recv_frame()
    assert closing.opcode == ABNF.OPCODE_CLOSE
    return struct.unpack("!H", closing.data[:2])[0]


def is_open(connection: websocket.WebSocket) -> bool:
    """Whether Socket.IO still answers: `40` asks to join the namespace."""
    connection.send("40")
    return connection.recv().startswith("40{")


def test_a_message_of_the_largest_size_is_taken(served: Launched) -> None:
    connection = served.websocket()
    connection.send("4" + "x" * (FRAME_MAX_BYTES - 1))
    assert is_open(connection)


def test_a_larger_frame_is_refused_by_its_header(served: Launched) -> None:  # behaviour 71
    connection = served.websocket()
    whole = frame(b"x" * (FRAME_MAX_BYTES + 1), ABNF.OPCODE_TEXT, fin=1)
    connection.sock.sendall(whole[: -(FRAME_MAX_BYTES + 1)])
    assert closing_status(connection) == 1009


@pytest.mark.asvs("15.2.2")
def test_fragments_are_counted_together(served: Launched) -> None:
    connection = served.websocket()
    half = b"x" * (FRAME_MAX_BYTES // 2)
    send_fragments(connection, b"4", half, half[:-1])
    assert is_open(connection)
    header = frame(half, ABNF.OPCODE_CONT, fin=0)[: -len(half)]
    connection.sock.sendall(frame(b"4", ABNF.OPCODE_TEXT, fin=0) + frame(half, ABNF.OPCODE_CONT, fin=0) + header)
    assert closing_status(connection) == 1009


def test_endless_empty_fragments_are_refused(served: Launched) -> None:
    connection = served.websocket()
    send_fragments(connection, *[b"4"] + [b""] * (MAX_FRAMES - 1))
    assert is_open(connection)
    for index in range(MAX_FRAMES):
        connection.sock.sendall(frame(b"", ABNF.OPCODE_CONT if index else ABNF.OPCODE_TEXT, fin=0))
    connection.sock.sendall(frame(b"", ABNF.OPCODE_CONT, fin=0)[:2])
    assert closing_status(connection) == 1009


@pytest.mark.asvs("15.2.2")
@pytest.mark.parametrize("packet", ['451-["hear",{"_placeholder":true,"num":0}]', "459999999999-[]", "461-1[]", "45"])
def test_who_announces_attachments_is_closed(served: Launched, packet: str) -> None:
    connection = served.websocket()
    assert is_open(connection)
    connection.send(packet)
    assert closing_status(connection) == 1007


def test_a_ping_between_two_fragments_is_answered(served: Launched) -> None:
    connection = served.websocket()
    connection.sock.sendall(frame(b"4", ABNF.OPCODE_TEXT, fin=0))
    connection.sock.sendall(frame(b"there?", ABNF.OPCODE_PING, fin=1))
    opcode, answer = connection.recv_data(control_frame=True)
    assert (opcode, answer) == (ABNF.OPCODE_PONG, b"there?")
    connection.sock.sendall(frame(b"0", ABNF.OPCODE_CONT, fin=1))
    assert connection.recv().startswith("40{")


def test_compression_is_not_accepted(served: Launched) -> None:
    connection = served.websocket(header=["Sec-WebSocket-Extensions: permessage-deflate"])
    assert "sec-websocket-extensions" not in connection.headers
    assert is_open(connection)


@pytest.mark.asvs("15.2.2")
@pytest.mark.parametrize(
    "draft",
    [
        {"Sec-WebSocket-Key1": "4 @1  46546xW%0l 1 5", "Sec-WebSocket-Key2": "12998 5 Y3 1  .P00"},
        {"Sec-WebSocket-Version": "8", "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA=="},
        {},
    ],
)
def test_older_drafts_are_refused(served: Launched, draft: dict[str, str]) -> None:
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket"}
    with served.asked("/socket.io/?EIO=4&transport=websocket", upgrade | draft) as answer:
        assert answer.status == 426


def test_one_who_answers_no_more_pings_is_called_silent_and_one_who_goes_is_not(
    launch: Callable[..., Launched],
) -> None:
    # By this word of Engine.IO the others see at once that a half-open connection is none.
    launched = launch(**{PING_SECONDS: "0.5"})
    for ending, word in ((lambda _: None, "ping timeout"), (lambda gone: gone.shutdown(), "transport close")):
        connection = launched.websocket()
        assert is_open(connection)
        assert connection.recv() == "2"
        connection.send("3")
        ending(connection)
        eventually(lambda word=word: launched.get("/why-they-went").endswith(word))
    assert launched.get("/why-they-went") == "ping timeout, transport close"


def test_what_is_sent_and_then_closed_is_still_handled(served: Launched) -> None:
    before = int(served.get("/heard"))
    connection = served.websocket()
    assert is_open(connection)
    connection.sock.sendall(b"".join(frame(b'42["hear"]', ABNF.OPCODE_TEXT, fin=1) for _ in range(200)))
    connection.shutdown()
    eventually(lambda: int(served.get("/heard")) == before + 200)


def test_the_good_bye_is_answered_and_the_connection_closed(served: Launched) -> None:
    connection = served.websocket()
    connection.send_close()
    assert closing_status(connection) == 1000
    assert connection.sock.recv(1) == b""


def test_one_who_ends_without_a_word_leaves_nothing_behind(served: Launched) -> None:
    before = served.descriptors()
    for _ in range(5):
        connection = served.websocket()
        assert is_open(connection)
        connection.shutdown()
    eventually(lambda: served.descriptors() <= before)


def test_one_who_is_gone_before_the_handshake_is_answered_leaves_nothing_behind(served: Launched) -> None:
    address, before = urlsplit(served.url), served.descriptors()
    handshake = "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n"
    handshake += (
        "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    )
    for _ in range(20):
        with socket.create_connection((address.hostname, address.port)) as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # cut, not closed
            client.sendall(handshake.encode())
    eventually(lambda: served.descriptors() <= before)


def test_one_too_many_is_sent_away_until_another_goes(launch: Callable[..., Launched]) -> None:
    launched = launch(**{MAX_SOCKETS: "2"})
    first, second = launched.websocket(), launched.websocket()
    for _ in range(2):  # the one that was refused takes no place
        with pytest.raises(websocket.WebSocketBadStatusException) as refusal:
            launched.websocket()
        assert refusal.value.status_code == 503
    first.shutdown()
    eventually(lambda: launched.get("/say/0/0") == "1 sockets")
    assert is_open(launched.websocket())
    assert is_open(second)


# An upgrade that moves one of our hooks must fail here, not in production.


def test_engine_io_still_takes_its_websocket_and_its_queue_from_the_table() -> None:
    assert {"websocket", "queue"} <= set(driver._async)  # noqa: SLF001
    assert "self.server._async['websocket'](" in inspect.getsource(engineio.socket.Socket._upgrade_websocket)  # noqa: SLF001
    assert "self._async['queue'](" in inspect.getsource(BaseServer.create_queue)


def test_engine_io_still_makes_its_sockets_by_the_name_that_we_replace() -> None:
    assert "s = socket.Socket(self, sid)" in inspect.getsource(engineio.server.Server._handle_connect)  # noqa: SLF001


@pytest.mark.parametrize(
    ("hook", "parameters"),
    [
        (engineio.socket.Socket.__init__, ["self", "server", "sid"]),
        (engineio.socket.Socket._websocket_handler, ["self", "ws"]),  # noqa: SLF001
        (engineio.socket.Socket.send, ["self", "pkt"]),
        (engineio.socket.Socket.schedule_ping, ["self"]),
        (engineio.socket.Socket.close, ["self", "wait", "abort", "reason"]),
        (BaseHub.add, ["self", "evtype", "fileno", "cb", "tb", "mark_as_closed"]),
        (BaseHub.schedule_call_global, ["self", "seconds", "cb", "args", "kw"]),
    ],
)
def test_the_libraries_still_have_what_we_override_or_call(hook: Callable[..., object], parameters: list[str]) -> None:
    assert list(inspect.signature(hook).parameters) == parameters


def test_eventlet_still_leaves_an_answer_alone_that_was_given_already() -> None:
    assert "WSGI_LOCAL.already_handled" in inspect.getsource(wsgi.HttpProtocol.handle_one_response)
