"""Everybody at once: the clients, in the background, and what one may ask of all of them."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.faults.clients.badges import COUNTED_MAX
from tests.faults.clients.client import Client
from tests.faults.clients.keeper import Keeper
from tests.faults.clients.looker import Looker, Looking
from tests.faults.clients.outbox import Typing
from tests.faults.clients.person import Person
from tests.faults.clients.reader import Reader
from tests.faults.clients.tab import Pace, Tab
from tests.faults.clients.wire import WireBroken
from tests.faults.clients.writer import Writer
from tests.faults.cluster import Cluster
from tests.faults.evidence import Badge, Copy, Head
from tests.faults.history import Event
from tests.faults.workers import ClientWay, StraightWay

POLL_SECONDS = 0.02
DONE_SECONDS = 60  # until somebody is shut out, whatever is broken meanwhile
SIGNED_OUT = 401
REFUSED = (SIGNED_OUT, 403, 404)  # what there is nothing left to do about
PEOPLE_MAX = 40  # with more clients they have several tabs each


@dataclass(frozen=True)
class Plan:
    """Who comes and what they do."""

    clients: int = 20
    rooms: int = 3
    typing: Typing = field(default_factory=Typing)
    pace: Pace = field(default_factory=Pace)
    pinned: bool = False  # a client stays on one worker
    straight: bool = False  # no wire of ours between client and worker
    open_rooms: int = 2  # of each client; the others are followed
    looking: Looking = field(default_factory=Looking)
    renames_seconds: float = 5.0  # on average, from one room that gets another name to the next
    is_split: bool = False  # each person is in one room alone, so that few hear what one says
    second_tabs: int = 5  # so many of the clients are second tabs of the first ones; odd: not on the same worker

    @property
    def people(self) -> int:
        """How many people they are: the founder, everybody with a tab, and two who will be shut out."""
        return self.tab_people + 3

    @property
    def tab_people(self) -> int:
        """How many people have the tabs."""
        return min(self.clients - self.second_tabs, PEOPLE_MAX)


class Crowd:
    """The clients of one run. To be used from the main thread; they live in the background."""

    def __init__(self, cluster: Cluster, plan: Plan, seed: int) -> None:
        self.cluster = cluster
        self.plan = plan
        self.seed = seed
        self.history: list[Event] = []
        self.background = cluster.background
        self.chance = random.Random(f"crowd {seed}")  # noqa: S311
        self.ways: dict[int, ClientWay] = {}
        self.people = [self.background.do(Person, user, email) for user, email in cluster.people.items()]
        self.keeper = self.background.do(Keeper, self.people[0], cluster.workers, cluster.rooms, self.history, seed)
        self.clients = [self.add(number) for number in range(1, plan.clients + 1)]

    def add(self, number: int, rooms: list[int] | None = None) -> Client:
        """One more client, which has not begun yet. It opens these rooms, else some of all."""
        person = self.people[1 + (number - 1) % self.plan.tab_people]
        return self.background.do(self._client, number, person, self._way(number), rooms)

    def add_leavers(self) -> list[Client]:
        """Two more, with the closed room open: they will be shut out, one of the room and one of the company."""
        closed = self.cluster.closed_room
        numbers = {self.plan.clients + nth: self.people[-nth] for nth in (1, 2)}
        leavers = [
            self.background.do(self._client, number, person, self._way(number), [closed])
            for number, person in numbers.items()
        ]
        for leaver in leavers:
            leaver.reader.is_watched = True
        self.clients += leavers
        return leavers

    def shut_out(self, leavers: list[Client]) -> None:
        """Remove the first from the closed room and sign the second out."""
        removed, signed_out = leavers
        founder, room = self.people[0], self.cluster.closed_room
        path = f"/rooms/{room}/members/{removed.tab.person.user}/remove"
        self.background.do(removed.is_being_removed_from, room)
        self.background.call(self._until_done(founder, path))
        self.background.do(removed.shut_out_of, room)
        self.background.call(self._until_done(signed_out.tab.person, "/logout"))
        self.background.do(signed_out.shut_out_of, 0)

    async def _until_done(self, person: Person, path: str) -> None:
        is_done = may_be_done = False
        async with asyncio.timeout(DONE_SECONDS):
            while not is_done:
                try:
                    status = await self._post(person, path)
                except WireBroken:
                    status = 0
                # Refused, it is not done, and who seems to be shut out hears the rest with every right. Only after a
                # try without an answer does the refusal of the next one say that there is nothing left to do.
                is_done = 200 <= status < 400 or (may_be_done and status in REFUSED)
                may_be_done = may_be_done or status == 0 or status >= 500
                if not is_done:
                    await asyncio.sleep(POLL_SECONDS * 10)

    async def _post(self, person: Person, path: str) -> int:
        address = self.chance.choice(self.cluster.workers).address
        if not person.is_signed_in:  # a cookie alone may be of the page one signs in on
            await person.sign_in(address)
        status = (await person.post(address, path, {})).status
        person.is_signed_in = status != SIGNED_OUT
        return status

    def start(self) -> None:
        """Everybody comes; return when all are in."""
        seconds = 30 + 0.3 * len(self.clients)
        for client in self.clients:
            self.background.do(client.begin)
        self.background.do(self.keeper.begin, self.plan.renames_seconds)
        self.wait(lambda: all(client.tab.online.is_set() for client in self.clients), seconds, "everybody is in")

    def start_typing(self) -> None:
        """Everybody begins to write."""
        for client in self.clients:
            self.background.do(client.start_typing)
        self.background.do(self.keeper.is_keeping.set)

    def stop_typing(self) -> None:
        """Nobody begins anything new."""
        for client in self.clients:
            self.background.do(client.stop_typing)
        self.background.do(self.keeper.is_keeping.clear)

    @property
    def unsent(self) -> int:
        """What waits in the outboxes of those who have not been shut out."""
        return sum(client.writer.unsent for client in self.present)

    @property
    def online(self) -> int:
        """How many of them are connected and have everything they missed."""
        return sum(client.tab.online.is_set() for client in self.present)

    def is_back_and_sent(self) -> bool:
        """Whether everybody is connected, every outbox is empty, and nobody is just saying what they have read."""
        is_asked = not any(client.looker.is_asking for client in self.present) and not self.keeper.is_asking
        return self.online == len(self.present) and not self.unsent and is_asked

    @property
    def troubles(self) -> list[BaseException]:
        """Faults of this very program."""
        return [
            trouble for each in (self.keeper, *(client.tab for client in self.clients)) for trouble in each.troubles
        ]

    @property
    def alone(self) -> list[Client]:
        """Those who are the only tab of their person."""
        tabs = Counter(client.tab.person for client in self.clients)
        return [client for client in self.present if tabs[client.tab.person] == 1]

    @property
    def present(self) -> list[Client]:
        """Those who have not been shut out."""
        return [client for client in self.clients if not client.is_shut_out]

    def is_level(self) -> bool:
        """Whether every copy is at the database's version, and every badge says what a recount says."""
        rooms = self.cluster.read_rooms()
        versions = {room.id: room.version for room in rooms}
        numbers = {room.id: room.last_number for room in rooms}
        heads = (head for client in self.present for head in client.reader.final_heads())
        are_there = all(client.reader.has_reached(versions) for client in self.present)
        return are_there and all(head.number == numbers[head.room] for head in heads) and self._are_counted()

    def _are_counted(self) -> bool:
        counted = self.cluster.read_unread()
        return all(badge.unread == min(counted[badge.user, badge.room], COUNTED_MAX) for badge in self.badges)

    def wait(self, question: Callable[[], bool], seconds: float, what: str = "") -> bool:
        """Whether it became true within that time. With `what` it has to: else raises TimeoutError."""
        deadline = time.monotonic() + seconds
        while not (answer := question()) and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
        if what and not answer:
            raise TimeoutError(f"never became true: {what}; {self.troubles[:3]}")
        return answer

    def leave(self) -> None:
        """Everybody goes; what they had in front of them stays as it was."""
        for client in self.clients:
            self.background.do(client.end)
        self.background.do(self.keeper.end)

    def end(self) -> None:
        """Everybody goes, and their wires with them."""
        self.leave()
        for way in self.ways.values():
            way.proxy.close()

    @property
    def copies(self) -> list[Copy]:
        """What everybody has in front of them."""
        return [copy.copy for client in self.present for copy in client.reader.copies.values()]

    @property
    def heads(self) -> list[Head]:
        """What everybody knows of the rooms they follow."""
        return [head for client in self.present for head in client.reader.final_heads()]

    @property
    def badges(self) -> list[Badge]:
        """What is unread, as everybody has it."""
        return [badge for client in self.present for badge in client.reader.final_badges()]

    def _way(self, number: int) -> ClientWay | StraightWay:
        workers = self.cluster.workers
        if self.plan.straight:
            return StraightWay(workers[number % len(workers)])
        chance = random.Random(f"way {self.seed} {number}")  # noqa: S311
        way = self.ways[number] = ClientWay(self.background, workers, chance, pinned=self.plan.pinned)
        way.worker = 1 + number % len(workers)
        return way

    def _client(self, number: int, person: Person, way: ClientWay | StraightWay, opened: list[int] | None) -> Client:
        rooms = self.cluster.rooms
        opened = opened or [rooms[(number + step) % len(rooms)] for step in range(self.plan.open_rooms)]
        followed = [] if self.plan.is_split else [room for room in rooms if room not in opened]
        tab = Tab(number, person, way, self.plan.pace, self.history, self.seed)
        reader = Reader(tab, opened, followed)
        return Client(tab, reader, Writer(tab, opened, self.plan.typing), Looker(tab, reader, self.plan.looking))
