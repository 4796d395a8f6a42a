"""How `bin/setup --dev` comes by a browser; apt-get is a program of our own here, and says what it was asked."""

import importlib.machinery
import importlib.util
import os
import stat
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.setup.clone import ROOT

# It has what $SOLD names.
APT_GET = """#!/bin/sh
echo "apt-get $*" >> "$ASKED"
for name; do :; done
case " update $SOLD " in *" $name "*) ;; *) exit 100;; esac
if [ "$name" != update ]; then
    printf '#!/bin/sh\\n' > "$PROGRAMS/$name"
    /bin/chmod +x "$PROGRAMS/$name"
fi
"""


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The questions to apt-get, the only program on PATH."""
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "apt-get").write_text(APT_GET)
    (programs / "apt-get").chmod(stat.S_IRWXU)
    monkeypatch.delenv("CHROMIUM", raising=False)
    for name, value in {"PATH": programs, "PROGRAMS": programs, "ASKED": tmp_path / "asked"}.items():
        monkeypatch.setenv(name, str(value))
    return tmp_path / "asked"


@pytest.fixture
def setup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """bin/setup as a module, with the Python of this run in the place of .venv."""
    monkeypatch.syspath_prepend(str(ROOT / "bin"))
    loader = importlib.machinery.SourceFileLoader("chatapp_setup", str(ROOT / "bin" / "setup"))
    module = importlib.util.module_from_spec(importlib.machinery.ModuleSpec(loader.name, loader))
    loader.exec_module(module)
    monkeypatch.setattr(module, "VENV_PYTHON", Path(sys.executable))
    monkeypatch.setattr(module, "LOG", tmp_path / "setup.log")
    return module


SHELL_ASKED = ["apt-get update", "apt-get install -y --no-install-recommends chromium-headless-shell"]
WINDOWS_ASKED = ["apt-get update", "apt-get install -y --no-install-recommends chromium"]


@pytest.mark.parametrize(
    ("sold", "expected"),
    [
        ("chromium chromium-headless-shell", SHELL_ASKED),
        ("chromium", SHELL_ASKED + WINDOWS_ASKED),
    ],
)
def test_root_gets_chromium_from_debian_once(
    setup: ModuleType, asked: Path, monkeypatch: pytest.MonkeyPatch, sold: str, expected: list[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setenv("SOLD", sold)

    setup.require_chromium()
    setup.require_chromium()

    assert asked.read_text().splitlines() == expected


def test_a_debian_without_chromium_is_said(setup: ModuleType, asked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setenv("SOLD", "")

    with pytest.raises(SystemExit, match="Chromium cannot be installed"):
        setup.require_chromium()
    assert asked.read_text().splitlines() == SHELL_ASKED + WINDOWS_ASKED


def test_anyone_else_is_told_what_to_run(setup: ModuleType, asked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    with pytest.raises(SystemExit, match="run `apt-get install chromium` as root, or set CHROMIUM"):
        setup.require_chromium()
    assert not asked.exists()


def test_missing_fonts_are_only_said(
    setup: ModuleType, asked: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    setup.want_glyphs()

    said = capsys.readouterr().out
    assert [font for font in setup.GLYPHS.values() if f"apt-get install {font}" not in said] == []
