"""`python -m bench.files.watched` serves as `python wsgi.py` does, with a greenlet in the worker that notes how long
it had to wait for its turn. BENCH_LAG names the file for it.
"""

import os
import sys
import warnings
from pathlib import Path

import wsgi
from bench.files.lag import Lag


def main() -> int:
    """The exit status of the launcher, or of the worker."""
    if "CHATAPP_WORKER" in os.environ:
        _watch()
    return wsgi.main()


def _watch() -> None:
    # Green from here on, as the worker makes itself: what is imported now must find it so.
    warnings.filterwarnings("ignore", r"\s*Eventlet is deprecated")
    import eventlet

    eventlet.monkey_patch()
    eventlet.spawn(Lag(Path(os.environ["BENCH_LAG"])).watch, eventlet.sleep)


if __name__ == "__main__":
    sys.exit(main())
