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
            _put(made, copy)
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


def _put(made: Path, copy: Path) -> None:
    try:
        made.rename(copy)
    except OSError:
        if not copy.is_dir():
            raise
        _mend(copy, made)  # another worker was faster, or a loss of power left it torn


def _mend(copy: Path, made: Path) -> None:
    # File by file, and only what differs: others serve from this folder, or mend it too, and always find each file.
    wanted = dict(_files(made))
    for path, content in wanted.items():
        there = copy / path
        if not there.is_file() or there.read_bytes() != content:
            there.parent.mkdir(parents=True, exist_ok=True)
            (made / path).replace(there)
    for there in _paths(copy):
        if there.relative_to(copy).as_posix() not in wanted:
            there.unlink(missing_ok=True)


def _content(folder: Path) -> bytes:
    digest = hashlib.sha256()
    for path, content in _files(folder):
        digest.update(f"{path}\0{len(content)}\0".encode() + content)
    return digest.digest()


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in _paths(folder):
        yield path.relative_to(folder).as_posix(), path.read_bytes()


def _paths(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _used_at(path: Path) -> float:
    return path.stat().st_mtime
