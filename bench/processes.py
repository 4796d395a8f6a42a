"""What the system says of processes."""

import os
import re
import time
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

RSS = re.compile(r"^VmRSS:\s+(\d+) kB", re.MULTILINE)
PEAK = re.compile(r"^VmHWM:\s+(\d+) kB", re.MULTILINE)
PSS = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)
FORGET_PEAK = "5"  # see proc(5), clear_refs
CALM_SHARE = 0.05  # of a core: what the background of an idle server may take
CALM_SECONDS = 0.3  # between two looks
PATIENCE_SECONDS = 15.0


def cpu_seconds(pid: int) -> float:
    """What it has used of a processor, itself and the system for it."""
    fields = _fields(pid)
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def cpu_seconds_of(pids: Iterable[int]) -> float:
    """The same of all of these and whatever they have started, also of what has ended since."""
    return sum(_or_nothing(pid) for pid in trees(pids))


def trees(pids: Iterable[int]) -> list[int]:
    """These processes, their children, and so on."""
    children = defaultdict(list)
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            children[int(_fields(int(path.name))[1])].append(int(path.name))
    found = list(pids)
    for pid in found:
        found += children[pid]
    return found


def pss_kib(pids: Iterable[int]) -> int:
    """The memory of all of these and their children; of a page that several have, each counts its part."""
    found = [PSS.search(Path(f"/proc/{pid}/smaps_rollup").read_text()) for pid in trees(pids)]
    return sum(int(each[1]) for each in found if each)


def wait_until_calm(pids: list[int]) -> bool:
    """Return when they have nothing more to do, or after a while; whether they are."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    used = cpu_seconds_of(pids)
    while time.monotonic() < deadline:
        time.sleep(CALM_SECONDS)
        before, used = used, cpu_seconds_of(pids)
        if used - before <= CALM_SHARE * CALM_SECONDS:
            return True
    return False


def rss_mb(pid: int) -> float:
    """The memory that it holds now; from here on `peak_mb` counts anew."""
    Path(f"/proc/{pid}/clear_refs").write_text(FORGET_PEAK)
    return _mb(RSS, pid)


def peak_mb(pid: int) -> float:
    """The most that it has held since."""
    return _mb(PEAK, pid)


def _fields(pid: int) -> list[str]:
    """What stands in its stat behind the name, which may hold anything: the state, the parent, ..."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _or_nothing(pid: int) -> float:
    try:
        # Its own, and that of its children that have ended: a connection's process may end while we measure.
        return sum(map(int, _fields(pid)[11:15])) / os.sysconf("SC_CLK_TCK")
    except OSError:
        return 0.0  # it ended since it was found


def _mb(line: re.Pattern[str], pid: int) -> float:
    found = line.search(Path(f"/proc/{pid}/status").read_text())
    if found is None:
        raise ProcessLookupError(pid)
    return int(found[1]) / 1024
