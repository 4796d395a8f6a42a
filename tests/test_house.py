"""The rules of the house that a machine can hold. What is allowed to break one stands here, with its reason."""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MAX_FILE_LINES = 300
MAX_FUNCTION_LINES = 30

LONG_FUNCTIONS = {
    "upgrade": "a migration is read from top to bottom, as one list of tables",
}
DOCUMENTED = ("actions", "doctor", "images", "metrics", "realtime", "text", "models", "storage")
DOCUMENTED_FILES = ("access.py", "db.py", "identity.py", "errors.py", "config.py")

# A noun of a layer has its tests under the same path; these are tested elsewhere, or with another noun.
TESTED = ("actions", "doctor", "images", "metrics", "realtime", "server", "sockets", "storage", "text", "web")
TESTED_ELSEWHERE = {
    "actions/changes.py": "the transaction of every action: the tests of actions",
    "actions/file_store.py": "where bytes are and how they go: tests/actions/test_uploads.py and test_pruning.py",
    "doctor/clocks.py": "tests/doctor/test_database.py and test_redis_server.py",
    "doctor/finding.py": "tests/doctor/test_doctor.py reads its lines",
    "images/boxes.py": "tests/images/test_films.py and test_heif.py",
    "images/directories.py": "tests/images/test_tiff.py",
    "images/gif.py": "tests/images/test_formats.py: the same for every format",
    "images/jpeg.py": "tests/images/test_formats.py",
    "images/pieces.py": "two shapes: tests/images/test_formats.py",
    "images/png.py": "tests/images/test_formats.py",
    "images/thumbnails.py": "tests/images/test_developing.py, in the process that makes them",
    "images/webp.py": "tests/images/test_formats.py",
    "metrics/catalogue.py": "tests/metrics/test_exposition.py: every one of them comes out",
    "realtime/audience.py": "three names: tests/sockets/test_rooms.py",
    "realtime/broadcasts.py": "what is told: tests/sockets",
    "realtime/connections.py": "tests/sockets/test_connection.py",
    "realtime/delivery.py": "tests/sockets/test_rooms.py",
    "realtime/live.py": "puts the three parts together: tests/sockets/test_presence.py",
    "realtime/live_facts.py": "two shapes: tests/realtime/test_typists.py and test_presence.py",
    "realtime/moves.py": "what a change looks like: tests/sockets and tests/realtime/test_room_streams.py",
    "server/child.py": "the master's view of a worker: tests/server/test_supervisor.py",
    "server/engine_packet.py": "tests/server/test_websocket.py sends all kinds of them",
    "server/signals.py": "tests/server/test_supervisor.py sends them",
    "server/worker.py": "tests/server/test_drain.py and tests/journeys run it",
    "sockets/packets.py": "tests/sockets/test_acks.py sends all kinds of them",
    "storage/contract.py": "tests/storage/contract.py: what every store must do",
    "text/markdown.py": "tests/text/test_html.py",
    "text/renderer.py": "tests/text/test_html.py",
    "text/rules.py": "tests/text/test_html.py and test_budget.py",
    "web/forms.py": "every refused form: tests/web/test_rooms.py, test_joining.py, test_account.py",
}


@cache
def repository() -> tuple[str, ...]:
    """Every file that is in the repository, or would be after `git add`."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    paths = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return tuple(sorted(path for path in set(paths) if (ROOT / path).is_file()))


def files(pattern: str) -> list[str]:
    """The files of the repository whose whole path matches."""
    return [path for path in repository() if re.fullmatch(pattern, path)]


def read(path: str) -> str:
    return (ROOT / path).read_text("utf-8")


@cache
def tree(path: str) -> ast.Module:
    return ast.parse(read(path))


def functions(path: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def imports(path: str) -> set[str]:
    """The modules that a Python file imports, `from a import b` as a.b."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{name.name}" for name in node.names}
    return found


OURS = r"(chatapp|bench|bin|templates|locales|static|tests|frontend)/(?!.*package-lock|requirements\.txt).*|wsgi\.py"
PYTHON = r"(chatapp/.*|tests/(.*/)?(support|conftest|asking|crawl|html|wire|databases|together)|wsgi)\.py"


def test_there_is_a_house_to_look_at() -> None:
    assert len(files(PYTHON)) > 60
    assert len(files(r"templates/.*\.html")) > 20


