"""Who is typing where: a lease of a few seconds, told to the sockets that have the room open. Never stored.

Each worker tells the others what its own people type. A worker that dies leaves nothing behind: its leases end.
"""

from collections.abc import Callable

from chatapp.events import PersonFact
from chatapp.models import Person
from chatapp.realtime.announcements import Announcement, TypingHeard
from chatapp.realtime.leases import Clock, Leases
from chatapp.realtime.live_facts import TypingFact

TYPING_SECONDS = 5.0  # behaviour 13; browsers say it every 3 s
REST_SECONDS = 1.0  # between two announcements of one person in one room, whatever their browser sends
SHOWN_MAX = 20  # people; the line names two and counts the others

InRoom = tuple[int, int]  # the ids of a room and a person


class Typists:
    """Who is typing. `publish` hands an announcement to the other workers, `tell` a fact to the sockets of this one."""

    def __init__(
        self, now: Clock, *, publish: Callable[[Announcement], None], tell: Callable[[TypingFact], None]
    ) -> None:
        self._now = now
        self._publish = publish
        self._tell = tell
        self._typing = Leases[InRoom, str](now)
        # Whose word went out a moment ago: what they do meanwhile goes out after it, and once.
        self._resting = Leases[InRoom, None](now)
        self._unsaid: dict[InRoom, str] = {}
        self._told: dict[int, tuple[PersonFact, ...]] = {}
        self._heard: set[int] = set()

    def begin(self, room_id: int, person: Person) -> None:
        """The person types, for the next seconds."""
        self._typing.hold((room_id, person.id), person.name, TYPING_SECONDS)
        self._say(room_id, person)

    def end(self, room_id: int, person: Person) -> None:
        """The person has stopped; nothing when they did not type."""
        if self._typing.seconds_left((room_id, person.id)):
            self._typing.hold((room_id, person.id), person.name, 0)
            self._say(room_id, person)

    def has_just_begun(self, room_id: int, person: Person) -> bool:
        """True when the person said so within this second: to say it again changes nothing."""
        return self._typing.seconds_left((room_id, person.id)) > TYPING_SECONDS - REST_SECONDS

    def hear(self, heard: TypingHeard) -> None:
        """Take in what another worker said."""
        self._typing.hold((heard.room_id, heard.user_id), heard.name, min(heard.seconds, TYPING_SECONDS))
        self._heard.add(heard.room_id)

    def pulse(self) -> None:
        """Say to the other workers and tell the sockets here what has changed since the last time."""
        for key, name in list(self._unsaid.items()):
            if not self._resting.seconds_left(key):
                self._publish_one(key, name)
        self._resting.held()
        self._tell_changes()

    def _say(self, room_id: int, person: Person) -> None:
        self._unsaid[room_id, person.id] = person.name
        self._heard.add(room_id)

    def _publish_one(self, key: InRoom, name: str) -> None:
        del self._unsaid[key]
        self._resting.hold(key, None, REST_SECONDS)
        room_id, user_id = key
        seconds = self._typing.seconds_left(key)
        self._publish(TypingHeard(room_id=room_id, user_id=user_id, name=name, seconds=seconds))

    def _tell_changes(self) -> None:
        heard, self._heard = self._heard, set()
        typing = self._by_room()
        for room_id in heard | self._told.keys():
            people = typing.get(room_id, ())
            # Said again, it is told again: browsers let it end by themselves, too.
            if people != self._told.get(room_id, ()) or (people and room_id in heard):
                self._tell(TypingFact(room_id=room_id, people=people))
        self._told = typing

    def _by_room(self) -> dict[int, tuple[PersonFact, ...]]:
        rooms: dict[int, list[PersonFact]] = {}
        for (room_id, user_id), name in self._typing.held().items():
            rooms.setdefault(room_id, []).append(PersonFact(user_id, name))
        return {room_id: tuple(people[:SHOWN_MAX]) for room_id, people in rooms.items()}
