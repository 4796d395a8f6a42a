"""Copies of `static/` as it was in this release and in those before, for pages that were made then.

An update changes the files of the repository under workers that run, and pages stay open in tabs for days.
"""

import hashlib
import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp

KEPT = 20  # releases, those used last; each is some 2 MB
DRAFT = ".draft-"
DRAFT_SECONDS = 3_600.0  # nobody copies for so long: whoever began has died
NAME = re.compile(r"v-[0-9a-f]{12}")


class Releases:
    """A folder of copies, each named by what is in it. All workers share it, those before an update and after."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def take_in(self, source: Path) -> Path:
        """The copy of `source`; it is made unless it is there. Raises OSError."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        there = self._folder / name_of(source)
        # Compared, not believed: a loss of power leaves files without their bytes.
        copy = there if _content(there) == _content(source) else self._copied(source)
        os.utime(copy)
        self._forget_the_oldest()
        return copy

    def find(self, name: str) -> Path | None:
        """The copy of this name, which counts as used now; None when it was never there, or no more."""
        copy = self._folder / name
        if not NAME.fullmatch(name) or not copy.is_dir():
            return None
        with suppress(OSError):
            os.utime(copy)
        return copy

    def _copied(self, source: Path) -> Path:
        draft = Path(mkdtemp(prefix=DRAFT, dir=self._folder))
        try:
            made = shutil.copytree(source, draft / "static")
            # Named by what was copied: the source may have changed while we did.
            copy = self._folder / name_of(made)
            if _content(copy) != _content(made):
                _put(made, copy, beside=draft / "torn")
            return copy
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    def _forget_the_oldest(self) -> None:
        with suppress(OSError):  # two workers tidy up at once
            copies = [path for path in self._folder.iterdir() if NAME.fullmatch(path.name)]
            for old in sorted(copies, key=_used_at, reverse=True)[KEPT:]:
                shutil.rmtree(old, ignore_errors=True)
            for draft in self._folder.glob(f"{DRAFT}*"):
                if time.time() - _used_at(draft) > DRAFT_SECONDS:
                    shutil.rmtree(draft, ignore_errors=True)


def name_of(folder: Path) -> str:
    """The name of the release that has these files: it changes with any of them."""
    # Not with what they were packed by: two servers of one release may have different packers.
    digest = hashlib.sha256()
    for path, content in _files(folder):
        if not path.endswith(".gz"):
            digest.update(path.encode() + b"\0" + content)
    return f"v-{digest.hexdigest()[:12]}"


def _put(made: Path, copy: Path, *, beside: Path) -> None:
    with suppress(FileNotFoundError):
        copy.rename(beside)
    try:
        made.rename(copy)
    except OSError:
        if not copy.is_dir():  # else another worker was faster
            raise


def _content(folder: Path) -> bytes:
    digest = hashlib.sha256()
    for path, content in _files(folder):
        digest.update(f"{path}\0{len(content)}\0".encode() + content)
    return digest.digest()


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        yield path.relative_to(folder).as_posix(), path.read_bytes()


def _used_at(path: Path) -> float:
    return path.stat().st_mtime
