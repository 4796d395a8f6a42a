"""One event to many sockets: encoded once, in order, to those who were there when it was said."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
from socketio.packet import Packet

from chatapp.counters import counters
from chatapp.realtime.fan_out import TURN, FanOut
from chatapp.realtime.frames import text_frame


class Room:
    """A manager with sockets that keep what is written to them, and the end of the hub's turn in the test's hand."""

    def __init__(self) -> None:
        self.jobs: list[Callable[[], None]] = []
        self.manager = FanOut(self.jobs.append)
        self.sockets: dict[str, SimpleNamespace] = {}
        self.manager.set_server(SimpleNamespace(packet_class=Packet, eio=self))
        self.made = 0

    def generate_id(self) -> str:
        self.made += 1
        return f"s{self.made}"

    def connect(self, *rooms: str) -> tuple[str, list[bytes]]:
        written: list[bytes] = []
        engine_sid = f"e{len(self.sockets)}"
        self.sockets[engine_sid] = SimpleNamespace(write=written.append)
        sid = self.manager.connect(engine_sid, "/")
        for room in rooms:
            self.manager.enter_room(sid, "/", room)
        return sid, written

    def end_turn(self) -> None:
        jobs, self.jobs[:] = list(self.jobs), []
        for job in jobs:
            job()


@pytest.fixture
def room() -> Room:
    return Room()


def said(*words: str) -> bytes:
    """As others make it."""
    return b"".join(text_frame(f'42["said","{word}"]'.encode()) for word in words)


def test_what_is_said_in_one_turn_leaves_in_one_write(room: Room) -> None:
    _, alice = room.connect("r:1")
    _, bob = room.connect("r:1")
    _, charlie = room.connect("r:2")
    for word in ("one", "two"):
        room.manager.emit("said", word, "/", room="r:1")
    assert len(room.jobs) == 1
    room.end_turn()
    assert (alice, bob, charlie) == ([said("one", "two")], [said("one", "two")], [])
    assert alice[0] is bob[0]  # made once

    room.manager.emit("said", "three", "/", to="r:1")
    room.end_turn()
    assert alice[1:] == [said("three")]


def test_who_comes_gets_what_is_said_later_and_who_goes_what_was_said_before(room: Room) -> None:
    alice_sid, alice = room.connect("r:1")
    room.manager.emit("said", "before", "/", room="r:1")
    bob_sid, bob = room.connect("r:1")
    room.manager.emit("said", "both", "/", room="r:1")
    room.manager.leave_room(alice_sid, "/", "r:1")
    room.manager.emit("said", "after", "/", room="r:1")
    room.manager.disconnect(bob_sid, "/")
    room.manager.emit("said", "to nobody", "/", room="r:1")
    room.end_turn()
    assert (alice, bob) == ([said("before"), said("both")], [said("both"), said("after")])


def test_a_socket_in_several_rooms_gets_all_in_the_order_said(room: Room) -> None:
    sid, alice = room.connect("r:1", "p:1")
    for place in ("r:1", "p:1", sid, None):
        room.manager.emit("said", str(place), "/", room=place)
    room.end_turn()
    assert alice == [said("r:1"), said("p:1"), said(sid), said("None")]


def test_what_is_said_while_others_are_written_to_comes_after_it(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    everybody = [room.connect("r:1")[1] for _ in range(TURN + 1)]
    turns: list[int] = []

    def give_way() -> None:
        turns.append(sum(bool(written) for written in everybody))
        room.manager.emit("said", "two", "/", room="r:1") if len(turns) == 1 else None

    monkeypatch.setattr("chatapp.realtime.fan_out.give_way", give_way)
    room.manager.emit("said", "one", "/", room="r:1")
    room.end_turn()
    assert turns[0] == TURN
    assert all(written == [said("one"), said("two")] for written in everybody)


def test_one_payload_to_many_rooms_is_encoded_once_and_another_is_not_taken_for_it(room: Room) -> None:
    sockets = [room.connect() for _ in range(3)]
    payload = {"said": "to each"}
    for sid, _ in sockets:
        room.manager.emit("said", payload, "/", to=sid)
    room.manager.emit("changed", payload, "/", to=sockets[0][0])
    room.manager.emit("changed", dict(payload), "/", to=sockets[0][0])
    room.end_turn()
    (first, *changed), second, third = (list(split(written)) for _, written in sockets)
    assert [first] == second == third
    assert changed == [text_frame(b'42["changed",{"said":"to each"}]')] * 2


def split(written: list[bytes]) -> Iterator[bytes]:
    """The frames, each short."""
    rest = b"".join(written)
    while rest:
        size = 2 + rest[1]
        yield rest[:size]
        rest = rest[size:]


def test_who_has_gone_leaves_nothing_behind(room: Room) -> None:
    gone = [room.connect("r:1", f"u:{number}")[0] for number in range(3)]
    stays, heard = room.connect("r:1")
    room.manager.pre_connect("e9", "/")
    for sid in gone:
        room.manager.pre_disconnect(sid, "/")
        room.manager.disconnect(sid, "/")
    assert set(room.manager.rooms["/"]) == {None, "r:1", stays, "s5"}
    assert (room.manager.pending_disconnect, list(room.manager.pending_connect)) == ({}, ["/"])
    room.manager.emit("said", "to who stays", "/", room="r:1")
    room.end_turn()
    assert heard == [said("to who stays")]

    room.manager.disconnect("s5", "/")
    room.manager.disconnect(stays, "/")
    room.manager.leave_room(stays, "/", "r:1")
    assert (room.manager.rooms, room.manager.pending_connect, room.manager._rooms_of) == ({}, {}, {})  # noqa: SLF001


def test_of_what_is_said_to_all_nobody_hears_before_it_is_known_who_they_are(room: Room) -> None:
    _, alice = room.connect()
    heard: list[bytes] = []
    room.sockets["e1"] = SimpleNamespace(write=heard.append)
    sid = room.manager.pre_connect("e1", "/")
    room.manager.emit("said", "to all", "/")
    room.manager.enter_room(sid, "/", "u:7")
    room.manager.emit("said", "to all", "/")
    room.end_turn()
    assert (alice, heard) == ([said("to all"), said("to all")], [said("to all")])
    room.manager.connect(sid, "/")
    room.manager.emit("said", "to all", "/")
    room.end_turn()
    assert len(heard) == 2


def test_a_room_that_nobody_is_in_costs_nothing(room: Room) -> None:
    room.connect("r:1")
    room.manager.emit("said", "one", "/", room="r:2")
    room.manager.emit("said", "one", "/other", room="r:1")
    assert room.jobs == []


@pytest.mark.parametrize(("word", "bytes_of_it"), [("한국어", 9), ("\ud800", 1)])
def test_letters_go_as_they_are_and_half_a_letter_harms_nobody(room: Room, word: str, bytes_of_it: int) -> None:
    _, alice = room.connect("r:1")
    room.manager.emit("said", word, "/", room="r:1")
    room.end_turn()
    assert len(alice[0]) == len(said("")) + bytes_of_it
    assert alice[0][2:].decode().startswith('42["said",')


@pytest.mark.parametrize("option", [{"skip_sid": "s1"}, {"callback": print}])
def test_what_it_cannot_do_it_says(room: Room, option: dict[str, object]) -> None:
    with pytest.raises(NotImplementedError):
        room.manager.emit("said", "one", "/", room="r:1", **option)


def test_a_failing_write_does_not_silence_the_manager_for_ever(room: Room) -> None:
    _, alice = room.connect("r:1")
    room.sockets["e0"].write = None
    room.manager._changed(("/", "r:1"))  # noqa: SLF001
    room.manager.emit("said", "one", "/", room="r:1")
    with pytest.raises(TypeError):
        room.end_turn()
    room.sockets["e0"].write = alice.append
    room.manager._changed(("/", "r:1"))  # noqa: SLF001
    room.manager.emit("said", "two", "/", room="r:1")
    room.end_turn()
    assert alice == [said("two")]


def test_each_frame_counts_once_for_each_connection_that_gets_it(room: Room) -> None:
    for name in ("r:1", "r:1", "r:2"):
        room.connect(name)
    before, times = counters.deliveries, sum(counters.delivering.counts)
    for word in ("one", "two"):
        room.manager.emit("said", word, "/", room="r:1")
    room.end_turn()
    assert counters.deliveries == before + 4
    assert sum(counters.delivering.counts) == times + 1  # they left together


def test_who_speaks_and_is_no_socket_is_named(room: Room) -> None:
    strangers = list[str]()
    room.manager.on_stranger = strangers.append
    sid, _ = room.connect()
    assert room.manager.sid_from_eio_sid("e0", "/") == sid
    assert room.manager.sid_from_eio_sid("e1", "/") is None
    assert room.manager.sid_from_eio_sid("e0", "/other") is None
    assert strangers == ["e1", "e0"]
