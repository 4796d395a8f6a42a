"""Pages load one script and one sheet while these are younger than what they were made of, else the separate files."""

import importlib.machinery
import importlib.util
import os
from pathlib import Path
from types import ModuleType

import pytest
from flask import Flask

from chatapp.config import ROOT
from chatapp.web import static_files
from tests.support import Browser

OLD, NEW, NEWER = 1_000_000, 2_000_000, 3_000_000  # seconds since 1970
SOURCES = ("js/app.js", "js/room/outbox.js", "vendor/socket.io.esm.min.js", "css/base.css")
BUNDLES = ("dist/app.js", "dist/app.css")


@pytest.fixture
def bundling(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """bin/bundling.py as a module: it decides at set-up by the same rule."""
    monkeypatch.syspath_prepend(str(ROOT / "bin"))
    loader = importlib.machinery.SourceFileLoader("chatapp_bundling", str(ROOT / "bin" / "bundling.py"))
    module = importlib.util.module_from_spec(importlib.machinery.ModuleSpec(loader.name, loader))
    loader.exec_module(module)
    return module


@pytest.fixture
def static(tmp_path: Path, bundling: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of static files, with bundles younger than all else."""
    for name in (*SOURCES, *BUNDLES, "../frontend/app.css"):
        put(tmp_path / "static" / name, NEW if name in BUNDLES else OLD)
    static = tmp_path / "static"
    bundles = tuple(static / name for name in BUNDLES)
    monkeypatch.setattr(static_files, "STATIC", static)
    monkeypatch.setattr(static_files, "BUNDLES", bundles)
    monkeypatch.setattr(bundling, "ROOT", tmp_path)
    monkeypatch.setattr(bundling, "SOURCES", tuple(static / name for name in ("js", "vendor", "css")))
    monkeypatch.setattr(bundling, "BUNDLES", bundles)
    return static


def put(path: Path, seconds: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("")
    os.utime(path, (seconds, seconds))


def test_bundles_younger_than_all_they_are_made_of_are_served(static: Path, bundling: ModuleType) -> None:
    put(static / "js" / "app.js.gz", NEWER)
    put(static / "js" / "notes.txt", NEWER)
    assert (static_files.is_bundled(), bundling.is_bundled()) == (True, True)


@pytest.mark.parametrize("name", SOURCES)
def test_after_a_change_of_any_of_them_they_are_not(static: Path, bundling: ModuleType, name: str) -> None:
    put(static / name, NEWER)
    assert (static_files.is_bundled(), bundling.is_bundled()) == (False, False)


@pytest.mark.parametrize("name", BUNDLES)
def test_nor_is_one_without_the_other(static: Path, bundling: ModuleType, name: str) -> None:
    (static / name).unlink()
    assert (static_files.is_bundled(), bundling.is_bundled()) == (False, False)


def test_what_is_loaded_late_is_there_as_files_of_its_own(bundling: ModuleType) -> None:
    assert [name for name in bundling.LATE if not (bundling.STATIC / "js" / name).is_file()] == []


def test_the_bundle_has_every_controller_in_it_from_the_start(bundling: ModuleType) -> None:
    folder = bundling.STATIC / "js"
    script = bundling.with_its_controllers((folder / "app.js").read_text())
    assert "import(" not in script
    for name in sorted(path.stem for path in (folder / "controllers").glob("*.js")):
        assert f'import * as {name} from "./controllers/{name}.js";' in script
        assert f'"{name.replace("_", "-")}": () => {name},' in script


@pytest.mark.parametrize(
    ("is_bundled", "script", "sheet"),
    [(True, "dist/app.js", "dist/app.css"), (False, "js/app.js", "css/base.css")],
)
def test_a_page_asks_for_the_bundles_or_for_the_separate_files(
    app: Flask, monkeypatch: pytest.MonkeyPatch, is_bundled: bool, script: str, sheet: str
) -> None:
    monkeypatch.setitem(app.extensions, "chatapp_is_bundled", is_bundled)
    page = Browser(app).get("/login").text
    assert f'{script}"' in page
    assert f'{sheet}">' in page
    assert page.count("</script>") == 1
