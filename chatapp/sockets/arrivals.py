"""Who comes, asked of the database once: at the handshake, or where nobody asked there, when they come in."""

import time
from dataclasses import dataclass, field
from typing import Any

from flask import current_app

from chatapp import identity
from chatapp.identity import Guest
from chatapp.models.membership import Standing
from chatapp.realtime.known import known

ARRIVAL = "chatapp.arrival"  # in the environ of a handshake
FRESH_SECONDS = 1.0  # from the handshake to a page's first word; of a slow one, what was found is asked again


@dataclass(frozen=True)
class Arrival:
    """Who comes, their rooms, and how many words of rights had come when that was asked."""

    guest: Guest
    rooms: dict[int, Standing]
    words: int
    at: float = field(default_factory=time.monotonic)

    @property
    def is_fresh(self) -> bool:
        """True while no word of it can have been lost for long."""
        return time.monotonic() - self.at < FRESH_SECONDS


def look() -> Arrival:
    """Who is behind this handshake. Raises SignedOut."""
    words = known().words
    return Arrival(*identity.arriving(), words)


def arrival_of(environ: dict[str, Any]) -> Arrival:
    """The same; as it was found at the handshake, when that was just now."""
    found: Arrival | None = environ.get(ARRIVAL)
    return found if found is not None and found.is_fresh else arrival_of_now(environ)


def arrival_of_now(environ: dict[str, Any]) -> Arrival:
    """The same, asked anew. Raises SignedOut."""
    with current_app.request_context(environ):
        return look()
