"""A change as an announcement, whether it has just been made or is read again from the database."""

from chatapp import text
from chatapp.events import Down, MemberChanged, MessageFact, PersonFact, RoomAdvanced, RoomChanged
from chatapp.fragments import message_fact, room_fact
from chatapp.models import Membership, Person, Room, User
from chatapp.models.message import Said
from chatapp.models.user import ChangedPerson
from chatapp.realtime.announcements import PersonMoved, RoomMoved
from chatapp.realtime.live_facts import PersonChanged

PREVIEW_CHARS = 120  # characters; a line in a list or a notification


def message_moved(said: Said) -> RoomMoved:
    """A message was posted, edited, deleted or changed in another way."""
    fact = message_fact(said)
    return RoomMoved(
        room_id=fact.room_id,
        version=fact.version,
        event=fact.event,
        payload=fact.as_json(),
        advanced=_advanced(fact).as_json(),
    )


def room_moved(room: Room, *, version: int) -> RoomMoved:
    """The room has another name or state."""
    changed = RoomChanged(room_id=room.id, version=version, prev=version - 1, room=room_fact(room))
    return _for_all(Down.ROOM_CHANGED, changed)


def member_moved(room: Room, person: Person, *, version: int, is_member: bool) -> RoomMoved:
    """Somebody came into the room, or went."""
    named = PersonFact(person.id, person.name)
    count = Membership.count(room.id)
    changed = MemberChanged(room_id=room.id, version=version, prev=version - 1, person=named, members_count=count)
    event = Down.MEMBER_JOINED if is_member else Down.MEMBER_LEFT
    may_read = is_member or room.is_open
    return _for_all(event, changed, user_id=person.id, is_member=is_member, may_read=may_read)


def person_moved(person: User | ChangedPerson) -> PersonMoved:
    """Somebody has another name or state."""
    changed = PersonChanged(
        version=person.version,
        prev=person.version - 1,
        id=person.id,
        name=person.name,
        is_deactivated=person.is_deactivated,
    )
    return PersonMoved(version=person.version, payload=changed.as_json())


def _for_all(
    event: Down,
    fact: RoomChanged | MemberChanged,
    *,
    user_id: int | None = None,
    is_member: bool = False,
    may_read: bool = True,
) -> RoomMoved:
    return RoomMoved(
        room_id=fact.room_id,
        version=fact.version,
        event=event,
        payload=fact.as_json(),
        to_members=True,
        user_id=user_id,
        is_member=is_member,
        may_read=may_read,
    )


def _advanced(fact: MessageFact) -> RoomAdvanced:
    return RoomAdvanced(
        room_id=fact.room_id,
        version=fact.version,
        prev=fact.prev,
        event=fact.event.value,
        number=fact.number,
        author=PersonFact(fact.author.id, fact.author.name),
        mentions=fact.mentions,
        preview=text.plain_preview(fact.body, PREVIEW_CHARS) or _named(fact)[:PREVIEW_CHARS],
    )


def _named(fact: MessageFact) -> str:
    return ", ".join(upload.name for upload in fact.uploads)
