"""A relay with Flask-SocketIO and eventlet, in their default settings; an argument names the Redis of a message queue.

Two settings differ: eventlet would stop accepting at 1,024 connections, and there is no log of requests.
"""

import os
import sys
import threading
import warnings

MOST_CONNECTIONS = 20_000


def main() -> None:
    """Serve until whoever started it goes."""
    warnings.filterwarnings("ignore", r"\s*Eventlet is deprecated")
    import eventlet

    threading.Thread(target=_leave_with_input, daemon=True).start()
    eventlet.monkey_patch()
    from eventlet import wsgi

    listener = eventlet.listen(("127.0.0.1", 0), backlog=4096)
    app = _app(sys.argv[1] if len(sys.argv) > 1 else None)
    os.write(sys.stdout.fileno(), f"{listener.getsockname()[1]}\n".encode())
    wsgi.server(listener, app, max_size=MOST_CONNECTIONS, log_output=False)


def _app(queue: str | None) -> object:
    from flask import Flask
    from flask_socketio import SocketIO, emit, join_room

    app = Flask(__name__)
    socketio = SocketIO(app, async_mode="eventlet", message_queue=queue)
    socketio.on_event("join", lambda room: join_room(str(room)))
    socketio.on_event("message", lambda said: emit("message", said, to=str(said["room"])))
    return app


def _leave_with_input() -> None:
    # A thread of the system, begun before all is green: it waits without holding up anybody.
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
