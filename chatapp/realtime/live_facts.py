"""What goes down about people and takes no version of a room: who they are, who is typing, who is here."""

from dataclasses import dataclass

from chatapp.events import Fact, PersonFact


@dataclass(frozen=True, kw_only=True)
class PersonChanged(Fact):
    """Somebody has another name, or their account ended or began again: it stands with everything they ever said.

    The versions are the company's, one order for all its people.
    """

    version: int
    prev: int
    id: int
    name: str
    is_deactivated: bool


@dataclass(frozen=True, kw_only=True)
class TypingFact(Fact):
    """All who are typing in a room, for the next seconds."""

    room_id: int
    people: tuple[PersonFact, ...]


@dataclass(frozen=True, kw_only=True)
class PresenceFact(Fact):
    """Who is here now and was not, and who is away; with `is_everybody` there are no others."""

    people: tuple[PersonFact, ...]
    away: tuple[int, ...] = ()
    is_everybody: bool = False
