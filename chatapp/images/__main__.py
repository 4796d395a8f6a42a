"""The process that looks at one picture: `python -m chatapp.images TYPE CLEANED THUMBNAIL`, both file descriptors.

The picture is its standard input. It says in lines of JSON what is done. What a hostile picture does, it does to this
process alone, which may take neither much memory nor much time, and knows no setting and no secret.
"""

import json
import mmap
import os
import resource
import signal
import sys
from contextlib import suppress

MEMORY_BYTES = 512 * 2**20  # address space beside the picture itself; Python and Pillow take a fifth of it
CPU_SECONDS = 10  # then SIGXCPU ends it, which says something of the picture
CPU_MOST_SECONDS = 12  # then SIGKILL, which would say that somebody killed it
WALL_SECONDS = 20
OPEN_FILES = 32
MORE_BYTES = 2**20  # that it may write, beside as many as it reads
NICE = 10  # those who chat come first


def main() -> None:
    """Write the picture without its metadata, then its small copy."""
    media_type, cleaned_fd, thumbnail_fd = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    size = os.fstat(sys.stdin.fileno()).st_size
    set_limits(size)
    # Only now: what reads pictures may be at fault itself.
    from chatapp.images.formats import FORMATS

    with os.fdopen(cleaned_fd, "w+b") as cleaned, os.fdopen(thumbnail_fd, "w+b") as thumbnail:
        with mmap.mmap(sys.stdin.fileno(), size, access=mmap.ACCESS_READ) as picture:
            cleaned.writelines(FORMATS[media_type].cleaned(picture))
        cleaned.flush()
        say(cleaned=True)
        if not FORMATS[media_type].name:
            return
        from chatapp.images.thumbnails import make_thumbnail

        cleaned.seek(0)
        width, height = make_thumbnail(cleaned, media_type, thumbnail)
        thumbnail.flush()
        say(width=width, height=height)


def set_limits(size: int) -> None:
    """From here on it can take no more than these, to read a picture of `size` bytes."""
    _limit(resource.RLIMIT_AS, MEMORY_BYTES + size)
    _limit(resource.RLIMIT_CPU, CPU_SECONDS, CPU_MOST_SECONDS)
    _limit(resource.RLIMIT_FSIZE, size + MORE_BYTES)
    _limit(resource.RLIMIT_NOFILE, OPEN_FILES)
    _limit(resource.RLIMIT_CORE, 0)
    signal.alarm(WALL_SECONDS)
    with suppress(OSError):
        os.nice(NICE)


def _limit(what: int, soft: int, hard: int | None = None) -> None:
    _, given = resource.getrlimit(what)
    most = soft if hard is None else hard
    most = most if given == resource.RLIM_INFINITY else min(most, given)
    resource.setrlimit(what, (min(soft, most), most))


def say(**facts: object) -> None:
    """A line for whoever started it."""
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
