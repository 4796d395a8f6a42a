"""Start here: `python wsgi.py` is the master, which starts the same command again for each of its workers.

`wsgi:app` is the application for other servers and tools; importing this file alone builds nothing.
"""

import os
import signal
import sys
import warnings
from contextlib import ExitStack
from tempfile import TemporaryDirectory
from typing import Any


def main() -> int:
    """Serve, as the master or as one of its workers; the exit status."""
    return work() if "CHATAPP_WORKER" in os.environ else supervise()


def supervise() -> int:
    """Bind the port and keep the workers alive on it."""
    from chatapp import config, guards
    from chatapp.server import logs
    from chatapp.server.listener import ListenError, listen
    from chatapp.server.supervisor import Supervisor

    try:
        settings = config.load()
        logs.configure("master", settings.log_format)
        guards.warn_of_clear_text(settings)
        listener = listen(settings.host, settings.port)
    except (config.ConfigError, ListenError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    command = [sys.executable, *sys.orig_argv[1:]]
    # Without a bus what is said at one worker reaches those at another by the tick alone, and who types never does.
    has_bus = bool(settings.redis_url) and not settings.is_sqlite
    with ExitStack() as stack:
        if settings.metrics_token:
            # For the workers, which inherit it.
            os.environ["CHATAPP_METRICS"] = stack.enter_context(TemporaryDirectory(prefix="chatapp-metrics-"))
        return Supervisor(command, listener, settings.web_concurrency, overlaps=has_bus).run()


def work() -> int:
    """Serve the app on the socket that the master bound."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # the master's alone, but a terminal tells the whole group
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C while we import: no traceback, just the end
    # It says at each start what the decision record on eventlet answers.
    warnings.filterwarnings("ignore", r"\s*Eventlet is deprecated")
    import eventlet

    # Before anything else imports socket or threading: what holds their names already stays blocking.
    eventlet.monkey_patch()
    from chatapp import background, config, create_app
    from chatapp.server import logs, serving, websocket, worker

    settings = config.load()
    logs.configure(f"worker-{settings.worker_number}", settings.log_format)
    sockets = websocket.install(
        max_sockets=serving.connection_limit(settings.max_connections),
        max_bytes=settings.frame_max_bytes,
        queue_max_frames=settings.out_queue_max_packets,
        queue_max_bytes=settings.out_queue_max_bytes,
    )
    return worker.run(create_app(settings), settings, sockets, start=background.start, stop=background.stop)


def __getattr__(name: str) -> Any:
    if name != "app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from chatapp import config, create_app

    globals()[name] = app = create_app(config.load())
    return app


if __name__ == "__main__":
    sys.exit(main())
