"""What can be told of the machine, and of what set-up left on it."""

import resource
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from chatapp.config import INSTANCE, Settings
from chatapp.doctor import floor
from chatapp.doctor.finding import Finding, ok, warn, wrong

# As server/serving.py counts them, which is only imported where eventlet serves.
DESCRIPTORS_FOR_CONNECTIONS = 0.75

MEGABYTE = 2**20
DISK_FULL_MB = 100  # SQLite's journal alone may grow to this
DISK_LOW_SHARE = 0.1
DISK_LOW_MB = 1024


def examine(settings: Settings, *, is_live: bool, is_bundled: bool) -> Iterator[Finding]:
    """All of it. `is_live`: the browser client is there; `is_bundled`: the bundles are as new as their sources."""
    yield floor.python(sys.version_info[:3])
    yield floor.packages(floor.installed_packages())
    yield browser_client(is_live=is_live, is_bundled=is_bundled)
    yield descriptors(settings.max_connections, resource.getrlimit(resource.RLIMIT_NOFILE)[1])
    for folder in folders(settings):
        total, _, free = shutil.disk_usage(folder)
        yield disk(folder, free // MEGABYTE, total // MEGABYTE)


def browser_client(*, is_live: bool, is_bundled: bool) -> Finding:
    """Whether pages can be live, and load in few steps."""
    if not is_live:
        return wrong("browser", "the browser client is missing: pages are not live", "run `make setup`")
    if not is_bundled:
        return warn("browser", "the bundles are missing, or older than what is in them", "run `make setup`")
    return ok("browser", "client and bundles are there")


def descriptors(max_connections: int, hard_limit: int) -> Finding:
    """Whether a worker may open as many connections as MAX_CONNECTIONS says, of HTTP and of WebSocket."""
    wanted = int(2 * max_connections / DESCRIPTORS_FOR_CONNECTIONS) + 1
    if hard_limit in (resource.RLIM_INFINITY, -1) or hard_limit >= wanted:
        return ok("open files", f"enough for {max_connections} connections of each worker")
    fits = int(hard_limit * DESCRIPTORS_FOR_CONNECTIONS / 2)
    return warn(
        "open files",
        f"{hard_limit} may be open here: {fits} connections of each worker, not {max_connections}",
        f"LimitNOFILE={wanted} in the unit, or MAX_CONNECTIONS={fits} if that is enough",
    )


def disk(folder: Path, free_mb: int, total_mb: int) -> Finding:
    """Whether there is room."""
    says = f"{free_mb} MB of {total_mb} are free under {folder}"
    if free_mb < DISK_FULL_MB:
        return wrong("disk", says, "make room now: nothing can be written soon")
    if free_mb < min(DISK_LOW_MB, total_mb * DISK_LOW_SHARE):
        return warn("disk", says, "make room, or lower UPLOAD_QUOTA_MB")
    return ok("disk", says)


def folders(settings: Settings) -> list[Path]:
    """Where we write to a disk, one for each disk, as far as the folders are there already."""
    found = [INSTANCE] if not settings.is_sqlite else [Path(urlsplit(settings.database_url).path[1:]).parent]
    if settings.storage_url.startswith("file:"):
        found.append(Path(unquote(urlsplit(settings.storage_url).path)))
    present = [_present(folder) for folder in found]
    return list({folder.stat().st_dev: folder for folder in present}.values())


def _present(folder: Path) -> Path:
    return next(each for each in (folder.absolute(), *folder.absolute().parents) if each.is_dir())
