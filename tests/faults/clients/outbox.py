"""What a person typed and the server has not yet taken: first in, first out, one at a time in each room."""

import random
import uuid
from collections import deque
from dataclasses import dataclass, field
from typing import Any

EVENTS = {"post": "message:post", "edit": "message:edit", "delete": "message:delete", "react": "reaction:add"}
EMOJI = ("👍", "🎉", "❤️", "😂")


@dataclass
class Typing:
    """How a person uses a room. The shares are of what they do there."""

    pause_seconds: float = 1.5  # on average, between two things
    edits: float = 0.10
    deletes: float = 0.05
    reactions: float = 0.03
    waiting_max: int = 10  # things in the outbox; with more than that a person stops typing
    body_chars: int = 0  # a text is filled up to this length


@dataclass(slots=True)
class Entry:
    """Something to be done: a post, or an edit or deletion of an earlier one, or an emoji on it."""

    action: str
    client_id: str
    body: str = ""

    def payload(self, room_id: int, message_id: int) -> dict[str, Any]:
        """What goes up."""
        if self.action == "post":
            return {"room_id": room_id, "client_id": self.client_id, "body": self.body}
        text = {"edit": {"body": self.body}, "react": {"emoji": self.body}}.get(self.action, {})
        return {"message_id": message_id, **text}


@dataclass
class RoomOutbox:
    """The things one client still has to say in one room."""

    client: int
    room_id: int
    chance: random.Random
    typing: Typing
    waiting: deque[Entry] = field(default_factory=deque)
    ids: dict[str, int] = field(default_factory=dict)  # of the messages that were acked, by client id
    _own: list[str] = field(default_factory=list)  # posted and not deleted
    _count: int = 0

    def type_something(self) -> Entry | None:
        """The next thing that this person does, put in the outbox; None when it is full."""
        if len(self.waiting) >= self.typing.waiting_max:
            return None
        self._count += 1
        entry = self._changed() if self._wants_to_change() else self._new()
        self.waiting.append(entry)
        return entry

    def acked(self, entry: Entry, message_id: int | None) -> None:
        """The head is done."""
        self.waiting.remove(entry)
        if message_id is not None:
            self.ids[entry.client_id] = message_id

    def refused(self, entry: Entry) -> None:
        """The head steps aside, and what would follow on it with it."""
        self.waiting.remove(entry)
        if entry.action == "post":
            self._own = [each for each in self._own if each != entry.client_id]
            self.waiting = deque(each for each in self.waiting if each.client_id != entry.client_id)

    def _wants_to_change(self) -> bool:
        return bool(self._own) and self.chance.random() < self._changes

    def _changed(self) -> Entry:
        client_id = self._own[-1 - self.chance.randrange(min(5, len(self._own)))]
        fate = self.chance.random() * self._changes
        if fate < self.typing.deletes:
            self._own.remove(client_id)
            return Entry("delete", client_id)
        elif fate < self.typing.deletes + self.typing.reactions:
            return Entry("react", client_id, self.chance.choice(EMOJI))
        return Entry("edit", client_id, self._body())

    @property
    def _changes(self) -> float:
        return self.typing.edits + self.typing.deletes + self.typing.reactions

    def _new(self) -> Entry:
        client_id = str(uuid.UUID(int=self.chance.getrandbits(128), version=4))
        self._own = [*self._own[-20:], client_id]
        return Entry("post", client_id, self._body())

    def _body(self) -> str:
        # Unique in the whole run: the checker knows a message by what it says.
        return f"{self.client}.{self.room_id}.{self._count} ".ljust(self.typing.body_chars, "x").strip()
