"""What is said to a server: ours has its own events and acks; the others relay what they are told."""

import json
from dataclasses import dataclass
from uuid import uuid4

# The beginning of every text: who says it and how many they have said. Of one width, so that it is found quickly.
MARK = b'"bench '
TOKEN_CHARS = 11
TEXT_CHARS = 100
FILLING = "and then we thought about what to say for the rest of it, which is of no importance to anybody at all"

JOINED, POSTED = 0, 1  # the numbers of acks: of the join; of a post


def token_of(sender: int, number: int) -> bytes:
    """What a text is known by, wherever it arrives."""
    return f"{sender:03} {number:07}".encode()


def text_with(token: bytes) -> str:
    """A text of a hundred bytes that carries it."""
    return f"bench {token.decode()} {FILLING}"[:TEXT_CHARS]


@dataclass(frozen=True)
class Dialect:
    """The events of one kind of server."""

    join_event: str
    post_event: str
    arrival: bytes  # how a packet begins that brings a text
    is_acked: bool

    def join(self, room: int) -> bytes:
        """The packet that opens a room; it is acked by every server."""
        payload: object = {"room_id": room} if self.is_acked else room
        return _event(self.join_event, payload, JOINED)

    def post(self, room: int, text: str) -> bytes:
        """The packet that says something."""
        if self.is_acked:
            return _event(self.post_event, {"room_id": room, "client_id": str(uuid4()), "body": text}, POSTED)
        return _event(self.post_event, {"room": room, "body": text}, None)


def _event(name: str, payload: object, ack: int | None) -> bytes:
    number = "" if ack is None else ack
    return f"42{number}{json.dumps([name, payload], separators=(',', ':'))}".encode()


DIALECTS = {
    "ours": Dialect("room:open", "message:post", b'42["message:posted"', is_acked=True),
    "relay": Dialect("join", "message", b'42["message"', is_acked=False),
}
