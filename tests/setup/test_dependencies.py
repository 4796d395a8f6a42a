"""The locks: every package at one version, by its hash, from wherever it may be had."""

import json
import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from chatapp.doctor.floor import PACKAGES
from tests.setup.clone import ROOT

LOCKS = ("requirements.txt", "requirements-dev.txt", "frontend/requirements.txt", "bench/requirements.txt")
NPM_LOCKS = ("frontend", "frontend/checks", "bench/node")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
ADDRESS = re.compile(r"://|^\s*-(?!-hash)|--(?!hash)[a-z-]+[= ]|\s@\s", re.MULTILINE)

FLOOR_IF_USED = {"gunicorn": "26"}


def statements(lock: str) -> str:
    """The lock without its comments."""
    lines = (ROOT / lock).read_text().splitlines()
    return "\n".join(line for line in lines if not line.lstrip().startswith("#"))


def pins(lock: str) -> dict[str, Version]:
    """The version of each package; the oldest where it depends on the Python."""
    found: dict[str, Version] = {}
    for name, version in re.findall(r"^([a-z0-9.-]+)==(\S+)", statements(lock), re.MULTILINE):
        found[name] = min(found.get(name, Version(version)), Version(version))
    return found


@pytest.mark.parametrize("lock", LOCKS)
@pytest.mark.asvs("15.2.1")
def test_every_package_is_pinned_by_version_and_hash(lock: str) -> None:
    packages = re.split(r"\n(?=\S)", statements(lock).strip())

    assert packages
    for package in packages:
        assert re.match(r"[a-z0-9.-]+==\S+ ", package), package
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", package), package


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_place_to_fetch_from(lock: str) -> None:
    assert ADDRESS.findall(statements(lock)) == []
    assert "://" not in (ROOT / lock).read_text()


@pytest.mark.asvs("15.1.2")
def test_no_package_is_older_than_its_last_known_weakness() -> None:
    locked = pins("requirements.txt")
    floor = PACKAGES | {name: version for name, version in FLOOR_IF_USED.items() if name in locked}

    assert {name: str(locked[name]) for name, least in floor.items() if locked[name] < Version(least)} == {}


def test_tests_run_with_the_versions_that_are_served() -> None:
    served, tested = pins("requirements.txt"), pins("requirements-dev.txt")

    assert {name: tested.get(name) for name in served} == served


def test_what_draws_for_the_bench_changes_no_version_that_is_served() -> None:
    served, drawing = pins("requirements.txt"), pins("bench/requirements.txt")

    assert {name: drawing[name] for name in served.keys() & drawing} == {n: served[n] for n in served.keys() & drawing}


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        ("requirements.txt", PROJECT["dependencies"]),
        ("requirements-dev.txt", PROJECT["optional-dependencies"]["dev"]),
    ],
)
def test_a_lock_holds_what_pyproject_asks_for(lock: str, wanted: list[str]) -> None:
    locked = pins(lock)

    for requirement in map(Requirement, wanted):
        assert locked[requirement.name] in requirement.specifier, f"{requirement}: run `make lock`"


@pytest.mark.parametrize("folder", NPM_LOCKS)
def test_the_packages_of_npm_are_locked_by_hash_without_an_address(folder: str) -> None:
    lock = json.loads((ROOT / folder / "package-lock.json").read_text())
    packages = {path: about for path, about in lock["packages"].items() if path}

    assert packages
    for path, about in packages.items():
        assert about["integrity"].startswith("sha512-"), path
        assert "resolved" not in about, path
    assert "://" not in (ROOT / folder / "package-lock.json").read_text()


def test_the_socket_io_client_is_pinned_exactly() -> None:
    package = json.loads((ROOT / "frontend" / "package.json").read_text())
    lock = json.loads((ROOT / "frontend" / "package-lock.json").read_text())

    assert re.fullmatch(r"\d+\.\d+\.\d+", package["dependencies"]["socket.io-client"])
    assert lock["packages"]["node_modules/socket.io-client"]["version"] == package["dependencies"]["socket.io-client"]


@pytest.mark.parametrize("folder", NPM_LOCKS)
def test_npm_is_told_to_record_no_addresses(folder: str) -> None:
    settings = (ROOT / folder / ".npmrc").read_text().splitlines()

    assert "omit-lockfile-registry-resolved=true" in settings
