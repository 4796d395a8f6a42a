"""What stands in the repository, what must not, and what hosts read of it."""

import json
import os
import re
import subprocess
import sys
from dataclasses import fields

import pytest

from chatapp.config import Settings
from tests.setup.clone import ROOT

FOLDERS_OF_OTHERS = re.compile(r"(^|/)(node_modules|vendor|site-packages)/")
FILES_OF_OTHERS = re.compile(r"\.(min\.js|min\.css|map|whl|gz|tgz|woff2?|ttf|otf|so|jar)$")
# Hosts take a root package.json for a Node app, and refuse two package managers.
MISTAKEN_BY_HOSTS = {"package.json", "package-lock.json", "uv.lock", "poetry.lock", "Pipfile", "Pipfile.lock"}
MODULES = ("bin/bundling.py", "bin/compressing.py", "bin/console.py", "bin/emoji_names.py", "bin/npm_packages.py")
SCRIPTS = (
    "bin/setup",
    "bin/browser_client",
    "bin/page_checker",
    "bin/bench_peers",
    "bin/compress_static",
    "bin/is_ready",
)


def git(*arguments: str) -> list[str]:
    run = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True)
    return run.stdout.splitlines()


def files() -> list[str]:
    """What is in the repository, or would be after `git add`."""
    return git("ls-files", "--cached", "--others", "--exclude-standard")


def test_nothing_of_others_is_in_the_repository() -> None:
    assert files()
    assert [path for path in files() if FOLDERS_OF_OTHERS.search(path) or FILES_OF_OTHERS.search(path)] == []


def test_no_host_takes_it_for_another_kind_of_app() -> None:
    assert MISTAKEN_BY_HOSTS & set(files()) == set()


@pytest.mark.parametrize(
    "path",
    [
        ".venv",
        ".venv/bin/python",
        "instance/secret",
        ".env",
        "static/vendor/socket.io.esm.min.js",
        "static/dist/app.js",
        "static/css/page.css.gz",
        "tests/artefacts/page.png",
        "frontend/node_modules/ws/index.js",
        "chatapp/__pycache__/x.pyc",
    ],
)
def test_what_is_made_here_stays_out(path: str) -> None:
    assert git("check-ignore", "--no-index", path) == [path]


@pytest.mark.parametrize("path", [*SCRIPTS, "bin/post_compile", ".ci/run"])
def test_scripts_can_be_run(path: str) -> None:
    assert os.access(ROOT / path, os.X_OK)
    assert (ROOT / path).read_text().startswith("#!")


def test_hosts_migrate_at_release_and_serve_with_our_launcher() -> None:
    lines = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())

    assert lines == {"release": "python -m chatapp migrate", "web": "python wsgi.py"}


def test_hosts_are_told_which_python() -> None:
    assert (ROOT / ".python-version").read_text().strip() == "3.11"


def test_a_button_deploy_has_a_secret_of_its_own_and_both_stores() -> None:
    app = json.loads((ROOT / "app.json").read_text())

    assert app["env"]["SECRET_KEY"]["generator"] == "secret"
    assert {addon.split(":")[0].split("-")[-1] for addon in app["addons"]} == {"postgresql", "redis"}
    assert app["formation"]["web"]["quantity"] == 1


def test_ci_does_what_a_developer_does() -> None:
    commands = [line for line in (ROOT / ".ci" / "run").read_text().splitlines() if line and line[0] != "#"]

    assert commands == ["set -euo pipefail", 'cd "$(dirname "$0")/.."', "make test"]


def test_set_up_needs_the_standard_library_only() -> None:
    imported = set()
    for script in (*SCRIPTS, *MODULES):
        words = (ROOT / script).read_text()
        imported |= set(re.findall(r"^(?:import|from) (\w+)", words, re.MULTILINE))

    assert imported - sys.stdlib_module_names == {
        "console",
        "bundling",
        "compressing",
        "emoji_names",
        "npm_packages",
    }


def test_two_dynos_that_overlap_fit_into_a_plan_of_twenty_connections() -> None:
    size = int(json.loads((ROOT / "app.json").read_text())["env"]["DATABASE_POOL_SIZE"]["value"])
    workers = next(each.metadata["default"] for each in fields(Settings) if each.name == "web_concurrency")
    for_commands = 2
    assert 2 * int(workers) * size + for_commands <= 20
