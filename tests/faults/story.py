"""The history by message, beside what the database has of it."""

from collections import defaultdict

from tests.faults.evidence import Database, Row
from tests.faults.history import Acked, Arrived, Event, Refused, Sent, Typed

Key = tuple[int, int, str]  # person, room, client id: a message, wherever it is spoken of


class Story:
    """The history by message."""

    def __init__(self, events: list[Event], database: Database) -> None:
        self.events = events
        self.database = database
        self.users = {event.client: event.user for event in events if isinstance(event, Arrived)}
        self.rows: dict[Key, Row] = {(row.user, row.room, row.client_id): row for row in database.messages}
        self.rooms = {room.id: room for room in database.rooms}
        self.rows_of_room: defaultdict[int, list[Row]] = defaultdict(list)
        for row in database.messages:
            self.rows_of_room[row.room].append(row)
        self.sent: defaultdict[Key, list[Sent]] = defaultdict(list)
        self.acked: defaultdict[Key, list[Acked]] = defaultdict(list)
        self.settled: set[Key] = set()
        for event in events:
            self._file(event)

    def key(self, event: Typed | Sent | Acked | Refused) -> Key:
        """The message that an event is about."""
        return self.users[event.client], event.room, event.client_id

    def _file(self, event: Event) -> None:
        if isinstance(event, Sent):
            self.sent[self.key(event)].append(event)
        elif isinstance(event, Acked):
            self.acked[self.key(event)].append(event)
        if isinstance(event, Acked | Refused):
            self.settled.add(self.key(event))


def name_of(key: Key) -> str:
    """The message in words."""
    user, room, client_id = key
    return f"message {client_id[:8]} of person {user} in room {room}"