def test_no_file_is_long() -> None:
    # A catalogue is a list that nobody reads from top to bottom, and one file for each language.
    texts = [path for path in files(OURS) if not path.endswith((".png", ".ico", ".svg")) and "locales/" not in path]
    assert [path for path in texts if len(read(path).splitlines()) > MAX_FILE_LINES] == []


def long_functions() -> set[tuple[str, str]]:
    return {
        (path, function.name)
        for path in files(PYTHON)
        for function in functions(path)
        if (function.end_lineno or 0) - function.lineno >= MAX_FUNCTION_LINES
    }


def test_no_function_is_long_without_a_reason() -> None:
    assert {(path, name) for path, name in long_functions() if name not in LONG_FUNCTIONS} == set()


def test_no_reason_for_a_long_function_outlives_it() -> None:
    assert set(LONG_FUNCTIONS) - {name for _, name in long_functions()} == set()


def is_documented_by_rule(path: str) -> bool:
    parts = Path(path).parts
    return parts[0] == "chatapp" and (parts[1] in DOCUMENTED or parts[1:] in {(name,) for name in DOCUMENTED_FILES})


def public_functions(path: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Functions of the file, and methods of its public classes, whose name others may use."""
    bodies = [tree(path).body]
    bodies += [node.body for node in tree(path).body if isinstance(node, ast.ClassDef) and node.name[0] != "_"]
    for node in (node for body in bodies for node in body):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            yield node


# What others ask for by these names is told by SQLAlchemy and the standard library.
OVERRIDDEN = {"process_bind_param", "process_result_value", "connect"}


def test_every_public_function_says_what_its_caller_gets() -> None:
    silent = [
        f"{path}: {function.name}"
        for path in filter(is_documented_by_rule, files(r"chatapp/.*\.py"))
        for function in public_functions(path)
        if not ast.get_docstring(function) and function.name not in OVERRIDDEN
    ]
    assert silent == []


def test_every_file_says_what_it_is_for() -> None:
    assert [path for path in files(r"chatapp/.*\.py") if not ast.get_docstring(tree(path))] == []


def test_nobody_prints() -> None:
    printing = [
        path
        for path in files(r"(chatapp/.*|wsgi)\.py")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("print", "breakpoint")
    ]
    assert printing == []


def test_only_the_start_patches() -> None:
    # What is measured beside ours, or around it, starts by itself.
    assert [
        path for path in files(r".*\.py") if re.search(r"\bmonkey_patch\(", read(path)) and "tests/" not in path
    ] == ["bench/contenders/stock_program.py", "bench/files/watched.py", "wsgi.py"]


def test_only_actions_announce() -> None:
    importers = [
        path
        for path in files(r"chatapp/.*\.py")
        if any(name.startswith("chatapp.realtime.broadcasts") for name in imports(path))
    ]
    assert importers
    assert [path for path in importers if not path.startswith("chatapp/actions/")] == []


def test_handlers_of_sockets_know_no_session() -> None:
    # It is a copy from the time of the handshake: after a sign-out it still says who one was.
    knowing = [path for path in files(r"chatapp/sockets/.*\.py") if {"flask.session"} & imports(path)]
    assert knowing == []


def test_sockets_ask_the_database_who_is_there_and_not_the_request() -> None:
    for path in files(r"chatapp/(sockets|actions|models|realtime)/.*\.py"):
        assert not {"flask_login.current_user"} & imports(path), path


def test_doors_write_nothing_themselves() -> None:
    for path in files(r"chatapp/(web|sockets)/.*\.py"):
        assert not re.search(r"\bdb\.(transaction|room_transaction|after_commit)\b", read(path)), path


@pytest.mark.parametrize("layer", TESTED)
def test_a_noun_has_its_tests_under_the_same_path(layer: str) -> None:
    missing = []
    for path in files(rf"chatapp/{layer}/[a-z]\w*\.py"):
        noun = Path(path).name
        if f"{layer}/{noun}" not in TESTED_ELSEWHERE and not files(rf"tests/{layer}/test_{noun}"):
            missing.append(f"{layer}/{noun}")
    assert missing == []


def test_no_reason_for_missing_tests_outlives_the_file_or_the_lack() -> None:
    idle = [path for path in TESTED_ELSEWHERE if not files(f"chatapp/{path}")]
    needless = [path for path in TESTED_ELSEWHERE if files(f"tests/{Path(path).parent}/test_{Path(path).name}")]
    assert (idle, needless) == ([], [])
