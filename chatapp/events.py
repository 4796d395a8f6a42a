"""The wire, typed: every event that browser and server exchange.

Up goes a command in the imperative; it is always acked with `{"ok": true, ...}` or
`{"ok": false, "error": code, "message": text}`. Down comes a fact in the past. Ids are integers, times
ISO 8601 UTC. `static/js/events.js` is the browser's copy of the names; a test holds the two equal.
"""

from dataclasses import dataclass
from enum import StrEnum

from chatapp.payloads import ID_MAX as ID_MAX
from chatapp.payloads import Command as Command
from chatapp.payloads import Fact as Fact
from chatapp.payloads import JsonObject as JsonObject
from chatapp.payloads import UploadFact as UploadFact


class Up(StrEnum):
    """Commands of the browser."""

    ROOM_OPEN = "room:open"
    ROOM_CLOSE = "room:close"
    ROOM_READ = "room:read"
    ROOM_MARK_UNREAD = "room:mark_unread"
    MESSAGE_POST = "message:post"
    MESSAGE_EDIT = "message:edit"
    MESSAGE_DELETE = "message:delete"
    REACTION_ADD = "reaction:add"
    REACTION_REMOVE = "reaction:remove"
    TYPING_START = "typing:start"
    TYPING_STOP = "typing:stop"


class Down(StrEnum):
    """Facts from the server."""

    MESSAGE_POSTED = "message:posted"
    MESSAGE_EDITED = "message:edited"
    MESSAGE_DELETED = "message:deleted"
    MESSAGE_CHANGED = "message:changed"
    ROOM_ADVANCED = "room:advanced"
    ROOM_CHANGED = "room:changed"
    MEMBER_JOINED = "member:joined"
    MEMBER_LEFT = "member:left"
    ROOM_READ = "room:read"
    ROOM_REMOVED = "room:removed"
    PERSON_CHANGED = "person:changed"
    TYPING_CHANGED = "typing:changed"
    PRESENCE_CHANGED = "presence:changed"
    SERVER_DRAINING = "server:draining"


@dataclass(frozen=True, kw_only=True)
class RoomOpen(Command):
    event = Up.ROOM_OPEN

    room_id: int
    since: int | None = None
    epoch: str | None = None


@dataclass(frozen=True, kw_only=True)
class RoomClose(Command):
    event = Up.ROOM_CLOSE

    room_id: int


@dataclass(frozen=True, kw_only=True)
class Written:
    """Of a change that somebody makes. Refused when written in another `epoch`: its ids may be others' now."""

    epoch: str | None = None


@dataclass(frozen=True, kw_only=True)
class RoomRead(Written, Command):
    event = Up.ROOM_READ

    room_id: int
    number: int
    generation: int = 0


@dataclass(frozen=True, kw_only=True)
class MessagePost(Written, Command):
    event = Up.MESSAGE_POST

    room_id: int
    client_id: str
    body: str
    reply_to: int | None = None
    upload_ids: tuple[int, ...] = ()
    # What each of them shows, in words, in the same order; or nothing for all of them.
    upload_alts: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MessageEditCommand(Written, Command):
    event = Up.MESSAGE_EDIT

    message_id: int
    body: str
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class MessageDelete(Written, Command):
    event = Up.MESSAGE_DELETE

    message_id: int


@dataclass(frozen=True, kw_only=True)
class ReactionAdd(Written, Command):
    event = Up.REACTION_ADD

    message_id: int
    emoji: str


@dataclass(frozen=True, kw_only=True)
class ReactionRemove(Written, Command):
    event = Up.REACTION_REMOVE

    message_id: int
    emoji: str


@dataclass(frozen=True, kw_only=True)
class RoomMarkUnread(Written, Command):
    event = Up.ROOM_MARK_UNREAD

    room_id: int
    number: int
    generation: int = 0


@dataclass(frozen=True, kw_only=True)
class TypingStart(Command):
    event = Up.TYPING_START

    room_id: int


@dataclass(frozen=True, kw_only=True)
class TypingStop(Command):
    event = Up.TYPING_STOP

    room_id: int


@dataclass(frozen=True)
class PersonFact(Fact):
    id: int
    name: str


@dataclass(frozen=True)
class AuthorFact(PersonFact):
    """Who said something, and whether their account has ended since."""

    is_deactivated: bool


@dataclass(frozen=True, kw_only=True)
class ReactionFact(Fact):
    """An emoji on a message and who chose it, the first of them first: all by their ids, a few by their names."""

    emoji: str
    count: int
    user_ids: tuple[int, ...]
    people: tuple[PersonFact, ...]


@dataclass(frozen=True, kw_only=True)
class ReplyFact(Fact):
    """The message that a reply answers, as it stands now. Whichever has the larger `version` is the newer one."""

    number: int
    version: int
    author: PersonFact
    excerpt: str
    deleted_at: str | None


@dataclass(frozen=True, kw_only=True)
class MessageFact(Fact):
    """A whole message, as it stands after its last change. `html` is the rendered `messages/_message.html`.

    `event` says what that change was; it is told beside the payload.
    """

    event: Down
    room_id: int
    version: int
    # The version before this one in the stream: tells a browser that it missed nothing.
    prev: int
    id: int
    number: int
    client_id: str
    author: AuthorFact
    body: str
    html: str
    created_at: str
    edited_at: str | None
    deleted_at: str | None
    reply_to: int | None
    reply: ReplyFact | None = None
    mentions: tuple[int, ...] = ()
    uploads: tuple[UploadFact, ...] = ()
    reactions: tuple[ReactionFact, ...] = ()

    def as_json(self) -> JsonObject:
        """The payload as JSON types."""
        payload = super().as_json()
        del payload["event"]
        return payload


@dataclass(frozen=True, kw_only=True)
class RoomFact(Fact):
    """A room as its members know it."""

    id: int
    name: str
    kind: str
    is_archived: bool


@dataclass(frozen=True, kw_only=True)
class RoomAdvanced(Fact):
    """A post in a room that is not open in front of the reader, or what became of one: `event` says which."""

    room_id: int
    version: int
    prev: int
    event: str
    number: int
    author: PersonFact
    mentions: tuple[int, ...]
    preview: str


@dataclass(frozen=True, kw_only=True)
class RoomChanged(Fact):
    room_id: int
    version: int
    prev: int
    room: RoomFact


@dataclass(frozen=True, kw_only=True)
class MemberChanged(Fact):
    """Somebody joined or left.

    With how many are in the room then: who left and came back while nobody was told comes once more, as one who joined.
    """

    room_id: int
    version: int
    prev: int
    person: PersonFact
    members_count: int


@dataclass(frozen=True, kw_only=True)
class RoomReadFact(Fact):
    room_id: int
    last_read_number: int
    generation: int
    unread: int
    # The room as it stood when it was counted: a browser that knows of more, or of less, can tell.
    version: int
    last_number: int


@dataclass(frozen=True, kw_only=True)
class RoomRemoved(Fact):
    room_id: int


@dataclass(frozen=True, kw_only=True)
class ServerDraining(Fact):
    """This server ends: every socket is closed within these seconds. Come back soon, and not all at once."""

    spread_seconds: int
