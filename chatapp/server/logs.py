"""Where the log goes: standard output, one line per fact, key=value."""

import logging
import sys

# These two log every payload at INFO, messages and all.
PAYLOAD_LOGGERS = ("engineio.server", "socketio.server")


def configure(process: str) -> None:
    """Log to standard output from now on, each line with `process` in it; libraries only when they warn."""
    logging.basicConfig(
        stream=sys.stdout,
        level=logging.WARNING,
        format=f"level=%(levelname)s process={process} logger=%(name)s %(message)s",
    )
    logging.getLogger("chatapp").setLevel(logging.INFO)
    for name in PAYLOAD_LOGGERS:
        logging.getLogger(name).setLevel(logging.ERROR)
