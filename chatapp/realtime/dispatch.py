"""Each kind of announcement to where it goes on this worker, whether it was made here or came by the bus."""

from functools import singledispatch

from chatapp.realtime import delivery
from chatapp.realtime.announcements import (
    Announcement,
    PeopleHeard,
    PersonMoved,
    PersonTold,
    RoomMoved,
    SignInsEnded,
    TypingHeard,
)
from chatapp.realtime.known import known
from chatapp.realtime.live import live
from chatapp.realtime.people_stream import people_stream
from chatapp.realtime.readings import readings
from chatapp.realtime.room_streams import streams


@singledispatch
def dispatch(announcement: Announcement) -> None:
    """Tell the sockets of this worker, a room's changes in their order."""
    raise NotImplementedError(type(announcement).__name__)


@dispatch.register
def _(moved: RoomMoved) -> None:
    if moved.user_id is not None:
        known().rights_moved()
    # Before the stream: on this worker nobody else may follow the room yet, and who came must hear that they did.
    if moved.is_member and moved.user_id is not None and delivery.begin_following_all(moved.room_id, moved.user_id):
        streams().follow_from(moved.room_id, moved.version - 1)
    streams().receive(moved)


@dispatch.register
def _(told: PersonTold) -> None:
    readings().told(told)
    delivery.tell_person(told)


@dispatch.register
def _(moved: PersonMoved) -> None:
    known().forget()
    people_stream().receive(moved)


@dispatch.register
def _(ended: SignInsEnded) -> None:
    known().forget()
    delivery.end(ended)


@dispatch.register
def _(heard: TypingHeard) -> None:
    live().typists.hear(heard)
    live().pulse.soon()


@dispatch.register
def _(heard: PeopleHeard) -> None:
    live().presence.hear(heard)
    live().pulse.soon()
