import inspect
import os
import struct
from collections.abc import Callable

import engineio.async_drivers.eventlet as driver
import pytest
import websocket
from eventlet.websocket import RFC6455WebSocket
from eventlet.websocket import WebSocketWSGI as StockWSGI
from websocket import ABNF

from chatapp.server.websocket import MAX_FRAMES, BoundedWebSocket
from tests.server.conftest import Launched, eventually
from tests.server.stub import FRAME_MAX_BYTES, PING_SECONDS


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


@pytest.mark.parametrize("size", [0, 1, 2, 3, 4, 5, 125, 126, 4095])
@pytest.mark.parametrize("offset", [0, 1, 2, 3, 4, 7])
def test_unmasking_is_what_eventlet_does_byte_by_byte(size: int, offset: int) -> None:
    data, mask = os.urandom(size), tuple(os.urandom(4))
    unmasked = BoundedWebSocket._apply_mask(data, mask, length=size, offset=offset)  # noqa: SLF001
    assert unmasked == RFC6455WebSocket._apply_mask(data, mask, length=size, offset=offset)  # noqa: SLF001


# An upgrade that moves one of our hooks must fail here, not in production.


def test_engineio_still_takes_its_websocket_from_the_table() -> None:
    assert driver._async["websocket"] is driver.WebSocketWSGI  # noqa: SLF001
    assert list(inspect.signature(driver.WebSocketWSGI.__init__).parameters) == ["self", "handler", "server"]
    assert issubclass(driver.WebSocketWSGI, StockWSGI)


@pytest.mark.parametrize(
    ("hook", "parameters"),
    [
        (RFC6455WebSocket._recv_frame, ["self", "message"]),  # noqa: SLF001
        (RFC6455WebSocket._apply_mask, ["data", "mask", "length", "offset"]),  # noqa: SLF001
        (RFC6455WebSocket.Message.push, ["self", "data", "final"]),
        (StockWSGI._handle_hybi_request, ["self", "environ"]),  # noqa: SLF001
    ],
)
def test_eventlet_still_has_what_we_override(hook: Callable[..., object], parameters: list[str]) -> None:
    assert list(inspect.signature(hook).parameters) == parameters


def test_eventlet_still_limits_each_frame_and_speaks_drafts_only_when_told() -> None:
    assert "max_frame_length" in inspect.signature(RFC6455WebSocket.__init__).parameters
    assert StockWSGI(lambda _: None).support_legacy_versions is True


def test_eventlet_still_reads_the_flag_that_cuts_idle_connections() -> None:
    assert "environ['eventlet.set_idle']()" in inspect.getsource(StockWSGI.__call__)
