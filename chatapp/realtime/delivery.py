"""From an announcement to the sockets of this worker."""

from functools import singledispatch

from chatapp.events import Down, RoomRemoved
from chatapp.extensions import socketio
from chatapp.models import Membership
from chatapp.realtime import audience
from chatapp.realtime.announcements import (
    Announcement,
    MembershipMoved,
    PersonTold,
    RoomMoved,
    SignInsEnded,
)
from chatapp.realtime.connections import connections

NAMESPACE = "/"


@singledispatch
def deliver(announcement: Announcement) -> None:
    """Tell the sockets of this worker."""
    raise NotImplementedError(type(announcement).__name__)


@deliver.register
def _(moved: RoomMoved) -> None:
    socketio.emit(moved.event, moved.payload, to=audience.room(moved.room_id))
    if moved.to_members:
        socketio.emit(moved.event, moved.payload, to=audience.members(moved.room_id))
    elif moved.advanced is not None:
        socketio.emit(Down.ROOM_ADVANCED, moved.advanced, to=audience.members(moved.room_id))


@deliver.register
def _(moved: MembershipMoved) -> None:
    # A word to look again, not the truth: it may be an old one, overtaken, or recorded and sent again.
    is_member = Membership.current(moved.room_id, moved.user_id) is not None
    for sid in connections.of_user(moved.user_id):
        if is_member:
            _begin_following(sid, moved.room_id)
        else:
            _end_following(sid, moved)
    if not is_member:
        removed = RoomRemoved(room_id=moved.room_id)
        socketio.emit(Down.ROOM_REMOVED, removed.as_json(), to=audience.person(moved.user_id))


@deliver.register
def _(told: PersonTold) -> None:
    socketio.emit(told.event, told.payload, to=audience.person(told.user_id))


@deliver.register
def _(ended: SignInsEnded) -> None:
    for sid in connections.of_sign_ins(set(ended.sign_in_ids)):
        socketio.server.disconnect(sid, namespace=NAMESPACE)


def begin(sid: str, user_id: int, room_ids: list[int]) -> None:
    """The socket now gets what concerns its person, and the small frames of their rooms."""
    socketio.server.enter_room(sid, audience.person(user_id), namespace=NAMESPACE)
    for room_id in room_ids:
        socketio.server.enter_room(sid, audience.members(room_id), namespace=NAMESPACE)


def open_room(sid: str, room_id: int) -> None:
    """The socket now gets everything that happens in the room, in place of the small frames."""
    socketio.server.enter_room(sid, audience.room(room_id), namespace=NAMESPACE)
    socketio.server.leave_room(sid, audience.members(room_id), namespace=NAMESPACE)


def close_room(sid: str, room_id: int, *, is_member: bool) -> None:
    """The socket no longer gets what happens in the room; a member's gets the small frames again."""
    socketio.server.leave_room(sid, audience.room(room_id), namespace=NAMESPACE)
    follow = socketio.server.enter_room if is_member else socketio.server.leave_room
    follow(sid, audience.members(room_id), namespace=NAMESPACE)


def _begin_following(sid: str, room_id: int) -> None:
    if audience.room(room_id) not in socketio.server.rooms(sid, namespace=NAMESPACE):
        socketio.server.enter_room(sid, audience.members(room_id), namespace=NAMESPACE)


def _end_following(sid: str, moved: MembershipMoved) -> None:
    socketio.server.leave_room(sid, audience.members(moved.room_id), namespace=NAMESPACE)
    if not moved.may_read:
        socketio.server.leave_room(sid, audience.room(moved.room_id), namespace=NAMESPACE)
