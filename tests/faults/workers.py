"""A worker with wires of its own, and the ways of clients to it."""

import os
import random
import re
import time
from contextlib import suppress
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit
from uuid import uuid4

from tests.faults.background import Background
from tests.faults.evidence import Death
from tests.faults.parts import Parts
from tests.faults.proxy import Address, Proxy
from tests.faults.saboteur import Moment, doom_beside
from tests.journeys.server import ARTEFACTS, UNTHROTTLED, Server

RSS = re.compile(r"^VmRSS:\s+(\d+) kB", re.MULTILINE)
# The clients sign in from one address, and say in minutes what people say in hours.
SETTINGS = {"LOGINS_PER_ADDRESS": "100000", "LOGINS_PER_ACCOUNT": "100000", "DRAIN_SECONDS": "2", **UNTHROTTLED}


class SabotagedServer(Server):
    """chatapp, whose workers can be sabotaged."""

    program: ClassVar = ["-m", "tests.faults.saboteur"]


def rss_kb_of(pid: int) -> int:
    """The memory that a process holds, 0 when there is none."""
    try:
        found = RSS.search(Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0
    return int(found[1]) if found else 0


class Worker:
    """One launcher with one worker, its wire to Redis and its wire to the database."""

    def __init__(
        self,
        number: int,
        background: Background,
        parts: Parts,
        database_url: str,
        *,
        seed: int,
        has_database_wire: bool,
        **settings: str,
    ) -> None:
        self.number = number
        self.to_redis = Proxy(background, lambda: ("127.0.0.1", parts.redis.port))
        self.to_database = Proxy(background, lambda: ("127.0.0.1", parts.postgresql.port))
        name = f"faults-{number}-{uuid4().hex[:8]}"
        ARTEFACTS.mkdir(parents=True, exist_ok=True)
        self._clock, self._deaths = ARTEFACTS / f"{name}.clock", ARTEFACTS / f"{name}.deaths"
        self._clock.write_text("0")
        self._deaths.write_text("")
        self._doom = doom_beside(self._deaths)
        environment = {
            "REDIS_URL": f"redis://127.0.0.1:{self.to_redis.port}/0",
            "DATABASE_URL": self._through_wire(database_url) if has_database_wire else database_url,
            "WEB_CONCURRENCY": "1",
            "FAULTS_CLOCK": str(self._clock),
            "FAULTS_DEATHS": str(self._deaths),
            "FAULTS_RATES": "",
            "FAULTS_SEED": f"{seed} {number}",
            **SETTINGS,
            **settings,
        }
        self.server = SabotagedServer(name, **environment)

    @property
    def address(self) -> Address:
        """Where it serves."""
        return "127.0.0.1", self.server.port

    @property
    def pid(self) -> int:
        """The process that serves now, or did last."""
        return max(self.server.worker_pids.items())[1]

    @property
    def rss_kb(self) -> int:
        """The memory it holds, 0 when it does not run just now."""
        return rss_kb_of(self.pid)

    @property
    def cpu_seconds(self) -> float:
        """What the process that serves now has used of a processor."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    @property
    def deaths(self) -> list[Death]:
        """Where it ended itself, and of which message."""
        return [Death(*line.split()) for line in self._deaths.read_text().splitlines()]

    @property
    def is_doomed(self) -> bool:
        """Whether it has not yet died the death that it was told to."""
        return self._doom.exists()

    def doom(self, moment: Moment) -> None:
        """It ends itself at its next post, in this moment."""
        self._doom.write_text(moment)

    def spare(self) -> None:
        """Forget what it was told, if it has not happened."""
        self._doom.unlink(missing_ok=True)

    def kill(self) -> None:
        """End the worker without a word; its launcher starts another."""
        with suppress(ProcessLookupError):  # dead already, and the next one not there yet
            self.server.kill_worker(1)

    def restart(self) -> float:
        """A deploy: SIGTERM to the launcher, which is started again; how many seconds it took to end."""
        began = time.monotonic()
        self.server.stop()
        ended = time.monotonic()
        self.server.start()
        return ended - began

    def shift_clock(self, seconds: float) -> None:
        """From now on its wall clock is wrong by so much."""
        self._clock.write_text(str(seconds))

    def close(self) -> None:
        """End it, and its wires."""
        self.server.stop()
        self.to_redis.close()
        self.to_database.close()
        self._clock.unlink(missing_ok=True)
        self._deaths.unlink(missing_ok=True)
        self.spare()

    def _through_wire(self, database_url: str) -> str:
        if database_url.startswith("sqlite"):
            return database_url
        parts = urlsplit(database_url)
        return parts._replace(netloc=f"{parts.username}@127.0.0.1:{self.to_database.port}").geturl()


class ClientWay:
    """One client's own wire, behind which a balancer picks a worker for each connection."""

    def __init__(self, background: Background, workers: list[Worker], chance: random.Random, *, pinned: bool) -> None:
        self.worker = 1 + chance.randrange(len(workers))
        self._pinned = pinned
        self._workers = workers
        self._chance = chance
        self.proxy = Proxy(background, lambda: self._workers[self.worker - 1].address)

    @property
    def address(self) -> Address:
        """Where the client connects, always the same."""
        return self.proxy.address

    def choose(self) -> None:
        """Take the worker of the next connection."""
        if not self._pinned:
            self.worker = 1 + self._chance.randrange(len(self._workers))


class StraightWay:
    """No wire of ours: for measuring times."""

    def __init__(self, worker: Worker) -> None:
        self.worker = worker.number
        self.address = worker.address

    def choose(self) -> None:
        """Always the same."""
