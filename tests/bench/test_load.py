"""The load generator against servers that do wrong: it must see what they do."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from bench.contenders.raw_program import Loop
from bench.load.frames import server_frame
from bench.load.generator import Generator, GeneratorEnded
from bench.load.ledger import Wrongs
from bench.load.talk import Talk

MEMBERS = 6
SENDERS = 2
VICTIM = 4  # nobody who talks: their next text would wait for what is lost
FAULTY = 5  # the message that goes wrong

Deliver = Callable[[socket.socket, bytes, int], None]


class Spoilt(Loop):
    """The raw loop; how the victim is told of the nth message is handed in."""

    def __init__(self, deliver: Deliver) -> None:
        super().__init__()
        self._deliver = deliver
        self._count = 0

    def _answer(self, descriptor: int, packet: bytes) -> None:
        if packet.startswith(b'42["message"'):
            self._count += 1
            for place, member in enumerate(self.rooms[1]):
                if place == VICTIM:
                    self._deliver(member, server_frame(packet), self._count)
                else:
                    member.send(server_frame(packet))
        else:
            super()._answer(descriptor, packet)


@contextmanager
def crowd_of(deliver: Deliver) -> Iterator[Generator]:
    """A crowd in one room of a server that delivers so; it ends with this process."""
    loop = Spoilt(deliver)
    threading.Thread(target=loop.run, daemon=True).start()
    with Generator([loop.port], "relay") as generator:
        generator.connect([(1, "")] * MEMBERS)
        yield generator


def talk_through(deliver: Deliver) -> Talk:
    with crowd_of(deliver) as generator:
        return generator.talk(0.2, SENDERS)


def well(member: socket.socket, frame: bytes, _count: int) -> None:
    member.send(frame)


def lose(member: socket.socket, frame: bytes, count: int) -> None:
    if count != FAULTY:
        member.send(frame)


def double(member: socket.socket, frame: bytes, count: int) -> None:
    member.send(frame * (2 if count == FAULTY else 1))


def test_who_does_nothing_wrong_is_found_to() -> None:
    talk = talk_through(well)
    assert talk.wrongs == Wrongs()
    assert talk.messages > FAULTY
    assert talk.deliveries == talk.messages * MEMBERS
    assert 0 < talk.p50_ms <= talk.p99_ms


def test_a_text_that_does_not_arrive_is_lost() -> None:
    assert talk_through(lose).wrongs == Wrongs(lost=1)


def test_a_text_that_arrives_twice_is_doubled() -> None:
    assert talk_through(double).wrongs == Wrongs(doubled=1)


def test_texts_that_cross_are_out_of_order() -> None:
    held: list[bytes] = []

    def cross(member: socket.socket, frame: bytes, count: int) -> None:
        if count == FAULTY:
            held.append(frame)
        else:
            member.send(frame + (held.pop() if held else b""))

    assert talk_through(cross).wrongs == Wrongs(reordered=1)


def test_of_two_processes_each_gets_a_half_of_every_room() -> None:
    counts = []
    loops = [Spoilt(well), Spoilt(well)]
    for loop in loops:
        threading.Thread(target=loop.run, daemon=True).start()
    with Generator([loop.port for loop in loops], "relay") as generator:
        generator.connect([(1 + number % 2, "") for number in range(8)])
        counts = [sorted(len(members) for members in loop.rooms.values()) for loop in loops]
    assert counts == [[2, 2], [2, 2]]


def test_each_talk_counts_anew() -> None:
    with crowd_of(lose) as generator:
        assert [generator.talk(0.1, SENDERS).wrongs for _ in range(2)] == [Wrongs(lost=1), Wrongs()]


def test_a_server_that_lets_nobody_in_is_an_error(capfd: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(GeneratorEnded), Generator([port], "relay") as generator:
        generator.connect([(1, "")])
    assert "ConnectionRefusedError" in capfd.readouterr().err


def test_who_is_told_to_come_later_asks_again() -> None:
    class Busy(Loop):
        """A loop that has no time for the first who asks."""

        is_busy = True

        def _answer(self, descriptor: int, packet: bytes) -> None:
            if packet.startswith(b"420") and self.is_busy:
                self.is_busy = False
                self._sockets[descriptor].send(server_frame(b'430[{"ok":false,"error":"unavailable"}]'))
            else:
                super()._answer(descriptor, packet)

    loop = Busy()
    threading.Thread(target=loop.run, daemon=True).start()
    with Generator([loop.port], "relay") as generator:
        assert generator.connect([(1, "")] * 3) == 1
        assert len(loop.rooms[1]) == 3
