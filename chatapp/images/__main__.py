"""The process that looks at one picture: `python -m chatapp.images TYPE CLEANED THUMBNAIL`, both file descriptors.

The picture is its standard input. It says in lines of JSON what is done. Without a THUMBNAIL it does the least: what
looks like metadata is overwritten, and nothing is decoded. What a hostile picture does, it does to this
process alone, which may take neither much memory nor much time, and knows no setting and no secret.
"""

import json
import mmap
import os
import resource
import signal
import struct
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import IO, Any

from chatapp.images.pieces import BYTES_PER_SECOND, STEP_BYTES

MEMORY_BYTES = 512 * 2**20  # address space beside the picture itself; Python and Pillow take a fifth of it
CPU_SECONDS = 10  # then SIGXCPU ends it, which says something of the picture
CPU_MOST_SECONDS = 12  # then SIGKILL, which would say that somebody killed it
WALL_SECONDS = 20
OPEN_FILES = 32
MORE_BYTES = 2**20  # that it may write, beside as many as it reads
NICE = 10  # those who chat come first


def main() -> None:
    """Write the picture without its metadata, then its small copy."""
    media_type, cleaned_fd, *thumbnail_fd = sys.argv[1:]
    size = os.fstat(sys.stdin.fileno()).st_size
    set_limits(size)
    # Only now: what reads pictures may be at fault itself.
    from chatapp.images.formats import FORMATS

    with os.fdopen(int(cleaned_fd), "w+b") as cleaned:
        is_understood = clean(media_type, size, cleaned, is_tried=bool(thumbnail_fd))
        if is_understood and FORMATS[media_type].name:
            with os.fdopen(int(thumbnail_fd[0]), "w+b") as thumbnail:
                show(media_type, cleaned, thumbnail)


def clean(media_type: str, size: int, cleaned: IO[bytes], *, is_tried: bool) -> bool:
    """Write the picture without its metadata: its pieces that show it, where that is tried and it is a row of such;
    otherwise, and False then, all of it with nothing in place of what looks like metadata."""
    from chatapp.images.formats import FORMATS, blanked
    from chatapp.images.pieces import Damaged

    with _mapped(size) as picture:
        if is_tried:
            with suppress(Damaged, struct.error):
                _write(FORMATS[media_type].cleaned(picture), picture, cleaned)
                return True
        _write(blanked(picture, media_type), picture, cleaned)
        return False


def show(media_type: str, cleaned: IO[bytes], thumbnail: IO[bytes]) -> None:
    """Write its small copy."""
    from chatapp.images.thumbnails import make_thumbnail

    cleaned.seek(0)
    shown = make_thumbnail(cleaned, media_type, thumbnail)
    thumbnail.flush()
    say(width=shown.width, height=shown.height, is_animated=shown.is_animated)


@contextmanager
def _mapped(size: int) -> Iterator[Any]:
    if size:  # nothing cannot be mapped
        with mmap.mmap(sys.stdin.fileno(), size, access=mmap.ACCESS_READ) as picture:
            yield picture
    else:
        yield b""


def _write(pieces: Iterable[bytes], picture: Any, cleaned: IO[bytes]) -> None:
    cleaned.seek(0)
    cleaned.truncate()
    place, is_same = 0, True
    for piece in pieces:
        is_same = is_same and _stands_at(place, piece, picture)
        place += len(piece)
        cleaned.write(piece)
    cleaned.flush()
    say(is_cleaned=True, is_same=is_same and place == len(picture))


def _stands_at(place: int, piece: bytes, picture: Any) -> bool:
    # In steps: a piece may be almost all of it, and be in memory twice already.
    steps = ((at, piece[at : at + STEP_BYTES]) for at in range(0, len(piece), STEP_BYTES))
    return all(step == picture[place + at : place + at + len(step)] for at, step in steps)


def set_limits(size: int) -> None:
    """From here on it can take no more than these, to read a picture of `size` bytes."""
    _limit(resource.RLIMIT_AS, MEMORY_BYTES + size)
    more_seconds = size // BYTES_PER_SECOND
    _limit(resource.RLIMIT_CPU, CPU_SECONDS + more_seconds, CPU_MOST_SECONDS + more_seconds)
    _limit(resource.RLIMIT_FSIZE, size + MORE_BYTES)
    _limit(resource.RLIMIT_NOFILE, OPEN_FILES)
    _limit(resource.RLIMIT_CORE, 0)
    signal.alarm(WALL_SECONDS + more_seconds)
    with suppress(OSError):
        os.nice(NICE)


def _limit(what: int, soft: int, hard: int | None = None) -> None:
    most = soft if hard is None else hard
    gap = most - soft
    _, given = resource.getrlimit(what)
    most = most if given == resource.RLIM_INFINITY else min(most, given)
    # Where less is given, what is said softly is still said before the end.
    resource.setrlimit(what, (max(0, most - gap), most))


def say(**facts: object) -> None:
    """A line for whoever started it."""
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
