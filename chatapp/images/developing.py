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

from chatapp.images.pieces import BYTES_PER_SECOND
from chatapp.offload import offload

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 25  # the process ends itself after 20 (`__main__`); this is for one that cannot even do that
# What a Python needs to start on hosts that keep it in an unusual place. No setting of ours, no password.
TOLD = ("PATH", "LD_LIBRARY_PATH", "PYTHONHOME")


class Interrupted(Exception):
    """Somebody killed the process, for lack of memory perhaps, or nothing came of it: try again."""


@dataclass(frozen=True)
class Developed:
    """What came of a picture, each in a file to be read from its beginning.

    Without `cleaned` it tells nothing beside what it shows, and may stay as it is; without `thumbnail` it could not be
    decoded, or nobody tried to.
    """

    cleaned: IO[bytes] | None = None
    thumbnail: IO[bytes] | None = None
    width: int | None = None
    height: int | None = None
    is_animated: bool | None = None


@dataclass(frozen=True)
class _Files:
    """They have no name: nothing is left of them, however this ends."""

    picture: IO[bytes]
    cleaned: IO[bytes]
    thumbnail: IO[bytes]
    said: IO[bytes]


@contextmanager
def developed(chunks: Iterable[bytes], media_type: str) -> Iterator[Developed]:
    """What comes of the picture that `chunks` are; its files last as long as the block. Raises Interrupted."""
    with _files(chunks) as files:
        facts = _run(media_type, files, files.cleaned, files.thumbnail)
        if "is_cleaned" not in facts:
            # To take it apart took all the time there is, or broke the process.
            facts = _run(media_type, files, files.cleaned)
        yield _made(files, facts)


@contextmanager
def cleaned_alone(chunks: Iterable[bytes], media_type: str) -> Iterator[Developed]:
    """The same of a picture that was the end of several processes: whatever looks like metadata is overwritten in it,
    and nothing is decoded. Raises Interrupted."""
    with _files(chunks) as files:
        yield _made(files, _run(media_type, files, files.cleaned))


@contextmanager
def _files(chunks: Iterable[bytes]) -> Iterator[_Files]:
    with ExitStack() as stack:
        files = _Files(*(stack.enter_context(TemporaryFile()) for _ in range(4)))
        for chunk in chunks:
            offload(files.picture.write, chunk)
        offload(files.picture.flush)
        yield files


def _made(files: _Files, facts: dict[str, int]) -> Developed:
    if "is_cleaned" not in facts:
        raise Interrupted
    cleaned = None if facts["is_same"] else files.cleaned
    if "width" not in facts:
        return Developed(cleaned)
    return Developed(cleaned, files.thumbnail, facts["width"], facts["height"], bool(facts["is_animated"]))


def _run(media_type: str, files: _Files, *made: IO[bytes]) -> dict[str, int]:
    descriptors = [file.fileno() for file in made]
    patience = PATIENCE_SECONDS + files.picture.seek(0, os.SEEK_END) // BYTES_PER_SECOND
    files.picture.seek(0)
    process = subprocess.Popen(
        [sys.executable, "-s", "-m", "chatapp.images", media_type, *map(str, descriptors)],
        cwd=ROOT,
        env={name: os.environ[name] for name in TOLD if name in os.environ},
        stdin=files.picture,
        stdout=files.said,
        stderr=subprocess.DEVNULL,
        pass_fds=descriptors,
    )
    try:
        status = process.wait(patience)
    except subprocess.TimeoutExpired:
        status = 0
    finally:
        process.kill()
        process.wait()
    if status == -signal.SIGKILL:
        raise Interrupted
    return _facts(files.said)


def _facts(said: IO[bytes]) -> dict[str, int]:
    said.seek(0)
    # A line that it did not end says nothing.
    lines = said.read().split(b"\n")[:-1]
    return {name: value for line in lines for name, value in json.loads(line).items()}
