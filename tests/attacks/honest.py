"""`python -m tests.attacks.honest URL ROOM`: members who write and read while others attack.

In a process of its own: what they see must wait for the server, and not for the attacker's own work. Between them they
write 20 messages a second, half of what each of them may, and everybody has the room open on every worker; one of them
comes anew all the time. On standard input it is asked about a stretch of time, or to end; it answers with a line of
JSON.
"""

import itertools
import json
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass, field
from typing import Any, Self
from uuid import uuid4

import websocket

from tests.journeys.protocol import Client, Socket
from tests.journeys.server import ROOT
from tests.journeys.waiting import DEADLINE_SECONDS, eventually, within

NAMES = ("Alice", "Bob", "Charlie", "Dana")
WORKERS = (1, 2)
POSTS_PER_SECOND = 20
ARRIVAL_SECONDS = 0.5  # from one newcomer to the next
REFUSED = 1e9  # seconds: never
POSTED = '42["message:posted"'


def email_of(name: str) -> str:
    """The address that somebody signs in with."""
    return f"{name.lower().replace(' ', '.')}@example.org"


@dataclass
class Listening(Socket):
    """A socket that notes when each message came."""

    heard: list[tuple[str, str, float]] = field(default_factory=list)

    def _take(self, packet: str) -> None:
        if packet.startswith(POSTED):
            payload = json.loads(packet[2:])[1]
            self.heard.append((payload["client_id"], payload["body"], time.monotonic()))
        else:
            super()._take(packet)


@dataclass(frozen=True)
class Post:
    """What somebody wrote, and when."""

    client_id: str
    body: str
    at: float
    ack: int
    writer: int


@dataclass(frozen=True)
class Stretch:
    """What the members saw of what was written in a stretch of time: how long each reader waited for each post."""

    posts: int
    delays: list[float]
    sent_away: int  # sockets that the server has ended
    arrivals: list[float]  # how long each newcomer waited until the room was open
    refused: int  # newcomers who were not let in


@dataclass(frozen=True)
class End:
    """What became of all of it."""

    posts: int
    lost: int  # acked or not: each must be acked, and seen by everybody
    strange: int  # seen, and written by none of them, or twice, or changed
    sent_away: int


class Members:
    """All of them, in this process."""

    def __init__(self, url: str, room_id: int) -> None:
        self._room_id = room_id
        people = [Client(url, email_of(name)) for name in NAMES]
        self._sockets = [self._listening(person, worker) for worker in WORKERS for person in people]
        self._newcomers = itertools.cycle(people)
        self._posts: list[Post] = []
        self._arrivals: list[tuple[float, float]] = []  # when, and how long it took; for ever when refused
        self._is_over = threading.Event()
        self._threads = [threading.Thread(target=each, daemon=True) for each in (self._write, self._come)]

    def start(self) -> None:
        """Begin to write, and to come."""
        for thread in self._threads:
            thread.start()

    def stretch(self, since: float, until: float) -> Stretch:
        """What was written between these moments."""
        posts = {post.client_id: post for post in list(self._posts) if since <= post.at < until}
        eventually(lambda: self._unseen(list(posts.values())) == 0 or self._sent_away, what="everybody sees everything")
        delays = [
            at - posts[client_id].at
            for number, reader in enumerate(self._sockets)
            for client_id, _, at in list(reader.heard)
            if client_id in posts and posts[client_id].writer != number
        ]
        arrivals = [took for at, took in list(self._arrivals) if since <= at < until]
        came = [took for took in arrivals if took < REFUSED]
        return Stretch(len(posts), delays, self._sent_away, came, len(arrivals) - len(came))

    def end(self) -> End:
        """What is lost, and what nobody wrote."""
        self._is_over.set()
        for thread in self._threads:
            thread.join()
        posts = {post.client_id: post for post in self._posts}
        within(DEADLINE_SECONDS, lambda: self._unseen(self._posts) == 0)
        unacked = sum(not self._is_acked(post) for post in self._posts)
        written = {(post.client_id, post.body) for post in posts.values()}
        strange = sum(
            len(reader.heard) - len({each[:2] for each in reader.heard} & written) for reader in self._sockets
        )
        return End(len(posts), self._unseen(self._posts) + unacked, strange, self._sent_away)

    @property
    def _sent_away(self) -> int:
        return sum(each.is_closed for each in self._sockets)

    def _listening(self, person: Client, worker: int) -> Listening:
        for _ in range(100):
            listening = Listening(person.wire())
            ack = listening.request("room:open", {"room_id": self._room_id})
            if ack["worker"] == worker:
                return listening
            listening.close()
        raise AssertionError(f"worker {worker} takes nobody")

    def _write(self) -> None:
        began = time.monotonic()
        for number in itertools.count():
            # So often, whatever one of them took: this is the rhythm of people, no waiting for anything.
            if self._is_over.wait(max(0.0, began + number / POSTS_PER_SECOND - time.monotonic())):
                return
            self._post(number, number % len(self._sockets))

    def _come(self) -> None:
        while not self._is_over.wait(ARRIVAL_SECONDS):
            began = time.monotonic()
            try:
                with Socket(next(self._newcomers).wire()) as newcomer:
                    is_in = bool(newcomer.request("room:open", {"room_id": self._room_id})["ok"])
            except (OSError, AssertionError, TypeError, websocket.WebSocketException):
                is_in = False
            self._arrivals.append((began, time.monotonic() - began if is_in else REFUSED))

    def _post(self, number: int, writer: int) -> None:
        client_id, body = str(uuid4()), f"honest {number}"
        message = {"room_id": self._room_id, "client_id": client_id, "body": body}
        ack = 1_000_000 + number  # those of the socket's own requests begin at 0
        self._posts.append(Post(client_id, body, time.monotonic(), ack, writer))
        self._sockets[writer].send(f"42{ack}{json.dumps(['message:post', message])}")

    def _is_acked(self, post: Post) -> bool:
        ack = self._sockets[post.writer]._acks.get(post.ack)  # noqa: SLF001
        return bool(ack and ack["ok"])

    def _unseen(self, posts: list[Post]) -> int:
        ids = {post.client_id for post in posts}
        return sum(len(ids - {each[0] for each in list(reader.heard)}) for reader in self._sockets)


class Honest:
    """The same, in a process of their own."""

    def __init__(self, url: str, room_id: int) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.attacks.honest", url, str(room_id)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        self._said()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def stretch(self, since: float, until: float) -> Stretch:
        """What they saw of what they wrote between these moments (of the clock that never goes back)."""
        return Stretch(**self._asked(f"stretch {since} {until}"))

    def end(self) -> End:
        """Have them stop; what became of all that they wrote."""
        return End(**self._asked("end"))

    def _asked(self, question: str) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{question}\n")
        self._process.stdin.flush()
        return self._said()

    def _said(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer


def main() -> int:
    """Write until the end of the input."""
    members = Members(sys.argv[1], int(sys.argv[2]))
    members.start()
    _say({})
    for line in sys.stdin:
        match line.split():
            case ["stretch", since, until]:
                _say(asdict(members.stretch(float(since), float(until))))
            case _:
                _say(asdict(members.end()))
    return 0


def _say(answer: dict[str, object]) -> None:
    sys.stdout.write(f"{json.dumps(answer)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
