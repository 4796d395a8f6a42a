"""A socket comes and goes."""

import logging
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from engineio.base_server import BaseServer
from flask import Flask
from flask_socketio import ConnectionRefusedError

from chatapp import db
from chatapp.errors import BadRequest, SignedOut
from chatapp.extensions import socketio
from chatapp.models import Company, User
from chatapp.reader import reader_locale, reads_in
from chatapp.realtime import delivery
from chatapp.realtime.connections import Connection, connections
from chatapp.realtime.known import known
from chatapp.realtime.live import live
from chatapp.realtime.moves import person_moved
from chatapp.realtime.people_stream import people_stream
from chatapp.realtime.readings import readings
from chatapp.realtime.room_streams import streams
from chatapp.sockets.acks import refusal, told
from chatapp.sockets.arrivals import Arrival, arrival_of, arrival_of_now
from chatapp.sockets.newcomers import newcomers

TWICE = "came in twice"  # to Engine.IO, and with the good-bye to whoever reads it
# By a packet, theirs or ours. A connection that outlived it would be in no book, and no sign-out would find it.
LEFT = (BaseServer.reason.CLIENT_DISCONNECT, BaseServer.reason.SERVER_DISCONNECT)

logger = logging.getLogger(__name__)


def register(app: Flask) -> None:
    """Answer sockets that connect and disconnect."""
    # Not by way of Flask-SocketIO: it makes a request and a session once more, an eighth of what a connect costs.
    socketio.server.on("connect", partial(_in_app, app, _once))
    socketio.server.on("disconnect", partial(_in_app, app, disconnect))


def _in_app(app: Flask, handler: Callable[..., Any], *said: object) -> object:
    with app.app_context():
        return handler(*said)


def _once(sid: str, handshake: dict[str, Any], auth: object = None) -> bool:
    if not handshake:
        _hang_up_soon(sid, TWICE)
        return False
    try:
        connect(sid, handshake, auth)
    finally:
        _forget_handshake(socketio.server.manager.eio_sid_from_sid(sid, delivery.NAMESPACE))
    return True


def connect(sid: str, handshake: dict[str, Any], auth: object = None) -> None:
    """Let a signed-in browser in. The sign-in comes from the cookie of the handshake and is asked of the database.

    A page may say whose it is (`user_id`): what Alice typed must not go out when Bob signs in in another tab. And up to
    which version it knows people (`people_version`).
    """
    reads_in(handshake.get("HTTP_ACCEPT_LANGUAGE", ""))
    said = auth if isinstance(auth, dict) else {}
    try:
        _begin(sid, handshake, said.get("user_id"), said.get("people_version"))
    except Exception as error:
        # Whatever a handler returns but False would let the socket in.
        refused = told(error, "connect")
        raise ConnectionRefusedError(refused.code, refusal(refused)) from error
    if not _is_still_there(sid):
        disconnect(sid)
        raise ConnectionRefusedError(SignedOut.code, refusal(SignedOut()))


def disconnect(sid: str, reason: object = None) -> None:
    """Forget a socket that has gone; one that has left by a word has gone with its connection."""
    if reason in LEFT:
        _hang_up_soon(sid, str(reason))
    connection = connections.get(sid)
    connections.remove(sid)
    if connection is not None:
        seconds = time.monotonic() - connection.since
        logger.info(
            "socket ended socket=%s person=%s reason=%r seconds=%.1f", sid[:8], connection.user_id, reason, seconds
        )
    if connection is not None and not connections.of_user(connection.user_id):
        presence = live().presence
        leave = presence.fell_silent if reason == socketio.server.reason.PING_TIMEOUT else presence.went
        leave(connection.user_id)
        live().pulse.soon()


def _is_still_there(sid: str) -> bool:
    # While the database was asked, the sign-in may have ended, or the connection: Socket.IO forgets neither by itself.
    server = socketio.server
    engine_sid = server.manager.eio_sid_from_sid(sid, delivery.NAMESPACE)
    if connections.get(sid) is None or engine_sid not in server.environ:
        return False
    newcomers().went(engine_sid)
    return True


def _forget_handshake(engine_sid: str | None) -> None:
    # Nobody asks for it any more, and it holds half of what an idle socket takes.
    if engine_sid in socketio.server.environ:
        socketio.server.environ[engine_sid] = {}


def _hang_up_soon(sid: str, reason: str) -> None:
    # In the background: Socket.IO has a word to say before. By Engine.IO's id, for the other one is forgotten by then.
    engine_sid = socketio.server.manager.eio_sid_from_sid(sid, delivery.NAMESPACE)
    socketio.start_background_task(delivery.hang_up_engine, engine_sid, reason)


def _begin(sid: str, handshake: dict[str, Any], page_of: object, people_version: object) -> None:
    found = arrival_of(handshake)
    if page_of not in (None, found.guest.person.id):
        raise SignedOut
    connections.add(Connection(sid, found.guest.person.id, found.guest.sign_in_id, reader_locale()))
    try:
        delivery.begin(sid, found.guest.person.id, found.rooms)
        # A stream that begins here stands where its room does now, and tells nothing of before: also not who was
        # removed since it was looked.
        if streams().follow(found.rooms) or known().words != found.words:
            found = _look_again(sid, handshake, found)
            while streams().follow(found.rooms):
                found = _look_again(sid, handshake, found)
        known().learn(found.guest.sign_in_id, found.guest.person, found.words)
        _tell_of_people(sid, found.guest.people_version, people_version)
        readings().begin(found.guest.person.id, found.rooms)
    except BaseException:
        connections.remove(sid)
        raise
    # One that has gone again meanwhile would be here for ever.
    if connections.get(sid) is not None:
        logger.info("socket connected socket=%s person=%s", sid[:8], found.guest.person.id)
        live().presence.came(sid, found.guest.person)
        live().pulse.soon()


def _look_again(sid: str, handshake: dict[str, Any], before: Arrival) -> Arrival:
    # Joined, now read: a right that was taken away in between found nobody to take it from.
    db.read_anew()
    found = arrival_of_now(handshake)
    for room_id in before.rooms.keys() - found.rooms:
        delivery.close_room(sid, room_id, is_member=False)
    for room_id in found.rooms.keys() - before.rooms:
        delivery.close_room(sid, room_id, is_member=True)
    return found


def _tell_of_people(sid: str, head: int, known_version: object) -> None:
    people_stream().start(head)
    if people_stream().has_told_after(head):
        head = Company.present_people_version()
    if not isinstance(known_version, int | None):
        raise BadRequest(field="people_version")
    # The last of them alone: where there were more, its `prev` tells the page that it has to ask for them.
    if known_version is not None and known_version < head and (last := User.last_changed()):
        delivery.tell_newcomer(person_moved(last), sid)
