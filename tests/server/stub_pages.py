"""What the application of `stub.py` answers. Imports wait until eventlet has put its own parts in place."""

import os
import sys
import time
from collections.abc import Iterator
from typing import Any


def add_all(app: Any, socketio: Any, folder: str | None) -> None:
    """Give `app` its pages, and files where there is a folder of them."""
    add_why_they_went(app, socketio)
    add_routes(app)
    add_what_hangs(app)
    add_a_page(app)
    add_something_to_say(app)
    add_an_answer_without_end(app)
    if folder is not None:
        add_files(app, folder)


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


def add_files(app: Any, folder: str) -> None:
    from pathlib import Path

    from flask import Response, request

    from chatapp.storage import disk
    from chatapp.storage.contract import READING

    store, left_by_the_system = disk.DiskStore(Path(folder)), [0]
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
