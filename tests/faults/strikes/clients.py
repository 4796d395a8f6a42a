"""F11, F12, F15-F17: what happens to clients, and to the way to them."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tests.faults.arena import Arena
from tests.faults.clients.client import Client
from tests.faults.clients.wire import WireBroken
from tests.faults.history import Joined, Left
from tests.faults.proxy import BlackHole, Proxy, Trickle
from tests.faults.scribe import SCRIBE, Scribe

OFFLINE_CHANGES = 10_000
SOME_CHANGES = 500  # three pages
DROP_SECONDS = 60  # the buffers in between take megabytes first


@contextmanager
def laptop_sleeps(arena: Arena) -> Iterator[float]:
    """F11"""
    yield from _asleep(arena, 10, 60)


@contextmanager
def laptop_dozes(arena: Arena) -> Iterator[float]:
    """F11 as one of many things that break: not for long."""
    yield from _asleep(arena, 5, 15)


def _asleep(arena: Arena, least_seconds: float, most_seconds: float) -> Iterator[float]:
    sleepers, background = arena.some_clients(3), arena.crowd.background
    for client in sleepers:
        background.do(client.freeze)
    yield arena.between(least_seconds, most_seconds)
    before = {client: len(client.reader.sync_seconds) for client in sleepers}
    for client in sleepers:
        background.do(client.thaw)
    arena.crowd.wait(lambda: all(len(client.reader.sync_seconds) > before[client] for client in sleepers), 30)
    arena.worst("syncs after sleep", max(len(client.reader.sync_seconds) - before[client] for client in sleepers))


@contextmanager
def slow_reader(arena: Arena) -> Iterator[float]:
    """F12: ten bytes every two seconds, until they are dropped. They only read: an ack would not come in time."""
    readers, before = arena.some_clients(2), _drops(arena)
    for client in readers:
        arena.crowd.background.do(client.stop_typing)
    arena.crowd.wait(lambda: not any(client.writer.unsent for client in readers), DROP_SECONDS)
    memory = {worker.pid: worker.rss_kb for worker in arena.cluster.workers}
    for client in readers:
        arena.crowd.ways[client.number].proxy.switch(Trickle(10, 2))
    yield arena.between(5, 5)
    # On a busy machine little is said: then the missing answers to pings end them before the buffers are full.
    arena.crowd.wait(lambda: _drops(arena) - before >= len(readers) or _are_away(readers), DROP_SECONDS)
    arena.worst("slow readers dropped", _drops(arena) - before)
    arena.require(_drops(arena) > before or _are_away(readers), "somebody read slowly and was never dropped")
    # Now and not in the end: the page with which they catch up is large, too.
    growths = [worker.rss_kb / memory[worker.pid] - 1 for worker in arena.cluster.workers if worker.pid in memory]
    if growths:
        arena.worst("growth by slow readers", max(growths))
    for client in readers:
        arena.crowd.ways[client.number].proxy.heal()
        arena.crowd.background.do(client.start_typing)


@contextmanager
def slow_for_a_while(arena: Arena) -> Iterator[float]:
    """F12 as one of many things that break: too short to be dropped, and in the middle of a frame."""
    readers = arena.some_clients(2)
    for client in readers:
        arena.crowd.background.do(client.stop_typing)
        arena.crowd.ways[client.number].proxy.switch(Trickle(10, 2 * arena.scale))
    yield arena.between(8, 16)
    for client in readers:
        arena.crowd.ways[client.number].proxy.heal()
        arena.crowd.background.do(client.start_typing)


def _drops(arena: Arena) -> int:
    return sum(worker.server.log.count("slow reader dropped") for worker in arena.cluster.workers)


def _are_away(clients: list[Client]) -> bool:
    return not any(client.tab.online.is_set() for client in clients)


@contextmanager
def wires_cut(arena: Arena) -> Iterator[float]:
    """F15: everybody catches up again and again, and some get it twice and in the wrong order."""
    for client in arena.chance.sample(arena.crowd.clients, len(arena.crowd.clients) // 3):
        arena.crowd.ways[client.number].proxy.cut()
    yield arena.between(1, 3)


@contextmanager
def long_absence(arena: Arena) -> Iterator[float]:
    """F16: one client is away for 10,000 changes, and comes back when all is quiet."""
    crowd, room, absent = arena.crowd, arena.cluster.rooms[0], arena.crowd.clients[0]
    arena.victims.add(absent.number)
    way = crowd.ways[absent.number].proxy
    way.switch(BlackHole())
    crowd.background.do(absent.drop)
    scribe = Scribe(arena.cluster, crowd.history, SCRIBE, crowd.people[0].user, f"scribe {crowd.seed}")
    scribe.write(room, OFFLINE_CHANGES)
    crowd.stop_typing()
    others = [client for client in crowd.clients if client is not absent]
    versions = {each.id: each.version for each in arena.cluster.read_rooms()}
    everybody_else = crowd.wait(lambda: all(client.reader.has_reached(versions) for client in others), 30)
    arena.require(everybody_else, "those who were there did not get what nobody had announced")
    _come_back(arena, absent, way)
    yield 0.1


def _come_back(arena: Arena, absent: Client, way: Proxy) -> None:
    pages = absent.reader.pages
    absent.reader.sync_seconds.clear()
    way.cut()
    arena.crowd.wait(lambda: bool(absent.reader.sync_seconds), 60, "the absent one has everything")
    arena.worst("catch-up s", max(absent.reader.sync_seconds))
    arena.worst("pages", absent.reader.pages - pages)


@contextmanager
def some_changes_missed(arena: Arena) -> Iterator[float]:
    """F16 as one of many things that break: one client is away, and all others are told of nothing either."""
    crowd, room = arena.crowd, arena.cluster.rooms[0]
    absent = arena.chance.choice([client for client in crowd.clients if room in client.reader.copies])
    arena.victims.add(absent.number)
    way = crowd.ways[absent.number].proxy
    way.switch(BlackHole())
    crowd.background.do(absent.drop)
    seed = f"scribe {arena.chance.random()}"
    Scribe(arena.cluster, crowd.history, SCRIBE, crowd.people[0].user, seed).write(room, SOME_CHANGES)
    yield arena.between(6, 12)
    way.cut()


@contextmanager
def rooms_opened_and_closed(arena: Arena) -> Iterator[float]:
    """F17: half of them close and open their rooms all the time, or leave and join one, while all write."""
    clients = arena.chance.sample(arena.crowd.clients, max(1, len(arena.crowd.clients) // 2))
    until = time.monotonic() + arena.between(5, 5)

    async def everybody() -> None:
        await asyncio.gather(*(_open_and_close(arena, client, until) for client in clients))

    arena.crowd.background.call(everybody())
    yield 0.1


async def _open_and_close(arena: Arena, client: Client, until: float) -> None:
    while time.monotonic() < until:
        await asyncio.sleep(client.tab.chance.uniform(0, 0.3))
        with suppress(WireBroken, TimeoutError):
            # A second tab stays: it is out of the room with the first.
            if client.number % 3 == 0 and client.number <= arena.crowd.plan.tab_people:
                await _leave_and_join(arena, client)
            elif client.reader.copies:  # else it was shut out of its only room
                await client.reader.close_and_open(client.tab.chance.choice(sorted(client.reader.copies)))


async def _leave_and_join(arena: Arena, client: Client) -> None:
    room = arena.cluster.rooms[0]  # an open one: whoever left may come again
    client.tab.note(Left, room=room)
    await client.tab.person.post(client.tab.way.address, f"/rooms/{room}/leave", {})
    await asyncio.sleep(client.tab.chance.uniform(0, 0.1))
    joined = False
    while not joined:
        answer = await client.tab.person.post(client.tab.way.address, f"/rooms/{room}/join", {})
        joined = answer.status < 400
    client.tab.note(Joined, room=room)
