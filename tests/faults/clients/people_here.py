"""Who is here, as one tab was told (static/js/room/people_here.js)."""

from tests.faults.clients.room_copy import Payload

CHANGED = "presence:changed"


class PeopleHere:
    """By their ids; unknown until it was said of everybody once."""

    def __init__(self) -> None:
        self._ids: set[int] | None = None

    def told(self, payload: Payload) -> None:
        """What the server says."""
        if payload["is_everybody"]:
            self._ids = set()
        if self._ids is not None:
            self._ids -= set(payload["away"])
            self._ids |= {person["id"] for person in payload["people"]}

    def shows(self, user: int) -> bool:
        """Whether this person seems to be here."""
        return self._ids is not None and user in self._ids
