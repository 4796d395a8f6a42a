"""A socket comes and goes."""

from flask import request
from flask_socketio import ConnectionRefusedError

from chatapp import identity
from chatapp.extensions import socketio
from chatapp.models import Membership
from chatapp.realtime import delivery
from chatapp.realtime.connections import Connection, connections
from chatapp.sockets.acks import refusal, told


def register() -> None:
    """Answer sockets that connect and disconnect."""
    socketio.on_event("connect", connect)
    socketio.on_event("disconnect", disconnect)


def connect(_auth: object = None) -> None:
    """Let a signed-in browser in. The sign-in comes from the cookie of the handshake and is asked of the database."""
    try:
        _begin()
    except Exception as error:
        # Whatever a handler returns but False would let the socket in.
        refused = told(error, "connect")
        raise ConnectionRefusedError(refused.code, refusal(refused)) from error


def disconnect(_reason: object = None) -> None:
    """Forget a socket that has gone."""
    connections.remove(request.sid)  # type: ignore[attr-defined]


def _begin() -> None:
    guest = identity.signed_in_guest()
    room_ids = Membership.room_ids_of(guest.person.id)
    sid: str = request.sid  # type: ignore[attr-defined]
    connections.add(Connection(sid, guest.person.id, guest.sign_in_id))
    delivery.begin(sid, guest.person.id, room_ids)
