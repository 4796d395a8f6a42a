"""Who is here: people with a connection at any worker. By lease, so that a worker that dies leaves no ghosts.

Each worker says every few seconds who is connected to it, and for how long that holds. One that starts, or was cut off
from the others, asks them to say it at once. Never stored.
"""

import secrets
from collections.abc import Callable, Sequence

from chatapp.events import PersonFact
from chatapp.models import Person
from chatapp.realtime.announcements import Announcement, PeopleHeard
from chatapp.realtime.leases import Clock, Leases
from chatapp.realtime.live_facts import PresenceFact

# To tell everybody is as much work as there are people. Where many come at once, as after a restart, they are told of
# each other together, so that it stays at this.
TELLINGS_PER_SECOND = 1_000
CROWD = 250  # people; of fewer, each pulse may tell
REFRESHES = 3  # of a lease: two may be lost before somebody who is here seems away

Told = Callable[[PresenceFact, Sequence[str] | None], None]


class Presence:
    """Who is here. `publish` hands an announcement to the other workers; `tell(fact, sids)` tells sockets of this one,
    or all of them.

    Who leaves stays here for `grace_seconds`: a reload and a short break are no leaving. Who is connected to a worker
    that dies is here for `lease_seconds` at most.
    """

    def __init__(
        self,
        now: Clock,
        *,
        lease_seconds: float,
        grace_seconds: float,
        publish: Callable[[Announcement], None],
        tell: Told,
    ) -> None:
        self._now = now
        self._lease_seconds = lease_seconds
        self._grace_seconds = grace_seconds
        self._publish = publish
        self._tell = tell
        self._worker = secrets.token_hex(8)
        self._connected: dict[int, str] = {}  # at this worker: the names by id
        self._leases = Leases[tuple[str, int], str](now)
        # Since the last pulse.
        self._came: dict[int, str] = {}
        self._went: dict[int, str] = {}
        self._silent: dict[int, str] = {}
        self._newcomers: list[str] = []
        self._told: dict[int, str] = {}
        self._refresh_at = self._tell_at = now()
        self._asks = False

    def came(self, sid: str, person: Person) -> None:
        """A socket of the person has connected here. It is told who is here, at the next pulse."""
        self._newcomers.append(sid)
        self._went.pop(person.id, None)
        self._silent.pop(person.id, None)
        if self._connected.get(person.id) != person.name:
            self._connected[person.id] = person.name
            self._came[person.id] = person.name
        self._leases.hold((self._worker, person.id), person.name, self._lease_seconds)

    def went(self, user_id: int) -> None:
        """The person's last socket here has gone."""
        self._end(user_id, self._went, self._grace_seconds)

    def fell_silent(self, user_id: int) -> None:
        """The same of one who had answered nothing for long: they are away by now."""
        self._end(user_id, self._silent, 0)

    def hear(self, heard: PeopleHeard) -> None:
        """Take in what another worker said."""
        for user_id, name in heard.people:
            self._leases.hold((heard.worker, user_id), name, min(heard.seconds, self._lease_seconds))
        if heard.asks:
            self._refresh_at = self._now()

    def ask(self) -> None:
        """Let all other workers say who is there: this one has begun, or was cut off from them."""
        self._asks = True

    def people(self) -> dict[int, str]:
        """Everybody who is here, by id their names."""
        return {user_id: name for (_, user_id), name in self._leases.held().items()}

    def pulse(self) -> None:
        """Say to the other workers and tell the sockets here what has changed since the last time."""
        if self._asks or self._now() >= self._refresh_at:
            self._refresh()
        self._say_changes()
        self._tell_changes()

    def _end(self, user_id: int, ended: dict[int, str], seconds: float) -> None:
        name = self._connected.pop(user_id, None)
        if name is not None:
            self._came.pop(user_id, None)
            ended[user_id] = name
            self._leases.hold((self._worker, user_id), name, seconds)

    def _refresh(self) -> None:
        self._refresh_at = self._now() + self._lease_seconds / REFRESHES
        for user_id, name in list(self._connected.items()):
            self._leases.hold((self._worker, user_id), name, self._lease_seconds)
        self._say(dict(self._connected), self._lease_seconds, asks=self._asks)
        self._asks = False
        self._came = {}

    def _say_changes(self) -> None:
        came, self._came = self._came, {}
        went, self._went = self._went, {}
        silent, self._silent = self._silent, {}
        self._say(came, self._lease_seconds)
        self._say(went, self._grace_seconds)
        self._say(silent, 0)

    def _say(self, people: dict[int, str], seconds: float, *, asks: bool = False) -> None:
        if people or asks:
            said = tuple(people.items())
            self._publish(PeopleHeard(worker=self._worker, people=said, seconds=seconds, asks=asks))

    def _tell_changes(self) -> None:
        if self._now() < self._tell_at:
            return
        count = len(self._connected)
        self._tell_at = self._now() + (count / TELLINGS_PER_SECOND if count > CROWD else 0)
        newcomers, self._newcomers = self._newcomers, []
        told, here = self._told, self.people()
        self._told = here
        came = {user_id: name for user_id, name in here.items() if user_id not in told}
        away = tuple(user_id for user_id in told if user_id not in here)
        if came or away:
            self._tell(PresenceFact(people=_facts(came), away=away), None)
        if newcomers:
            self._tell(PresenceFact(people=_facts(here), is_everybody=True), newcomers)


def _facts(people: dict[int, str]) -> tuple[PersonFact, ...]:
    return tuple(PersonFact(user_id, name) for user_id, name in people.items())
