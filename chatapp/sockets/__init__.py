"""The way in by Socket.IO. A handler reads the input, calls one action and answers."""

from typing import Any

from flask import Flask

from chatapp.config import Settings
from chatapp.extensions import socketio
from chatapp.offload import is_green, soon
from chatapp.realtime.fan_out import FanOut
from chatapp.sockets import acks, admission, connection, messages, newcomers, presence, reactions, rooms
from chatapp.sockets.packets import StrictPacket


def init_app(app: Flask, settings: Settings) -> None:
    """Bind Socket.IO to `app`: WebSocket only, one event of a socket at a time."""
    socketio.init_app(
        app,
        **_driver(),
        # Long polling without sticky sessions fails when there is more than one worker.
        transports=["websocket"],
        allow_upgrades=False,
        # Otherwise each event runs in a greenlet of its own, and what one person typed overtakes itself.
        async_handlers=False,
        serializer=StrictPacket,
        # Its own check believes a client's X-Forwarded-Host; `web/security.py` checks the Origin instead.
        cors_allowed_origins=[],
        manage_session=False,
        http_compression=False,
        max_http_buffer_size=settings.frame_max_bytes,
        ping_interval=20,  # seconds
        ping_timeout=20,  # seconds
        # These loggers write payloads.
        logger=False,
        engineio_logger=False,
    )
    for module in (rooms, messages, presence, reactions):
        module.register()
    acks.register(app)
    connection.register(app)
    newcomers.init_app(app, settings)
    admission.init_app(app, settings)


def _driver() -> dict[str, Any]:
    if not is_green():
        # Left to itself it takes eventlet wherever that is installed, also where nothing is patched.
        return {"async_mode": "threading"}
    # Our sockets write for themselves, and `server/heartbeat.py` asks them whether they are there.
    return {"async_mode": "eventlet", "client_manager": FanOut(soon), "monitor_clients": False}
