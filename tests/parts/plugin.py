"""The real parts as fixtures, and the table of what ran against what that every run ends with.

Nothing is skipped in silence: a skipped test makes the run fail.
A test counts for the parts whose fixtures it takes, directly or through others. One that runs on both
databases has a parameter whose value is "sqlite" or "postgresql", and counts for that database alone.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterator

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

from tests.parts.chromium import chromium
from tests.parts.clamd import Clamd
from tests.parts.found import Binary, Provenance
from tests.parts.node import node
from tests.parts.postgresql import PostgreSQL
from tests.parts.redis import Redis
from tests.parts.s3 import S3

PART_OF_FIXTURE = {
    "redis_server": "Redis",
    "postgresql_server": "PostgreSQL",
    "s3_server": "S3",
    "clamd_server": "clamd",
    "chromium_path": "Chromium",
    "node_path": "Node.js",
}
PART_OF_PARAMETER = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
DATABASES = set(PART_OF_PARAMETER.values())
JOURNEYS = "journeys"
# Folders whose tests start servers of their own, and mostly wait for them: beside the others they cost little time.
ALONE = {"attacks", "bench", "faults", "parts", "server", "setup", JOURNEYS}
SHARING = "what shares a database"
JAVASCRIPT = "javascript_tests"  # the property in which tests/test_javascript.py says how many it ran

Row = tuple[str, str, str]
FOUND = pytest.StashKey[dict[str, Provenance]]()
USES = pytest.StashKey[Counter[Row]]()
JAVASCRIPT_TESTS = pytest.StashKey[int]()


@pytest.fixture(scope="session")
def redis_server(pytestconfig: pytest.Config) -> Iterator[Redis]:
    """A running Redis with `.url`; `kill`, `pause` and `restart` do what they say, so leave it running."""
    with Redis() as server:
        remember(pytestconfig, server.provenance)
        yield server


@pytest.fixture(scope="session")
def postgresql_server(pytestconfig: pytest.Config) -> Iterator[PostgreSQL]:
    """A running PostgreSQL with `.url` and `create_database(name)`, which returns the URL of a new one."""
    with PostgreSQL() as server:
        remember(pytestconfig, server.provenance)
        yield server


@pytest.fixture(scope="session")
def s3_server(pytestconfig: pytest.Config) -> Iterator[S3]:
    """A running S3 server with `.storage_url`; leave it running, whatever was done to it."""
    with S3() as server:
        remember(pytestconfig, server.provenance)
        yield server


@pytest.fixture(scope="session")
def clamd_server(pytestconfig: pytest.Config) -> Iterator[Clamd]:
    """A running virus scanner with `.url`, which finds EICAR; leave it running, whatever was done to it."""
    with Clamd() as server:
        remember(pytestconfig, server.provenance)
        yield server


@pytest.fixture(scope="session")
def chromium_path(pytestconfig: pytest.Config) -> str:
    """Where the browser is, for Playwright's `executable_path`."""
    return remembered(pytestconfig, "Chromium", chromium())


@pytest.fixture(scope="session")
def node_path(pytestconfig: pytest.Config) -> str:
    """Where Node.js is."""
    return remembered(pytestconfig, "Node.js", node())


def remembered(config: pytest.Config, name: str, binary: Binary) -> str:
    """The path of the program, which gets its row in the table."""
    version = binary.version().split(" built on")[0].removeprefix("Chromium ")
    remember(config, Provenance(name, version, binary.origin))
    return str(binary.path)


def remember(config: pytest.Config, provenance: Provenance) -> None:
    """Give the part its row in the table."""
    config.stash[FOUND][provenance.name] = provenance


def pytest_configure(config: pytest.Config) -> None:
    sqlite = Provenance("SQLite", sqlite3.sqlite_version, "Python")
    config.stash[FOUND] = {sqlite.name: sqlite}
    config.stash[USES] = Counter()
    config.stash[JAVASCRIPT_TESTS] = 0
    config.pluginmanager.register(Reckoning(config), "tests.parts.reckoning")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> "Halves":
    """How two processes share the work."""
    return Halves(config, log)


class Halves(LoadScopeScheduling):
    """One process gets all that shares a database, the other one file after the other of what starts servers of its
    own, the journeys last; who is done first helps.

    Not test by test: what runs on both databases keeps one of them ready for many tests in a row, and the journeys of
    a file are alike, and share a server and a browser with those of the next. Of the journeys, files with many come
    first, so that both processes end together.
    """

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        return path if ALONE.intersection(path.split("/")) else SHARING

    def _assign_work_unit(self, node: WorkerController) -> None:
        self.workqueue.move_to_end(min(self.workqueue, key=when_begun), last=False)
        super()._assign_work_unit(node)


def when_begun(scope: str) -> int:
    """The lower, the earlier a part of the run begins."""
    if scope == SHARING:
        return 0
    return 2 if JOURNEYS in scope.split("/") else 1


def pytest_runtest_call(item: pytest.Item) -> None:
    # On the report, because with xdist the table is made in another process than the tests run in.
    found = item.config.stash[FOUND]
    for name in sorted(parts_of(item) & found.keys()):
        row = found[name]
        item.user_properties.append(("part", [row.name, row.version, row.origin]))


def parts_of(item: pytest.Item) -> set[str]:
    """The names of the parts that this test runs against."""
    fixtures = getattr(item, "fixturenames", ())
    parts = {part for fixture, part in PART_OF_FIXTURE.items() if fixture in fixtures}
    parameters = getattr(getattr(item, "callspec", None), "params", {}).values()
    chosen = {part for value, part in PART_OF_PARAMETER.items() if value in map(str, parameters)}
    return (parts - DATABASES) | chosen if chosen else parts


class Reckoning:
    """Counts in the process that reports, and judges the run at its end."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when != "call":
            return
        for name, value in report.user_properties:
            if name == "part" and isinstance(value, list | tuple):
                self.config.stash[USES][tuple(value)] += 1
            elif name == JAVASCRIPT:
                self.config.stash[JAVASCRIPT_TESTS] += int(str(value))

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if session.exitstatus == pytest.ExitCode.OK and self.number_of("skipped"):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        terminalreporter.section("what ran against what")
        for line in (*self.part_lines(), *self.count_lines()):
            terminalreporter.line(line)
        if skipped := self.number_of("skipped"):
            terminalreporter.line(f"{skipped} skipped: a skip hides a gap, so this run has failed", red=True)

    def part_lines(self) -> list[str]:
        uses = self.config.stash[USES]
        return [
            f"{name:<12}{version:<18}{origin:<28}{uses[name, version, origin]:>5} tests"
            for name, version, origin in sorted(uses)
        ]

    def count_lines(self) -> list[str]:
        failed = self.number_of("failed") + self.number_of("error")
        counts = {
            "Python": f"{self.number_of('passed')} passed, {failed} failed",
            "JavaScript": f"{self.config.stash[JAVASCRIPT_TESTS]} passed",
            "Left out": f"{self.number_of('deselected')} that this run was not asked for",
        }
        return [f"{what:<12}{count}" for what, count in counts.items()]

    def number_of(self, outcome: str) -> int:
        """How many tests ended so, in the words of pytest."""
        reporter = self.config.pluginmanager.get_plugin("terminalreporter")
        return len(reporter.stats.get(outcome, ())) if reporter else 0
