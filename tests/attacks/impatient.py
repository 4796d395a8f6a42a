"""`python -m tests.attacks.impatient` serves as `python wsgi.py` does, but waits for the slow only a moment.

For the short form: nobody wants to watch for a minute and a half how a connection is given up. chatapp knows nothing
of it; ATTACKS_PATIENCE_SECONDS says how long.
"""

import os
import sys
import warnings

import wsgi
from chatapp.server import listener


def main() -> int:
    """The exit status of the launcher, or of a worker."""
    seconds = int(os.environ["ATTACKS_PATIENCE_SECONDS"])
    if "CHATAPP_WORKER" in os.environ:
        _be_impatient(seconds)
    else:
        listener.SILENT_SECONDS = seconds
    return wsgi.main()


def _be_impatient(seconds: int) -> None:
    warnings.filterwarnings("ignore", r"\s*Eventlet is deprecated")
    import eventlet

    # As wsgi.py does, which does it again: before anything else imports socket or threading.
    eventlet.monkey_patch()
    from chatapp.server import serving

    serving.HEAD_SECONDS = serving.KEEP_ALIVE_SECONDS = serving.SOCKET_TIMEOUT_SECONDS = seconds
    serving.BODY_SECONDS, serving.BODY_BYTES_PER_SECOND = seconds, 10**9


if __name__ == "__main__":
    sys.exit(main())
