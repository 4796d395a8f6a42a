"""Chromium: what CHROMIUM names, else the one on PATH. `python -m tests.parts.chromium` says which."""

import sys

from tests.parts.found import Binary, PartMissing, named_by, on_path

# First the one without windows: a page takes it half the CPU (0.65 s for 1.4 s, with 60 scripts and an empty cache).
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium() -> Binary:
    """The browser for journeys. Raises PartMissing."""
    found = named_by("CHROMIUM") or on_path(*NAMES)
    if found is None:
        raise PartMissing(
            "Chromium is missing: run `apt-get install chromium` as root, or set CHROMIUM to the path of one"
        )
    return found


if __name__ == "__main__":
    try:
        print(chromium().path)  # noqa: T201 - this is the answer
    except PartMissing as missing:
        sys.exit(str(missing))
