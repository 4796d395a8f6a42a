"""Chromium: what CHROMIUM names, else the one on PATH. `python -m tests.parts.chromium` says which."""

import sys

from tests.parts.found import Binary, PartMissing, named_by, on_path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


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
