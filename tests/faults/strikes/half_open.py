"""F10: wires that are dead both ways, and who seems to be here meanwhile."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.faults.arena import Arena
from tests.faults.clients.client import Client
from tests.faults.proxy import BlackHole

SILENT = 2  # clients that are watched at a time
GONE_SECONDS = 60  # then they are given up, and the figure is missed


@contextmanager
def client_half_open(arena: Arena) -> Iterator[float]:
    """For some seconds, as one of many things that break."""
    clients = arena.some_clients(3)
    _silence(arena, clients)
    yield arena.between(5, 15)
    _speak(arena, clients)


@contextmanager
def half_open_until_gone(arena: Arena) -> Iterator[float]:
    """F10: until everybody else sees that they are gone; others come and go meanwhile."""
    silent = arena.chance.sample(arena.crowd.alone, SILENT)
    others = [client for client in arena.crowd.clients if client not in silent]
    arena.victims |= {client.number for client in silent}
    # Who is back from the last time must have been seen first.
    arena.require(arena.crowd.wait(lambda: _are_here(silent, others), GONE_SECONDS), "who is here was never shown")
    began = time.monotonic()
    _silence(arena, silent)
    while not _are_gone(silent, others) and time.monotonic() - began < GONE_SECONDS:
        _one_for_a_moment(arena, silent, others)
    arena.worst("seen gone after s", time.monotonic() - began if _are_gone(silent, others) else math.inf)
    _speak(arena, silent)
    yield arena.between(2, 4)


def _one_for_a_moment(arena: Arena, silent: list[Client], others: list[Client]) -> None:
    one = [arena.chance.choice(others)]
    arena.victims |= {client.number for client in one}
    _silence(arena, one)
    arena.crowd.wait(lambda: _are_gone(silent, others), arena.between(3, 12))
    _speak(arena, one)


def _silence(arena: Arena, clients: list[Client]) -> None:
    for client in clients:
        arena.crowd.ways[client.number].proxy.switch(BlackHole())


def _speak(arena: Arena, clients: list[Client]) -> None:
    for client in clients:
        way = arena.crowd.ways[client.number].proxy
        arena.chance.choice([way.heal, way.cut])()


def _are_here(silent: list[Client], others: list[Client]) -> bool:
    return all(other.reader.people.shows(client.tab.person.user) for client in silent for other in _there(others))


def _are_gone(silent: list[Client], others: list[Client]) -> bool:
    return not any(other.reader.people.shows(client.tab.person.user) for client in silent for other in _there(others))


def _there(clients: list[Client]) -> list[Client]:
    return [client for client in clients if client.tab.online.is_set()]
