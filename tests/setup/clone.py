"""A copy of the set-up files, to try them on a machine that has nothing of ours."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
NEEDED = ("bench", "bin", "frontend", "static", "requirements.txt", "requirements-dev.txt", "Makefile")
MADE = shutil.ignore_patterns("vendor", "dist", "*.gz", "node_modules", "__pycache__")
# Of the machine only what a company's network may demand of everybody: its certificates and its proxy.
INHERITED = ("CERT", "PROXY")


@dataclass
class Clone:
    """The set-up files in a folder of their own, on a machine where nothing of ours is installed."""

    folder: Path
    env: dict[str, str]
    python: str = field(default_factory=lambda: os.path.realpath(sys.executable))

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command there, to its end."""
        return subprocess.run(command, cwd=self.folder, env=self.env, capture_output=True, text=True)

    def script(self, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a script of bin/ with a Python of the machine."""
        return self.run(self.python, f"bin/{name}", *arguments)

    def script_after(self, preparation: str, name: str) -> subprocess.CompletedProcess[str]:
        """Run a script of bin/ in a Python that the preparation has made a poorer one."""
        lines = ("import runpy, sys", preparation, "sys.path.insert(0, 'bin')", f"sys.argv = ['bin/{name}']")
        start = f"runpy.run_path('bin/{name}', run_name='__main__')"
        return self.run(self.python, "-c", "\n".join((*lines, start)))


def cloned_into(folder: Path, *, home: Path) -> Clone:
    """The set-up files in this folder, with an empty home."""
    folder.mkdir()
    home.mkdir()
    for name in NEEDED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=MADE)
        else:
            shutil.copy(ROOT / name, folder / name)
    inherited = {name: os.environ[name] for name in os.environ if any(word in name.upper() for word in INHERITED)}
    return Clone(folder, {**inherited, "HOME": str(home), "PATH": os.environ["PATH"]})
