"""From an announcement to the sockets of this worker."""

from chatapp.events import Down, RoomRemoved
from chatapp.extensions import socketio
from chatapp.models import Membership
from chatapp.realtime import audience
from chatapp.realtime.announcements import EveryoneTold, PersonTold, RoomMoved, SignInsEnded
from chatapp.realtime.connections import connections

NAMESPACE = "/"


def admit(moved: RoomMoved) -> None:
    """Who may hear a room's next change, and all that follow. Raises what the database raises when it is away."""
    if moved.user_id is not None:
        _look_again(moved.room_id, moved.user_id, may_read=moved.may_read)


def tell(moved: RoomMoved) -> None:
    """A room's next change, to those who may hear it."""
    socketio.emit(moved.event, moved.payload, to=audience.room(moved.room_id))
    if moved.to_members:
        socketio.emit(moved.event, moved.payload, to=audience.members(moved.room_id))
    elif moved.advanced is not None:
        socketio.emit(Down.ROOM_ADVANCED, moved.advanced, to=audience.members(moved.room_id))


def tell_person(told: PersonTold) -> None:
    """A fact for one person's sockets."""
    socketio.emit(told.event, told.payload, to=audience.person(told.user_id))


def tell_everyone(told: EveryoneTold) -> None:
    """A fact for all sockets."""
    socketio.emit(told.event, told.payload)


def end(ended: SignInsEnded) -> None:
    """Close the sockets of sign-ins that are over."""
    for sid in connections.of_sign_ins(set(ended.sign_in_ids)):
        socketio.server.disconnect(sid, namespace=NAMESPACE)


def begin(sid: str, user_id: int, room_ids: list[int]) -> None:
    """The socket now gets what concerns its person, and the small frames of their rooms."""
    socketio.server.enter_room(sid, audience.person(user_id), namespace=NAMESPACE)
    for room_id in room_ids:
        begin_following(sid, room_id)


def open_room(sid: str, room_id: int) -> None:
    """The socket now gets everything that happens in the room, in place of the small frames."""
    socketio.server.enter_room(sid, audience.room(room_id), namespace=NAMESPACE)
    socketio.server.leave_room(sid, audience.members(room_id), namespace=NAMESPACE)


def close_room(sid: str, room_id: int, *, is_member: bool) -> None:
    """The socket no longer gets what happens in the room; a member's gets the small frames again."""
    socketio.server.leave_room(sid, audience.room(room_id), namespace=NAMESPACE)
    follow = socketio.server.enter_room if is_member else socketio.server.leave_room
    follow(sid, audience.members(room_id), namespace=NAMESPACE)


def begin_following_all(room_id: int, user_id: int) -> bool:
    """The person's sockets get the room's small frames from now on. True when they have any here, and may.

    The right is asked again: what says that they joined may be old, overtaken, or recorded and sent again.
    """
    if not connections.of_user(user_id) or Membership.current(room_id, user_id) is None:
        return False
    # Those that are here now: while the database was asked, one may have gone.
    for sid in connections.of_user(user_id):
        begin_following(sid, room_id)
    return True


def begin_following(sid: str, room_id: int) -> None:
    """The socket gets the room's small frames, unless it has the room open."""
    if audience.room(room_id) not in socketio.server.rooms(sid, namespace=NAMESPACE):
        socketio.server.enter_room(sid, audience.members(room_id), namespace=NAMESPACE)


def follow(room_id: int, user_id: int) -> bool:
    """True when all sockets of the person are in the room, in whatever way."""
    ways = {audience.room(room_id), audience.members(room_id)}
    return all(ways & set(socketio.server.rooms(sid, namespace=NAMESPACE)) for sid in connections.of_user(user_id))


def has_followers(room_id: int) -> bool:
    """True while a socket here is in the room, in whatever way."""
    rooms = socketio.server.manager.rooms.get(NAMESPACE, {})
    return audience.room(room_id) in rooms or audience.members(room_id) in rooms


def _look_again(room_id: int, user_id: int, *, may_read: bool) -> None:
    # A word to look again, not the truth: it may be an old one, overtaken, or recorded and sent again.
    if not begin_following_all(room_id, user_id) and Membership.current(room_id, user_id) is None:
        _end_following(room_id, user_id, may_read=may_read)


def _end_following(room_id: int, user_id: int, *, may_read: bool) -> None:
    for sid in connections.of_user(user_id):
        socketio.server.leave_room(sid, audience.members(room_id), namespace=NAMESPACE)
        if not may_read:
            socketio.server.leave_room(sid, audience.room(room_id), namespace=NAMESPACE)
    removed = RoomRemoved(room_id=room_id)
    socketio.emit(Down.ROOM_REMOVED, removed.as_json(), to=audience.person(user_id))
