"""The oldest versions without a known hole that concerns us. Raise them here when one is found."""

import re
from importlib import metadata

from chatapp.doctor.finding import Finding, ok, warn, wrong

Version = tuple[int, ...]
Lines = dict[Version, str]

PYTHON = (3, 11)

PACKAGES = {
    "python-socketio": "5.18.1",  # CVE-2025-61765, CVE-2026-48804; since then nothing is heard before `connect`
    "python-engineio": "4.15.1",  # CVE-2026-48802, CVE-2026-48809
    "eventlet": "0.41.3",  # CVE-2021-21419, CVE-2025-58068
    "dnspython": "2.6.1",  # CVE-2023-29483
    "flask": "3.1.3",  # CVE-2025-47278, CVE-2026-27205
    "werkzeug": "3.1.6",  # CVE-2024-34069, CVE-2025-66221, CVE-2026-21860, CVE-2026-27199
    "pillow": "12.3.0",  # CVE-2026-40192, CVE-2026-55379
    "redis": "4.5.4",  # CVE-2023-28858, CVE-2023-28859
}

# Of servers by release line, CVE-2025-49844 and CVE-2025-46817 to -46819 mended. A line between two of these gets no
# fix; one after the last began with it.
REDIS_LINES: Lines = {(6, 2): "6.2.20", (7, 2): "7.2.11", (7, 4): "7.4.6", (8, 0): "8.0.4", (8, 2): "8.2.2"}
VALKEY_LINES: Lines = {(7, 2): "7.2.11", (8, 0): "8.0.6", (8, 1): "8.1.4"}


def version_of(text: str) -> Version:
    """The numbers that a version begins with: of 8.2.2-rc1 and the like the part that can be compared."""
    found = re.match(r"\d+(\.\d+)*", text)
    return tuple(int(each) for each in found[0].split(".")) if found else ()


def python(version: Version) -> Finding:
    """Whether this Python is one that chatapp runs on."""
    name = ".".join(map(str, version[:3]))
    if version < PYTHON:
        return wrong("python", f"Python {name} is too old", f"install {'.'.join(map(str, PYTHON))} or newer")
    return ok("python", f"Python {name}")


def packages(installed: dict[str, str]) -> Finding:
    """Whether the packages have the holes that were mended."""
    old = [
        f"{name} {installed.get(name, 'missing')} (at least {floor})"
        for name, floor in PACKAGES.items()
        if version_of(installed.get(name, "")) < version_of(floor)
    ]
    if old:
        return wrong("packages", f"with known holes: {', '.join(old)}", "update chatapp, then `make setup`")
    return ok("packages", f"{len(PACKAGES)} that had holes are newer than those")


def installed_packages() -> dict[str, str]:
    """The versions of the packages of the floor, as they are installed here."""
    return {name: metadata.version(name) for name in PACKAGES if _is_installed(name)}


def redis_server(name: str, version: str) -> Finding:
    """Whether the Redis, or what serves in its place, has the holes that were mended."""
    lines = {"redis": REDIS_LINES, "valkey": VALKEY_LINES}.get(name)
    if lines is None:
        return warn("redis version", f"{name} {version} is not known here", "look for its open holes yourself")
    found = version_of(version)
    if found[:2] > max(lines) or found >= version_of(lines.get(found[:2], "99")):
        return ok("redis version", f"{name} {version}")
    fixed = ", ".join(lines.values())
    return wrong("redis version", f"{name} {version} lets who may write to it run code", f"update it: {fixed} or newer")


def _is_installed(name: str) -> bool:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True
