"""A process for each picture: it gives back the picture without its metadata, and a small copy of it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from chatapp.offload import offload

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 25  # the process ends itself after 20 (`__main__`); this is for one that cannot even do that
# What a Python needs to start on hosts that keep it in an unusual place. No setting of ours, no password.
TOLD = ("PATH", "LD_LIBRARY_PATH", "PYTHONHOME")


class Interrupted(Exception):
    """Somebody killed the process, for lack of memory perhaps: it says nothing of the picture, try again."""


@dataclass(frozen=True)
class Developed:
    """What came of a picture, each in a file to be read from its beginning.

    Without `thumbnail` it could not be decoded; without `cleaned` it is not even what its first bytes say.
    """

    cleaned: IO[bytes] | None = None
    thumbnail: IO[bytes] | None = None
    width: int | None = None
    height: int | None = None


@contextmanager
def developed(chunks: Iterable[bytes], media_type: str) -> Iterator[Developed]:
    """What comes of the picture that `chunks` are; its files last as long as the block. Raises Interrupted.

    They have no name: nothing is left of them, however this ends.
    """
    with ExitStack() as stack:
        picture, cleaned, thumbnail, said = (stack.enter_context(TemporaryFile()) for _ in range(4))
        for chunk in chunks:
            offload(picture.write, chunk)
        offload(picture.flush)
        _run(media_type, picture, cleaned, thumbnail, said)
        facts = _facts(said)
        is_seen = "width" in facts
        yield Developed(
            cleaned if "cleaned" in facts else None,
            thumbnail if is_seen else None,
            facts.get("width"),
            facts.get("height"),
        )


def _run(media_type: str, picture: IO[bytes], cleaned: IO[bytes], thumbnail: IO[bytes], said: IO[bytes]) -> None:
    descriptors = (cleaned.fileno(), thumbnail.fileno())
    picture.seek(0)
    process = subprocess.Popen(
        [sys.executable, "-s", "-m", "chatapp.images", media_type, *map(str, descriptors)],
        cwd=ROOT,
        env={name: os.environ[name] for name in TOLD if name in os.environ},
        stdin=picture,
        stdout=said,
        stderr=subprocess.DEVNULL,
        pass_fds=descriptors,
    )
    try:
        status = process.wait(PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        status = 0
    finally:
        process.kill()
        process.wait()
    if status == -signal.SIGKILL:
        raise Interrupted


def _facts(said: IO[bytes]) -> dict[str, int]:
    said.seek(0)
    # A line that it did not end says nothing.
    lines = said.read().split(b"\n")[:-1]
    return {name: value for line in lines for name, value in json.loads(line).items()}
