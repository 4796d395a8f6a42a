"""chatapp, as users start it."""

from typing import ClassVar
from uuid import uuid4

from bench.contenders.company import Founded, Topology, found
from bench.contenders.contender import Contender
from bench.contenders.parts import Parts
from bench.load.generator import Place
from tests.journeys.server import UNTHROTTLED, Server

SECRET_KEY = "bench-secret-of-at-least-32-characters"  # noqa: S105 - of a server that lives for minutes


class OurServer(Server):
    """`python wsgi.py`, whose master can be found."""

    @property
    def pid(self) -> int:
        """The master's process; the workers are its children."""
        if self._master is None:
            raise RuntimeError("not started")
        return self._master.pid

    def end(self) -> None:
        """Stop; what it said stays only where it did not end well."""
        self.stop()
        self._log.unlink()


class Ours(Contender):
    """Every message committed and acked; one worker, or more with Redis."""

    name: ClassVar = "ours"
    dialect: ClassVar = "ours"

    def __init__(self, parts: Parts, topologies: list[Topology], workers: int = 1) -> None:
        super().__init__()
        self._parts = parts
        self._topologies = topologies
        self._workers = workers
        self._founded = Founded({}, [])

    @property
    def helper_pids(self) -> dict[str, int]:
        return self._parts.pids

    def start(self) -> None:
        """Serve a company that was founded just now."""
        url = self._parts.new_database()
        self._founded = found(url, SECRET_KEY, self._topologies)
        settings = {"DATABASE_URL": url, "SECRET_KEY": SECRET_KEY, "CHATAPP_TELL_WORKER": "0", **UNTHROTTLED}
        settings["WEB_CONCURRENCY"] = str(self._workers)
        if self._workers > 1:
            settings["REDIS_URL"] = self._parts.redis_url()
        server = OurServer(f"bench-{uuid4().hex[:8]}", **settings).start()
        self.stack.callback(server.end)
        self.ports, self.pids = [server.port], [server.pid]

    def places(self, rooms: int, members: int) -> list[Place]:
        """Where so many people go, room by room in turn, and with which cookie."""
        ids = self._founded.rooms[rooms, members]
        cookies = self._founded.cookies
        return [(ids[n % rooms], cookies[(n % rooms) * members + n // rooms]) for n in range(rooms * members)]
