"""F7, F8: what happens to the database, and to the way there."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from tests.faults.arena import Arena
from tests.faults.proxy import BlackHole, Delay, Mode, Pass, Reset


@contextmanager
def postgresql_restarted(arena: Arena) -> Iterator[float]:
    """F7: stopped in one of three ways, or cut off from the workers."""
    server = arena.cluster.parts.postgresql
    stop = arena.chance.choice([server.stop, server.stop_immediately, server.kill, None])
    if stop is None:
        _switch_wires(arena, arena.chance.choice([BlackHole(), Reset()]))
    else:
        stop()
    yield arena.between(1, 3)
    server.start()
    _switch_wires(arena, Pass())


@contextmanager
def database_slow(arena: Arena) -> Iterator[float]:
    """F8, first half: every answer of the database takes a while."""
    _switch_wires(arena, Delay(0.03))
    yield arena.between(3, 5)
    _switch_wires(arena, Pass())


@contextmanager
def room_locked(arena: Arena) -> Iterator[float]:
    """F8, second half: another transaction holds the room's row, on SQLite the whole file."""
    room = arena.locked_room = arena.cluster.rooms[0]
    with closing(arena.cluster.connect()) as other, closing(other.cursor()) as cursor:
        if arena.cluster.is_sqlite:
            cursor.execute("BEGIN EXCLUSIVE")
        else:
            cursor.execute("SELECT 1 FROM rooms WHERE id = %s FOR UPDATE", (room,))
        yield 5 * arena.scale
        other.rollback()


def _switch_wires(arena: Arena, mode: Mode) -> None:
    for worker in arena.cluster.workers:
        worker.to_database.switch(mode)
