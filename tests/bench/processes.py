"""What the system says of a process."""

import os
import re
from pathlib import Path

RSS = re.compile(r"^VmRSS:\s+(\d+) kB", re.MULTILINE)
PEAK = re.compile(r"^VmHWM:\s+(\d+) kB", re.MULTILINE)
FORGET_PEAK = "5"  # see proc(5), clear_refs


def cpu_seconds(pid: int) -> float:
    """What it has used of a processor, itself and the system for it."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def rss_mb(pid: int) -> float:
    """The memory that it holds now; from here on `peak_mb` counts anew."""
    Path(f"/proc/{pid}/clear_refs").write_text(FORGET_PEAK)
    return _mb(RSS, pid)


def peak_mb(pid: int) -> float:
    """The most that it has held since."""
    return _mb(PEAK, pid)


def _mb(line: re.Pattern[str], pid: int) -> float:
    found = line.search(Path(f"/proc/{pid}/status").read_text())
    assert found is not None
    return int(found[1]) / 1024
