"""The unit tests of static/js, run by Node.js: they are part of this run, and counted in its table."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_the_javascript_tests_pass(node_path: str, record_property: Callable[[str, object], None]) -> None:
    files = sorted(map(str, (ROOT / "tests" / "js").glob("**/*.test.js")))
    assert files, "there is no test in tests/js"

    run = subprocess.run(
        [node_path, "--test", "--test-reporter=tap", *files],
        capture_output=True, text=True, cwd=ROOT,
    )  # fmt: skip

    assert run.returncode == 0, run.stdout + run.stderr
    assert count(run.stdout, "pass") > 0
    assert (count(run.stdout, "skipped"), count(run.stdout, "todo")) == (0, 0)
    record_property("javascript_tests", count(run.stdout, "pass"))


def count(tap: str, outcome: str) -> int:
    """How many tests ended so, by the closing lines of Node's report."""
    return int(re.findall(rf"^# {outcome} (\d+)$", tap, re.MULTILINE)[-1])
