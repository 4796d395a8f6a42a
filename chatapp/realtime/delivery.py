"""From an announcement to the sockets of this worker."""

from collections.abc import Collection, Iterable, Sequence

from chatapp.events import Down, RoomRemoved
from chatapp.extensions import socketio
from chatapp.models import Membership
from chatapp.realtime import audience
from chatapp.realtime.announcements import PersonMoved, PersonTold, RoomMoved, SignInsEnded
from chatapp.realtime.connections import connections
from chatapp.realtime.live_facts import PresenceFact, TypingFact

NAMESPACE = "/"

RoomOfPerson = tuple[int, int]  # the ids of both


def admit(moved: RoomMoved) -> None:
    """Who may hear a room's next change, and all that follow. Raises what the database raises when it is away."""
    if moved.user_id is not None:
        look_again(moved.room_id, moved.user_id, may_read=moved.may_read)


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


def tell_everyone(moved: PersonMoved) -> None:
    """The next change of somebody, to all sockets."""
    socketio.emit(Down.PERSON_CHANGED, moved.payload)


def tell_newcomer(moved: PersonMoved, sid: str) -> None:
    """A change of somebody, to one socket."""
    socketio.emit(Down.PERSON_CHANGED, moved.payload, to=sid)


def tell_typing(fact: TypingFact) -> None:
    """Who is typing in a room, to those who have it open."""
    socketio.emit(Down.TYPING_CHANGED, fact.as_json(), to=audience.room(fact.room_id))


def tell_presence(fact: PresenceFact, sids: Sequence[str] | None) -> None:
    """Who is here, to some sockets, or to all."""
    payload = fact.as_json()  # once: everybody, to each of many who come at once, would be the square of their number
    for sid in sids if sids is not None else [None]:
        socketio.emit(Down.PRESENCE_CHANGED, payload, to=sid)


def end(ended: SignInsEnded) -> None:
    """Close the sockets of sign-ins that are over."""
    for sid in connections.of_sign_ins(set(ended.sign_in_ids)):
        if not socketio.server.manager.is_connected(sid, NAMESPACE):
            connections.remove(sid)  # it is being let in, and then not
        socketio.server.disconnect(sid, namespace=NAMESPACE)


def hang_up(sid: str, reason: str) -> None:
    """Close a socket's connection; its browser comes back by itself."""
    hang_up_engine(socketio.server.manager.eio_sid_from_sid(sid, NAMESPACE), reason)


def hang_up_engine(engine_sid: str | None, reason: str) -> None:
    """The same by Engine.IO's id, which a connection has before it is a socket."""
    engine = socketio.server.eio.sockets.get(engine_sid)
    if engine is not None:
        engine.close(wait=False, abort=True, reason=reason)


def begin(sid: str, user_id: int, room_ids: Iterable[int]) -> None:
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
    if sid not in _sockets_in(audience.room(room_id)):
        socketio.server.enter_room(sid, audience.members(room_id), namespace=NAMESPACE)


def follow(room_id: int, user_id: int) -> bool:
    """True when all sockets of the person are in the room, in whatever way."""
    ways = [_sockets_in(audience.room(room_id)), _sockets_in(audience.members(room_id))]
    return all(any(sid in way for way in ways) for sid in connections.of_user(user_id))


def has_followers(room_id: int) -> bool:
    """True while a socket here is in the room, in whatever way."""
    return bool(_sockets_in(audience.room(room_id)) or _sockets_in(audience.members(room_id)))


def followed() -> tuple[set[RoomOfPerson], set[RoomOfPerson]]:
    """Who has which room open here, and who gets its small frames."""
    opened: set[RoomOfPerson] = set()
    small: set[RoomOfPerson] = set()
    for name in list(_socket_rooms()):
        if (room_id := audience.room_id_of(name)) is not None:
            found = opened if name == audience.room(room_id) else small
            found.update((room_id, each.user_id) for sid in _sockets_in(name) if (each := connections.get(sid)))
    return opened, small


def look_again(room_id: int, user_id: int, *, may_read: bool) -> None:
    """The person's sockets follow the room if they are in it, and else not; `may_read` leaves it open to readers.

    A word to look again is not the truth: it may be an old one, overtaken, or recorded and sent again.
    """
    if not begin_following_all(room_id, user_id) and Membership.current(room_id, user_id) is None:
        _end_following(room_id, user_id, may_read=may_read)


def _end_following(room_id: int, user_id: int, *, may_read: bool) -> None:
    ways = [audience.members(room_id), audience.room(room_id)]
    sids = [sid for sid in connections.of_user(user_id) if any(sid in _sockets_in(way) for way in ways)]
    for sid in sids:
        for way in ways[:1] if may_read else ways:
            socketio.server.leave_room(sid, way, namespace=NAMESPACE)
    if sids:
        removed = RoomRemoved(room_id=room_id)
        socketio.emit(Down.ROOM_REMOVED, removed.as_json(), to=audience.person(user_id))


def _sockets_in(name: str | None) -> Collection[str]:
    sockets: Collection[str] = _socket_rooms().get(name, ())
    return sockets


def _socket_rooms() -> dict[str | None, Collection[str]]:
    # Asked of the manager, which keeps them by name: the server's own `rooms(sid)` goes through all there are.
    rooms: dict[str | None, Collection[str]] = socketio.server.manager.rooms.get(NAMESPACE, {})
    return rooms
