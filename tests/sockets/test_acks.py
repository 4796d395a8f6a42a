"""Whatever comes up a socket is answered by a typed ack, and never by a traceback."""

import json
import logging
from collections.abc import Iterator
from uuid import uuid4

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatapp import access
from chatapp.errors import ChatError
from chatapp.events import ID_MAX, Up
from tests.sockets.wire import RawSocket, connect
from tests.support import Browser, Cast

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=40)
NUMBERS = st.one_of(
    st.integers(),
    st.integers(0, 3),
    st.sampled_from([-1, 0, 2**31, 2**53, ID_MAX, ID_MAX + 1, 10**40]),
    st.floats(),
)
SIMPLE = st.one_of(st.none(), st.booleans(), NUMBERS, ANY_TEXT)
KEYS = st.one_of(
    st.sampled_from(["room_id", "since", "epoch", "number", "generation", "client_id", "body", "reply_to", "emoji"]),
    ANY_TEXT,
)
JSON = st.recursive(SIMPLE, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6))
PAYLOADS = st.one_of(st.dictionaries(KEYS, JSON, max_size=8), JSON)
NAMES = st.one_of(st.sampled_from([*map(str, Up), "connect", "disconnect", "*", "message", "json", ""]), ANY_TEXT)

many = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def codes() -> set[str]:
    """Every error code there is."""
    found, open_ones = set(), [ChatError]
    while open_ones:
        kind = open_ones.pop()
        found.add(kind.code)
        open_ones += kind.__subclasses__()
    return found - {"error", "internal_error"}


CODES = codes()


@pytest.fixture
def socket(app: Flask, cast: Cast, caplog: pytest.LogCaptureFixture) -> Iterator[RawSocket]:
    """Alice's socket; afterwards nothing may have gone wrong in the log."""
    caplog.set_level(logging.WARNING)
    yield connect(Browser(app, cast.alice))
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []


def assert_typed(ack: dict[str, object]) -> None:
    """An ack of the wire: ok, or a code of ours with a sentence for people."""
    if ack["ok"] is not True:
        assert ack["ok"] is False
        assert ack["error"] in CODES
        assert isinstance(ack["message"], str)
        assert ack["message"]


@many
@given(name=NAMES, payload=PAYLOADS)
def test_any_json_in_any_event_is_answered(socket: RawSocket, name: str, payload: object) -> None:
    assert_typed(socket.request(name, payload))


@many
@given(payloads=st.lists(PAYLOADS, max_size=4), name=NAMES)
def test_any_number_of_payloads_is_answered(socket: RawSocket, payloads: list[object], name: str) -> None:
    assert_typed(socket.request(name, *payloads))


@many
@given(event=st.sampled_from(Up), body=st.text(max_size=60), room=NUMBERS, number=NUMBERS, client_id=ANY_TEXT)
def test_any_values_in_the_right_places_are_answered(
    socket: RawSocket, event: Up, body: str, room: float, number: float, client_id: str
) -> None:
    payload = {"room_id": room, "number": number, "since": number, "body": body, "client_id": client_id}
    assert_typed(socket.request(event, payload | {"generation": number, "reply_to": number}))


@many
@given(data=st.one_of(JSON, st.lists(JSON, max_size=3)))
def test_a_packet_whose_event_has_no_name_is_answered(socket: RawSocket, data: object) -> None:
    socket.say(f"21{json.dumps(data)}")
    assert_typed(socket.request("room:close", {"room_id": 1}))


HALVES = ['21["message:post"', "21", "2", "21[]", '21[["a"],{}]', "21{}", '21{"0":"x"}', "21null"]


@pytest.mark.parametrize("packet", HALVES)
def test_half_a_packet_breaks_nothing(socket: RawSocket, packet: str) -> None:
    socket.say(packet)
    assert socket.request("room:close", {"room_id": 1})["ok"]


@pytest.mark.parametrize("packet", ["", "x", "4", "4{}", "7", "9[]", "31[]", "61-31[]", "2" + "1" * 200 + "[]", "1"])
def test_what_is_no_packet_breaks_nothing(socket: RawSocket, packet: str) -> None:
    socket.say(packet)


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_json_that_is_nested_without_end_breaks_nothing(socket: RawSocket, opening: str) -> None:
    socket.say('21["message:post",' + opening * 20_000)
    closing = "]" if opening == "[" else "}"
    socket.say('21["message:post",' + opening * 20_000 + "1" + closing * 20_000 + "]")
    assert socket.request("room:close", {"room_id": 1})["ok"]


def test_bytes_are_not_taken(socket: RawSocket, cast: Cast) -> None:
    payload = {"room_id": cast.open_room, "client_id": "x", "body": b"hello"}
    assert socket.request("message:post", payload)["error"] == "unknown_event"
    assert socket.request("message:post", b"hello")["error"] == "unknown_event"


def test_announced_bytes_that_never_come_are_not_waited_for(socket: RawSocket) -> None:
    socket.say('51000000000-1["message:post",{"_placeholder":true,"num":0}]')
    assert socket.request("room:close", {"room_id": 1})["ok"]


@pytest.mark.parametrize("payload", [(), ({}, {}), ([],), ("x",), (None,), (1,)])
def test_a_command_takes_one_object(socket: RawSocket, payload: tuple[object, ...]) -> None:
    assert socket.request("room:open", *payload)["error"] == "bad_request"


@pytest.mark.parametrize("room_id", [None, "1", 1.0, True, [1], -1, ID_MAX + 1])
def test_an_id_is_a_number_and_nothing_like_one(socket: RawSocket, room_id: object) -> None:
    assert socket.request("room:open", {"room_id": room_id})["error"] == "bad_request"


def test_keys_that_nobody_knows_are_ignored(socket: RawSocket, cast: Cast) -> None:
    assert socket.request("room:open", {"room_id": cast.open_room, "colour": "red", "is_admin": True})["ok"]


def test_an_event_that_nobody_knows_is_told_so(socket: RawSocket) -> None:
    ack = socket.request("room:explode", {"room_id": 1})
    assert ack == {"ok": False, "error": "unknown_event", "message": "This server does not know that command."}


def test_a_refusal_is_in_the_readers_language(app: Flask, cast: Cast) -> None:
    browser = Browser(app, cast.alice)
    browser.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "ko"
    said = connect(browser).request("room:open", {"room_id": 999_999})
    assert said["error"] == "room_not_found"
    assert not said["message"].isascii()


def test_a_fault_of_ours_is_written_down_and_acked(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_whose: object) -> str:
        raise RuntimeError("the secret detail")

    monkeypatch.setattr(access, "opening", broken)
    ack = connect(Browser(app, cast.alice)).request("room:open", {"room_id": cast.open_room})
    assert ack["error"] == "internal_error"
    assert "secret detail" not in str(ack)
    assert [record.exc_info is not None for record in caplog.records] == [True]


def test_an_event_without_a_wish_for_an_ack_is_done_all_the_same(app: Flask, cast: Cast) -> None:
    socket = connect(Browser(app, cast.alice))
    socket.request("room:open", {"room_id": cast.open_room})
    payload = {"room_id": cast.open_room, "client_id": str(uuid4()), "body": "hi"}
    socket.say(f"2{json.dumps(['message:post', payload])}")
    assert [message["body"] for message in socket.received("message:posted")] == ["hi"]
