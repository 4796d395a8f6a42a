"""F13, F14: one message sent many times, and one client id used for several messages."""

import uuid
from asyncio import gather
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeGuard

from tests.faults.arena import Arena
from tests.faults.clients.outsider import OUTSIDERS, Outsider
from tests.faults.history import Acked, Event

AT_ONCE, TWO_TEXTS, OTHER = 1, 2, 3  # outsiders: each types in one order, so each strike has its own


@contextmanager
def sent_eight_ways(arena: Arena) -> Iterator[float]:
    """F13: by eight sockets on all workers at once, and one from long ago once more."""
    arena.crowd.background.call(_same_message_at_once(arena, 8))
    yield 0.2
    arena.crowd.background.call(_old_message_again(arena))


@contextmanager
def id_used_again(arena: Arena) -> Iterator[float]:
    """F14: with another text it is the first message; in another room or of another person one of its own."""
    arena.crowd.background.call(_other_text_room_and_person(arena))
    yield 0.2


async def _same_message_at_once(arena: Arena, ways: int) -> None:
    author, room, client_id = _outsider(arena, 0, AT_ONCE), arena.cluster.rooms[0], _new_id(arena)
    author.types(room, client_id)
    acks = await gather(*(author.post(room, client_id, f"at once {client_id}", nth=nth) for nth in range(ways)))
    arena.require(len({ack["number"] for ack in acks}) == 1, f"{ways} sends of one message got several numbers")
    arena.require(not any(ack["mismatch"] for ack in acks), "the same text was called another one")


async def _old_message_again(arena: Arena) -> None:
    old = next(event for event in arena.crowd.history if _is_of_author(event))
    ack = await _outsider(arena, 0, AT_ONCE).post(old.room, old.client_id, f"at once {old.client_id}")
    arena.require(ack["duplicate"] and ack["number"] == old.number, "an old message came back as a new one")


def _is_of_author(event: Event) -> TypeGuard[Acked]:
    return isinstance(event, Acked) and event.client == OUTSIDERS + AT_ONCE


async def _other_text_room_and_person(arena: Arena) -> None:
    room, other_room, *_ = arena.cluster.rooms
    author, other, client_id = _outsider(arena, 0, TWO_TEXTS), _outsider(arena, 1, OTHER), _new_id(arena)
    for who, where in ((author, room), (author, other_room), (other, room)):
        who.types(where, client_id)
    first = await author.post(room, client_id, f"first {client_id}")
    again = await author.post(room, client_id, f"other text {client_id}")
    elsewhere = await author.post(other_room, client_id, f"other room {client_id}")
    of_other = await other.post(room, client_id, f"other person {client_id}")
    arena.require(again["duplicate"] and again["mismatch"], "another text was not called a mismatch")
    arena.require(again["number"] == first["number"], "another text got another number")
    # One that had to be sent again may truly be one.
    arena.require(elsewhere["tries"] > 1 or not elsewhere["duplicate"], "another room was called a duplicate")
    arena.require(of_other["tries"] > 1 or not of_other["duplicate"], "another person was called a duplicate")


def _outsider(arena: Arena, index: int, number: int) -> Outsider:
    addresses = [worker.address for worker in arena.cluster.workers]
    return Outsider(number, arena.crowd.people[index % len(arena.crowd.people)], addresses, arena.crowd.history)


def _new_id(arena: Arena) -> str:
    return str(uuid.UUID(int=arena.chance.getrandbits(128), version=4))
