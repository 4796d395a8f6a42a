"""A tiny application in the real launcher: `python stub.py` is its master and, started by that, its workers."""

import os
import sys
from typing import Any

WORKERS = "STUB_WORKERS"
SILENT_SECONDS = "STUB_SILENT_SECONDS"
BREAK_START = "STUB_BREAK_START"
HANG_AT_END = "STUB_HANG_AT_END"
END_LATE = "STUB_END_LATE"  # by so many seconds
LEAVE_SECONDS = "STUB_LEAVE_SECONDS"
KILL_SECONDS = "STUB_KILL_SECONDS"
PING_SECONDS = "STUB_PING_SECONDS"
FOLDER = "STUB_FOLDER"
CODE = "STUB_CODE"  # a file that stands for our code: what it says when a worker starts, that worker is
FRAME_MAX_BYTES = 4096
MAX_SOCKETS = "STUB_MAX_SOCKETS"
HEAD_SECONDS = "STUB_HEAD_SECONDS"
BODY_SECONDS = "STUB_BODY_SECONDS"
SOCKET_TIMEOUT_SECONDS = "STUB_SOCKET_TIMEOUT_SECONDS"
SETTLE_SECONDS = "STUB_SETTLE_SECONDS"
MAX_CONNECTIONS = "STUB_MAX_CONNECTIONS"
IDLE_PER_ADDRESS = "STUB_IDLE_PER_ADDRESS"
TRUSTED_PROXIES = "STUB_TRUSTED_PROXIES"
OUT_QUEUE_MAX_PACKETS = 256
OUT_QUEUE_MAX_BYTES = 4_194_304


def supervise() -> int:
    from chatapp.server import logs, roll
    from chatapp.server.listener import listen
    from chatapp.server.supervisor import Limits, Supervisor

    logs.configure("master", "text")
    roll.SETTLE_SECONDS = float(os.environ.get(SETTLE_SECONDS, roll.SETTLE_SECONDS))
    limits = Limits(
        silent=float(os.environ.get(SILENT_SECONDS, "20")), stop=float(os.environ.get(KILL_SECONDS, Limits.stop))
    )
    listener = listen("127.0.0.1", int(os.environ.get("PORT", "0")))
    workers = int(os.environ.get(WORKERS, "1"))
    return Supervisor([sys.executable, __file__], listener, workers, limits, overlaps=workers > 1).run()


def work() -> int:
    import eventlet

    eventlet.monkey_patch()
    from chatapp.config import Settings
    from chatapp.server import logs, serving, websocket, worker

    if BREAK_START in os.environ or code() == "broken":
        raise RuntimeError("this worker cannot start")
    logs.configure("worker", "text")
    sockets = websocket.install(
        max_sockets=int(os.environ.get(MAX_SOCKETS, "1000")),
        max_bytes=FRAME_MAX_BYTES,
        queue_max_frames=OUT_QUEUE_MAX_PACKETS,
        queue_max_bytes=OUT_QUEUE_MAX_BYTES,
    )
    serving.HEAD_SECONDS = float(os.environ.get(HEAD_SECONDS, serving.HEAD_SECONDS))
    serving.BODY_SECONDS = float(os.environ.get(BODY_SECONDS, serving.BODY_SECONDS))
    patience = float(os.environ.get(SOCKET_TIMEOUT_SECONDS, serving.SOCKET_TIMEOUT_SECONDS))
    serving.SOCKET_TIMEOUT_SECONDS = patience  # type: ignore[assignment]
    settings = Settings(
        drain_seconds=10,
        max_connections=int(os.environ.get(MAX_CONNECTIONS, "1000")),
        idle_per_address=int(os.environ.get(IDLE_PER_ADDRESS, "200")),
        trusted_proxies=int(os.environ.get(TRUSTED_PROXIES, "0")),
    )
    worker.LEAVE_SECONDS = float(os.environ.get(LEAVE_SECONDS, worker.LEAVE_SECONDS))
    if HANG_AT_END in os.environ:
        worker.END_SECONDS = 1.0
    return worker.run(build(), settings, sockets, start=start, stop=stop)


def code() -> str:
    from pathlib import Path

    return Path(os.environ[CODE]).read_text() if CODE in os.environ else ""


def start(_: Any) -> None:
    import eventlet

    sys.stderr.write(f"serving pid={os.getpid()}\n")
    if code() == f"worker {os.environ['CHATAPP_WORKER']} fails soon":
        # Ready for so long that the next one could be on its way.
        eventlet.spawn_after(0.5, os._exit, 3)


def stop(_: Any, seconds: float) -> None:
    import eventlet

    # As the background of the application does, whatever it waits for.
    eventlet.sleep(min(seconds, float(os.environ.get(END_LATE, "0"))))
    sys.stderr.write(f"stopped pid={os.getpid()}\n")
    if HANG_AT_END in os.environ:
        eventlet.patcher.original("time").sleep(600)


def build() -> Any:
    from flask import Flask
    from flask_socketio import SocketIO

    from chatapp.offload import soon
    from chatapp.realtime.fan_out import FanOut
    from chatapp.server import edge
    from tests.server.stub_pages import add_all

    app = Flask(__name__)
    is_running = code()
    app.add_url_rule("/code", view_func=lambda: is_running)
    ping = float(os.environ.get(PING_SECONDS, "20"))
    options = {"ping_interval": ping, "ping_timeout": ping, "monitor_clients": False, "client_manager": FanOut(soon)}
    options["async_handlers"] = False
    socketio = SocketIO(app, async_mode="eventlet", transports=["websocket"], cors_allowed_origins=[], **options)
    add_all(app, socketio, os.environ.get(FOLDER))
    edge.init_app(app)
    wrapped = app.wsgi_app

    def outermost(environ: dict[str, Any], start_response: Any) -> Any:
        if environ["PATH_INFO"] == "/broken":
            raise RuntimeError("outside of Flask")
        if environ["PATH_INFO"] == "/removed":
            raise FileNotFoundError("as a script is that somebody has removed")
        return wrapped(environ, start_response)

    app.wsgi_app = outermost  # type: ignore[method-assign]
    return app


if __name__ == "__main__":
    sys.exit(work() if "CHATAPP_WORKER" in os.environ else supervise())
