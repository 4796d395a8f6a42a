"""Two workers and Redis between them, seen by clients that speak the protocol and nothing else."""

import string
import time
from collections.abc import Iterator
from contextlib import ExitStack
from threading import Thread
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from chatapp import errors
from tests.journeys.conftest import SignIn, email_of
from tests.journeys.protocol import Client, Socket
from tests.journeys.server import Server
from tests.journeys.waiting import eventually, within
from tests.parts.redis import Redis

pytestmark = pytest.mark.journey

WRITERS = 4
EACH = 50
HEARD_WITHOUT_REDIS_SECONDS = 4  # the look every 2 s, its query, and a busy machine
CODES = {kind.code for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.ChatError)}
UP = ("room:open", "room:close", "room:read", "message:post", "message:edit", "reaction:add", "typing:start")

Json = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8) | st.just("room_id"), inner),
    max_leaves=8,
)
# Names that Socket.IO or JavaScript might take for their own come first.
Name = st.sampled_from(["connect", "disconnect", "connect_error", "*", "message", "error", "__proto__", ""]) | st.text(
    string.printable, max_size=30
)

# What goes wrong here goes wrong by no answer: to wait for it again and again, for a smaller example, takes minutes.
AS_JSON_MAY_BE = settings(
    max_examples=150,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture
def sockets(sign_in: SignIn, room_id: int) -> Iterator[list[Socket]]:
    """Alice and Bob, each on both workers, with the room open."""
    with ExitStack() as stack:
        alice, bob = sign_in("Alice"), sign_in("Bob")
        order = [(alice, 1), (bob, 2), (alice, 2), (bob, 1)]
        yield [stack.enter_context(person.open_room(room_id, worker=worker)) for person, worker in order]


def test_everyone_gets_every_message_once_and_can_put_them_in_one_order(sockets: list[Socket], room_id: int) -> None:
    started = head(sockets[0], room_id)
    writers = [Thread(target=write, args=(socket, room_id, name)) for name, socket in zip("ABCD", sockets, strict=True)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    for socket in sockets:
        socket.wait_for("message:posted", count=WRITERS * EACH)

    chains = [chain_after(started, socket.received("message:posted")) for socket in sockets]
    assert len(chains[0]) == WRITERS * EACH
    assert all(chain == chains[0] for chain in chains)
    for name in "ABCD":  # typed order
        assert [body for body in chains[0] if body.startswith(name)] == [f"{name}{number}" for number in range(EACH)]


def head(socket: Socket, room_id: int) -> int:
    """The room's version now."""
    version: int = socket.request("room:open", {"room_id": room_id})["version"]
    return version


def write(socket: Socket, room_id: int, name: str) -> None:
    for number in range(EACH):
        socket.post(room_id, f"{name}{number}")


def chain_after(version: int, messages: list[dict[str, Any]]) -> list[str]:
    """The texts in the order of their versions, in which nothing is missing and nothing stands twice."""
    ordered = sorted(messages, key=lambda message: message["version"])
    for message in ordered:
        assert message["prev"] == version
        version = message["version"]
    numbers = [message["number"] for message in ordered]
    assert numbers == list(range(1, len(numbers) + 1))
    return [message["body"] for message in ordered]


@pytest.fixture
def socket(sign_in: SignIn) -> Iterator[Socket]:
    with sign_in("Charlie").connect() as socket:
        yield socket


@AS_JSON_MAY_BE
@given(name=Name, payload=st.lists(Json, max_size=3))
def test_any_event_with_any_json_gets_a_typed_error(socket: Socket, name: str, payload: list[Any]) -> None:
    assert_refused(socket.request(name, *payload))


@AS_JSON_MAY_BE
@given(name=st.sampled_from(UP), payload=Json)
def test_a_known_event_with_any_json_gets_a_typed_error(socket: Socket, name: str, payload: Any) -> None:
    if isinstance(payload, dict) and isinstance(payload.get("room_id"), int):
        # A room that there is may well be opened, and one that is not open, 0 too, be closed.
        payload["room_id"] = -abs(payload["room_id"]) - (name == "room:close")
    assert_refused(socket.request(name, payload))


def assert_refused(ack: Any) -> None:
    """It is the ack of an error that the house knows, with a sentence for people."""
    assert ack is not None
    assert ack["ok"] is False
    assert ack["error"] in CODES - {errors.InternalError.code}
    assert ack["message"]


JUNK = ["42", "42[", "42{}", "42[1]", "42[]", "420[null]", "42[[]]", "4", "4[]", "4" + "[" * 9000, "42[" + "[" * 9000]
JUNK += [
    "4null",
    "49",
    "x",
    "",
    "²",
    "b!",
    "451-[1]",
    "43",
    "430[]",
    "44",
    "40{",
    "40/else,",
    "3",
    "6",
    "9",
    '42/else,1["a"]',
]


@pytest.mark.parametrize("packet", JUNK, ids=lambda packet: packet[:12])
def test_a_packet_that_is_no_event_harms_nobody_and_leaves_no_traceback(
    sign_in: SignIn, socket: Socket, server: Server, packet: str
) -> None:
    before = len(server.log)
    with sign_in("Bob").connect() as junk:
        junk.send(packet)
        assert junk.request("still:there") is None or not junk.is_closed  # an answer or an end, and both soon

    assert_refused(socket.request("still:there", {}))
    assert "Traceback" not in server.log[before:]


def test_signing_out_closes_the_sockets_of_that_sign_in_on_every_worker(room_id: int, sign_in: SignIn) -> None:
    # behaviour 50
    phone, desk = sign_in("Bob"), sign_in("Bob")
    ended = [phone.open_room(room_id, worker=worker) for worker in (1, 2)]
    others = [desk.open_room(room_id, worker=worker) for worker in (1, 2)]

    phone.post("/logout")
    for socket in ended:
        socket.wait_until_closed()

    others[0].post(room_id, "still here")
    for socket in others:
        socket.wait_for_body("still here")
        assert not socket.is_closed
    for socket in (*ended, *others):
        assert socket.bodies() == (["still here"] if socket in others else [])
        socket.close()


@pytest.mark.parametrize("name", ["disconnect", "connect", "*"])
def test_a_socket_cannot_hide_from_that_by_an_event_of_a_name_that_is_socketios_own(
    room_id: int, sign_in: SignIn, name: str
) -> None:
    bob = sign_in("Bob")
    with bob.open_room(room_id) as socket:
        assert_refused(socket.request(name, "client namespace disconnect"))
        assert not socket.is_closed

        bob.post("/logout")
        socket.wait_until_closed()


@pytest.fixture
def redis_without_mercy(redis_server: Redis) -> Iterator[Redis]:
    """The Redis between the workers, which is there again after the test."""
    yield redis_server
    redis_server.start()


def test_without_redis_a_worker_still_takes_and_delivers_and_the_others_find_it(
    redis_without_mercy: Redis, room_id: int, sign_in: SignIn
) -> None:
    alice, bob, charlie = open_on(sign_in, room_id, (1, 1, 2))
    redis_without_mercy.kill()

    for number in range(5):
        began = time.monotonic()
        alice.post(room_id, f"message {number}")
        assert time.monotonic() - began < 1
        bob.wait_for_body(f"message {number}")
        assert time.monotonic() - began < 1
    charlie.wait_for_body("message 4")
    assert time.monotonic() - began < HEARD_WITHOUT_REDIS_SECONDS
    assert charlie.bodies() == [f"message {number}" for number in range(5)]

    redis_without_mercy.start()
    eventually(lambda: carries(alice, charlie, room_id), what="the other worker gets new messages again")
    for socket in (alice, bob, charlie):
        socket.close()


def test_without_redis_a_new_name_and_the_end_of_an_account_reach_every_worker(
    redis_without_mercy: Redis, room_id: int, sign_in: SignIn
) -> None:  # behaviour 43
    alice = sign_in("Alice")
    eve = alice.invite("Eve", email=email_of(f"Eve{time.monotonic_ns()}"))
    readers = open_on(sign_in, room_id, (1, 1, 2))
    hers = [eve.open_room(room_id, worker=worker) for worker in (1, 2)]
    redis_without_mercy.kill()

    for act, fact in (
        (lambda: eve.post("/account/name", {"name": "Eva"}), {"name": "Eva", "is_deactivated": False}),
        (lambda: alice.post(f"/admin/people/{eve.id}/deactivate"), {"name": "Eva", "is_deactivated": True}),
    ):
        began = time.monotonic()
        assert act().status == 200
        for socket in readers:
            eventually(lambda socket=socket, fact=fact: fact in told_of(eve, socket), what=f"{fact}")
        assert time.monotonic() - began < HEARD_WITHOUT_REDIS_SECONDS
    for socket in hers:
        socket.wait_until_closed()
    assert time.monotonic() - began < HEARD_WITHOUT_REDIS_SECONDS
    for socket in (*readers, *hers):
        socket.close()


def told_of(person: Client, socket: Socket) -> list[dict[str, Any]]:
    """What this socket was told of somebody, in the order in which it came."""
    facts = [fact for fact in socket.received("person:changed") if fact["id"] == person.id]
    return [{key: fact[key] for key in ("name", "is_deactivated")} for fact in facts]


def carries(writer: Socket, reader: Socket, room_id: int) -> bool:
    """Whether something new reaches the other worker within a moment."""
    body = f"at {time.monotonic()}"
    writer.post(room_id, body)
    return within(0.5, lambda: body in reader.bodies())


def open_on(sign_in: SignIn, room_id: int, workers: tuple[int, ...]) -> list[Socket]:
    """Alice, Bob and Charlie with the room open, on these workers."""
    people: list[Client] = [sign_in(name) for name in ("Alice", "Bob", "Charlie")]
    return [person.open_room(room_id, worker=worker) for person, worker in zip(people, workers, strict=True)]


def test_a_server_that_ends_says_so_on_every_worker_before_it_closes_a_socket(
    server: Server, room_id: int, sign_in: SignIn
) -> None:
    sockets = open_on(sign_in, room_id, (1, 2, 2))
    server.restart()
    for socket in sockets:
        socket.wait_until_closed()
        assert socket.received("server:draining") == [{"spread_seconds": 1}]
        socket.close()
