"""What the papers name in backticks is there: files, what stands in them, commands, settings, routes, events."""

import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from chatapp import create_app
from chatapp.cli import commands
from chatapp.config import Settings
from chatapp.events import Down, Up
from chatapp.secret_files import SECRETS
from tests.support import test_settings

ROOT = Path(__file__).parent.parent
PAPERS = sorted(
    path.relative_to(ROOT).as_posix()
    for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
)  # fmt: skip

FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)#]+)\)")
PATH = re.compile(r"[\w.][\w./-]*")
PATH_AND_NAME = re.compile(r"([\w.][\w./-]*\.\w+): (\w+)")
ENDINGS = (".css", ".html", ".in", ".js", ".json", ".md", ".png", ".py", ".toml", ".txt")
MAKE = re.compile(r"\bmake ((?:[A-Za-z_-]+\b(?!=) ?)+)")
COMMAND = re.compile(r"-m chatapp ([a-z-]+)")
SETTING = re.compile(r"([A-Z][A-Z_]+)(?:=.*)?")
ROUTE = re.compile(r"(?:(?:GET|POST) )?(/[\w/<>-]*)(?:\?.*)?")
EVENT = re.compile(r"[a-z]+:[a-z_]+")

BEHAVIOUR = re.compile(r"^\| (\d+) \| .+ \| (Holds|Half|Not yet|No) \| (.*) \|$", re.MULTILINE)
CITED = re.compile(r"behaviour ((?:\d+(?:, )?)+)")

# Variables that are no settings of the server: what hosts set, what `make` and the tests take.
OTHER_VARIABLES = {"DYNO", "UPGRADE", "PYTEST_ARGS", "TEST_DATABASE_URL", "TEST_REDIS_URL", "CHROMIUM", "NODE", "CLAMD"}
OTHER_VARIABLES |= {"FAULT", "SECONDS", "SEED", "DATABASE", "STORAGE", "BENCH_ARGS"}
OTHER_VARIABLES |= {"ATTACK", "ATTACK_ARGS", "SOAK_ARGS"}
OTHER_VARIABLES |= {f"{name}_FILE" for name in SECRETS}
# They look like events of the wire: some are the page's own, one is what other servers call the application.
NOT_ON_THE_WIRE = {"composer:send", "room:asked", "room:left", "room:entered", "wsgi:app"}


def text_of(paper: str) -> str:
    return (ROOT / paper).read_text("utf-8")


def spans(paper: str) -> Iterator[str]:
    """What stands in backticks inside the sentences; blocks of code are looked at for commands only."""
    for found in SPAN.finditer(FENCE.sub("", text_of(paper))):
        yield found[1]


def matching(pattern: re.Pattern[str], paper: str) -> list[re.Match[str]]:
    return [found for span in spans(paper) if (found := pattern.fullmatch(span))]


def wrong(said: list[str], is_there: Callable[[str], object]) -> list[str]:
    return sorted({each for each in said if not is_there(each)})


def looks_like_a_path(span: str) -> bool:
    first = span.split("/")[0]
    return span.startswith(".") or span.endswith((*ENDINGS, "/")) or ("/" in span and (ROOT / first).is_dir())


def is_there(path: str) -> bool:
    """Whether the repository has it, or is told to ignore it: then set-up, tests or the server make it."""
    return (ROOT / path).exists() or is_ignored(path)


def is_ignored(path: str) -> bool:
    asked = subprocess.run(["git", "check-ignore", "--no-index", "--quiet", path], cwd=ROOT, check=False)
    return asked.returncode == 0


def targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", text_of("Makefile"), re.MULTILINE))


def make_words(paper: str) -> list[str]:
    """What is asked of `make`, in sentences and in blocks of code."""
    code = "\n".join([*spans(paper), *FENCE.findall(text_of(paper))])
    return [word for found in MAKE.finditer(code) for word in found[1].split()]


def rules() -> set[str]:
    app = create_app(test_settings("sqlite:///never-opened.db"))
    return {nameless(rule.rule) for rule in app.url_map.iter_rules()}


def nameless(route: str) -> str:
    """The route without the names of its parts: papers may call them shorter."""
    return re.sub(r"<[^>]*>", "<>", route)


