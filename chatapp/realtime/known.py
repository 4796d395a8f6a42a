"""What every event of a socket asks first, remembered for a moment: who is behind it.

The word that a sign-in is over, or that somebody has
changed, makes this worker forget at once; where that word is lost, a moment is as long as the tick takes to find out.
"""

import time
from collections.abc import Callable

from flask import current_app

from chatapp import identity
from chatapp.models import Person

TRUSTED_SECONDS = 2.0  # as the tick, which ends the sockets of sign-ins that are over
KNOWN_MAX = 50_000  # sign-ins; those of sockets that have gone are among them


class Known:
    """People by their sign-ins, with the time until which that holds.

    `words` counts what was said here of anybody's rights: who asked the database, and finds the same count when they
    act on the answer, has missed none.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._people: dict[int, tuple[Person, float]] = {}
        self.words = 0

    def person_of(self, sign_in_id: int) -> Person:
        """Who is behind an open socket. Raises SignedOut."""
        person, until = self._people.get(sign_in_id, (None, 0.0))
        now = self._clock()
        if person is None or now >= until:
            words = self.words
            person = identity.person_of_sign_in(sign_in_id)
            self.learn(sign_in_id, person, words)
        return person

    def learn(self, sign_in_id: int, person: Person, words: int) -> None:
        """Take over who is behind a sign-in from somebody who asked the database when `words` had come."""
        if len(self._people) >= KNOWN_MAX:
            self._people.clear()
        if words == self.words:
            self._people[sign_in_id] = (person, self._clock() + TRUSTED_SECONDS)

    def forget(self) -> None:
        """Ask anew from here on."""
        self.rights_moved()
        self._people.clear()

    def rights_moved(self) -> None:
        """A word came of who is in a room. What somebody has asked just before may be what it takes back."""
        self.words += 1


def known() -> Known:
    """What the running application knows."""
    found: Known = current_app.extensions["chatapp_known"]
    return found
