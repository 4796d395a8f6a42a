"""Where the workers of a server leave their numbers for one another: a file each."""

import json
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import cast

from chatapp.metrics.snapshot import Snapshot, what_stays

STALE_SECONDS = 20.0  # a worker that has not written for so long is gone, or hangs: it holds nothing any more


class Folder:
    """The folder, as the worker with this number sees it."""

    def __init__(self, path: Path, worker: int) -> None:
        self._path = path
        self._own = path / f"worker-{worker}.json"

    def left_behind(self) -> Snapshot:
        """What the worker that had this number before has counted."""
        return what_stays(_read(self._own))

    def keep(self, snapshot: Snapshot) -> None:
        """Leave these numbers for the others. Raises OSError when the disk is full."""
        draft = self._own.with_suffix(".draft")
        draft.write_text(json.dumps(snapshot))
        draft.replace(self._own)

    def others(self) -> Iterator[Snapshot]:
        """What the other workers left; of those that are gone only what stays."""
        for path in self._path.glob("worker-*.json"):
            if path != self._own:
                snapshot = _read(path)
                yield snapshot if _is_fresh(path) else what_stays(snapshot)


def _read(path: Path) -> Snapshot:
    with suppress(FileNotFoundError):
        return cast(Snapshot, json.loads(path.read_text()))
    return {}


def _is_fresh(path: Path) -> bool:
    with suppress(FileNotFoundError):
        return time.time() - path.stat().st_mtime < STALE_SECONDS
    return False
