"""The server that is attacked, as it is deployed: two workers, PostgreSQL and Redis of its own, and who is there."""

import re
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import ClassVar, Self
from uuid import uuid4

from tests.attacks.honest import NAMES, Honest, email_of
from tests.attacks.raw import Raw
from tests.faults.parts import Parts
from tests.faults.workers import rss_kb_of
from tests.journeys.metrics import TOKEN
from tests.journeys.protocol import Client
from tests.journeys.server import Server

INSIDERS = 8  # who have an account, and mean harm
TRIES = 200
TURN_SECONDS = 0.1
DEN_MESSAGES = 12
DEN_CHARS = 16_000
SETTLED_SHARE = 0.002  # of all the memory, in a second
SETTLE_SECONDS = 20.0
LOOK_SECONDS = 0.2
LOOKS = 5
TRACEBACK = re.compile(r"^Traceback \(most recent call last\)", re.MULTILINE)


class AttackedServer(Server):
    """chatapp, which knows its own address. All limits are those that it is delivered with."""

    @property
    def environment(self) -> dict[str, str]:
        """As it is told to be deployed."""
        return {"PUBLIC_URL": self.url, **super().environment}


class ImpatientServer(AttackedServer):
    """The same, which gives up the slow after a moment."""

    program: ClassVar = ["-m", "tests.attacks.impatient"]


class Target:
    """Server, honest members and insiders. With `patience` it waits so many seconds where it would wait for longer."""

    def __init__(self, parts: Parts, *, patience: int | None = None) -> None:
        self.parts = parts
        database = parts.postgresql.create_database(f"attacks_{uuid4().hex[:12]}")
        settings = {"DATABASE_URL": database, "REDIS_URL": parts.redis.url, "METRICS_TOKEN": TOKEN}
        settings["WEB_CONCURRENCY"] = "2"
        self.pause_seconds = 0.0  # between two insiders who come
        self._next_at = 0.0
        if patience is None:
            self.server = AttackedServer("attacked", **settings)
        else:
            short = {"CONNECT_SECONDS": str(patience), "ATTACKS_PATIENCE_SECONDS": str(patience)}
            self.server = ImpatientServer("attacked-impatient", **settings, **short)
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self.server.migrate()
        self.server.create_user(NAMES[0], email=email_of(NAMES[0]), is_admin=True)
        self._stack.callback(self.server.stop)
        self.server.start()
        alice = Client(self.server.url, email_of(NAMES[0]))
        colleagues = [alice.invite(name, email=email_of(name)).id for name in NAMES[1:]]
        self.insiders = [
            alice.invite(name, email=email_of(name)) for name in (f"Mallory {n}" for n in range(1, INSIDERS + 1))
        ]
        # Closed: what an insider says or reads there would be seen by the wrong people.
        room_id = alice.create_room("Office", kind="closed", members=colleagues)
        self.den = self.insiders[0].create_room("Den", kind="closed", members=[each.id for each in self.insiders[1:]])
        self._fill_den()
        self.honest = self._stack.enter_context(Honest(self.server.url, room_id))
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def raw(self, *, receive_bytes: int = 0) -> Raw:
        """A new connection."""
        return Raw(self.server.url, receive_bytes=receive_bytes)

    def credentials(self, number: int) -> tuple[str, str]:
        """The headers with which an insider is let in."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.insiders[number % INSIDERS].cookies())
        return f"Cookie: {cookies}", f"Origin: {self.server.url}"

    def insider(self, number: int, *, receive_bytes: int = 0) -> Raw:
        """A socket of an insider, open and in the namespace."""
        raw = self.arrived(number, receive_bytes=receive_bytes)
        raw.frame(b"40")
        next(payload for _, payload in raw.packets() if payload.startswith(b"40"))
        return raw

    def arrived(self, number: int, *headers: str, receive_bytes: int = 0) -> Raw:
        """The same, which has said nothing yet. Whoever comes too often waits for their turn."""
        for _ in range(TRIES):
            self.pace()
            raw = self.raw(receive_bytes=receive_bytes)
            answer = raw.upgrade(*self.credentials(number), *headers)
            if answer == "HTTP 101":
                return raw
            raw.close()
            assert answer == "HTTP 429", answer
            time.sleep(TURN_SECONDS)
        raise AssertionError("nobody is let in")

    def pace(self) -> None:
        """Return when the next of the insiders may come: faster than that they do not."""
        time.sleep(max(0.0, self._next_at - time.monotonic()))
        self._next_at = time.monotonic() + self.pause_seconds

    @property
    def pids(self) -> list[int]:
        """The workers."""
        return list(self.server.worker_pids.values())

    def rss_kb(self) -> int:
        """What all workers hold."""
        return sum(rss_kb_of(pid) for pid in self.pids)

    def descriptors(self) -> int:
        """What all workers have open, but for connections to the database, which a pool keeps."""
        links = [link for pid in self.pids for link in _links_of(pid)]
        pooled = _sockets_to(self.parts.postgresql.port)
        return sum(link not in pooled for link in links)

    def tracebacks(self) -> int:
        """How many stand in the log."""
        return len(TRACEBACK.findall(self.server.log))

    def settled_kb(self, descriptors: int | None = None) -> int:
        """What all workers hold once it changes no more, and once no more is open than these descriptors."""
        looks: list[int] = []
        until = time.monotonic() + SETTLE_SECONDS
        while time.monotonic() < until:
            looks.append(self.rss_kb())
            is_quiet = len(looks) >= LOOKS and max(looks[-LOOKS:]) - min(looks[-LOOKS:]) < SETTLED_SHARE * looks[-1]
            if is_quiet and (descriptors is None or self.descriptors() <= descriptors):
                break
            time.sleep(LOOK_SECONDS)  # between two looks
        return looks[-1]

    def _fill_den(self) -> None:
        # Long ones: whoever asks for the changes of this room gets much for little.
        for number in range(DEN_MESSAGES):
            writer = self.insiders[number % INSIDERS]
            answer = writer.post(f"/rooms/{self.den}/messages", {"body": "m" * DEN_CHARS, "client_id": str(uuid4())})
            assert answer.status == 201, answer


def _links_of(pid: int) -> list[str]:
    found = []
    for each in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed meanwhile
            found.append(str(each.readlink()))
    return found


def _sockets_to(port: int) -> set[str]:
    """The connections of this machine to a port, as a process' descriptors name them."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return {f"socket:[{row[9]}]" for row in rows if int(row[2].partition(":")[2], 16) == port}
