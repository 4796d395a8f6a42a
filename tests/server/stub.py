"""A tiny application in the real launcher: `python stub.py` is its master and, started by that, its workers."""

import os
import sys
import time
from collections.abc import Iterator
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

    app = Flask(__name__)
    is_running = code()
    app.add_url_rule("/code", view_func=lambda: is_running)
    ping = float(os.environ.get(PING_SECONDS, "20"))
    options = {"ping_interval": ping, "ping_timeout": ping, "monitor_clients": False, "client_manager": FanOut(soon)}
    options["async_handlers"] = False
    add_why_they_went(
        app, SocketIO(app, async_mode="eventlet", transports=["websocket"], cors_allowed_origins=[], **options)
    )
    add_routes(app)
    add_what_hangs(app)
    add_a_page(app)
    add_something_to_say(app)
    add_an_answer_without_end(app)
    if FOLDER in os.environ:
        add_files(app)
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


def add_routes(app: Any) -> None:
    import socket

    import eventlet
    from flask import request

    @app.get("/pid")
    def pid() -> str:
        return str(os.getpid())

    @app.get("/ready")
    def ready() -> tuple[str, int]:
        return ("draining", 503) if app.extensions.get("chatapp_draining") else ("ready", 200)

    @app.get("/until-the-drain")
    def until_the_drain() -> Iterator[str]:
        def body() -> Iterator[str]:
            yield "begun\n".ljust(2**17, ".")
            while not app.extensions.get("chatapp_draining"):
                eventlet.sleep(0.01)
            eventlet.sleep(0.5)
            yield "finished"

        return body()

    @app.get("/no-delay")
    def no_delay() -> str:
        connection = request.environ["eventlet.input"].get_socket()
        return str(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0)


def add_what_hangs(app: Any) -> None:
    from eventlet import patcher

    @app.get("/hang")
    def hang() -> str:
        patcher.original("time").sleep(600)
        return "never"

    @app.get("/busy/<float:seconds>")
    def busy_loop(seconds: float) -> str:
        ends_at = time.monotonic() + seconds
        while time.monotonic() < ends_at:
            pass
        return "done"

    @app.get("/asleep/<float:seconds>")
    def asleep_in_c(seconds: float) -> str:
        patcher.original("time").sleep(seconds)
        return "done"


def add_a_page(app: Any) -> None:
    """An answer to a form, without a look at it; one after all of it has come; and one that says which headers came."""
    from flask import request

    @app.get("/headers")
    def headers() -> str:
        return " ".join(name for name in request.environ if name.startswith("HTTP_"))

    @app.post("/length")
    def length() -> str:
        return str(len(request.get_data()))

    @app.post("/page/<int:size>")
    def page(size: int) -> str:
        return "." * size


def add_something_to_say(app: Any) -> None:
    @app.get("/say/<int:packets>/<int:size>")
    def say(packets: int, size: int) -> str:
        socketio = app.extensions["socketio"]
        for _ in range(packets):
            socketio.emit("said", "x" * size)
        return f"{len(socketio.server.eio.sockets)} sockets"

    @app.get("/waiting")
    def waiting() -> str:
        return str(sum(each.queue.waiting_bytes for each in app.extensions["socketio"].server.eio.sockets.values()))


def add_why_they_went(app: Any, socketio: Any) -> None:
    import eventlet

    reasons: list[str] = []
    socketio.on_event("disconnect", reasons.append)

    socketio.on_event("pid", os.getpid)

    heard: list[None] = []
    socketio.on_event("hear", lambda: heard.append(None))

    def hear_late() -> None:
        while not app.extensions.get("chatapp_draining"):
            eventlet.sleep(0.01)
        eventlet.sleep(0.5)
        sys.stderr.write("heard late\n")

    socketio.on_event("hear late", hear_late)

    @app.get("/heard")
    def how_many_heard() -> str:
        return str(len(heard))

    @app.get("/why-they-went")
    def why_they_went() -> str:
        return ", ".join(reasons)


def add_an_answer_without_end(app: Any) -> None:
    import eventlet

    ended: list[str] = []

    @app.get("/endless")
    def endless() -> Iterator[str]:
        def body() -> Iterator[str]:
            try:
                while True:
                    yield "on and on ".ljust(2**16, ".")
                    eventlet.sleep(0.01)
            finally:
                ended.append("ended")

        return body()

    @app.get("/ended")
    def how_many_ended() -> str:
        return str(len(ended))


def add_files(app: Any) -> None:
    from pathlib import Path

    from flask import Response, request

    from chatapp.storage import disk
    from chatapp.storage.contract import READING

    store, left_by_the_system = disk.DiskStore(Path(os.environ[FOLDER])), [0]
    sendfile = os.sendfile

    def counted(*where: Any) -> int:
        sent = sendfile(*where)
        left_by_the_system[0] += sent
        return sent

    os.sendfile = counted

    @app.get("/files/<key>/<int:start>-<int:stop>")
    def file(key: str, start: int, stop: int) -> Response:
        reading = store.open(key, start, stop)
        request.environ[READING].append(reading)
        return Response(reading, headers={"Content-Length": str(stop - start)}, direct_passthrough=True)

    @app.get("/left-by-the-system")
    def how_much() -> str:
        return str(left_by_the_system[0])


if __name__ == "__main__":
    sys.exit(work() if "CHATAPP_WORKER" in os.environ else supervise())