def test_every_paper_is_there() -> None:
    assert {"README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "docs/deploy.md"} <= set(PAPERS)
    assert len([paper for paper in PAPERS if paper.startswith("docs/decisions/")]) >= 3


@pytest.mark.parametrize("paper", PAPERS)
def test_every_path_leads_somewhere(paper: str) -> None:
    paths = [found[0] for found in matching(PATH, paper) if looks_like_a_path(found[0])]

    assert wrong(paths, is_there) == []


@pytest.mark.parametrize("paper", PAPERS)
def test_what_is_said_to_stand_in_a_file_stands_there(paper: str) -> None:
    named = [found[0] for found in matching(PATH_AND_NAME, paper)]

    def stands_there(span: str) -> object:
        path, name = span.split(": ")
        return (ROOT / path).is_file() and re.search(rf"\b{name}\b", text_of(path))

    assert wrong(named, stands_there) == []


@pytest.mark.parametrize("paper", PAPERS)
def test_every_link_leads_somewhere(paper: str) -> None:
    links = [link for link in LINK.findall(text_of(paper)) if "://" not in link]

    assert wrong(links, lambda link: (ROOT / paper).parent.joinpath(link).exists()) == []


@pytest.mark.parametrize("paper", PAPERS)
def test_every_make_target_is_in_the_makefile(paper: str) -> None:
    assert wrong(make_words(paper), targets().__contains__) == []


@pytest.mark.parametrize("paper", PAPERS)
def test_every_command_of_the_operator_can_be_given(paper: str) -> None:
    assert wrong(COMMAND.findall(text_of(paper)), commands.commands.__contains__) == []


@pytest.mark.parametrize("paper", PAPERS)
def test_every_setting_can_be_set(paper: str) -> None:
    known = {each.metadata["name"] for each in fields(Settings)} | OTHER_VARIABLES

    assert wrong([found[1] for found in matching(SETTING, paper)], known.__contains__) == []


@pytest.mark.parametrize("paper", PAPERS)
def test_every_route_is_served(paper: str) -> None:
    routes = [nameless(found[1]) for found in matching(ROUTE, paper)]

    assert wrong(routes, rules().__contains__) == []


@pytest.mark.parametrize("paper", PAPERS)
def test_every_event_is_on_the_wire(paper: str) -> None:
    known = {*map(str, Up), *map(str, Down)} | NOT_ON_THE_WIRE

    assert wrong([found[0] for found in matching(EVENT, paper)], known.__contains__) == []


def test_the_readme_says_how_to_start_and_to_check() -> None:
    assert {"run", "test", "check"} <= set(make_words("README.md"))


def test_the_readme_says_of_every_promise_where_it_stands() -> None:
    rows = re.findall(r"^\| (P\d+) \| .+ \| (?:Holds|Half|On its way)\b.* \|$", text_of("README.md"), re.MULTILINE)

    assert rows == [f"P{number}" for number in range(1, 11)]


def test_the_security_paper_names_a_test_for_whatever_it_says_is_held() -> None:
    (table,) = re.findall(r"^## What protects what\n.*?(^\|.*?)\n\n", text_of("SECURITY.md"), re.MULTILINE | re.DOTALL)
    rows = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in table.splitlines()[2:]]
    assert len(rows) > 30
    assert [threat for threat, _, shown in rows if not re.search(r"`tests/[^`]+\.(?:py|js)`", shown)] == []


def behaviours() -> list[tuple[int, str, list[str]]]:
    """Each row of docs/behaviour.md: its number, how it stands, and the tests it names."""
    rows = BEHAVIOUR.findall(text_of("docs/behaviour.md"))
    return [(int(number), state, re.findall(r"`(tests/[^`]+)`", shown)) for number, state, shown in rows]


def test_every_behaviour_has_its_row_once() -> None:
    assert [number for number, _, _ in behaviours()] == list(range(1, 73))


def test_what_is_said_to_hold_is_shown_by_a_test_and_what_is_not_is_by_none() -> None:
    assert [number for number, state, tests in behaviours() if bool(tests) != (state in ("Holds", "Half"))] == []


def cited(path: str) -> set[int]:
    """The behaviours that a test says it shows."""
    return {int(each) for group in CITED.findall(text_of(path)) for each in re.findall(r"\d+", group)}


def test_every_test_that_shows_a_behaviour_cites_its_number() -> None:
    for number, _, tests in behaviours():
        for path in tests:
            assert number in cited(path), f"{path} does not cite behaviour {number}"


def test_every_behaviour_that_a_test_cites_names_it() -> None:
    named = {number: tests for number, _, tests in behaviours()}
    paths = [each.relative_to(ROOT).as_posix() for end in ("py", "js") for each in ROOT.glob(f"tests/**/*.{end}")]
    assert [(path, number) for path in paths for number in cited(path) if path not in named[number]] == []


@pytest.mark.parametrize("paper", PAPERS)
def test_no_line_is_hard_to_read_in_a_terminal(paper: str) -> None:
    lines = FENCE.sub("", text_of(paper)).splitlines()

    assert [line for line in lines if len(line) > 120 and not line.startswith("|")] == []
