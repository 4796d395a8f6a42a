"""Between an event and its handler: the payload checked, the person known, and an ack in every case."""

import logging
from collections.abc import Callable
from typing import TypeVar

from flask import Flask, g

from chatapp import db
from chatapp.actions import history
from chatapp.errors import (
    BadRequest,
    ChatError,
    InternalError,
    SignedOut,
    Unavailable,
    UnknownEvent,
    named_field,
)
from chatapp.events import Command, JsonObject, MessagePost, Written
from chatapp.extensions import socketio
from chatapp.models import Person
from chatapp.reader import reads_in, say
from chatapp.realtime import delivery
from chatapp.realtime.announcements import SignInsEnded
from chatapp.realtime.connections import Connection, connections
from chatapp.realtime.known import known
from chatapp.sockets.flood import refuse_flood

logger = logging.getLogger(__name__)

C = TypeVar("C", bound=Command)

_handlers: dict[str, Callable[..., JsonObject]] = {}


def answers(command: type[C], handler: Callable[[Person, C], JsonObject]) -> None:
    """Let `handler(person, command)` answer this command; what it returns becomes the ack."""

    def on_event(*payload: object) -> JsonObject:
        return _acked(command.event, lambda: handler(_person(), _parsed(command, payload)))

    _handlers[command.event.value] = on_event


def register(app: Flask) -> None:
    """Answer all these, every other event too, and whatever goes wrong outside a handler."""
    for name, handler in _handlers.items():
        socketio.server.on(name, _in_app(app, handler))
    socketio.server.on("*", lambda _event, sid, *payload: _in_app(app, _unknown)(sid, *payload))
    socketio.default_exception_handler = _last_resort


def _in_app(app: Flask, handler: Callable[..., JsonObject]) -> Callable[..., JsonObject]:
    # Not by way of Flask-SocketIO: it makes a request and a session for each event, for which nobody asks here, and
    # takes a sixth of what posting a message costs.
    def on_event(sid: str, *payload: object) -> JsonObject:
        with app.app_context():
            g.connection = connections.get(sid)
            if g.connection is None:
                return _of_nobody(sid)
            reads_in(g.connection.locale)
            return handler(*payload)

    return on_event


def _of_nobody(sid: str) -> JsonObject:
    # It is in no book of ours: nothing it says is counted, and nothing would ever end it.
    socketio.start_background_task(delivery.hang_up, sid, SignedOut.code)
    return refusal(SignedOut())


def this_connection() -> Connection:
    """The socket that this event came by."""
    connection: Connection = g.connection
    return connection


def refusal(error: ChatError) -> JsonObject:
    """The ack that tells a client, and its reader, what is wrong."""
    message = say(f"error.{error.code}", **error.values)
    ack: JsonObject = {"ok": False, "error": error.code, "message": message, **named_field(error)}
    if "retry_after" in error.values:
        ack["retry_after"] = error.values["retry_after"]
    return ack


def told(error: Exception, event: str) -> ChatError:
    """What the client is told of `error`. A fault of ours is written down."""
    if isinstance(error, ChatError):
        return error
    if isinstance(error, db.DatabaseAway):
        return Unavailable(retry_after=1)
    logger.error("event failed name=%s", event, exc_info=error)
    return InternalError()


def _acked(event: str, answer: Callable[[], JsonObject]) -> JsonObject:
    try:
        refuse_flood(g.connection, event)
        return {"ok": True, **answer()}
    except Exception as error:  # noqa: BLE001 - told() writes it down
        # Uncaught, it would end the socket's greenlet: the client would wait for its ack, and for everything else.
        return refusal(told(error, event))


def _person() -> Person:
    connection = this_connection()
    try:
        return known().person_of(connection.sign_in_id)
    except SignedOut:
        # The word of it was lost on its way here. In the background: the ack goes out first.
        ended = SignInsEnded(sign_in_ids=(connection.sign_in_id,))
        socketio.start_background_task(delivery.end, ended)
        raise


def _parsed(command: type[C], payload: tuple[object, ...]) -> C:
    if len(payload) != 1:
        raise BadRequest(field="payload")
    parsed = command.parse(payload[0])
    _check_epoch(parsed)
    return parsed


def _check_epoch(command: object) -> None:
    # Posting asks by itself, in the statement that does all the rest.
    if isinstance(command, Written) and not isinstance(command, MessagePost):
        history.check_epoch(command.epoch)


def _unknown(*_event_and_payload: object) -> JsonObject:
    def answer() -> JsonObject:
        raise UnknownEvent

    return _acked("unknown", answer)


def _last_resort(error: Exception) -> JsonObject:
    logger.error("event failed outside its handler error=%s", type(error).__name__, exc_info=error)
    return refusal(InternalError())
