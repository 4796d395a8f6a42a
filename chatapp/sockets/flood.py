"""Those who say more than they may: they are told when to come back, and sent away when they do not listen."""

import logging
import math

from chatapp.errors import TooManyRequests
from chatapp.events import Up
from chatapp.extensions import socketio
from chatapp.realtime import delivery
from chatapp.realtime.connections import Connection
from chatapp.throttle import throttle

FLOODED = "too many events"  # to Engine.IO, and with the good-bye to whoever reads it

logger = logging.getLogger(__name__)


def refuse_flood(connection: Connection, event: str) -> None:
    """Count an event of this socket. Raises TooManyRequests with `retry_after`, a fraction of a second mostly."""
    is_post = event == Up.MESSAGE_POST
    sid, user_id = connection.sid, connection.user_id
    wait = throttle().post(user_id) if is_post else throttle().event(sid, user_id)
    if not wait:
        return
    if not throttle().has_patience_with(sid, user_id, wait):
        logger.warning("socket ended for a flood user=%s sign_in=%s", user_id, connection.sign_in_id)
        # In the background: the ack goes out first.
        socketio.start_background_task(delivery.hang_up, sid, FLOODED)
    raise TooManyRequests(retry_after=math.ceil(wait * 1000) / 1000)
