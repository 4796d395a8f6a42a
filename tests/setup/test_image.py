"""The image: what stands in the Dockerfile is there, and what the image holds is enough. No image is built here."""

import json
import re
import signal
import subprocess
import sys
from pathlib import Path
from shutil import copy, copytree, ignore_patterns
from urllib.request import urlopen

import pytest

from chatapp.doctor.floor import REDIS_LINES, version_of
from tests.parts.server import free_port
from tests.setup.clone import ROOT
from tests.together import eventually

SECRET = "Zx8k-3Qm_pL7tR2vY9sW4nB6cD1fG5hJ"
COMPOSE = (ROOT / "compose.yaml").read_text()


def instructions() -> list[tuple[str, str]]:
    """The lines of the Dockerfile, each with what it is told."""
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE).replace("\\\n", " ")
    return [(word, told.strip()) for word, _, told in (line.partition(" ") for line in text.splitlines() if line)]


def told(word: str) -> list[str]:
    return [rest for first, rest in instructions() if first == word]


def served() -> list[str]:
    """What the last stage takes over of the repository."""
    last = max(index for index, (word, _) in enumerate(instructions()) if word == "FROM")
    copies = [rest for word, rest in instructions()[last:] if word == "COPY"]
    taken = [rest.split()[-2].removeprefix("/app/") for rest in copies]
    return [path for path in taken if path != "/venv"]


def ignored() -> list[str]:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds what the image does, and nothing else."""
    folder = tmp_path_factory.mktemp("image")
    assert "--mode=0700 /app/instance" in " ".join(told("RUN"))
    (folder / "instance").mkdir(0o700)
    for path in served():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / path).is_dir():
            copytree(ROOT / path, folder / path, ignore=ignore_patterns("__pycache__"))
        else:
            copy(ROOT / path, folder / path)
    return folder


class Container:
    """What runs in the image's folder, with the environment that the Dockerfile gives and a few settings."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.environ = dict(setting.split("=", 1) for line in told("ENV") for setting in line.split())
        self.environ |= {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "SECRET_KEY": SECRET}
        self.environ |= {"HOST": "127.0.0.1", "PORT": str(port), "DRAIN_SECONDS": "0"}

    def run(self, *command: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(command, cwd=self.folder, env=self.environ, capture_output=True, text=True, timeout=60)

    def start(self) -> "subprocess.Popen[bytes]":
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "start_new_session": True}
        command = json.loads(told("CMD")[0])
        return subprocess.Popen(command, cwd=self.folder, env=self.environ, **quiet)

    def fetch(self, path: str) -> str:
        with urlopen(f"http://127.0.0.1:{self.environ['PORT']}{path}", timeout=10) as answer:
            return str(answer.read(), "utf-8", "replace")

    def is_healthy(self) -> bool:
        check = json.loads(told("HEALTHCHECK")[0].partition("CMD ")[2])
        return self.run(*check).returncode == 0


@pytest.fixture
def container(image: Path) -> Container:
    return Container(image, free_port())


def test_the_python_is_the_one_that_the_repository_names() -> None:
    named = (ROOT / ".python-version").read_text().strip()
    assert {each.split(" ")[0] for each in told("FROM")} == {f"python:{named}-slim"}


def test_what_is_copied_is_in_the_repository_and_not_left_out() -> None:
    own = [path for rest in told("COPY") if "--from" not in rest for path in rest.split()[:-1]]
    assert [path for path in own if not (ROOT / path).exists()] == []
    assert [path for path in own if path in ignored()] == []


@pytest.mark.asvs("13.3.1")
def test_no_secret_of_this_machine_comes_into_the_image() -> None:
    assert {".env", "instance", ".git", ".venv"} <= set(ignored())
    assert not re.search(r"(SECRET|PASSWORD|TOKEN)", " ".join(told("ENV") + told("ARG")))


@pytest.mark.asvs("13.2.2")
def test_it_does_not_run_as_root() -> None:
    (user,) = told("USER")
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user)
    order = [word for word, _ in instructions()]
    assert order.index("USER") < order.index("CMD")
    # What others could change would run with the next start.
    assert not any("--chown" in rest for rest in told("COPY"))


def test_signals_reach_the_master_and_not_a_shell() -> None:
    assert json.loads(told("CMD")[0]) == ["python3", "wsgi.py"]
    assert told("STOPSIGNAL") == ["SIGTERM"]
    assert told("ENTRYPOINT") == []


def test_packages_are_installed_by_their_hashes_and_the_client_by_the_step_of_all_hosts() -> None:
    steps = " ".join(told("RUN"))
    assert "--require-hashes -r requirements.txt" in steps
    assert "bin/post_compile" in steps


def test_what_the_image_holds_is_enough_to_serve_and_sigterm_ends_it_well(container: Container) -> None:
    assert container.run("python3", "-m", "chatapp", "migrate").returncode == 0
    found = json.loads(container.run("python3", "-m", "chatapp", "doctor", "--json").stdout)
    states = {each["check"]: each["state"] for each in found}
    assert {states[check] for check in ("database", "migrations", "files", "browser", "packages")} <= {"ok", "warn"}
    assert not container.is_healthy()
    master = container.start()
    try:
        eventually(container.is_healthy)
        page = container.fetch("/login")
        assert "<h1" in page
        for path in re.findall(r'(?:src|href)="(/static/[^"]+)"', page):
            assert container.fetch(path), path
        master.send_signal(signal.SIGTERM)
        assert master.wait(30) == 0
        assert not container.is_healthy()
    finally:
        master.kill()
        master.wait()


def test_the_servers_beside_it_have_no_known_holes() -> None:
    images = dict(re.findall(r"^    image: (\w+):(\S+)$", COMPOSE, re.MULTILINE))
    assert version_of(images["redis"])[:2] in REDIS_LINES  # the newest of its line is fetched
    assert int(images["postgres"]) >= 14  # older ones get no fixes any more


def test_passwords_come_from_outside_and_without_them_nothing_starts() -> None:
    for name in ("SECRET_KEY", "PUBLIC_URL", "POSTGRES_PASSWORD", "REDIS_PASSWORD"):
        assert re.search(rf"\$\{{{name}:\?", COMPOSE), name
    assert not re.search(r"(PASSWORD|SECRET_KEY): [^$\s]", COMPOSE)
    assert re.findall(r"(?:://\w*:|\">)(.{18})", COMPOSE) == [
        "${POSTGRES_PASSWOR", "${REDIS_PASSWORD:?", "${REDIS_PASSWORD:?",
    ]  # fmt: skip


def test_nobody_reaches_the_database_or_passes_the_proxy_by() -> None:
    assert re.findall(r'^      - "([\d.]+):', COMPOSE, re.MULTILINE) == ["127.0.0.1"]
    assert COMPOSE.count("ports:") == 2  # chatapp's, and migrate's that has none


def test_a_database_is_kept_and_looked_at() -> None:
    assert "database:/var/lib/postgresql/data" in COMPOSE
    assert "files:/app/instance" in COMPOSE
    assert told("VOLUME") == ["/app/instance"]
    assert COMPOSE.count("condition: service_healthy") >= 2
    assert "condition: service_completed_successfully" in COMPOSE
