"""`python -m tests.figures`: the figures of the browser, and whether they are reached.

The exit status is 1 when one is missed.
"""

import sys

from playwright.sync_api import expect, sync_playwright

from chatapp.web.static_files import is_bundled
from tests.faults.parts import Parts
from tests.figures.company import Company, Size
from tests.figures.measure import Times, measure
from tests.figures.report import is_reached, table
from tests.parts.chromium import chromium

PATIENCE_MS = 15_000


def main() -> int:
    """The exit status."""
    if not is_bundled():
        _say("The bundle is missing or older than its sources: run `make setup` first.")
        return 1
    expect.set_options(timeout=PATIENCE_MS)
    with Parts() as parts, Company(parts.postgresql, parts.redis.url, Size()) as company, sync_playwright() as started:
        path = str(chromium().path)
        browser = started.chromium.launch(executable_path=path, args=["--no-sandbox"])
        measured = measure(browser, company, Times(), _say)
        browser.close()
    _say("\n" + table(measured))
    return 0 if is_reached(measured) else 1


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
