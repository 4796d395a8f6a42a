"""Whether the sockets of this worker follow just the rooms that their people are in.

Who comes and goes is told, and what is told may be lost. Here it is compared as a whole: no clock, and no memory of
what was told, decides who may hear a room.
"""

from collections.abc import Set
from dataclasses import replace

from chatapp import db
from chatapp.events import Down
from chatapp.models import Room, User
from chatapp.models.changes import heads_of
from chatapp.models.membership import Standing
from chatapp.models.room import open_among
from chatapp.realtime import delivery
from chatapp.realtime.announcements import PersonTold
from chatapp.realtime.delivery import RoomOfPerson
from chatapp.realtime.moves import member_moved
from chatapp.realtime.room_streams import PAGE_MESSAGES, RoomStreams


def compare_memberships(memberships: dict[RoomOfPerson, Standing], streams: RoomStreams) -> None:
    """Let sockets into the rooms that their people came into unheard, and take them out of those that they left.

    `memberships` are those of all people with sockets here. One query where somebody reads a room without being in it.
    """
    came = {each: standing.version for each, standing in memberships.items() if not delivery.follow(*each)}
    _let_in(came, streams)
    _take_out(memberships.keys())


def _let_in(came: dict[RoomOfPerson, int], streams: RoomStreams) -> None:
    heads = heads_of({room_id for room_id, _ in came})
    # Behind what the answers are now, not what they were: each is asked again before anybody hears anything.
    db.session().rollback()
    for (room_id, user_id), version in came.items():
        words = PersonTold(user_id=user_id, event=Down.MEMBER_JOINED, payload=_came(room_id, user_id))
        if delivery.begin_following_all(room_id, user_id):
            # They are told that they came, but not all that was said since, had they missed it for days.
            streams.follow_from(room_id, max(version - 1, heads[room_id] - PAGE_MESSAGES))
            if (told := streams.version_of(room_id)) >= version:
                # Others here have heard that and what followed, and it is not said again: the page has to ask for it.
                delivery.tell_person(replace(words, payload={**words.payload, "version": told, "prev": version - 1}))


def _came(room_id: int, user_id: int) -> dict[str, object]:
    room, user = db.session().get_one(Room, room_id), db.session().get_one(User, user_id)
    return member_moved(room, user.person, version=room.version, is_member=True).payload


def _take_out(memberships: Set[RoomOfPerson]) -> None:
    opened, small = (each - memberships for each in delivery.followed())
    readable = open_among({room_id for room_id, _ in opened})
    gone = small | {each for each in opened if each[0] not in readable}
    if gone:
        db.session().rollback()
    for room_id, user_id in gone:
        delivery.look_again(room_id, user_id, may_read=room_id in readable)
