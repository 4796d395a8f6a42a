"""What there is in the end: the one last read of the database, and what every client has in front of it."""

from dataclasses import dataclass, field

DELETED = "\0deleted"  # stands for the text of a message that is no more; nobody can type it

Reactions = frozenset[tuple[int, str]]  # person, emoji


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A message in the database."""

    room: int
    number: int
    version: int
    user: int
    client_id: str
    body: str
    html: str
    former: tuple[str, ...] = ()  # texts that an edit replaced
    is_deleted: bool = False
    reactions: Reactions = frozenset()

    @property
    def state(self) -> str:
        """The text, or that there is none any more."""
        return DELETED if self.is_deleted else self.body


@dataclass(frozen=True, slots=True)
class RoomRow:
    """A room in the database, and how many are in it."""

    id: int
    version: int
    last_number: int
    name: str = ""
    members: int = 0


@dataclass(frozen=True, slots=True)
class Pointer:
    """How far a member has read, in the database. Only "mark unread" moves it down, and raises its generation."""

    room: int
    user: int
    number: int
    generation: int


@dataclass(frozen=True)
class Database:
    """The last read."""

    rooms: list[RoomRow]
    messages: list[Row]
    pointers: list[Pointer] = field(default_factory=list)


@dataclass(slots=True)
class Copy:
    """What a client has in front of it in the end: version and state of each message, and its emoji, by number."""

    client: int
    room: int
    cursor: int = 0
    messages: dict[int, tuple[int, str]] = field(default_factory=dict)
    reactions: dict[int, Reactions] = field(default_factory=dict)
    name: str = ""  # of the room
    members: int = 0  # how many are in it


@dataclass(frozen=True, slots=True)
class Head:
    """What a client knows in the end of a room that it has not open."""

    client: int
    room: int
    number: int


@dataclass(frozen=True, slots=True)
class Badge:
    """What a client says in the end is unread in a room, and how far it believes that its person has read."""

    client: int
    user: int
    room: int
    unread: int
    number: int
    generation: int


@dataclass(frozen=True, slots=True)
class Death:
    """A worker that ended itself in the worst moment of this message."""

    moment: str
    client_id: str
