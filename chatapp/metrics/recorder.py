"""Writes this worker's numbers down now and then, and looks how late it comes to it."""

import logging
import threading
import time
from pathlib import Path

from flask import Flask

from chatapp.config import Settings
from chatapp.counters import counters
from chatapp.metrics.folder import Folder
from chatapp.metrics.snapshot import Snapshot, taken, together, what_stays

LOOK_SECONDS = 0.5  # one wake-up of 20 us; what stops the hub for longer is seen for sure
LOOKS = 10  # from one writing to the next

logger = logging.getLogger(__name__)


class Recorder:
    """Numbers of this worker, and through the folder those of the others. Without a METRICS_TOKEN it does nothing."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self._app = app
        self._settings = settings
        folder = settings.metrics_folder
        self._folder = Folder(Path(folder), settings.worker_number) if folder else None
        # What the worker before us has counted. Read now: the first request may come before the start.
        self._before: Snapshot = self._folder.left_behind() if self._folder is not None else {}
        self._peaks = [0.0, 0.0]  # the longest lag since the last writing, and between the two before
        self._running = self._is_over = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin."""
        if not self._settings.metrics_token:
            return
        if self._folder is not None:
            self._keep(self._own())  # else the others count what it held
        self._running = True
        self._thread = threading.Thread(target=self._run, name="metrics", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End, and leave what was counted to the worker that comes next."""
        if self._running:
            self._running, self._is_over = False, True
            # Only that: what we held would be counted for as long as a silent worker counts.
            self._keep(what_stays(self._own()))

    def all_workers(self) -> Snapshot:
        """The numbers of all workers of this server: ours of now, the others' of some seconds ago."""
        own = self._own()
        if not self._is_over:
            # Before anybody sees it: after our death only what is written counts, and no sum may ever fall.
            self._keep(own)
        others = self._folder.others() if self._folder is not None else ()
        return together([own, *others])

    def _own(self) -> Snapshot:
        now = taken(self._app, self._settings, counters, peak_seconds=max(self._peaks))
        return together([now, self._before])

    def _run(self) -> None:
        while self._running:
            for _ in range(LOOKS):
                self._look()
            self._keep(self._own())
            self._peaks = [0.0, self._peaks[0]]

    def _look(self) -> None:
        began = time.perf_counter()
        time.sleep(LOOK_SECONDS)
        lag = max(0.0, time.perf_counter() - began - LOOK_SECONDS)
        counters.hub_lag.took(lag)
        self._peaks[0] = max(self._peaks[0], lag)

    def _keep(self, snapshot: Snapshot) -> None:
        if self._folder is None:
            return
        try:
            self._folder.keep(snapshot)
        except OSError as error:
            logger.warning("numbers not written error=%s", type(error).__name__)
