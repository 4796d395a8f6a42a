"""Reading what was said: a page of it, or exactly what changed since one looked."""

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate

from chatapp import access, db
from chatapp.counters import counters
from chatapp.errors import BadRequest, CursorAhead
from chatapp.events import JsonObject, MessageFact, RoomFact
from chatapp.fragments import message_fact, room_fact
from chatapp.models import Company, Person, Room
from chatapp.models.message import (
    Quoted,
    Said,
    quoted_in,
    said_after,
    said_before,
    said_newest,
    said_since,
    weights_since,
)
from chatapp.models.opening import Opening

PAGE_MESSAGES = 50  # messages of a page unless asked otherwise
PAGE_MAX_MESSAGES = 200  # messages of a page at most
# Of HTML in a page of changes, which is made in one turn and may wait for a slow reader: 200 of the longest texts would
# be 3 MB, and of emoji twelve times that, since an ack says each in twelve bytes.
PAGE_MAX_CHARS = 200_000
FEW_MESSAGES = 12  # are read without being weighed before: a question more would take as long as they do


@dataclass(frozen=True)
class Page:
    """Messages that stand together, oldest first, and whether there are more on either side."""

    said: list[Said]
    has_older: bool
    has_newer: bool


@dataclass(frozen=True)
class Changes:
    """What changed in a room: `items` takes a reader from where they asked to version `up_to`."""

    items: list[MessageFact]
    up_to: int
    head: int
    more: bool
    epoch: str
    room: RoomFact

    def as_json(self) -> JsonObject:
        """The changes as the wire has them."""
        return {
            "items": [{**fact.as_json(), "event": fact.event} for fact in self.items],
            "up_to": self.up_to,
            "head": self.head,
            "more": self.more,
            "epoch": self.epoch,
            "room": self.room.as_json(),
        }


def read_newest(actor: Person, room_id: int, *, limit: int = PAGE_MESSAGES) -> Page:
    """The newest messages. Raises RoomNotFound."""
    room = access.readable_room(actor, room_id)
    return _page(room, said_newest(room_id, _checked(limit)))


def read_unread(actor: Person, room_id: int, number: int | None, *, limit: int = PAGE_MESSAGES) -> Page:
    """Where one begins to read: the newest messages, unless `number`, the first that is unread, stands before them;
    then those around it. Raises RoomNotFound.
    """
    newest = read_newest(actor, room_id, limit=limit)
    if number is None or not newest.said or newest.said[0].message.number <= number:
        return newest
    return read_around(actor, room_id, number, limit=limit)


def read_before(actor: Person, room_id: int, number: int, *, limit: int = PAGE_MESSAGES) -> Page:
    """The messages just before `number`. Raises RoomNotFound."""
    room = access.readable_room(actor, room_id)
    return _page(room, said_before(room_id, number, _checked(limit)))


def read_after(actor: Person, room_id: int, number: int, *, limit: int = PAGE_MESSAGES) -> Page:
    """The messages just after `number`. Raises RoomNotFound."""
    room = access.readable_room(actor, room_id)
    return _page(room, said_after(room_id, number, _checked(limit)))


def read_around(actor: Person, room_id: int, number: int, *, limit: int = PAGE_MESSAGES) -> Page:
    """The message `number` with as many on either side, `limit` in all. Raises RoomNotFound, MessageNotFound."""
    middle = access.readable_message(actor, room_id, number)
    room = access.readable_room(actor, room_id)
    half = (_checked(limit) - 1) // 2
    return _page(room, [*said_before(room_id, number, half), middle, *said_after(room_id, number, half)])


def read_quoted(actor: Person, room_id: int, number: int) -> Quoted | None:
    """The message as a reply to it would show it; None where there is no such message. Raises RoomNotFound."""
    access.readable_room(actor, room_id)
    return quoted_in(room_id, [number]).get(number)


def read_changes(
    actor: Person, room_id: int, since: int, *, epoch: str | None = None, limit: int = PAGE_MAX_MESSAGES
) -> Changes:
    """The messages that changed after version `since` of this `epoch`, each once, whole.

    Raises RoomNotFound, and CursorAhead for a cursor beyond the head or of another epoch.
    """
    room = access.readable_room(actor, room_id)
    now = current_epoch()
    if epoch not in (None, now):
        raise CursorAhead(head=room.version)
    return changes_in(actor, room, since, epoch=now, limit=limit)


def changes_in(
    actor: Person, room: Room | Opening, since: int, *, epoch: str, limit: int = PAGE_MAX_MESSAGES
) -> Changes:
    """The same for a room that has just been loaded, in the database's present `epoch`.

    The head was read before the rows: what is committed in between waits for the next question. With it, the version of
    a new name that came just before would be passed over, and the event that tells it dropped as old.
    The right is looked at last, too: who was removed meanwhile does not get what was said after it.
    Raises RoomNotFound, and CursorAhead for a cursor beyond the head.
    """
    room_id, head = room.id, room.version
    if since > head:
        raise CursorAhead(head=head)
    if since == head:
        return Changes([], head, head, more=False, epoch=epoch, room=room_fact(room))
    most = _that_may_fit(room_id, since, min(_checked(limit), head - since))
    said = [each for each in said_since(room_id, since, most + 1) if each.message.version <= head]
    items = _chained(_that_fit(said[:most]), since)
    last = items[-1].version if items else since
    more = len(said) > len(items)
    up_to = last if more else head
    changes = Changes(items, up_to, head, more, epoch, room_fact(room))
    db.read_anew()
    access.readable_room(actor, room_id)
    counters.sync_pages += 1
    return changes


def current_epoch() -> str:
    """The database's epoch: new after a restore."""
    return Company.present_epoch()


def check_epoch(epoch: str | None) -> None:
    """Nothing, for what was written in the present epoch, or by one who does not say when.

    Raises CursorAhead for another: after a restore ids are given again, and would mean somebody else's message.
    """
    if epoch is not None and epoch != current_epoch():
        raise CursorAhead


def _that_may_fit(room_id: int, since: int, limit: int) -> int:
    # Two hundred of the longest texts are read for 20 ms, in which nobody else has a turn, and nearly all for nothing.
    if limit <= FEW_MESSAGES:
        return limit
    return max(1, bisect_right([*accumulate(weights_since(room_id, since, limit))], PAGE_MAX_CHARS))


def _that_fit(said: list[Said]) -> list[Said]:
    weights = list(accumulate(len(each.message.html) for each in said))
    return said[: max(1, bisect_right(weights, PAGE_MAX_CHARS))]


def _chained(said: list[Said], since: int) -> list[MessageFact]:
    facts: list[MessageFact] = []
    for each in said:
        facts.append(message_fact(each, prev=facts[-1].version if facts else since))
    return facts


def _page(room: Room, said: list[Said]) -> Page:
    if not said:
        return Page([], has_older=False, has_newer=False)
    oldest, newest = said[0].message.number, said[-1].message.number
    return Page(said, has_older=oldest > room.first_number, has_newer=newest < room.last_number)


def _checked(limit: int) -> int:
    if not 1 <= limit <= PAGE_MAX_MESSAGES:
        raise BadRequest(field="limit")
    return limit
