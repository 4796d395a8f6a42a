"""How `bin/virus_scanner` comes by one; apt-get and its kin are programs of our own here."""

import stat
import sys
from pathlib import Path

import pytest

from tests.setup.clone import Clone

PROGRAMS = {
    "apt-cache": "echo '  Depends: libclamav12'\necho ' |Depends: debconf'\necho '  Depends: libmspack0'",
    "apt-get": 'echo "apt-get $*" >> "$ASKED"\n[ "$1" = update ] || for name in clamd; do : > $name.deb; done',
    "dpkg-deb": '/bin/mkdir -p "$3/usr/sbin"\nprintf "#!/bin/sh\\nexit $STATUS\\n" > "$3/usr/sbin/clamd"\n'
    '/bin/chmod +x "$3/usr/sbin/clamd"',
}


@pytest.fixture
def asked(clone: Clone, tmp_path: Path) -> Path:
    """What apt-get was asked; it and its kin are all that PATH has."""
    programs = tmp_path / "programs"
    programs.mkdir()
    for name, script in PROGRAMS.items():
        (programs / name).write_text(f"#!/bin/sh\n{script}\n")
        (programs / name).chmod(stat.S_IRWXU)
    (clone.folder / ".venv").mkdir()
    clone.env |= {"PATH": str(programs), "ASKED": str(tmp_path / "asked"), "STATUS": "0"}
    clone.python = sys.executable
    return tmp_path / "asked"


def test_it_is_taken_out_of_the_packages_once_and_nothing_is_installed(clone: Clone, asked: Path) -> None:
    for _ in range(2):
        assert clone.script("virus_scanner").returncode == 0
    questions = [line for line in asked.read_text().splitlines() if line != "apt-get update"]
    assert questions == ["apt-get download clamav-daemon libclamav12 libmspack0"]
    assert (clone.folder / ".venv" / "clamd" / "usr" / "sbin" / "clamd").exists()


def test_one_that_does_not_run_here_is_not_kept_and_that_is_said(clone: Clone, asked: Path) -> None:
    clone.env["STATUS"] = "1"
    run = clone.script("virus_scanner")
    assert (run.returncode, "no clamd" in run.stdout) == (0, True)
    assert not (clone.folder / ".venv" / "clamd").exists()


def test_where_there_are_no_packages_that_is_said(clone: Clone, asked: Path, no_programs: str) -> None:
    clone.env["PATH"] = no_programs
    assert "no clamd" in clone.script("virus_scanner").stdout
    assert not asked.exists()
