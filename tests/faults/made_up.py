"""A history that never happened, in which everything is right: the checker's tests spoil it in one place each."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from chatapp import text
from tests.faults.clients.outbox import EMOJI
from tests.faults.evidence import DELETED, Badge, Copy, Database, Head, Pointer, RoomRow, Row
from tests.faults.history import (
    Acked,
    Applied,
    Arrived,
    Caught,
    Closed,
    Counted,
    Delivered,
    Event,
    Named,
    Opened,
    Reads,
    Sent,
    ShutOut,
    Stands,
    Told,
    Typed,
)

FOLLOWED = 99  # a client that has no room open; its person writes nothing, and reads nothing


@dataclass
class MadeUp:
    """People who write in rooms, a server that keeps its promises, and connections that break."""

    people: int = 3
    rooms: int = 2
    things: int = 40
    seed: int = 1
    events: list[Event] = field(default_factory=list)
    rows: dict[tuple[int, int], Row] = field(default_factory=dict)  # by room and number

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)  # noqa: S311
        self._clock = 0.0
        self._versions = dict.fromkeys(range(1, self.rooms + 1), 0)
        self._changes: dict[int, list[Row]] = {room: [] for room in self._versions}
        self._names = {room: f"Room {room}" for room in self._versions}
        self._members = self.people + 1  # and the one who follows
        self._told = dict.fromkeys(self._versions, 0)  # what the one who follows has been told, by room
        self._reading: dict[tuple[int, int], tuple[int, int]] = {}  # generation and number, by client and room
        self._copies = {(c, r): Copy(c, r) for c in range(1, self.people + 1) for r in self._versions}
        for client in range(1, self.people + 1):
            self.add(Arrived, client, user=100 + client)
        self.add(Arrived, FOLLOWED, user=100 + FOLLOWED)
        for room in self._versions:
            self.add(Counted, FOLLOWED, room=room, version=0, connection=1)
        for _ in range(self.things):
            self._somebody_does_something()
            self._somebody_reads()
        for room in self._versions:
            self._rename(room)
        for place in self._copies:
            self._fetch(*place)

    def add(self, kind: type[Event], client: int, **fields: object) -> None:
        """Something happens."""
        self._clock += 0.01
        self.events.append(kind(at=self._clock, client=client, **fields))

    @property
    def database(self) -> Database:
        """What the server has in the end."""
        lasts = {room: sum(place[0] == room for place in self.rows) for room in self._versions}
        versions = self._versions.items()
        rooms = [RoomRow(room, version, lasts[room], self._names[room], self._members) for room, version in versions]
        return Database(rooms, list(self.rows.values()), self.pointers)

    @property
    def pointers(self) -> list[Pointer]:
        """How far everybody has read in the end."""
        places = [(client, room) for client in [*range(1, self.people + 1), FOLLOWED] for room in self._versions]
        readings = ((place, self._reading.get(place, (0, 0))) for place in places)
        return [Pointer(room, 100 + client, number, gen) for (client, room), (gen, number) in readings]

    @property
    def badges(self) -> list[Badge]:
        """What everybody says is unread."""
        return [self.badge(pointer) for pointer in self.pointers]

    @property
    def copies(self) -> list[Copy]:
        """What everybody has in the end."""
        return list(self._copies.values())

    @property
    def heads(self) -> list[Head]:
        """What one who follows all rooms has heard."""
        return [Head(FOLLOWED, room.id, room.last_number) for room in self.database.rooms]

    def badge(self, pointer: Pointer) -> Badge:
        """What a badge says that is right."""
        unread = 0
        for (room, number), row in self.rows.items():
            is_of_another = row.user != pointer.user and not row.is_deleted
            unread += room == pointer.room and number > pointer.number and is_of_another
        user, room = pointer.user, pointer.room
        return Badge(user - 100, user, room, unread, pointer.number, pointer.generation)

    def shut_out(self, client: int, room: int, *, hears_after: float) -> None:
        """Somebody is removed, and something comes so many seconds later."""
        self.add(Arrived, client, user=100 + client)
        self.add(ShutOut, client, room=room)
        self._clock += hears_after
        self.add(Delivered, client, room=room or 1, version=1)

    def _somebody_does_something(self) -> None:
        client, room = self.chance.randint(1, self.people), self.chance.randint(1, self.rooms)
        if (own := self._own(client, room)) and self.chance.random() < 0.3:
            self._change(client, self.chance.choice(own))
        else:
            self._post(client, room)
        if (own := self._own(client, room)) and self.chance.random() < 0.2:
            self._react(client, self.chance.choice(own))
        reader = self.chance.choice(list(self._copies))
        self.chance.choice([self._fetch, self._live, self._live])(*reader)
        if self.chance.random() < 0.1:
            self._reconnect(client)

    def _somebody_reads(self) -> None:
        # A chance of its own: what is written stays what it was.
        chance = random.Random(f"{self.seed} {self._clock}")  # noqa: S311
        client, room = chance.randint(1, self.people), chance.randint(1, self.rooms)
        last = sum(place[0] == room for place in self.rows)
        if not last or chance.random() < 0.5:
            return
        generation, number = self._reading.get((client, room), (0, 0))
        marks, wanted = chance.random() < 0.3, chance.randint(1, last)
        if not marks and wanted <= number:
            return
        self.add(Reads, client, room=room, number=wanted, generation=generation, marks=marks)
        self._reading[client, room] = (generation + 1, wanted - 1) if marks else (generation, wanted)
        generation, number = self._reading[client, room]
        answers = 0 if marks else wanted
        self.add(Stands, client, room=room, number=number, generation=generation, answers=answers)

    def _own(self, client: int, room: int) -> list[Row]:
        rows = (row for row in self.rows.values() if row.user == 100 + client and row.room == room)
        return [row for row in rows if not row.is_deleted]

    def _post(self, client: int, room: int) -> None:
        number = 1 + sum(place[0] == room for place in self.rows)
        client_id, body = f"id-{self.seed}-{room}-{number}", f"text {room} {number}"
        self.add(Typed, client, room=room, client_id=client_id)
        self._try(client, room, client_id, "post", body)
        facts = {"room": room, "number": number, "user": 100 + client, "client_id": client_id}
        row = self._commit(facts, body)
        # Whoever writes has read what stands above it.
        self._reading[client, room] = self._reading.get((client, room), (0, 0))[0], number
        is_retried = self._maybe_again(client, room, client_id, "post", body)
        acked = {"version": row.version, "number": number, "duplicate": is_retried}
        self.add(Acked, client, room=room, client_id=client_id, action="post", **acked)

    def _change(self, client: int, row: Row) -> None:
        is_deletion = self.chance.random() < 0.3
        action, body = ("delete", "") if is_deletion else ("edit", f"{row.body}!")
        self._try(client, row.room, row.client_id, action, body)
        facts = {"room": row.room, "number": row.number, "user": row.user, "client_id": row.client_id}
        former = () if is_deletion else (*row.former, row.body)
        kept = {} if is_deletion else {"reactions": row.reactions}
        version = self._commit(facts, body, former=former, is_deleted=is_deletion, **kept).version
        self._maybe_again(client, row.room, row.client_id, action, body)
        self.add(Acked, client, room=row.room, client_id=row.client_id, action=action, version=version)

    def _try(self, client: int, room: int, client_id: str, action: str, body: str) -> None:
        self.add(Sent, client, room=room, client_id=client_id, action=action, body=body)

    def _maybe_again(self, client: int, room: int, client_id: str, action: str, body: str) -> bool:
        """The first ack was lost, now and then."""
        is_retried = self.chance.random() < 0.2
        if is_retried:
            self._reconnect(client)
            self._try(client, room, client_id, action, body)
        return is_retried

    def _react(self, client: int, row: Row) -> None:
        emoji = self.chance.choice(EMOJI)
        self._try(client, row.room, row.client_id, "react", emoji)
        facts = {"room": row.room, "number": row.number, "user": row.user, "client_id": row.client_id}
        reactions = row.reactions | {(row.user, emoji)}
        version = self._commit(facts, row.body, former=row.former, reactions=reactions).version
        self._maybe_again(client, row.room, row.client_id, "react", emoji)
        self.add(Acked, client, room=row.room, client_id=row.client_id, action="react", version=version)

    def _reconnect(self, client: int) -> None:
        self.add(Closed, client, connection=1)
        for room in self._versions:
            self.add(Opened, client, room=room, connection=2, worker=1)

    def _rename(self, room: int) -> None:
        for name in ("Hall", f"Hall {room}"):
            self.add(Named, 0, room=room, name=name)
            self._names[room], prev, self._told[room] = name, self._told[room], self._next(room)
            self.add(Told, FOLLOWED, room=room, version=self._told[room], prev=prev, connection=1)
            self.add(Named, 0, room=room, name=name, is_done=True)

    def _next(self, room: int) -> int:
        # A member who joins takes a version too, so not every version is a message's.
        self._versions[room] += self.chance.choice([1, 1, 1, 2])
        return self._versions[room]

    def _commit(self, facts: dict[str, Any], body: str, **more: Any) -> Row:
        html = text.render(body) if body else ""
        row = Row(**facts, version=self._next(facts["room"]), body=body, html=html, **more)
        self.rows[row.room, row.number] = row
        self._changes[row.room].append(row)
        prev, self._told[row.room] = self._told[row.room], row.version
        self.add(Told, FOLLOWED, room=row.room, version=row.version, prev=prev, connection=1)
        return row

    def _live(self, client: int, room: int) -> None:
        """One change, as an event, if the client is behind."""
        copy = self._copies[client, room]
        missed = [row for row in self._changes[room] if row.version > copy.cursor]
        if missed:
            self._apply(copy, missed[0], connection=1)

    def _fetch(self, client: int, room: int) -> None:
        """All that is missing: each changed message once, whole."""
        copy, began = self._copies[client, room], self._copies[client, room].cursor
        rows = [row for place, row in self.rows.items() if place[0] == room and row.version > began]
        for row in sorted(rows, key=lambda row: row.version):
            self._apply(copy, row, connection=0)
        self.add(Caught, client, room=room, since=copy.cursor, up_to=self._versions[room])
        copy.cursor, copy.name, copy.members = self._versions[room], self._names[room], self._members

    def _apply(self, copy: Copy, row: Row, *, connection: int) -> None:
        facts = {"room": row.room, "number": row.number, "user": row.user, "client_id": row.client_id}
        self.add(Applied, copy.client, **facts, version=row.version, prev=copy.cursor, connection=connection)
        copy.cursor = row.version
        copy.messages[row.number] = (row.version, DELETED if row.is_deleted else row.body)
        copy.reactions[row.number] = row.reactions


def of_kind(events: list[Event], kind: type[Event]) -> Iterator[tuple[int, Event]]:
    """Where the events of this kind stand."""
    return ((index, event) for index, event in enumerate(events) if type(event) is kind)
