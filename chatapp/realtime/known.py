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
    """People by their sign-ins, with the time until which that holds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._people: dict[int, tuple[Person, float]] = {}
        self._forgotten = 0  # times

    def person_of(self, sign_in_id: int) -> Person:
        """Who is behind an open socket. Raises SignedOut."""
        person, until = self._people.get(sign_in_id, (None, 0.0))
        now = self._clock()
        if person is None or now >= until:
            if len(self._people) >= KNOWN_MAX:
                self._people.clear()
            forgotten = self._forgotten
            person = identity.person_of_sign_in(sign_in_id)
            # What was asked before the word came may be what it takes back.
            if forgotten == self._forgotten:
                self._people[sign_in_id] = (person, now + TRUSTED_SECONDS)
        return person

    def forget(self) -> None:
        """Ask anew from here on."""
        self._forgotten += 1
        self._people.clear()


def known() -> Known:
    """What the running application knows."""
    found: Known = current_app.extensions["chatapp_known"]
    return found
