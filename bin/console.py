"""What the set-up scripts share: they say what they do, and end with one clear line when they cannot go on.

The scripts need nothing but Python's standard library. What stands above the version check is written so that
an older Python can read it, and so can the syntax of every script: it must get as far as the check.
"""

import subprocess
import sys
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent

if sys.version_info < (3, 11):  # noqa: UP036 - the Python that runs this is whichever the machine has
    sys.exit(
        f"chatapp: Python 3.11 or newer is needed and {sys.executable} is {sys.version.split()[0]}: "
        "install it, then run `make setup PYTHON=python3.11`"
    )


def say(line: str) -> None:
    """Tell the person at the terminal what happens now."""
    print(line, flush=True)


def give_up(line: str) -> NoReturn:
    """End the script with exit code 1 and one line: what is wrong and what to do about it."""
    sys.exit(f"chatapp: {line}")


def run_logged(command: list[str], log: Path, *, cwd: Path = ROOT, env: dict[str, str] | None = None) -> bool:
    """Whether the command succeeded. What it says goes to the end of the file `log`."""
    with log.open("a") as output:
        return subprocess.run(command, stdout=output, stderr=output, cwd=cwd, env=env).returncode == 0


def last_line(log: Path, *, starting_with: tuple[str, ...]) -> str:
    """The last line of the file `log` that starts so, or an empty string."""
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return next((line.strip() for line in reversed(lines) if line.startswith(starting_with)), "")
